/** Any service that speaks OpenAI's API as a {@linkcode ChatModel}, by OpenAI's own client. */

import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import { ChatError, kindOfStatus, retryAdvice } from "./chat_error.ts";
import {
  type ChatEnd,
  type ChatEvent,
  type ChatMessage,
  type ChatModel,
  type ChatRequest,
  estimateRequest,
  estimateTokens,
  type TokenUsage,
} from "./chat_model.ts";
import type { ChatModelSettings } from "./chat_model_settings.ts";
import { retried } from "./retry.ts";
import { heard } from "./silence.ts";

type Message = OpenAI.Chat.ChatCompletionMessageParam;

/** A model of OpenAI's API, wherever that is. */
export class OpenAiModel implements ChatModel {
  readonly name: string;
  readonly #client: OpenAI;

  /** Takes where it is and who asks. */
  constructor(private readonly settings: ChatModelSettings) {
    this.name = settings.model;
    this.#client = new OpenAI({
      // A service without keys takes any; the client wants one.
      apiKey: settings.apiKey || "none",
      baseURL: settings.baseUrl ?? null,
      ...{ organization: null, project: null, maxRetries: 0, logLevel: "off" },
    });
  }

  chat(request: ChatRequest): AsyncIterable<ChatEvent> {
    return retried(() => this.#attempt(request), request.signal, this.settings.retries);
  }

  async *#attempt(request: ChatRequest): AsyncGenerator<ChatEvent> {
    const { system, messages, tools = [], maxTokens, signal } = request;
    const own = this.settings.baseUrl === undefined;
    const start = (signal: AbortSignal) =>
      this.#client.chat.completions.create({
        model: this.name,
        messages: [{ role: "system", content: system }, ...messages.map(messageOf)],
        ...{ stream: true, stream_options: { include_usage: true } },
        // OpenAI's newer models take no other name and no temperature, others know the older ones.
        ...own ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens, temperature: 0 },
        ...tools.length > 0 && {
          tools: tools.map(({ name, description, input }) => ({
            type: "function" as const,
            function: { name, description, parameters: input },
          })),
        },
      }, { signal });
    const calls = new Map<number, { id: string; name: string; text: string }>();
    let text = "";
    let end: ChatEnd | undefined;
    let told: TokenUsage | undefined;
    try {
      for await (const chunk of heard(start, this.settings.silenceSeconds, signal, this.name)) {
        // A service that fails within a stream says so in one of its pieces.
        const { error } = chunk as { error?: { message?: string } };
        if (error) throw new ChatError("unavailable", `${this.name} failed: ${error.message}`);
        const { choices: [choice] = [], usage } = chunk;
        if (usage) {
          told = {
            ...{ inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens },
            estimated: false,
          };
        }
        if (choice === undefined) continue;
        const { delta, finish_reason: reason } = choice;
        if (delta?.content) {
          text += delta.content;
          yield { kind: "text", text: delta.content };
        }
        if (delta?.refusal) end = { reason: "blocked", why: "refusal" };
        for (const { index, id, function: called } of delta?.tool_calls ?? []) {
          const call = calls.get(index) ?? { id: id ?? `call_${index}`, name: "", text: "" };
          calls.set(index, call);
          call.name ||= called?.name ?? "";
          call.text += called?.arguments ?? "";
        }
        if (reason && end?.reason !== "blocked") end = endOf(reason);
      }
    } catch (error) {
      const blocked = blockedBy(error);
      if (blocked === undefined || signal.aborted) throw this.#errorOf(error, signal);
      end = blocked;
    }
    if (end === undefined) {
      throw new ChatError("malformed", `${this.name} ended its answer without saying why`);
    }
    let asked = "";
    if (end.reason !== "blocked") {
      for (const { id, name, text } of calls.values()) {
        asked += text;
        yield { kind: "call", call: { id, name, input: inputOf(text) } };
      }
      // Some services say `stop` though they want tools called.
      if (calls.size > 0 && end.reason === "stop") end = { reason: "tools" };
    }
    yield {
      ...{ kind: "end", end },
      usage: told ?? {
        inputTokens: estimateRequest(request),
        outputTokens: estimateTokens(text + asked),
        estimated: true,
      },
    };
  }

  #errorOf(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (error instanceof ChatError) return error;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof APIConnectionTimeoutError) {
      return new ChatError("timeout", `${this.name} gave no answer: ${message}`, undefined, error);
    }
    if (error instanceof APIConnectionError) {
      return new ChatError("unavailable", `${this.name} is away: ${message}`, undefined, error);
    }
    if (error instanceof APIError && error.status !== undefined) {
      const { status, headers } = error;
      const advice = retryAdvice(headers, JSON.stringify(error.error ?? ""), Date.now());
      // A quota that is used up does not come back in seconds.
      const spent = error.code === "insufficient_quota";
      const kind = spent ? "key" : kindOfStatus(status);
      return new ChatError(kind, `${this.name} answers ${message}`, advice, error);
    }
    const kind = error instanceof SyntaxError || /JSON|parse/i.test(message)
      ? "malformed"
      : "unavailable";
    return new ChatError(kind, `${this.name} gave no answer: ${message}`, undefined, error);
  }
}

/** Azure's filter refuses a question by a status. */
function blockedBy(error: unknown): ChatEnd | undefined {
  if (!(error instanceof APIError) || error.code !== "content_filter") return undefined;
  return { reason: "blocked", why: "content_filter" };
}

function endOf(reason: string): ChatEnd {
  if (reason === "content_filter") return { reason: "blocked", why: reason };
  if (reason === "length") return { reason };
  return { reason: reason === "tool_calls" || reason === "function_call" ? "tools" : "stop" };
}

/** What is no JSON is handed on as it is: the tool tells the model so. */
function inputOf(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function messageOf(message: ChatMessage): Message {
  if (message.role === "user") return { role: "user", content: message.text };
  if (message.role === "tool") {
    const { call, result } = message;
    return { role: "tool", tool_call_id: call.id, content: JSON.stringify(result) };
  }
  const { text, calls = [] } = message;
  return {
    ...{ role: "assistant", content: text },
    ...calls.length > 0 && {
      tool_calls: calls.map(({ id, name, input }) => ({
        ...{ id, type: "function" as const },
        function: { name, arguments: typeof input === "string" ? input : JSON.stringify(input) },
      })),
    },
  };
}
