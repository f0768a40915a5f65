/** Whole questions to whole answers, with a language model that follows a script. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Advice,
  type AdviceEvent,
  Advisor,
  type AdvisorOptions,
  arithmeticTools,
  ChatError,
  type ChatEvent,
  type ChatModel,
  type ChatRequest,
  type Question,
  SqliteConversations,
} from "../../src/advisor/mod.ts";
import { DataError } from "../../src/base/mod.ts";
import { injections, personal, poisoned } from "./cases.ts";
import { corpusRetriever } from "./passages.ts";

/** Says what the script has, and remembers what it was asked. */
class Scripted implements ChatModel {
  readonly name = "scripted";
  readonly asked: ChatRequest[] = [];

  constructor(private readonly script: readonly (string | ChatEvent | Error)[][]) {}

  async *chat(request: ChatRequest): AsyncGenerator<ChatEvent> {
    const said = this.script[Math.min(this.asked.length, this.script.length - 1)];
    this.asked.push(structuredClone({ ...request, signal: undefined }) as never);
    await Promise.resolve();
    let ended = false;
    for (const one of said) {
      request.signal.throwIfAborted();
      if (one instanceof Error) throw one;
      if (typeof one === "string") yield { kind: "text", text: one };
      else {
        ended ||= one.kind === "end";
        yield one;
      }
    }
    const reason =
      said.some((one) => typeof one === "object" && "kind" in one && one.kind === "call")
        ? "tools" as const
        : "stop" as const;
    const usage = { inputTokens: 100, outputTokens: 10, estimated: false };
    if (!ended) yield { kind: "end", end: { reason }, usage };
  }
}

const call = (name: string, input: unknown, id = "1"): ChatEvent => ({
  kind: "call",
  call: { id, name, input },
});

async function asked(
  text: string,
  options: Partial<AdvisorOptions> = {},
  question: Partial<Question> = {},
): Promise<{ advice: Advice; events: AdviceEvent[] }> {
  const advisor = new Advisor({ retriever: corpusRetriever(), tools: arithmeticTools, ...options });
  const { signal } = new AbortController();
  const events = await Array.fromAsync(advisor.ask({ text, owner: "me", signal, ...question }));
  const last = events.at(-1)!;
  if (last.kind !== "done") throw new Error(`it ended with ${last.kind}`);
  const shown = events.slice(events.findLastIndex(({ kind }) => kind === "retracted") + 1)
    .map((event) => event.kind === "text" ? event.text : "").join("").trim();
  // What was streamed and not taken back is the answer.
  assertEquals(shown, last.advice.answer);
  return { advice: last.advice, events };
}

Deno.test("extractive: a question is answered in the words of its passages, which are cited", async () => {
  const { advice, events } = await asked(
    "How many months of expenses belong in an emergency fund?",
  );
  assertEquals(advice.mode, "extractive");
  assert(advice.answer.includes("Keep 3 to 6 months of expenses in it. [1]"), advice.answer);
  assertEquals(advice.sources[0].source, "emergency_fund.md");
  assertEquals([advice.sources[0].cited, advice.refusal], [true, null]);
  assertEquals(events.map(({ kind }) => kind).slice(0, 3), ["started", "sources", "text"]);
  assertEquals(advice.usage.cost_usd, 0);
});

Deno.test("extractive: what no passage answers is not answered", async () => {
  const { advice } = await asked("What is the penalty for a bounced cheque of a partnership firm?");
  assertEquals([advice.refusal?.code, advice.answer, advice.sources], ["no_sources", "", []]);
});

Deno.test("extractive: sums are reckoned by tools, from the words of the question alone", async () => {
  const { advice } = await asked("What is the EMI for ₹5,00,000 at 10% for 5 years?");
  assertEquals([advice.mode, advice.refusal], ["tools", null]);
  assert(advice.answer.includes("₹10,623.52 a month"), advice.answer);
  assertEquals(advice.tools.map(({ name }) => name), ["loan_payment"]);
});

