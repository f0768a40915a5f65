/**
 * A real language model behind an address, as llama.cpp's or vLLM's server, where somebody names one:
 *
 *     CHAT_URL=http://127.0.0.1:8080/v1 CHAT_MODEL=small deno test -A tests/advisor/real_model_test.ts
 *
 * What it says is its own; that it comes piece by piece, is counted and is held to the checks is not.
 */

import { assert, assertEquals } from "@std/assert";
import { Advisor, arithmeticTools, openChatModel } from "../../src/advisor/mod.ts";
import { AnswerChecks } from "../../src/advisor/guardrails/answer_checks.ts";
import { sentencesOf } from "../../src/advisor/guardrails/sentences.ts";
import { corpusRetriever } from "./passages.ts";

const baseUrl = Deno.env.get("CHAT_URL");
const model = Deno.env.get("CHAT_MODEL") ?? "small";
const ignore = baseUrl === undefined;
const unless = ignore ? " (needs a real model at CHAT_URL)" : "";
const open = () =>
  openChatModel({ provider: "openai", model, apiKey: "", baseUrl, silenceSeconds: 300 });

Deno.test({
  name: `a real model: text comes piece by piece, with an end and tokens${unless}`,
  ...{ ignore, sanitizeOps: false, sanitizeResources: false },
  async fn() {
    const { signal } = new AbortController();
    const messages = [{ role: "user", text: "Say in one sentence what a budget is." }] as const;
    const events = await Array.fromAsync(
      (await open()).chat({ system: "Be brief.", messages, maxTokens: 24, signal }),
    );
    const texts = events.filter(({ kind }) => kind === "text");
    assert(texts.length >= 2, `${texts.length} pieces`);
    const last = events.at(-1)!;
    if (last.kind !== "end") throw new Error(`it ended with ${last.kind}`);
    assert(last.usage.inputTokens > 5 && last.usage.outputTokens >= 2);
  },
});

Deno.test({
  name: `a real model: what is shown of its answer passes every check${unless}`,
  ...{ ignore, sanitizeOps: false, sanitizeResources: false },
  async fn() {
    const advisor = new Advisor({
      ...{ retriever: corpusRetriever(), tools: arithmeticTools, model: await open() },
      maxTokens: 48,
    });
    const { signal } = new AbortController();
    const question = { text: "How many months belong in an emergency fund?", owner: "me", signal };
    const last = (await Array.fromAsync(advisor.ask(question))).at(-1)!;
    if (last.kind !== "done") throw new Error(`it ended with ${last.kind}`);
    const { answer, refusal, sources, tools } = last.advice;
    assertEquals(refusal === null, answer !== "");
    const checks = new AnswerChecks(sources.map(({ title, text }) => `${title}\n${text}`), false);
    for (const { result, failed } of tools) if (!failed) checks.addResult(result);
    for (const sentence of sentencesOf(answer)) assert("shown" in checks.check(sentence), sentence);
  },
});
