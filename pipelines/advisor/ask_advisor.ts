/** The advisor as it is evaluated: as it is served, without conversations and for nobody. */

import { readSecret, UsageError } from "../../src/base/mod.ts";
import {
  Advisor,
  arithmeticTools,
  type ChatModel,
  openChatModel,
  PROMPT_VERSION,
} from "../../src/advisor/mod.ts";
import type { Retriever } from "../../src/retrieval/mod.ts";
import type { AnswerQuestion } from "./evaluate_answers.ts";

/** Seconds for which a language model may say nothing. */
const SILENCE = 60;

/** What tells answers of one way of writing them from those of another. */
export function promptVersion(writer: string): string {
  return writer === "extractive" ? "extractive" : `prompt ${PROMPT_VERSION}, ${writer}`;
}

/**
 * The language model that a parameter names, `gemini:MODEL` or `openai:MODEL`; undefined for
 * `extractive`. Its key stands in the environment, or is a reference to a secret.
 *
 * @throws {UsageError} if it names neither, or the key is missing.
 */
export async function writingModel(
  writer: string,
  env: (name: string) => string | undefined,
): Promise<ChatModel | undefined> {
  if (writer === "extractive") return undefined;
  const [, provider, model] = /^(gemini|openai):(\S+)$/.exec(writer) ?? [];
  if (provider === undefined) {
    throw new UsageError(`Cannot evaluate answers of "${writer}"`, {
      next: "give extractive, gemini:MODEL, openai:MODEL, or off",
    });
  }
  const holder = `${provider.toUpperCase()}_API_KEY`;
  const baseUrl = env(`${provider.toUpperCase()}_BASE_URL`);
  const key = env(holder);
  // A service on one's own machine may want no key.
  if (!key && (provider === "gemini" || !baseUrl)) {
    throw new UsageError(`Cannot ask ${writer}: ${holder} is not set`, {
      next: `set ${holder}, which may be a reference to a secret, or --param model=extractive`,
    });
  }
  return await openChatModel({
    provider: provider as "gemini" | "openai",
    model,
    apiKey: key ? await readSecret(key, holder, env) : "",
    ...baseUrl && { baseUrl },
    silenceSeconds: SILENCE,
  });
}

/** Questions put to the advisor over a retriever, one conversation each. */
export function askAdvisor(retriever: Retriever, model: ChatModel | undefined): AnswerQuestion {
  const advisor = new Advisor({ retriever, tools: arithmeticTools, ...model && { model } });
  return async (text, signal = new AbortController().signal) => {
    for await (const event of advisor.ask({ text, owner: "evaluation", signal })) {
      if (event.kind === "done") return event.advice;
    }
    throw new Error(`The advisor came to no end of "${text}"`);
  };
}