Deno.test("extractive: a short question goes on with the one before", async () => {
  using conversations = new SqliteConversations(":memory:");
  const first = await asked("What lowers a credit score?", { conversations });
  const conversation = first.advice.conversation!;
  const { advice } = await asked("And the limit?", { conversations }, { conversation });
  assert(advice.answer.includes("30%"), JSON.stringify(advice));
});

Deno.test("refusals: no passage is looked for, no model asked, nothing of it is shown", async () => {
  const model = new Scripted([["never"]]);
  const retriever = { search: () => Promise.reject(new Error("nobody should search")) };
  for (const question of [...injections, "Which stock should I buy?", "Guarantee me 20% returns"]) {
    const { advice, events } = await asked(question, { model, retriever });
    assert(advice.refusal !== null && advice.answer === "", question);
    assertEquals(events.map(({ kind }) => kind), ["started", "done"]);
  }
  assertEquals(model.asked.length, 0);
});

Deno.test("personal data: neither passages nor model nor conversations get them", async () => {
  using conversations = new SqliteConversations(":memory:");
  const searched: string[] = [];
  const found = corpusRetriever();
  const retriever = {
    search: (text: string) => {
      searched.push(text);
      return found.search(text);
    },
  };
  const model = new Scripted([["Keep 3 to 6 months [1]."]]);
  for (const [text, kinds, gone] of personal) {
    const question = `How large is an emergency fund? ${text}`;
    const { advice } = await asked(question, { model, retriever, conversations });
    assertEquals(advice.redacted, kinds);
    const kept = conversations.read("me", advice.conversation!);
    const all = JSON.stringify([searched, model.asked, kept, advice]);
    for (const part of gone) assert(!all.includes(part), `${text}: ${part}`);
  }
});

Deno.test("documents: one that speaks to the model never gets there, and that is told", async () => {
  for (const text of poisoned) {
    const more = [{
      ...{
        id: "bad",
        source: "bad.md",
        title: "Emergency fund months",
        position: "line 1",
        score: 9,
      },
      text: `Emergency fund, months of expenses. ${text}`,
    }];
    const model = new Scripted([["Keep 3 to 6 months [1]."]]);
    const { advice } = await asked("How many months of expenses belong in an emergency fund?", {
      ...{ model, retriever: corpusRetriever(more) },
    });
    assert(!model.asked[0].system.includes(text), text);
    assert(advice.notices.some((notice) => notice.includes("bad.md")), text);
    assert(advice.sources.every(({ source }) => source !== "bad.md"));
  }
});

Deno.test("model: sentences are shown as they are whole, with their sources", async () => {
  const model = new Scripted([["Keep 3 to 6 mon", "ths [1]. It is at", " hand [1]."]]);
  const { advice, events } = await asked("How large should an emergency fund be?", {
    ...{ model, prices: { scripted: { input: 1, output: 10 } } },
  });
  const texts = events.flatMap((event) => event.kind === "text" ? [event.text] : []);
  assertEquals(texts, ["Keep 3 to 6 months [1]. ", "It is at hand [1]."]);
  assertEquals(advice.usage, {
    ...{ model: "scripted", input_tokens: 100, output_tokens: 10, estimated: false },
    cost_usd: 0.0002,
  });
  assert(model.asked[0].system.includes('<passage number="1"'));
});

Deno.test("model: figures that nothing supports are left out, an answer of them alone is refused", async () => {
  const some = new Scripted([[
    "Keep 3 to 6 months [1]. Banks pay 9% on it [1]. Keep it at hand [1].",
  ]]);
  const { advice } = await asked("How large should an emergency fund be?", { model: some });
  assertEquals(advice.answer, "Keep 3 to 6 months [1]. Keep it at hand [1].");
  assertEquals(advice.withheld, ["figures"]);
  const none = new Scripted([["Keep 12 months [1]."]]);
  const refused = await asked("How large should an emergency fund be?", { model: none });
  assertEquals(refused.advice.refusal?.code, "unsupported");
});

