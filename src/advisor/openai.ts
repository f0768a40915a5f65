/** Any service that speaks OpenAI's API as a {@linkcode ChatModel}, by OpenAI's own client. */

import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import { ChatError, kindOfStatus, retryAdvice } from "./chat_error.ts";
import type { ChatEnd, ChatMessage, ChatRequest } from "./chat_model.ts";
import type { ChatModelSettings } from "./chat_model_settings.ts";
import { ChatService, type ToldEnd } from "./chat_service.ts";

type Message = OpenAI.Chat.ChatCompletionMessageParam;
type Chunk = OpenAI.Chat.ChatCompletionChunk;

/** A model of OpenAI's API, wherever that is. */
export class OpenAiModel extends ChatService<Chunk> {
  readonly #client: OpenAI;

  /** Takes where it is and who asks. */
  constructor(settings: ChatModelSettings) {
    super(settings);
    this.#client = new OpenAI({
      // A service without keys takes any; the client wants one.
      apiKey: settings.apiKey || "none",
      baseURL: settings.baseUrl ?? null,
      ...{ organization: null, project: null, maxRetries: 0, logLevel: "off" },
    });
  }

  protected override async start(
    { system, messages, tools = [], maxTokens }: ChatRequest,
    signal: AbortSignal,
  ) {
    const own = this.settings.baseUrl === undefined;
    return await this.#client.chat.completions.create({
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
  }

  protected override async *read(pieces: AsyncIterable<Chunk>) {
    const calls = new Map<number, { id: string; name: string; text: string }>();
    let said = "";
    let end: ChatEnd | undefined;
    let usage: ToldEnd["usage"];
    try {
      for await (const chunk of pieces) {
        // A service that fails within a stream says so in one of its pieces.
        const { error } = chunk as { error?: { message?: string } };
        if (error) throw new ChatError("unavailable", `${this.name} failed: ${error.message}`);
        const { choices: [choice] = [], usage: counted } = chunk;
        if (counted) {
          usage = { inputTokens: counted.prompt_tokens, outputTokens: counted.completion_tokens };
        }
        if (choice === undefined) continue;
        const { delta, finish_reason: reason } = choice;
        if (delta?.content) {
          said += delta.content;
          yield { kind: "text" as const, text: delta.content };
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
      end = blockedBy(error);
      if (end === undefined) throw error;
    }
    if (end !== undefined && end.reason !== "blocked") {
      for (const { id, name, text } of calls.values()) {
        said += text;
        yield { kind: "call" as const, call: { id, name, input: inputOf(text) } };
      }
      // Some services say `stop` though they want tools called.
      if (calls.size > 0 && end.reason === "stop") end = { reason: "tools" };
    }
    return { end, usage, said };
  }

  protected override errorOf(error: Error): ChatError {
    const { message } = error;
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
