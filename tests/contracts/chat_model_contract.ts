/** What every {@linkcode ChatModel} keeps, over real HTTP. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  ChatError,
  type ChatEvent,
  type ChatModel,
  type ChatRequest,
  openChatModel,
  usualRetries,
} from "../../src/advisor/mod.ts";
import { maskedText } from "../../src/base/mod.ts";
import { FakeChatServer, type Protocol, type Said } from "../advisor/fake_chat_server.ts";

const apiKey = "a-key-that-nobody-may-see-0123";

const request = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  system: "Be brief.",
  messages: [{ role: "user", text: "How much is 2 + 3?" }],
  ...{ maxTokens: 100, signal: new AbortController().signal },
  ...more,
});

const add = {
  name: "add",
  description: "Adds two numbers.",
  input: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } } },
};

async function with_(
  protocol: Protocol,
  script: Said[],
  test: (model: ChatModel, server: FakeChatServer) => Promise<void>,
  { pieceBytes = 7, silenceSeconds = 5 }: { pieceBytes?: number; silenceSeconds?: number } = {},
): Promise<void> {
  await using server = new FakeChatServer(protocol, pieceBytes);
  server.script = script;
  const model = await openChatModel({
    ...{ provider: protocol, model: "small", apiKey, baseUrl: server.url, silenceSeconds },
    retries: { ...usualRetries, firstPause: 0.001, longestPause: 1, jitter: () => 0 },
  });
  await test(model, server);
}

const all = (events: AsyncIterable<ChatEvent>) => Array.fromAsync(events);
const textOf = (events: readonly ChatEvent[]) =>
  events.map((event) => event.kind === "text" ? event.text : "").join("");
const told = { inputTokens: 100, outputTokens: 20, estimated: false };

/** Tries a provider's adapter against its fake. */
export function testChatModel(protocol: Protocol): void {
  const test = (name: string, work: () => Promise<void>) =>
    // Clients keep connections for the next request, beyond the test.
    Deno.test({
      name: `${protocol}: ${name}`,
      fn: work,
      sanitizeResources: false,
      sanitizeOps: false,
    });

  test("text comes as it is written, with tokens and an end, however the bytes are cut", async () => {
    const text = ["₹5,00,000 ", "– “five lakh” ", "🙂 पाँच"];
    for (const pieceBytes of [1, 3, 7, 64, 100_000]) {
      await with_(protocol, [{ text }], async (model) => {
        const events = await all(model.chat(request()));
        assertEquals(textOf(events), text.join(""));
        assertEquals(events.filter(({ kind }) => kind === "text").length, text.length);
        assertEquals(events.at(-1), { kind: "end", end: { reason: "stop" }, usage: told });
      }, { pieceBytes });
    }
  });

  test("the service is asked with key, rules, conversation, tools and the most tokens", async () => {
    await with_(protocol, [{ text: ["5"] }], async (model, server) => {
      const call = { id: "1", name: "add", input: { a: 2, b: 3 } };
      await all(model.chat(request({
        tools: [add],
        messages: [
          { role: "user", text: "2 + 3?" },
          { role: "assistant", text: "Let me see.", calls: [call] },
          { role: "tool", call, result: { sum: 5 } },
        ],
      })));
      const [{ path, headers, body }] = server.heard;
      if (protocol === "gemini") {
        assert(path.includes("/models/small:streamGenerateContent"), path);
        assertEquals(headers.get("x-goog-api-key"), apiKey);
        assertEquals(body.generationConfig.maxOutputTokens, 100);
        assertEquals(body.tools[0].functionDeclarations[0].name, "add");
        assert(JSON.stringify(body.systemInstruction).includes("Be brief."));
        assertEquals(body.contents.map(({ role }: { role: string }) => role), [
          "user",
          "model",
          "user",
        ]);
        assertEquals(body.contents[2].parts[0].functionResponse.response, { result: { sum: 5 } });
      } else {
        assertEquals(path, "/v1/chat/completions");
        assertEquals(headers.get("authorization"), `Bearer ${apiKey}`);
        assertEquals([body.max_tokens, body.stream], [100, true]);
        assertEquals(body.tools[0].function.parameters, add.input);
        assertEquals(body.messages.map(({ role }: { role: string }) => role), [
          ...["system", "user", "assistant", "tool"],
        ]);
        assertEquals(JSON.parse(body.messages[2].tool_calls[0].function.arguments), { a: 2, b: 3 });
      }
    });
  });

  test("calls of tools come whole, several at once, and with what the service wants back", async () => {
    const calls = [{ name: "add", input: { a: 2, b: 3 } }, { name: "add", input: { a: 1, b: 1 } }];
    await with_(protocol, [{ text: ["So:"], calls }], async (model) => {
      const events = await all(model.chat(request({ tools: [add] })));
      const found = events.flatMap((event) => event.kind === "call" ? [event.call] : []);
      assertEquals(found.map(({ name, input }) => ({ name, input })), calls);
      assertEquals(new Set(found.map(({ id }) => id)).size, 2);
      if (protocol === "gemini") assertEquals(found[0].opaque, "c2ln");
      assertEquals(events.at(-1), { kind: "end", end: { reason: "tools" }, usage: told });
    });
  });

  test("an answer that is cut at the most tokens says so", async () => {
    await with_(protocol, [{ text: ["Well, "], end: "length" }], async (model) => {
      const last = (await all(model.chat(request()))).at(-1)!;
      assertEquals(last.kind === "end" && last.end, { reason: "length" });
    });
  });

  test("blocks by the service's rules are outcomes, before and within an answer", async () => {
    for (const said of [{ blocked: true }, { text: ["I"], end: "blocked" as const }]) {
      await with_(protocol, [said], async (model, server) => {
        const last = (await all(model.chat(request()))).at(-1)!;
        assertEquals(last.kind === "end" && last.end.reason, "blocked");
        // It would be blocked again.
        assertEquals(server.heard.length, 1);
      });
    }
  });

  test("tokens that the service does not tell are estimated, and marked so", async () => {
    await with_(protocol, [{ text: ["five"], noUsage: true }], async (model) => {
      const last = (await all(model.chat(request()))).at(-1)!;
      const { estimated, inputTokens, outputTokens } = last.kind === "end"
        ? last.usage
        : { estimated: false, inputTokens: 0, outputTokens: 0 };
      assertEquals([estimated, inputTokens > 5, outputTokens], [true, true, 1]);
    });
  });

  const info = JSON.stringify({
    error: {
      ...{ code: 429, message: "Quota exceeded", status: "RESOURCE_EXHAUSTED" },
      details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "0.2s" }],
    },
  });
  const failure = (status: number, message = "Sorry") =>
    JSON.stringify({ error: { code: status, message, status: "X" } });
  const json = { "content-type": "application/json" };

  test("429 is asked again when the service advises, 500 after a pause", async () => {
    const script: Said[] = [
      { status: 429, body: info, headers: json },
      { status: 500, body: failure(500), headers: json },
      { text: ["5"] },
    ];
    await with_(protocol, script, async (model, server) => {
      const startedAt = performance.now();
      assertEquals(textOf(await all(model.chat(request()))), "5");
      assertEquals(server.heard.length, 3);
      // A pause may be longer than advised, never shorter.
      assert(performance.now() - startedAt >= 190);
    });
  });

  test("advice to wait longer than anybody does is an error that tells it", async () => {
    const body = info.replace("0.2s", "90s");
    await with_(protocol, [{ status: 429, body, headers: json }], async (model, server) => {
      const error = await assertRejects(() => all(model.chat(request())), ChatError);
      assertEquals([error.kind, error.retryAfter, server.heard.length], ["rate", 90, 1]);
    });
  });

  test("what will not pass is not asked again: a wrong key, a model that is not there", async () => {
    for (
      const [status, kind] of [[401, "key"], [403, "key"], [404, "request"], [
        400,
        "request",
      ]] as const
    ) {
      const body = failure(status, `no, ${apiKey}`);
      await with_(protocol, [{ status, body, headers: json }], async (model, server) => {
        const error = await assertRejects(() => all(model.chat(request())), ChatError);
        assertEquals([error.kind, server.heard.length], [kind, 1]);
        // What a service repeats of the key is not shown either.
        assert(!error.message.includes(apiKey) && maskedText(apiKey) !== apiKey, error.message);
      });
    }
  });

  test("500 again and again ends after three attempts", async () => {
    await with_(protocol, [{ status: 500, body: "<h1>Oops</h1>" }], async (model, server) => {
      const error = await assertRejects(() => all(model.chat(request())), ChatError);
      assertEquals([error.kind, server.heard.length], ["unavailable", 3]);
    });
  });

  test("one that hangs is given up, at once and in the midst of an answer", async () => {
    for (const hangAfter of [0, 1]) {
      await with_(protocol, [{ text: ["A", "B"], hangAfter }], async (model, server) => {
        const heard: ChatEvent[] = [];
        const error = await assertRejects(async () => {
          for await (const event of model.chat(request())) heard.push(event);
        }, ChatError);
        assertEquals(error.kind, "timeout");
        // After a part was given, another attempt would say it twice.
        assertEquals([textOf(heard), server.heard.length], hangAfter === 0 ? ["", 3] : ["A", 1]);
      }, { silenceSeconds: hangAfter === 0 ? 0.2 : 2 });
    }
  });

  test("what is no JSON, and a stream that ends without an end, are errors, not answers", async () => {
    const scripts: Said[] = [
      { malformed: true },
      { text: ["A"], malformed: true },
      { text: ["A"], end: "none" },
      { status: 200, body: "<html>a page</html>", headers: { "content-type": "text/html" } },
    ];
    for (const said of scripts) {
      await with_(protocol, [said], async (model) => {
        const error = await assertRejects(() => all(model.chat(request())), ChatError);
        assertEquals(error.kind, "malformed", `${JSON.stringify(said)}: ${error.message}`);
      });
    }
  });

  test("a connection that is cut is an error", async () => {
    await with_(protocol, [{ text: ["A", "B", "C", "D"], cut: true }], async (model) => {
      const error = await assertRejects(() => all(model.chat(request())), ChatError);
      assert(error.passes, error.kind);
    });
  });

  test("nobody there is an error that says so", async () => {
    const model = await openChatModel({
      ...{ provider: protocol, model: "small", apiKey, baseUrl: "http://127.0.0.1:9" },
      ...{ silenceSeconds: 5, retries: { ...usualRetries, attempts: 1 } },
    });
    const error = await assertRejects(() => all(model.chat(request())), ChatError);
    assertEquals(error.kind, "unavailable");
  });

  test("who stops hears the reason, and the service is left at once", async () => {
    await with_(protocol, [{ text: ["A", "B"], hangAfter: 1 }], async (model) => {
      const stopping = new AbortController();
      const reason = new Error("enough");
      const error = await assertRejects(async () => {
        for await (const _ of model.chat(request({ signal: stopping.signal }))) {
          stopping.abort(reason);
        }
      });
      assertEquals(error, reason);
    });
  });
}