Deno.test("model: an answer without sources, or with none that there is, is refused and taken back", async () => {
  const uncited = await asked("What is an emergency fund?", {
    model: new Scripted([["It is money for bad times."]]),
  });
  assertEquals(uncited.advice.refusal?.code, "uncited");
  assert(uncited.events.some(({ kind }) => kind === "retracted"));
  const invented = await asked("What is an emergency fund?", {
    model: new Scripted([["It is money for bad times [9]."]]),
  });
  assertEquals(invented.advice.refusal?.code, "unsupported");
});

Deno.test("model: promises and advice to buy refuse the whole answer, what was shown is taken back", async () => {
  for (
    const [said, code] of [
      ["You will surely double your money [1].", "returns"],
      ["You should buy shares of it [1].", "securities"],
    ]
  ) {
    const { advice, events } = await asked("What is a mutual fund?", {
      model: new Scripted([["A fund pools money [1]. ", said, " And so on [1]."]]),
    });
    assertEquals([advice.refusal?.code, advice.answer], [code, ""]);
    assertEquals(events.filter(({ kind }) => kind === "text").length, 1);
  }
});

Deno.test("model: with a disclaimer, advice on securities carries it; without, the question is refused", async () => {
  const model = () => new Scripted([["A fund rises and falls [1]."]]);
  const question = "Should I invest in mutual funds?";
  const disclaimer = "This is no advice for you; ask a registered adviser.";
  const { advice } = await asked(question, { model: model(), disclaimer });
  assertEquals([advice.refusal, advice.disclaimer], [null, disclaimer]);
  const refused = await asked(question, { model: model() });
  assertEquals(refused.advice.refusal?.code, "securities");
  const other = await asked("What is an emergency fund?", {
    ...{ disclaimer, model: new Scripted([["It is money for bad times [1]."]]) },
  });
  assertEquals(other.advice.disclaimer, null);
});

Deno.test("model: tools are called, and what they give supports figures", async () => {
  const model = new Scripted([
    [call("loan_payment", { principal: 500000, annual_rate_percent: 10, months: 60 })],
    ["The instalment is ₹10,624 [T1]. In all it is ₹6,37,411.20 [T1]. Nobody asks for ₹99 [T1]."],
  ]);
  const { advice, events } = await asked("What does a loan of 5 lakh cost at 10% in 5 years?", {
    model,
  });
  assertEquals(advice.answer, "The instalment is ₹10,624 [T1]. In all it is ₹6,37,411.20 [T1].");
  assertEquals([advice.withheld, advice.tools[0].failed], [["figures"], false]);
  assert(events.some(({ kind }) => kind === "tool"));
  assertEquals(model.asked[1].messages.map(({ role }) => role), ["user", "assistant", "tool"]);
  assertEquals(advice.usage.input_tokens, 200);
});

Deno.test("model: what it calls wrongly is told it, and supports nothing", async () => {
  const model = new Scripted([
    [call("loan_payment", { principal: "much" }), call("no_such_tool", { x: 77 }, "2")],
    ["It is 77 [1]. Keep 3 to 6 months [1]."],
  ]);
  const { advice } = await asked("What is an emergency fund?", { model });
  assertEquals(advice.tools.map(({ failed }) => failed), [true, true]);
  assertEquals(advice.answer, "Keep 3 to 6 months [1].");
  const results = JSON.stringify(model.asked[1].messages);
  assert(results.includes("principal") && results.includes("There is no tool"), results);
});

Deno.test("model: calls without end come to an end", async () => {
  const model = new Scripted([[call("percent_of", { percent: 1, of: 100 })]]);
  const { advice } = await asked("What is an emergency fund?", { model });
  assertEquals(model.asked.length, 5);
  assertEquals(model.asked[4].tools, undefined);
  assertEquals(advice.refusal?.code, "no_sources");
});

Deno.test("model: its word for no answer is a refusal, also where it comes in pieces", async () => {
  for (const said of [["NO_ANSWER"], ["NO_", "ANS", "WER."], [" NO_ANSWER\n"]]) {
    const { advice, events } = await asked("What is an emergency fund?", {
      model: new Scripted([said]),
    });
    assertEquals(advice.refusal?.code, "no_sources");
    assert(!events.some(({ kind }) => kind === "text"));
  }
  const { advice } = await asked("What is an emergency fund?", {
    model: new Scripted([["NO", " money is safer [1]."]]),
  });
  assertEquals(advice.answer, "NO money is safer [1].");
});

