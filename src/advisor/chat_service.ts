/** What all services behind a {@linkcode ChatModel} share: attempts, silence, errors, the end. */

import { ChatError } from "./chat_error.ts";
import {
  type ChatEnd,
  type ChatEvent,
  type ChatModel,
  type ChatRequest,
  estimateRequest,
  estimateTokens,
  type TokenUsage,
} from "./chat_model.ts";
import type { ChatModelSettings } from "./chat_model_settings.ts";
import { retried } from "./retry.ts";
import { heard } from "./silence.ts";

/** How an answer ended, as the service told it. */
export interface ToldEnd {
  /** Undefined if the stream just stopped. */
  readonly end: ChatEnd | undefined;
  /** Undefined if the service does not count. */
  readonly usage: Omit<TokenUsage, "estimated"> | undefined;
  /** All that was said, calls included, by which tokens are estimated. */
  readonly said: string;
}

/** A model of a service that answers in pieces. */
export abstract class ChatService<Piece> implements ChatModel {
  readonly name: string;

  /** Takes where it is and who asks. */
  constructor(protected readonly settings: ChatModelSettings) {
    this.name = settings.model;
  }

  /** Sends a request. */
  protected abstract start(
    request: ChatRequest,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Piece>>;

  /** Reads the pieces of an answer; what is wrong is thrown. */
  protected abstract read(
    pieces: AsyncIterable<Piece>,
  ): AsyncGenerator<Exclude<ChatEvent, { kind: "end" }>, ToldEnd>;

  /** What an error of the service's client says. */
  protected abstract errorOf(error: Error): ChatError;

  chat(request: ChatRequest): AsyncIterable<ChatEvent> {
    return retried(() => this.#attempt(request), request.signal, this.settings.retries);
  }

  async *#attempt(request: ChatRequest): AsyncGenerator<ChatEvent> {
    const { signal } = request;
    const start = (signal: AbortSignal) => this.start(request, signal);
    const pieces = heard(start, this.settings.silenceSeconds, signal, this.name);
    let told: ToldEnd;
    try {
      told = yield* this.read(pieces);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ChatError) throw error;
      throw this.errorOf(error instanceof Error ? error : new Error(String(error)));
    }
    const { end, usage, said } = told;
    if (end === undefined) {
      throw new ChatError("malformed", `${this.name} ended its answer without saying why`);
    }
    yield {
      ...{ kind: "end", end },
      usage: usage ? { ...usage, estimated: false } : {
        inputTokens: estimateRequest(request),
        outputTokens: estimateTokens(said),
        estimated: true,
      },
    };
  }
}
