/** The advisor with a language model over HTTP: streams, tools, failures, keys, scope. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { scopeModel } from "../../serve/advice/scope_model.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import { FakeChatServer, type Said } from "../advisor/fake_chat_server.ts";
import { alice, as, type Asked, eventsOf, question, scraped, withAdvice } from "./advised.ts";

Deno.test("advice: a model without its key answers 503 and says how to set it; off says so", async () => {
  for (
    const [flags, told] of [
      [["--advice-model", "gemini:some-model"], /GEMINI_API_KEY.*extractive/],
      [["--advice-model", "openai:some-model"], /OPENAI_API_KEY.*OPENAI_BASE_URL.*extractive/],
      [["--advice-model", "off"], /--advice-model is off/],
    ] as const
  ) {
    await withAdvice(flags, async ({ call }) => {
      for (const path of ["/predict/advice", "/advice/about"]) {
        const response = await call(path, path.startsWith("/p") ? { question } : undefined);
        assertEquals(response.status, 503);
        assertMatch((await response.json()).detail, told);
      }
    });
  }
});

/** A language model over HTTP that says so. */
async function withModel(
  script: Said[],
  flags: readonly string[],
  test: (served: Asked, server: FakeChatServer) => Promise<void>,
): Promise<void> {
  await using server = new FakeChatServer("openai", 50);
  server.script = script;
  const model = ["--advice-model", "openai:small", "--openai-base-url", server.url];
  await withAdvice([...model, ...flags], (served) => test(served, server));
}

const withModelTest = (name: string, fn: () => Promise<void>) =>
  // The client keeps its connections for the next request, beyond the test.
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });

withModelTest(
  "advice: a language model answers over HTTP; tokens, cost and budget are counted",
  () =>
    withModel(
      [{ text: ["Keep 3 to 6 ", "months [1]."] }],
      ["--advice-prices", "small=1/10", "--advice-daily-tokens", "150"],
      async ({ call, metrics }) => {
        const advice = await (await call("/predict/advice", { question })).json();
        assertEquals([advice.mode, advice.answer], ["model", "Keep 3 to 6 months [1]."]);
        assertEquals(advice.usage, {
          ...{ model: "small", input_tokens: 100, output_tokens: 20, estimated: false },
          cost_usd: 0.0003,
        });
        const text = scraped(metrics);
        assertMatch(text, /dinoflow_advice_tokens_total\{model="small",kind="input"\} 100/);
        assertMatch(text, /dinoflow_advice_cost_usd_total\{model="small"\} 0\.0003/);
        assertEquals((await call("/predict/advice", { question })).status, 200);
        const over = await call("/predict/advice", { question });
        assertEquals(over.status, 429);
        assert(Number(over.headers.get("retry-after")) > 0);
      },
    ),
);

withModelTest("advice: a served model is a tool, asked with the caller's own key", () =>
  withModel(
    [
      { calls: [{ name: "model_Model0", input: { Age: 30 } }] },
      { text: ["The model has said so [T1]."] },
    ],
    ["--advice-tools", "Model0,not-there", "--api-keys", alice],
    async ({ call, observer }, server) => {
      const advice = await (await call("/predict/advice", { question }, as(alice))).json();
      assertEquals(
        advice.tools.map(({ name, failed }: { name: string; failed: boolean }) => [name, failed]),
        [
          ["model_Model0", false],
        ],
      );
      assertEquals(typeof advice.tools[0].result.prediction, "string");
      assertEquals(observer.predictions.length, 1);
      const names = server.heard[0].body.tools.map((tool: { function: { name: string } }) =>
        tool.function.name
      );
      assert(names.includes("model_Model0") && names.includes("loan_payment"));
      assert(!names.includes("model_not_there"));
    },
  ));

withModelTest(
  "advice: a model that hangs is given up; passages answer, in time",
  () =>
    withModel([{ hangAfter: 0 }], ["--advice-silence-ms", "100"], async ({ call }) => {
      const advice = await (await call("/predict/advice", { question })).json();
      assertEquals([advice.mode, advice.refusal], ["extractive", null]);
      assertMatch(advice.notices[0], /timeout/);
    }),
);

withModelTest(
  "advice: an answer may take longer than predictions may, and not for ever",
  () =>
    withModel(
      [{ hangAfter: 0 }],
      ["--timeout-ms", "50", "--advice-silence-ms", "20000", "--advice-timeout-ms", "1500"],
      async ({ call }) => {
        const startedAt = performance.now();
        const response = await call("/predict/advice", { question });
        assertEquals(response.status, 504);
        assert(performance.now() - startedAt >= 1400, "it had the time of an answer");
        const events = await eventsOf(await call("/predict/advice", { question, stream: true }));
        assertEquals(events.at(-1)![0], "error");
        assertEquals(events.at(-1)![1].status, 504);
      },
    ),
);

withModelTest(
  "advice: who hangs up ends the answer, and nothing of it is kept as one",
  () =>
    withModel(
      [{ text: ["Keep 3 to 6 months [1]. ", "And"], hangAfter: 1 }],
      [],
      async ({ call }) => {
        const response = await call("/predict/advice", { question, stream: true });
        const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
        let told = "";
        while (!told.includes('"conversation"')) told += (await reader.read()).value ?? "";
        const [, id] = /"conversation":"([^"]+)"/.exec(told)!;
        await reader.cancel();
        const kept = await (await call(`/advice/conversations/${id}`)).json();
        assertEquals(kept.turns.map(({ advice }: { advice?: unknown }) => advice), [undefined]);
      },
    ),
);

Deno.test("advice: keys of language models are in no answer and no printed setting", async () => {
  const { printable } = await import("../../serve/config/text.ts");
  const key = "gemini-key-that-nobody-sees";
  const flags = [
    "--gemini-api-key",
    key,
    "--advice-model",
    "gemini:m",
    "--gemini-base-url",
    "https://u:p@h.example",
  ];
  const config = readServerConfig({
    args: flags,
    env: () => undefined,
    readFile: () => "",
  }) as Config;
  const text = JSON.stringify(printable(config));
  assert(!text.includes(key) && !text.includes("u:p@"), text);
  const fromFile = readServerConfig({
    args: [],
    env: (name) => name === "GEMINI_API_KEY_FILE" ? "/run/secrets/gemini" : undefined,
    readFile: () => `${key}\n`,
  }) as Config;
  assertEquals(fromFile.geminiApiKey, key);
});

Deno.test("advice: a served model of texts is asked for its scope; one that is not there has no say", async () => {
  const asked: unknown[] = [];
  const answers = [
    Response.json({ out_of_scope: 0.25 }),
    Response.json({ detail: "no" }, { status: 404 }),
  ];
  const ask = (path: string, body: unknown) => {
    asked.push([path, body]);
    return Promise.resolve(answers.shift()!);
  };
  const columns = [{ name: "age", kind: "number" }, {
    name: "message",
    kind: "text",
    freeText: true,
  }];
  const places = (input_schema: unknown) =>
    ({
      find: (name: string) =>
        name === "intent" ? { current: { metadata: { input_schema } } } : undefined,
    }) as unknown as Parameters<typeof scopeModel>[1];
  assertEquals(scopeModel("other", places(columns), ask), undefined);
  assertEquals(scopeModel("intent", places(columns.slice(0, 1)), ask), undefined);
  const score = scopeModel("intent", places(columns), ask)!;
  assertEquals([await score("Hello?"), await score("Hello?")], [0.25, undefined]);
  assertEquals(asked[0], ["/predict/intent", { message: "Hello?" }]);
});
