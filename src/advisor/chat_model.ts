/** What every language model is to the advisor: messages in, text and calls of tools out, as they come. */

/** A tool that a model wants called. */
export interface ToolCall {
  /** By which its result is told from others. */
  readonly id: string;
  /** Name of the tool. */
  readonly name: string;
  /** What it is called with; checked by the tool, not by the model's adapter. */
  readonly input: unknown;
  /** What the model's own service wants back with the call, as Gemini its signatures of thoughts. */
  readonly opaque?: string;
}

/** One part of a conversation, as models hear it. */
export type ChatMessage =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly calls?: readonly ToolCall[] }
  | {
    readonly role: "tool";
    /** The call that is answered. */
    readonly call: ToolCall;
    /** Plain data. */
    readonly result: unknown;
  };

/** A tool as it is declared to a model. */
export interface ToolDeclaration {
  /** Letters, digits and `_`. */
  readonly name: string;
  /** When to call it, in a sentence or two. */
  readonly description: string;
  /** JSON Schema of its input, an object. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a model is asked. */
export interface ChatRequest {
  /** What goes before all messages. */
  readonly system: string;
  /** Oldest first; the last is a user's or a tool's. */
  readonly messages: readonly ChatMessage[];
  /** What may be called. */
  readonly tools?: readonly ToolDeclaration[];
  /** Most tokens of the answer. */
  readonly maxTokens: number;
  /** Stops it. */
  readonly signal: AbortSignal;
}

/** Tokens that an answer took. */
export interface TokenUsage {
  /** Those of the prompt and the messages. */
  readonly inputTokens: number;
  /** Those of thoughts included, since they are paid for. */
  readonly outputTokens: number;
  /** The service did not tell: by {@linkcode estimateTokens}. */
  readonly estimated: boolean;
}

/**
 * How an answer ended: it was done, cut at the most tokens, wants tools called, or the service's own
 * safety rules blocked it.
 */
export type ChatEnd =
  | { readonly reason: "stop" | "length" | "tools" }
  | { readonly reason: "blocked"; readonly why: string };

/** What comes of an answer, in this order: texts and calls, then one end. */
export type ChatEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "call"; readonly call: ToolCall }
  | { readonly kind: "end"; readonly end: ChatEnd; readonly usage: TokenUsage };

/** A language model behind some service. */
export interface ChatModel {
  /** The model's own name, by which it is paid for. */
  readonly name: string;
  /**
   * Asks it; the answer comes piece by piece.
   *
   * @throws {ChatError} with its kind, after as many attempts as the service advises; no attempt
   * follows one of which something was given already.
   */
  chat(request: ChatRequest): AsyncIterable<ChatEvent>;
}

/**
 * About how many tokens a text has: a token is 4 characters of English, and 2 of what is not ASCII,
 * which is too many rather than too few for the tokenizers in use.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(estimateTokens("How much may I spend?"), 6);
 * ```
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (const sign of text) quarters += sign.charCodeAt(0) < 128 ? 1 : 2;
  return Math.ceil(quarters / 4);
}

/** About how many tokens a request has; see {@linkcode estimateTokens}. */
export function estimateRequest({ system, messages, tools = [] }: ChatRequest): number {
  return estimateTokens(system + JSON.stringify(messages) + JSON.stringify(tools));
}
