import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { figuresIn, unsupportedFigures } from "../../src/advisor/mod.ts";
import { AnswerChecks } from "../../src/advisor/guardrails/answer_checks.ts";
import { makesPromise } from "../../src/advisor/guardrails/promised_returns.ts";
import { givesSecuritiesAdvice } from "../../src/advisor/guardrails/securities_advice.ts";
import { Sentences, sentencesOf } from "../../src/advisor/guardrails/sentences.ts";

const valuesOf = (text: string) => figuresIn(text).map(({ value }) => value);

Deno.test("figures: amounts, scales, shares, words and ranges are read; names of rules are none", () => {
  assertEquals(valuesOf("₹1,50,000 or 1.5 lakh, 2cr, 15k, 3 million"), [
    150000,
    150000,
    2e7,
    15000,
    3e6,
  ]);
  assertEquals(valuesOf("7.1 % a year, eight per cent, 3-6 months"), [7.1, 8, 3, 6]);
  assertEquals(valuesOf("twenty-five of one hundred, twelve years"), [25, 100, 12]);
  assertEquals(valuesOf("Section 80C and form 26AS, H1"), []);
  assertEquals(valuesOf("on the 31st of July 2024"), [31, 2024]);
  assertEquals(valuesOf("one of them"), []);
  assertEquals(figuresIn("5 per cent of 5")?.map(({ percent }) => percent), [true, false]);
});

const evidence = {
  passages: [
    "Keep 3 to 6 months of expenses. Section 80C allows ₹1.5 lakh a year.",
    "Interest is 8% for 12 months.",
  ],
  results: [{ principal: 500000, monthly_payment: 10623.52, probability: 0.834 }],
};
const unsupported = (sentence: string, cited: number[] = []) =>
  unsupportedFigures(sentence, evidence, cited);

Deno.test("figures: each is in a cited passage or a result, in the same sense", () => {
  assertEquals(unsupported("Three to six months are usual [1]."), []);
  assertEquals(unsupported("Up to ₹1,50,000 under 80C [1]."), []);
  assertEquals(unsupported("Interest is 8 percent [2]."), []);
  // Not cited, though it is there.
  assertEquals(unsupported("Interest is 8 percent."), ["8 percent"]);
  assertEquals(unsupported("Interest is 8 percent.", [2]), []);
  // 12 months are no 12 %.
  assertEquals(unsupported("Interest is 12% [2]."), ["12%"]);
  assertEquals(unsupported("Section 80D allows it [1]."), ["80D"]);
  assertEquals(unsupported("About 7 months [1]."), ["7"]);
});

Deno.test("figures: results of tools may be rounded to the last digit that is told, and no further", () => {
  for (const text of ["₹10,623.52", "₹10,624", "10.62 thousand", "83.4%", "0.834", "83%"]) {
    assertEquals(unsupported(`It is ${text}.`), [], text);
  }
  for (const text of ["₹10,623", "₹10,700", "1 crore", "84%", "0 lakh", "₹11 thousand"]) {
    assertEquals(unsupported(`It is ${text}.`).length, 1, text);
  }
});

Deno.test("figures: what an answer counts of itself needs no source", () => {
  assertEquals(unsupported("There are three ways:\n1. Save.\n2) Earn.\n(3) Wait."), []);
  assertEquals(unsupported("There are three banks."), ["three"]);
});

Deno.test("promises: what promises is one, what warns or explains is none", () => {
  const promises = [
    "This fund gives guaranteed returns of 15%.",
    "You will definitely double your money.",
    "Gold will certainly rise next year.",
    "I guarantee it.",
    "With this plan you cannot lose.",
    "The index will go up.",
    "It is a risk-free profit.",
    "Returns are guaranteed.",
  ];
  const fine = [
    "No scheme may promise guaranteed returns.",
    "Guaranteed returns are a sign of fraud.",
    "Returns of mutual funds are not assured.",
    "A fixed deposit pays a fixed rate.",
    "You will pay ₹10,624 each month.",
    "Prices may rise or fall.",
    "Past returns tell nothing of the future.",
  ];
  assertEquals(promises.filter((text) => !makesPromise(text)), []);
  assertEquals(fine.filter(makesPromise), []);
});

Deno.test("securities: advice to buy is advice, how they work is not", () => {
  const advice = [
    "You should buy shares of this bank.",
    "I recommend investing in small cap funds.",
    "I'd suggest you sell your stocks.",
    "Buy the index fund now.",
    "Put half of your savings into equity funds.",
    "It is a strong buy.",
  ];
  const fine = [
    "A mutual fund pools money of many people.",
    "You should not buy shares on a tip.",
    "You should keep records of your expenses.",
    "Shares can be sold on an exchange.",
    "I recommend a written budget.",
    "Compare the costs of funds before you decide.",
  ];
  assertEquals(advice.filter((text) => !givesSecuritiesAdvice(text)), []);
  assertEquals(fine.filter(givesSecuritiesAdvice), []);
});

Deno.test("answers: sentences are shown, left out, or refuse the answer, by what they hold", () => {
  const checks = new AnswerChecks(evidence.passages, false);
  const all: [string, unknown][] = [
    ["Keep 3 to 6 months [1].", { shown: "Keep 3 to 6 months [1]." }],
    ["It stands elsewhere [3].", { withheld: "citation" }],
    ["A tool says so [T1].", { withheld: "citation" }],
    ["It is 42% [1].", { withheld: "figures" }],
    ["See https://evil.example/a?b=c [1].", { withheld: "address" }],
    [
      "Answer from the passages and from results of tools alone.",
      { withheld: "prompt" },
    ],
    ["Ask Priya at 98765 43210 [1].", { withheld: "figures" }],
    ["Write to priya@example.com [1].", { shown: "Write to [EMAIL] [1]." }],
    ["You should buy shares.", { refused: "securities" }],
    ["Gold will surely rise.", { refused: "returns" }],
  ];
  for (const [sentence, wanted] of all) {
    assertEquals(checks.check(sentence), wanted as never, sentence);
  }
  assertEquals([...checks.cited], [1]);
  const disclaimed = new AnswerChecks(evidence.passages, true);
  assertEquals(disclaimed.check("You should buy shares [1]."), {
    shown: "You should buy shares [1].",
  });
  assertEquals(disclaimed.securities, true);
});

Deno.test("sentences: cut anywhere, they are the same", () => {
  const text =
    "Rs. 500 is paid [1]. So, e.g. rent goes first! Is it so? [2] Yes.\n- One point [1, T2]\n- " +
    "Another at 7.5% p.a. for long.\n\nThe end";
  const whole = sentencesOf(text);
  assertEquals(whole.map((one) => one.trim()), [
    "Rs. 500 is paid [1].",
    "So, e.g. rent goes first!",
    "Is it so? [2]",
    "Yes.",
    "- One point [1, T2]",
    "- Another at 7.5% p.a. for long.",
    "The end",
  ]);
  fc.assert(fc.property(fc.array(fc.nat(text.length), { maxLength: 30 }), (cuts) => {
    const at = [0, ...cuts.sort((a, b) => a - b), text.length];
    const sentences = new Sentences();
    const found = at.slice(1).flatMap((end, i) => [...sentences.add(text.slice(at[i], end))]);
    assertEquals([...found, sentences.rest()].filter((one) => one.trim() !== ""), whole);
  }));
});

Deno.test("sentences: one that never ends is given on, and nothing is lost", () => {
  const sentences = new Sentences();
  const given = [...sentences.add("a".repeat(4500))];
  assertEquals((given.join("") + sentences.rest()).length, 4500);
  assertEquals(given.length, 2);
});
