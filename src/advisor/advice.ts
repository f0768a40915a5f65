/** What an advisor says: whole, and as it comes. */

import type { PersonalKind } from "./guardrails/personal_data.ts";
import type { Refusal } from "./guardrails/refusal.ts";
import type { CalledTool } from "./tools/call_tool.ts";

/** A passage that an answer was given, by its number in the answer. */
export interface AdviceSource {
  /** As `[1]` names it. */
  readonly number: number;
  /** Name of the passage. */
  readonly id: string;
  /** Path or address of the document. */
  readonly source: string;
  /** Title of the document. */
  readonly title: string;
  /** Where in the document. */
  readonly position: string;
  /** The passage, word by word. */
  readonly text: string;
  /** Whether the answer cites it. */
  readonly cited: boolean;
}

/** What an answer took. */
export interface AdviceUsage {
  /** The language model; none where passages alone answered. */
  readonly model: string | null;
  /** Tokens that were read. */
  readonly input_tokens: number;
  /** Tokens that were written. */
  readonly output_tokens: number;
  /** The service did not tell all of them. */
  readonly estimated: boolean;
  /** Dollars; null where the model has no price. */
  readonly cost_usd: number | null;
}

/** A whole answer, or a refusal. */
export interface Advice {
  /** Of the answer, for feedback. */
  readonly id: string;
  /** Of the conversation that it belongs to; null where none is kept. */
  readonly conversation: string | null;
  /** What wrote it: a language model, passages alone, or tools alone. */
  readonly mode: "model" | "extractive" | "tools";
  /** The text, with marks such as `[1]`; empty for a refusal. */
  readonly answer: string;
  /** The passages that it was given. */
  readonly sources: readonly AdviceSource[];
  /** The tools that were called, as `[T1]` names them. */
  readonly tools: readonly CalledTool[];
  /** Why there is no answer; null if there is one. */
  readonly refusal: Refusal | null;
  /** Kinds of personal data that were taken out of the question. */
  readonly redacted: readonly PersonalKind[];
  /** Sentences that were left out because a check did not pass them, by the check. */
  readonly withheld: readonly string[];
  /** What has to be said beside advice on securities. */
  readonly disclaimer: string | null;
  /** What went otherwise than it should. */
  readonly notices: readonly string[];
  /** What it took. */
  readonly usage: AdviceUsage;
  /** Milliseconds until its first text, null for a refusal. */
  readonly first_text_ms: number | null;
}

/** What comes of a question: `started`, then texts and tools, then `done`. */
export type AdviceEvent =
  | { readonly kind: "started"; readonly id: string; readonly conversation: string | null }
  | { readonly kind: "sources"; readonly sources: readonly Omit<AdviceSource, "cited">[] }
  | { readonly kind: "tool"; readonly tool: CalledTool }
  | { readonly kind: "text"; readonly text: string }
  /** Text that was given is taken back: a refusal follows. */
  | { readonly kind: "retracted" }
  | { readonly kind: "done"; readonly advice: Advice };
