/** The advisor in a server of its own, with the task's permissions: threads, kill -9, new passages. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { FakeChatServer } from "../advisor/fake_chat_server.ts";
import { publishCommitted } from "../advisor/published.ts";
import { waitUntil } from "../wait_until.ts";
import { save } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";

const question = "How many months of needs belong in an emergency fund?";
const [alice, bob] = ["alice=a-key-of-alice-0123", "bob=a-key-of-bob-012345"];
const as = (named: string) => ({
  "X-Api-Key": named.split("=")[1],
  "Content-Type": "application/json",
});

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await save(folder);
    await publishCommitted(join(folder, "knowledge"));
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Starts a server whose conversations are where it may write. */
const start = (folder: string, flags: readonly string[] = [], env = {}) =>
  new ServerProcess(folder, [
    ...["--advice-knowledge", join(folder, "knowledge")],
    ...["--advice-conversations", join(folder, "log", "conversations.sqlite")],
    ...["--api-keys", [alice, bob].join(), "--poll-seconds", "1", "--advice-rate", "0", ...flags],
  ], env);

const ask = (url: string, who: string, body: object, headers = {}) =>
  fetch(`${url}/predict/advice`, {
    ...{ method: "POST", headers: { ...as(who), ...headers }, body: JSON.stringify(body) },
  });

Deno.test("advice: a server answers from what the pipeline published; kill -9 loses no conversation", () =>
  withFolder(async (folder) => {
    let conversation = "";
    {
      await using server = start(folder);
      const { url } = await server.logged("listening") as { url: string };
      const response = await ask(url, alice, { question });
      const advice = await response.json();
      assertEquals([response.status, advice.mode, advice.refusal], [200, "extractive", null]);
      assertMatch(advice.answer, /Three months of needs/);
      assertEquals(advice.sources[0].source, "saving/emergency-fund.md");
      conversation = advice.conversation;
      // Disposing of it is SIGKILL.
    }
    await using server = start(folder);
    const { url } = await server.logged("listening") as { url: string };
    const read = (who: string) =>
      fetch(`${url}/advice/conversations/${conversation}`, { headers: as(who) });
    const kept = await (await read(alice)).json();
    assertEquals(kept.turns.map((turn: { question: string }) => turn.question), [question]);
    assertMatch(kept.turns[0].advice.answer, /Three months of needs/);
    const other = await read(bob);
    assertEquals(other.status, 404);
    await other.body?.cancel();

    assertEquals((await (await ask(url, alice, { question })).json()).refusal, null);
    // What is published later is read without a restart.
    await publishCommitted(join(folder, "knowledge"), "v2");
    await waitUntil(async () => {
      await (await ask(url, alice, { question })).body?.cancel();
      return server.lines.some(({ message, version }) =>
        message === "other passages are read" && version === "v2"
      );
    }, "the new passages are read");
    assertEquals(await server.stop(), 0);
  }));

Deno.test({
  name:
    "advice: several threads hand on what a model writes while it writes it; its key is in no log",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      await using model = new FakeChatServer("gemini", 30);
      model.script = [{ text: ["Three months of needs [1]. ", "And", "so"], hangAfter: 2 }];
      const key = "gemini-key-that-nobody-sees";
      await using server = start(folder, [
        ...["--workers", "2", "--advice-model", "gemini:some", "--log-level", "debug"],
        ...["--advice-silence-ms", "2000", "--gemini-base-url", model.url],
      ], { GEMINI_API_KEY: key });
      const { url } = await server.logged("listening") as { url: string };
      const response = await ask(url, bob, { question }, { Accept: "text/event-stream" });
      if (!response.ok) {
        throw new Error(`${await response.text()} ${JSON.stringify(server.lines.slice(-4))}`);
      }
      assertEquals(response.headers.get("content-type"), "text/event-stream");
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let told = "";
      while (!told.includes("event: text")) {
        const { done, value } = await reader.read();
        assert(!done, told);
        told += value;
      }
      // The model is silent, so this came while the answer was under way.
      assert(told.includes("Three months of needs [1]") && !told.includes("event: done"), told);
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        told += piece.value;
      }
      assert(told.includes("event: retracted") && told.includes("event: done"), told);
      assertEquals(model.heard[0].headers.get("x-goog-api-key"), key);
      const metrics = await (await fetch(`${url}/metrics`, { headers: as(bob) })).text();
      assertMatch(
        metrics,
        /dinoflow_advice_answers_total\{mode="extractive",outcome="answered"\} 1/,
      );
      assertMatch(
        metrics,
        /http_requests_total\{method="POST",route="\/predict\/advice",status="200"\} 1/,
      );
      assertEquals(await server.stop(), 0);
      assert(!JSON.stringify(server.lines).includes(key));
    }),
});
