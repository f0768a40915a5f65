import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  estimateTokens,
  fitHistory,
  SqliteConversations,
  type Turn,
} from "../../src/advisor/mod.ts";
import { DataError, fromFileUrl, ServiceError } from "../../src/base/mod.ts";
import { advice } from "./advice.ts";

async function withFile(test: (path: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "deep", "conversations.sqlite"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A question with its answer. */
function turn(kept: SqliteConversations, owner: string, conversation: string, question: string) {
  const id = crypto.randomUUID();
  kept.ask(owner, conversation, id, question);
  kept.answer(owner, conversation, advice(id, conversation));
  return id;
}

Deno.test("conversations: turns, feedback and export come back from another opening", () =>
  withFile((path) => {
    let [id, answer] = ["", ""];
    {
      using kept = new SqliteConversations(path, () => 1000);
      id = kept.begin("a");
      answer = turn(kept, "a", id, "How do I save?");
      kept.ask("a", id, crypto.randomUUID(), "And then?");
      assertEquals(kept.rate("a", answer, { rating: "up", comment: "good" }), true);
    }
    using kept = new SqliteConversations(path);
    const { turns, created } = kept.read("a", id)!;
    assertEquals(created, "1970-01-01T00:00:01.000Z");
    assertEquals(turns.map(({ question }) => question), ["How do I save?", "And then?"]);
    assertEquals(turns[0].advice, advice(answer, id));
    assertEquals(turns[0].feedback, { rating: "up", comment: "good", time: created });
    assertEquals([turns[1].advice, turns[1].feedback], [undefined, undefined]);
    assertEquals(kept.latest("a", id, 1).map(({ question }) => question), ["And then?"]);
  }));

Deno.test("conversations: another owner is told what he is told of none", () =>
  withFile((path) => {
    using kept = new SqliteConversations(path);
    const id = kept.begin("alice");
    const answer = turn(kept, "alice", id, "My secret question");
    const other = kept.begin("bob");
    assertEquals(kept.read("bob", id), undefined);
    assertEquals(kept.has("bob", id), false);
    assertEquals(kept.latest("bob", id, 10), []);
    assertEquals(kept.remove("bob", id), false);
    assertEquals(kept.rate("bob", answer, { rating: "down", comment: "" }), false);
    assertThrows(() => kept.ask("bob", id, crypto.randomUUID(), "x"), DataError);
    // An answer that bob has does not become one of alice's conversation.
    kept.answer("bob", id, advice(answer, id, "overwritten"));
    assertEquals(kept.removeAll("bob"), 1);
    assertEquals(kept.has("bob", other), false);
    assertEquals(kept.read("alice", id)!.turns[0].advice!.answer, "Save a little. [1]");
  }));

Deno.test("conversations: what is removed is in the file no more", () =>
  withFile(async (path) => {
    using kept = new SqliteConversations(path);
    const id = kept.begin("a");
    const word = "zanzibarquestion";
    turn(kept, "a", id, word.repeat(20));
    const holds = async () => {
      const files = await Array.fromAsync(Deno.readDir(join(path, "..")));
      const texts = await Promise.all(files.map(({ name }) =>
        Deno.readFile(join(path, "..", name)).then((bytes) =>
          new TextDecoder("latin1").decode(bytes)
        )
      ));
      return texts.some((text) =>
        text.includes(word)
      );
    };
    assertEquals(await holds(), true);
    assertEquals(kept.remove("a", id), true);
    assertEquals(await holds(), false);
  }));

Deno.test("conversations: old ones go, with their turns; those that went on stay", () =>
  withFile((path) => {
    const day = 86_400_000;
    let now = 0;
    using kept = new SqliteConversations(path, () => now);
    const [old, live] = [kept.begin("a"), kept.begin("a")];
    turn(kept, "a", old, "first");
    turn(kept, "a", live, "first");
    kept.use("a", "1970-01-01", { answers: 1, tokens: 10, cost: 0.5 });
    now = 20 * day;
    turn(kept, "a", live, "second");
    now = 31 * day;
    assertEquals(kept.expire(30), 1);
    assertEquals([kept.has("a", old), kept.read("a", live)!.turns.length], [false, 2]);
    assertEquals(kept.used("a", "1970-01-01").tokens, 0);
  }));

Deno.test("conversations: what is used adds up by owner and day", () =>
  withFile((path) => {
    using kept = new SqliteConversations(path);
    for (const tokens of [10, 5]) kept.use("a", "2026-11-29", { answers: 1, tokens, cost: 0.25 });
    assertEquals(kept.used("a", "2026-11-29"), { answers: 2, tokens: 15, cost: 0.5 });
    assertEquals(kept.used("b", "2026-11-29"), { answers: 0, tokens: 0, cost: 0 });
    assertEquals(kept.used("a", "2026-11-30").tokens, 0);
  }));

Deno.test("conversations: a file that is none is named", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "no.sqlite");
  await Deno.writeTextFile(
    path,
    "no database at all, but long enough to be read as one".repeat(20),
  );
  assertThrows(() => new SqliteConversations(path), ServiceError, path);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("conversations: what was kept is there after kill -9, whole turns and open questions", () =>
  withFile(async (path) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        fromFileUrl(new URL("killed_writer.ts", import.meta.url)),
        path,
      ],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    let told = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      told += text;
      if (told.split("\n").length > 40) break;
    }
    child.kill("SIGKILL");
    assertEquals((await child.status).signal, "SIGKILL");
    const lines = told.split("\n").slice(0, -1).map((line) => JSON.parse(line));
    assert(lines.length >= 39);
    using kept = new SqliteConversations(path);
    const { turns } = kept.read("me", lines[0].conversation)!;
    const byId = new Map(turns.map((turn) => [turn.id, turn]));
    for (const { asked, answered } of lines) {
      if (asked !== undefined) assert(byId.has(asked));
      if (answered !== undefined) assertEquals(byId.get(answered)!.advice!.id, answered);
    }
  }));

