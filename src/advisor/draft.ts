/** An answer while it is written: what was shown, left out, used. */

import type { Passage } from "../retrieval/mod.ts";
import type { Advice, AdviceEvent, AdviceSource, AdviceUsage } from "./advice.ts";
import type { TokenUsage } from "./chat_model.ts";
import { AnswerChecks, type Withheld } from "./guardrails/answer_checks.ts";
import type { PersonalKind } from "./guardrails/personal_data.ts";
import { type Refusal, refusalOf } from "./guardrails/refusal.ts";
import { Sentences } from "./guardrails/sentences.ts";
import { costOf, type TokenPrices } from "./prices.ts";
import type { CalledTool } from "./tools/call_tool.ts";

/** What an answer begins with. */
export interface DraftOptions {
  readonly id: string;
  readonly conversation: string | null;
  readonly redacted: readonly PersonalKind[];
  /** What is said beside advice on securities; there is no such advice without it. */
  readonly disclaimer: string | undefined;
  readonly prices: TokenPrices;
  /** Milliseconds on the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** The one answer to one question. */
export class Draft {
  #checks: AnswerChecks;
  #sentences = new Sentences();
  #passages: readonly Passage[] = [];
  #text = "";
  #withheld: Withheld[] = [];
  #tools: CalledTool[] = [];
  #usage: TokenUsage | undefined;
  #firstText: number | null = null;
  #refusal: Refusal | null = null;
  #greeting = false;
  readonly #notices: string[] = [];
  /** What writes it. */
  mode: Advice["mode"] = "extractive";
  /** The language model that writes it. */
  model: string | null = null;
  /** The question asks about securities. */
  securities = false;

  /** Takes what it begins with. */
  constructor(private readonly options: DraftOptions) {
    this.#checks = new AnswerChecks([], options.disclaimer !== undefined);
  }

  /** Takes the passages that were found. */
  set passages(passages: readonly Passage[]) {
    this.#passages = passages;
    this.#restart();
  }

  /** The passages that were found. */
  get passages(): readonly Passage[] {
    return this.#passages;
  }

  /** Why there is no answer. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** What was shown so far. */
  get text(): string {
    return this.#text;
  }

  /** Tells something that went otherwise than it should. */
  notice(text: string): void {
    this.#notices.push(text);
  }

  /** Adds tokens that a model took. */
  use({ inputTokens, outputTokens, estimated }: TokenUsage): void {
    const before = this.#usage;
    this.#usage = {
      inputTokens: inputTokens + (before?.inputTokens ?? 0),
      outputTokens: outputTokens + (before?.outputTokens ?? 0),
      estimated: estimated || (before?.estimated ?? false),
    };
  }

  /** Adds what a tool gave. */
  addTool(tool: CalledTool): AdviceEvent {
    this.#tools.push(tool);
    // What a model made up to call a tool with supports nothing if the tool did not take it.
    if (!tool.failed) this.#checks.addResult(tool.result);
    return { kind: "tool", tool };
  }

  /** Takes a piece of the answer; whole sentences that pass the checks are shown. */
  *add(piece: string): Generator<AdviceEvent> {
    for (const sentence of this.#sentences.add(piece)) yield* this.#show(sentence);
  }

  /** Takes what is left as the last sentence. */
  *flush(): Generator<AdviceEvent> {
    yield* this.#show(this.#sentences.rest());
  }

  /** Throws away what is left of a sentence that was cut. */
  cut(): void {
    if (this.#sentences.rest() !== "") this.notice("The answer was cut at the most tokens");
  }

  /** Refuses; what was shown is taken back. */
  *refuse(refusal: Refusal): Generator<AdviceEvent> {
    this.#refusal = refusal;
    if (this.#text !== "") yield { kind: "retracted" };
    this.#text = "";
  }

  /** Says what rests on no source because it says nothing of money. */
  *greet(text: string): Generator<AdviceEvent> {
    this.#greeting = true;
    this.#text = text;
    yield { kind: "text", text };
  }

  /** Begins anew with the same passages, without what was shown. */
  *restart(): Generator<AdviceEvent> {
    if (this.#text !== "") yield { kind: "retracted" };
    this.#restart();
  }

  /** Refuses an answer that is none by its end: without sources, or with nothing left. */
  *close(): Generator<AdviceEvent> {
    if (this.#refusal !== null || this.#greeting) return;
    if (this.#text.trim() === "") {
      yield* this.refuse(refusalOf(this.#withheld.length > 0 ? "unsupported" : "no_sources"));
    } else if (this.#checks.cited.size === 0 && !this.#tools.some(({ failed }) => !failed)) {
      yield* this.refuse(refusalOf("uncited"));
    }
  }

  /** What it has taken so far. */
  get usage(): AdviceUsage {
    const { inputTokens, outputTokens, estimated } = this.#usage ??
      { inputTokens: 0, outputTokens: 0, estimated: false };
    return {
      model: this.model,
      ...{ input_tokens: inputTokens, output_tokens: outputTokens, estimated },
      cost_usd: this.#usage === undefined
        ? 0
        : costOf(this.model ?? "", this.#usage, this.options.prices),
    };
  }

  /** The whole answer. */
  advice(): Advice {
    const { id, conversation, redacted, disclaimer } = this.options;
    const answered = this.#refusal === null;
    const securities = this.securities || this.#checks.securities;
    return {
      ...{ id, conversation, mode: this.mode },
      answer: this.#text.trim(),
      // A refusal rests on no source.
      sources: answered
        ? sourcesOf(this.#passages).map((source) => ({
          ...source,
          cited: this.#checks.cited.has(source.number),
        }))
        : [],
      tools: answered ? this.#tools : [],
      refusal: this.#refusal,
      ...{ redacted, withheld: this.#withheld },
      disclaimer: answered && securities ? disclaimer ?? null : null,
      notices: this.#notices,
      usage: this.usage,
      first_text_ms: answered ? this.#firstText : null,
    };
  }

  *#show(sentence: string): Generator<AdviceEvent> {
    if (sentence.trim() === "" || this.#refusal !== null) return;
    const checked = this.#checks.check(sentence);
    if ("refused" in checked) yield* this.refuse(refusalOf(checked.refused));
    else if ("withheld" in checked) this.#withheld.push(checked.withheld);
    else {
      this.#firstText ??= Math.round(performance.now() - this.options.startedAt);
      this.#text += checked.shown;
      yield { kind: "text", text: checked.shown };
    }
  }

  #restart(): void {
    this.#checks = new AnswerChecks(
      this.#passages.map(({ title, text }) => `${title}\n${text}`),
      this.options.disclaimer !== undefined,
    );
    this.#sentences = new Sentences();
    [this.#text, this.#withheld, this.#tools, this.#firstText] = ["", [], [], null];
  }
}

/** Passages by the numbers that answers name them by. */
export function sourcesOf(passages: readonly Passage[]): Omit<AdviceSource, "cited">[] {
  return passages.map(({ id, source, title, position, text }, at) => ({
    ...{ number: at + 1, id, source, title, position, text },
  }));
}
