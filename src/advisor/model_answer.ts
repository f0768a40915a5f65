/** Answers that a language model writes, with tools. */

import type { AdviceEvent } from "./advice.ts";
import {
  type ChatEnd,
  type ChatMessage,
  type ChatModel,
  estimateRequest,
  estimateTokens,
  type ToolCall,
} from "./chat_model.ts";
import type { Draft } from "./draft.ts";
import { refusalOf } from "./guardrails/refusal.ts";
import { NO_ANSWER_WORD } from "./prompt.ts";
import { callTool, declarationOf } from "./tools/call_tool.ts";
import type { AnyTool } from "./tools/tool.ts";

/** Times that a model may call tools before it has to answer, and calls at one time. */
const [ROUNDS, CALLS] = [4, 8];

/** What a model is asked with. */
export interface ModelAnswerOptions {
  readonly model: ChatModel;
  readonly tools: readonly AnyTool[];
  readonly system: string;
  /** The conversation so far, and last the question. */
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

/**
 * Lets a model write into a draft; tools are called as it wants them.
 *
 * @throws {ChatError} where the model gives no answer.
 */
export async function* modelAnswer(
  draft: Draft,
  { model, tools, system, messages, maxTokens, signal }: ModelAnswerOptions,
): AsyncGenerator<AdviceEvent> {
  const said = [...messages];
  const declared = tools.map(declarationOf);
  for (let round = 0; round <= ROUNDS; round++) {
    const calls: ToolCall[] = [];
    const nothing = new NoAnswer();
    let [text, end] = ["", undefined as ChatEnd | undefined];
    const request = { system, messages: said, maxTokens, signal };
    const withTools = round < ROUNDS && declared.length > 0 ? { tools: declared } : {};
    const asked = { ...request, ...withTools };
    try {
      for await (const event of model.chat(asked)) {
        if (event.kind === "call") calls.push(event.call);
        else if (event.kind === "end") {
          draft.use(event.usage);
          ({ end } = event);
        } else {
          text += event.text;
          yield* draft.add(nothing.add(event.text));
        }
        if (draft.refusal !== null) return;
      }
    } finally {
      // One that is left before its end is paid for all the same.
      if (end === undefined && text !== "") {
        const [inputTokens, outputTokens] = [estimateRequest(asked), estimateTokens(text)];
        draft.use({ inputTokens, outputTokens, estimated: true });
      }
    }
    if (end?.reason === "blocked") {
      yield* draft.refuse(refusalOf("blocked"));
      return;
    }
    if (nothing.is) {
      yield* draft.refuse(refusalOf("no_sources"));
      return;
    }
    yield* draft.add(nothing.rest());
    if (end?.reason === "length") draft.cut();
    else yield* draft.flush();
    if (calls.length === 0 || draft.refusal !== null) return;
    said.push({ role: "assistant", text, calls });
    for (const [at, call] of calls.entries()) {
      const called = at < CALLS ? await callTool(tools, call, signal) : {
        ...{ name: call.name, input: call.input, failed: true },
        result: { error: `At most ${CALLS} calls at a time` },
      };
      yield draft.addTool(called);
      said.push({ role: "tool", call, result: called.result });
    }
  }
}

/** Holds back the beginning of an answer while it may be the word for none. */
class NoAnswer {
  #held = "";
  #open = true;

  /** Whether the model said that there is none. */
  is = false;

  /** Takes a piece and gives what may be shown. */
  add(piece: string): string {
    if (!this.#open) return piece;
    this.#held += piece;
    const start = this.#held.trimStart().slice(0, NO_ANSWER_WORD.length);
    if (start === NO_ANSWER_WORD) {
      this.is = true;
      return "";
    }
    return NO_ANSWER_WORD.startsWith(start) ? "" : this.rest();
  }

  /** What is held back once no piece follows. */
  rest(): string {
    this.#open = false;
    const held = this.#held;
    this.#held = "";
    return held;
  }
}
