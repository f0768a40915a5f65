/** An advisor on personal finance: from a question to an answer with sources, or a refusal. */

import { DataError } from "../base/mod.ts";
import type { Passage, Retriever } from "../retrieval/mod.ts";
import type { AdviceEvent, AdviceUsage } from "./advice.ts";
import { ChatError } from "./chat_error.ts";
import type { ChatModel } from "./chat_model.ts";
import type { Conversations, Turn } from "./conversations/conversations.ts";
import { fitHistory } from "./conversations/history.ts";
import { Draft, sourcesOf } from "./draft.ts";
import { extractAnswer } from "./extractive.ts";
import { withoutInjections } from "./guardrails/injection.ts";
import { redactPersonalData } from "./guardrails/personal_data.ts";
import { checkQuestion } from "./guardrails/question_checks.ts";
import { refusalOf } from "./guardrails/refusal.ts";
import { isCourtesy, isOutOfScope, type OutOfScope } from "./guardrails/scope.ts";
import { contentWords } from "./guardrails/content_words.ts";
import { modelAnswer } from "./model_answer.ts";
import type { TokenPrices } from "./prices.ts";
import { systemPrompt } from "./prompt.ts";
import { callTool } from "./tools/call_tool.ts";
import type { AnyTool } from "./tools/tool.ts";

/** What an advisor is made of. */
export interface AdvisorOptions {
  /** Finds passages. */
  readonly retriever: Retriever;
  /** Writes answers; passages alone answer without one. */
  readonly model?: ChatModel;
  /** What answers may call. */
  readonly tools: readonly AnyTool[];
  /** Where conversations are kept; none are without it. */
  readonly conversations?: Conversations;
  /** A model of intents, and from which score on a question is out of scope. */
  readonly outOfScope?: { readonly score: OutOfScope; readonly limit: number };
  /** What is said beside advice on securities; there is no such advice without it. */
  readonly disclaimer?: string;
  /** Tokens of a conversation that go before a question. */
  readonly historyTokens?: number;
  /** Most tokens of an answer. */
  readonly maxTokens?: number;
  /** Passages that an answer is given. */
  readonly passages?: number;
  /** What language models cost; those without a price have no cost. */
  readonly prices?: TokenPrices;
}

/** A question. */
export interface Question {
  /** As it was asked; personal data are taken out first. */
  readonly text: string;
  /** Whose conversations are read and kept. */
  readonly owner: string;
  /** The conversation that it goes on with; it begins one without. */
  readonly conversation?: string;
  /** Tools of who asks, beside those that all have. */
  readonly tools?: readonly AnyTool[];
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Hears once what the answer took, also of one that was given up. */
  readonly onUsage?: (usage: AdviceUsage) => void;
}

/** Turns that are looked at before a question. */
const TURNS = 50;

const greeting = "Ask about budgeting, saving, loans, credit, insurance or basic taxes. Answers " +
  "come from documents that are named, and what none of them says is not answered.";

/** Answers questions. It holds nothing of them: conversations do. */
export class Advisor {
  readonly #options:
    & Required<Pick<AdvisorOptions, "historyTokens" | "maxTokens" | "passages">>
    & AdvisorOptions;

  /** Takes its parts. */
  constructor(options: AdvisorOptions) {
    this.#options = { historyTokens: 2000, maxTokens: 800, passages: 6, ...options };
  }

  /** Whether a language model writes answers. */
  get model(): string | undefined {
    return this.#options.model?.name;
  }

  /**
   * Answers a question as it comes; the last event is `done`. The question is kept before it is
   * answered, the answer before `done`, both without personal data.
   *
   * @throws {DataError} if the owner has no such conversation.
   * @throws {ServiceError} if the passages cannot be searched.
   * @throws the signal's reason when it is aborted.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * const passage = {
   *   ...{ id: "1", source: "loans.md", title: "Loans", position: "lines 1-2", score: 1 },
   *   text: "A loan is secured where an asset stands behind it.",
   * };
   * const retriever = { search: () => Promise.resolve([passage]) };
   * const advisor = new Advisor({ retriever, tools: [] });
   * const { signal } = new AbortController();
   * const question = { text: "What is a secured loan?", owner: "me", signal };
   * const events = await Array.fromAsync(advisor.ask(question));
   * const last = events.at(-1)!;
   * assertEquals(
   *   last.kind === "done" && last.advice.answer,
   *   "A loan is secured where an asset stands behind it. [1]",
   * );
   * ```
   */
  async *ask(question: Question): AsyncGenerator<AdviceEvent> {
    const { conversations, disclaimer, prices = {} } = this.#options;
    const { owner, signal, onUsage } = question;
    const startedAt = performance.now();
    signal.throwIfAborted();
    const { text, found: redacted } = redactPersonalData(question.text.trim());
    const before = this.#before(question);
    const conversation = question.conversation ?? conversations?.begin(owner) ?? null;
    const id = crypto.randomUUID();
    if (conversation !== null) conversations?.ask(owner, conversation, id, text);
    const draft = new Draft({ id, conversation, redacted, disclaimer, prices, startedAt });
    yield { kind: "started", id, conversation };
    try {
      yield* this.#answer(draft, text, before, question);
      yield* draft.close();
    } finally {
      onUsage?.(draft.usage);
    }
    signal.throwIfAborted();
    const advice = draft.advice();
    if (conversation !== null) conversations?.answer(owner, conversation, advice);
    yield { kind: "done", advice };
  }

