/** Google's Gemini as a {@linkcode ChatModel}, by Google's own client. */

import {
  ApiError,
  type Content,
  FinishReason,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from "@google/genai";
import { ChatError, kindOfStatus, retryAdvice } from "./chat_error.ts";
import type { ChatEnd, ChatMessage, ChatRequest } from "./chat_model.ts";
import type { ChatModelSettings } from "./chat_model_settings.ts";
import { ChatService, type ToldEnd } from "./chat_service.ts";

/** Ends of which the service's rules are the reason. */
const blocking: ReadonlySet<string> = new Set([
  ...[FinishReason.SAFETY, FinishReason.RECITATION, FinishReason.BLOCKLIST],
  ...[FinishReason.PROHIBITED_CONTENT, FinishReason.SPII, FinishReason.LANGUAGE],
  FinishReason.IMAGE_SAFETY,
]);

/** A model of Gemini's API. */
export class GeminiModel extends ChatService<GenerateContentResponse> {
  readonly #client: GoogleGenAI;

  /** Takes where it is and who asks. */
  constructor(settings: ChatModelSettings) {
    super(settings);
    this.#client = new GoogleGenAI({
      apiKey: settings.apiKey,
      vertexai: false,
      ...settings.baseUrl !== undefined && { httpOptions: { baseUrl: settings.baseUrl } },
    });
  }

  protected override start(
    { system, messages, tools = [], maxTokens }: ChatRequest,
    abortSignal: AbortSignal,
  ) {
    return this.#client.models.generateContentStream({
      model: this.name,
      contents: contentsOf(messages),
      config: {
        ...{ systemInstruction: system, maxOutputTokens: maxTokens, temperature: 0, abortSignal },
        ...tools.length > 0 && {
          tools: [{
            functionDeclarations: tools.map(({ name, description, input }) => ({
              ...{ name, description, parametersJsonSchema: input },
            })),
          }],
        },
      },
    });
  }

  protected override async *read(pieces: AsyncIterable<GenerateContentResponse>) {
    let [said, calls] = ["", 0];
    let end: ChatEnd | undefined;
    let usage: ToldEnd["usage"];
    for await (const { promptFeedback, candidates: [candidate] = [], usageMetadata } of pieces) {
      if (promptFeedback?.blockReason) {
        end = { reason: "blocked", why: String(promptFeedback.blockReason) };
      }
      for (
        const { text, thought, functionCall, thoughtSignature } of candidate?.content?.parts ?? []
      ) {
        if (text && !thought) {
          said += text;
          yield { kind: "text" as const, text };
        }
        if (functionCall?.name) {
          calls++;
          const { id = `call_${calls}`, name, args: input = {} } = functionCall;
          const opaque = thoughtSignature === undefined ? {} : { opaque: thoughtSignature };
          yield { kind: "call" as const, call: { id, name, input, ...opaque } };
        }
      }
      if (candidate?.finishReason) end = endOf(candidate.finishReason, calls > 0);
      if (usageMetadata?.promptTokenCount !== undefined) {
        const { promptTokenCount, candidatesTokenCount = 0, thoughtsTokenCount = 0 } =
          usageMetadata;
        usage = {
          inputTokens: promptTokenCount,
          outputTokens: candidatesTokenCount + thoughtsTokenCount,
        };
      }
    }
    return { end, usage, said };
  }

  protected override errorOf(error: Error): ChatError {
    const { message } = error;
    if (error instanceof ApiError) {
      const { status } = error;
      // The client tells the status of what is no JSON, and what is in a stream, in its text alone.
      const advice = retryAdvice(undefined, message, Date.now());
      const told = `${this.name} answers ${status}: ${messageOf(message)}`;
      const kind = /API[_ ]KEY[_ ]INVALID|API key not valid/i.test(message)
        ? "key"
        : kindOfStatus(status);
      return new ChatError(kind, told, advice, error);
    }
    const kind = /JSON|parse|segment|Unexpected token/i.test(message) ? "malformed" : "unavailable";
    return new ChatError(kind, `${this.name} gave no answer: ${message}`, undefined, error);
  }
}

function endOf(reason: string, called: boolean): ChatEnd {
  if (blocking.has(reason)) return { reason: "blocked", why: reason };
  if (reason === FinishReason.MAX_TOKENS) return { reason: "length" };
  if (called) return { reason: "tools" };
  if (reason === FinishReason.STOP) return { reason: "stop" };
  throw new ChatError("malformed", `The model ended its answer with ${reason}`);
}

/** The message in the body of an error, which the client hands on as text. */
function messageOf(body: string): string {
  return /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body.slice(0, 300);
}

function contentsOf(messages: readonly ChatMessage[]): Content[] {
  const contents: Content[] = [];
  const add = (role: "user" | "model", parts: Part[]) => {
    const last = contents.at(-1);
    // Results of one round of calls are one message.
    if (last?.role === role) last.parts!.push(...parts);
    else contents.push({ role, parts });
  };
  for (const message of messages) {
    if (message.role === "user") add("user", [{ text: message.text }]);
    else if (message.role === "tool") {
      const { call: { id, name }, result } = message;
      add("user", [{ functionResponse: { id, name, response: { result } } }]);
    } else {
      const { text, calls = [] } = message;
      add("model", [
        ...text === "" ? [] : [{ text }],
        ...calls.map(({ id, name, input, opaque }): Part => ({
          functionCall: { id, name, args: input as Record<string, unknown> },
          ...opaque !== undefined && { thoughtSignature: opaque },
        })),
      ]);
    }
  }
  return contents;
}
