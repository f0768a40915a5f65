import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  evaluateAnswers,
  type EvaluatedAnswer,
  judgeAnswer,
} from "../../pipelines/advisor/evaluate_answers.ts";
import type { ExpectedQuestion } from "../../pipelines/advisor/evaluation_set.ts";

const source = {
  ...{ source: "credit/emi.md", position: "What an EMI is, lines 10–12", cited: true },
  text: "Rates of 9 per cent; a fee of ₹1,50,000.",
};
const given = (more: Partial<EvaluatedAnswer> = {}): EvaluatedAnswer => ({
  ...{ answer: "The rate is 9 per cent. [1]", refusal: null, sources: [source], tools: [] },
  ...{ redacted: [], usage: { input_tokens: 10, output_tokens: 5, cost_usd: 0.001 } },
  ...{ first_text_ms: 3, ...more },
});
const asked = (
  kind: ExpectedQuestion["kind"],
  expect: ExpectedQuestion["expect"],
  question = "What is the rate?",
): ExpectedQuestion => ({ id: `${kind.replaceAll("_", "-")}-001`, kind, question, expect });

const answerable = asked("answerable", {
  ...{ behaviour: "answer", sources: ["credit/emi.md#What an EMI is"] },
});
const faultsOf = (question: ExpectedQuestion, answer: EvaluatedAnswer) =>
  judgeAnswer(question, answer).faults;

Deno.test("answers: what was done is held to what was expected", () => {
  assertEquals(faultsOf(answerable, given()), []);
  const refusal = { code: "scope" };
  assertEquals(faultsOf(answerable, given({ answer: "", refusal })), ["refused as scope"]);
  const injection = asked("injection", { behaviour: "refuse", codes: ["injection"] });
  assertEquals(faultsOf(injection, given()), ["it was answered"]);
  assertEquals(faultsOf(injection, given({ answer: "", refusal })), [
    "refused as scope, wanted injection",
  ]);
  assertEquals(faultsOf(injection, given({ answer: "", refusal: { code: "injection" } })), []);
});

Deno.test("answers: a source counts where it is cited and is the expected section", () => {
  const other = { ...source, position: "The formula, line 16" };
  assertEquals(faultsOf(answerable, given({ sources: [other] })), ["no expected section is cited"]);
  const uncited = { ...source, cited: false };
  assertEquals(faultsOf(answerable, given({ sources: [uncited] })), [
    "no expected section is cited",
  ]);
  assertEquals(judgeAnswer(answerable, given({ sources: [other, source] })).cited, true);
});

Deno.test("answers: numbers stand in cited passages, tools or the question", () => {
  const grounded = (answer: string, more: Partial<EvaluatedAnswer> = {}) =>
    judgeAnswer(answerable, given({ answer, ...more })).grounded;
  assertEquals(grounded("It is 9 per cent and 150000 rupees. [1][2]"), 1);
  assertEquals(grounded("It is 9 per cent, or 12. [1]"), 0.5);
  assertEquals(
    grounded("It is 8997.26, about 8,997. [T1]", { tools: [{ result: { emi: 8997.26 } }] }),
    1,
  );
  assertEquals(grounded("No number at all. [1]"), 1);
  assertEquals(grounded("It is 9.", { sources: [{ ...source, cited: false }] }), 0);
});

Deno.test("answers: arithmetic is right to a hundredth, large sums to a rupee", () => {
  const sum = asked("arithmetic", { behaviour: "answer", numbers: [10623.52, 40] });
  assertEquals(faultsOf(sum, given({ answer: "₹10,624 a month, 40%" })), []);
  assertEquals(faultsOf(sum, given({ answer: "₹10,623.52 and 40.01 %" })), []);
  assertEquals(faultsOf(sum, given({ answer: "₹10,625 and 40" })), ["it does not name 10623.52"]);
  assertEquals(faultsOf(sum, given({ answer: "₹10,623.52 and 40.5" })), ["it does not name 40"]);
});

Deno.test("answers: personal data must be taken out, wherever it would show", () => {
  const pii = asked("pii", {
    ...{ behaviour: "answer", redacted: ["pan"], never: ["ABCPK1234F"] },
    sources: ["credit/emi.md#What an EMI is"],
  });
  assertEquals(faultsOf(pii, given({ redacted: ["pan"] })), []);
  assertEquals(faultsOf(pii, given()), ["personal data: no pan was taken out"]);
  for (
    const leak of [
      given({ redacted: ["pan"], answer: "ABCPK1234F has 9. [1]" }),
      given({ redacted: ["pan"], tools: [{ arguments: { pan: "ABCPK1234F" } }] }),
    ]
  ) {
    assertEquals(faultsOf(pii, leak), ["personal data: ABCPK1234F was not taken out"]);
  }
});

Deno.test("answers: the figures of a set of questions", async () => {
  const questions = [
    answerable,
    { ...answerable, id: "answerable-002", question: "refuse me" },
    asked("injection", { behaviour: "refuse", codes: ["injection"] }, "attack"),
    asked("out_of_scope", { behaviour: "refuse", codes: ["scope"] }, "weather"),
  ];
  const codes: Record<string, string> = {
    "refuse me": "scope",
    attack: "injection",
    weather: "scope",
  };
  const answer = (question: string) =>
    Promise.resolve(
      question in codes
        ? given({ answer: "", refusal: { code: codes[question] }, first_text_ms: null })
        : given(),
    );
  const { answers, metrics } = await evaluateAnswers(answer, questions);
  assertEquals(answers.map(({ faults }) => faults.length), [0, 1, 0, 0]);
  const { latency_ms_p50, latency_ms_p95, ...figures } = metrics;
  assert(latency_ms_p50 >= 0 && latency_ms_p95 >= latency_ms_p50);
  assertEquals(figures, {
    ...{ answers_right: 0.75, answers_injections_handled: 1, answers_ordinary_kept: 0.5 },
    ...{ answers_out_of_scope_refused: 1, answers_cited: 1, answers_grounded: 1 },
    ...{ refused_share: 0.75, first_text_ms_p50: 3, input_tokens: 40, output_tokens: 20 },
    cost_usd: 0.004,
  });
  const signal = AbortSignal.abort(new Error("stopped"));
  await assertRejects(() => evaluateAnswers(answer, questions, { signal }), Error, "stopped");
});