  #before({ owner, conversation }: Question): readonly Turn[] {
    if (conversation === undefined) return [];
    const { conversations } = this.#options;
    if (conversations?.has(owner, conversation)) {
      return conversations.latest(owner, conversation, TURNS);
    }
    throw new DataError(`There is no conversation "${conversation.slice(0, 60)}"`, {
      next: "begin one by asking without it",
    });
  }

  async *#answer(
    draft: Draft,
    text: string,
    before: readonly Turn[],
    question: Question,
  ): AsyncGenerator<AdviceEvent> {
    const { disclaimer, outOfScope, model, tools: common } = this.#options;
    const { signal } = question;
    const { refusal, securities } = checkQuestion(text, disclaimer !== undefined);
    if (refusal !== undefined) return yield* draft.refuse(refusal);
    draft.securities = securities;
    if (isCourtesy(text)) return yield* draft.greet(greeting);
    const last = before.findLast(({ advice }) => advice?.refusal === null)?.question;
    draft.passages = await this.#search(draft, text, last, signal);
    const value = await outOfScope?.score(text, signal);
    const scored = value === undefined ? {} : { score: { value, limit: outOfScope!.limit } };
    if (isOutOfScope(text, { passages: draft.passages, before: last, ...scored })) {
      return yield* draft.refuse(refusalOf("scope"));
    }
    yield { kind: "sources", sources: sourcesOf(draft.passages) };
    const tools = [...common, ...question.tools ?? []];
    if (model === undefined) return yield* this.#extract(draft, text, last, tools, signal);
    const { historyTokens, maxTokens } = this.#options;
    const { messages, summary } = fitHistory(before, historyTokens);
    const { passages } = draft;
    try {
      [draft.mode, draft.model] = ["model", model.name];
      yield* modelAnswer(draft, {
        ...{ model, tools, maxTokens, signal },
        system: systemPrompt({ passages, summary, disclaimer: disclaimer !== undefined }),
        messages: [...messages, { role: "user", text }],
      });
    } catch (error) {
      if (!(error instanceof ChatError) || signal.aborted) throw error;
      draft.notice(`The language model gave no answer (${error.kind}); passages alone answered`);
      yield* draft.restart();
      yield* this.#extract(draft, text, last, tools, signal);
    }
  }

  /** A question that leans on the one before is searched with it. */
  async #search(
    draft: Draft,
    text: string,
    last: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly Passage[]> {
    const { retriever, passages: limit } = this.#options;
    const found = await retriever.search(leaning(text, last), { limit, signal });
    const { clean, dropped } = withoutInjections(found);
    for (const { source } of dropped) {
      draft.notice(`A passage of ${source} was left out: it speaks to the model`);
    }
    return clean;
  }

  async *#extract(
    draft: Draft,
    text: string,
    last: string | undefined,
    tools: readonly AnyTool[],
    signal: AbortSignal,
  ): AsyncGenerator<AdviceEvent> {
    draft.mode = "extractive";
    for (const tool of tools) {
      const input = tool.read?.(text);
      if (input === undefined || tool.say === undefined) continue;
      const called = await callTool([tool], { id: "1", name: tool.name, input }, signal);
      if (called.failed) continue;
      draft.mode = "tools";
      yield draft.addTool(called);
      yield* draft.add(`${tool.say(called.result as Record<string, unknown>)} [T1]`);
      return yield* draft.flush();
    }
    yield* draft.add(extractAnswer(leaning(text, last), draft.passages));
    yield* draft.flush();
  }
}

/** A short question with the one before it, which it may go on with. */
function leaning(text: string, last: string | undefined): string {
  return last !== undefined && contentWords(text).length <= 3 ? `${last} ${text}` : text;
}