Deno.test("model: a block by the service's rules is a refusal of its own", async () => {
  const end = { kind: "end", end: { reason: "blocked", why: "SAFETY" } } as const;
  const usage = { inputTokens: 5, outputTokens: 0, estimated: false };
  const { advice } = await asked("What is an emergency fund?", {
    model: new Scripted([["Keep 3 to 6 months [1]. ", { ...end, usage }]]),
  });
  assertEquals([advice.refusal?.code, advice.answer], ["blocked", ""]);
});

Deno.test("model: one that is away, or fails within an answer, leaves the passages to answer", async () => {
  for (const said of [[], ["Keep 3 to 6 months [1]. And"]]) {
    const model = new Scripted([[...said, new ChatError("unavailable", "away")]]);
    const { advice } = await asked("How many months belong in an emergency fund?", { model });
    assertEquals([advice.mode, advice.refusal], ["extractive", null]);
    assert(advice.notices[0].includes("unavailable"));
    assert(advice.answer.includes("Keep 3 to 6 months of expenses"), advice.answer);
  }
});

Deno.test("model: a defect is no answer, and what was used until then is counted", async () => {
  const model = new Scripted([
    [call("percent_of", { percent: 1, of: 100 })],
    [new TypeError("a defect")],
  ]);
  let used = 0;
  await assertRejects(
    () =>
      asked("What is an emergency fund?", { model }, {
        onUsage: (usage) => used = usage.input_tokens,
      }),
    TypeError,
  );
  assertEquals(used, 100);
});

Deno.test("conversations: what was said goes before the next question, for its owner alone", async () => {
  using conversations = new SqliteConversations(":memory:");
  const model = new Scripted([["Keep 3 to 6 months [1]."]]);
  const options = { model, conversations };
  const { advice: { conversation } } = await asked("What is an emergency fund?", options);
  if (conversation === null) throw new Error("no conversation is kept");
  await asked("How large is the fund?", options, { conversation });
  assertEquals(model.asked[1].messages.map((one) => "text" in one && one.text), [
    ...["What is an emergency fund?", "Keep 3 to 6 months.", "How large is the fund?"],
  ]);
  await assertRejects(
    () => asked("How large is the fund?", options, { conversation, owner: "another" }),
    DataError,
  );
  assertEquals(conversations.read("me", conversation)!.turns.length, 2);
});

Deno.test("conversations: a question is kept before its answer, and one that is stopped stays open", async () => {
  using conversations = new SqliteConversations(":memory:");
  const stopping = new AbortController();
  const advisor = new Advisor({
    ...{ retriever: corpusRetriever(), tools: [], conversations },
    model: new Scripted([["Keep 3 to 6 months [1]. ", "And more [1]. "]]),
  });
  let conversation = "";
  await assertRejects(
    async () => {
      const question = { text: "What is an emergency fund?", owner: "me", signal: stopping.signal };
      for await (const event of advisor.ask(question)) {
        if (event.kind === "started") {
          conversation = event.conversation!;
          assertEquals(conversations.read("me", conversation)!.turns.length, 1);
        }
        if (event.kind === "text") stopping.abort(new Error("stopped"));
      }
    },
    Error,
    "stopped",
  );
  assertEquals(conversations.read("me", conversation)!.turns[0].advice, undefined);
});

Deno.test("scope: a model of intents is asked, and words that are of money go before it", async () => {
  const scores: string[] = [];
  const outOfScope = {
    limit: 0.7,
    score: (text: string) => {
      scores.push(text);
      return Promise.resolve(0.95);
    },
  };
  const { advice } = await asked("Explain photosynthesis", { outOfScope });
  assertEquals(advice.refusal?.code, "scope");
  const other = await asked("What is an emergency fund?", { outOfScope });
  assertEquals(other.advice.refusal, null);
  assertEquals(scores.length, 2);
});
