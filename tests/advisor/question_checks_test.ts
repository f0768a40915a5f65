import { assert, assertEquals } from "@std/assert";
import { checkQuestion, isOutOfScope } from "../../src/advisor/mod.ts";
import { injections, ordinary, refused } from "./cases.ts";

/** What is refused before anything is looked up, or once nothing was found. */
function codeOf(question: string, disclaimer = false): string | undefined {
  const { refusal } = checkQuestion(question, disclaimer);
  if (refusal !== undefined) return refusal.code;
  return isOutOfScope(question, { passages: [] }) ? "scope" : undefined;
}

Deno.test("questions: what must be refused is, by its own reason", () => {
  assert(refused.length >= 25);
  assertEquals(
    refused.filter(([question, code]) => codeOf(question) !== code)
      .map(([question, code]) => [question, code, codeOf(question)]),
    [],
  );
  assertEquals(injections.filter((question) => codeOf(question) !== "injection"), []);
});

Deno.test("questions: of ordinary ones at most 2 % are refused", () => {
  assert(ordinary.length >= 100);
  const wrongly = ordinary.flatMap((question) => {
    const code = codeOf(question);
    return code === undefined ? [] : [[question, code]];
  });
  assert(wrongly.length <= 0.02 * ordinary.length, JSON.stringify(wrongly));
});

Deno.test("questions: with a disclaimer, choosing securities is explained; promises still are not", () => {
  const securities = refused.filter(([, code]) => code === "securities");
  assertEquals(
    securities.map(([question]) => checkQuestion(question, true)),
    securities.map(() => ({ securities: true })),
  );
  const promises = refused.filter(([, code]) => code === "returns");
  assertEquals(
    promises.map(([question]) => checkQuestion(question, true).refusal?.code),
    promises.map(() => "returns"),
  );
});

Deno.test("questions: each refusal says why, and what can be asked instead", () => {
  for (const [question] of refused) {
    const { refusal } = checkQuestion(question, false);
    if (refusal === undefined) continue;
    assert(refusal.why.endsWith(".") && refusal.instead.endsWith("."), question);
    assert(refusal.why.length > 40 && refusal.instead.length > 20, question);
  }
});

Deno.test("scope: what was found, the question before and a model's score have a say", () => {
  const passage = (text: string) => ({
    ...{ id: "1", source: "a.md", title: "", position: "", text, score: 1 },
  });
  const question = "What is a zero coupon?";
  assertEquals(isOutOfScope(question, { passages: [] }), true);
  assertEquals(isOutOfScope(question, { passages: [passage("A zero coupon pays once.")] }), false);
  assertEquals(isOutOfScope("And for older people?", { passages: [] }), true);
  assertEquals(
    isOutOfScope("And for older people?", { passages: [], before: "What is a fixed deposit?" }),
    false,
  );
  // A model that knows the words is believed; one that does not leaves it to them.
  const score = (value: number) => ({ passages: [], score: { value, limit: 0.7 } });
  assertEquals([0.1, 0.9].map((value) => isOutOfScope(question, score(value))), [false, true]);
  assertEquals(isOutOfScope("What is an EMI?", score(0.99)), false);
  assertEquals(isOutOfScope("Write a poem about my loan", score(0.1)), true);
});