const turns = (count: number, words: number): Turn[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ id: String(at), time: "", question: `Question ${at} ${"x ".repeat(words)}` },
    advice: advice(String(at), "c", `Answer ${at} [1] ${"y ".repeat(words)}[T2].`),
  }));

Deno.test("history: what fits goes whole, without the numbers of passages", () => {
  const { messages, summary } = fitHistory(turns(2, 3), 1000);
  assertEquals(summary, "");
  assertEquals(messages.map(({ role }) => role), ["user", "assistant", "user", "assistant"]);
  assert(!/\[T?\d/.test(messages.map((one) => "text" in one ? one.text : "").join()));
});

Deno.test("history: what does not fit is summed up, newest first, within the tokens", () => {
  for (const tokens of [0, 20, 100, 400, 2000]) {
    const { messages, summary } = fitHistory(turns(40, 10), tokens);
    const taken = messages.reduce(
      (sum, message) => sum + estimateTokens("text" in message ? message.text : ""),
      estimateTokens(summary),
    );
    assert(taken <= tokens, `${taken} of ${tokens}`);
    if (tokens === 400) {
      assert(messages.length >= 4 && summary.split("\n").length >= 3, summary);
      // The newest of what was left out is the last line.
      const first = Number(/Question (\d+)/.exec(JSON.stringify(messages[0]))![1]);
      assert(summary.split("\n").at(-1)!.startsWith(`- Question ${first - 1} `), summary);
    }
  }
});

Deno.test("history: refusals and questions without an answer are left out", () => {
  const [one, two] = turns(2, 1);
  const refusal = { code: "scope", why: "w", instead: "i" } as const;
  const { messages } = fitHistory([
    { ...one, advice: { ...one.advice!, refusal } },
    { ...two, advice: undefined },
  ], 1000);
  assertEquals(messages, []);
});
