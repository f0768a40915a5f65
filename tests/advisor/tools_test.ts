import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  arithmeticTools,
  callTool,
  declarationOf,
  modelTool,
  recordOf,
} from "../../src/advisor/mod.ts";
import { rupees, spokenTerms } from "../../src/advisor/tools/amounts.ts";
import { Rational } from "../../src/advisor/tools/rational.ts";
import { instalmentOf } from "../../src/advisor/tools/loan.ts";
import fixture from "./fixtures/arithmetic.json" with { type: "json" };

const { signal } = new AbortController();
const run = async (name: string, input: unknown) =>
  (await callTool(arithmeticTools, { id: "1", name, input }, signal)).result as Record<
    string,
    number
  >;

// Python's decimal with 60 digits and ROUND_HALF_UP reckons the same formulas, so nothing may
// differ: amounts are compared to the paisa.
for (const [name, cases] of Object.entries(fixture)) {
  Deno.test(`arithmetic: ${name} is Python's decimal to the paisa`, async () => {
    assert(cases.length >= 20);
    for (const { input, result } of cases) {
      const found = await run(name, input);
      for (const [field, value] of Object.entries(result)) {
        assertEquals(found[field], value, `${name} ${JSON.stringify(input)} ${field}`);
      }
    }
  });
}

Deno.test("arithmetic: fractions are exact where binary numbers are not", () => {
  assertEquals(Rational.decimal(0.1).plus(Rational.decimal(0.2)).rounded(1), 0.3);
  assertEquals(Rational.decimal(1.005).rounded(2), 1.01);
  assertEquals(Rational.decimal(-2.675).rounded(2), -2.68);
  assertEquals(Rational.decimal(1e-7).times(Rational.decimal(1e21)).rounded(0), 1e14);
  assertEquals(Rational.decimal(2.5).ceiling(), 3);
  assertThrows(() => Rational.decimal(NaN), RangeError);
  assertThrows(() => Rational.whole(1).over(Rational.whole(0)), RangeError);
  fc.assert(fc.property(fc.integer(), fc.integer(), (a, b) => {
    const [x, y] = [Rational.whole(a), Rational.whole(b)];
    assertEquals(x.plus(y).minus(y).rounded(0), a || 0);
    if (b !== 0) assertEquals(x.over(y).times(y).rounded(0), a || 0);
  }));
});

Deno.test("arithmetic: an instalment pays its loan back, within a paisa a month", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: 10_000_000 }),
      fc.integer({ min: 0, max: 4000 }),
      fc.integer({ min: 1, max: 360 }),
      (principal, rate, months) => {
        const instalment = instalmentOf(principal, rate / 100, months);
        let left = principal;
        for (let month = 0; month < months; month++) left += left * rate / 120000 - instalment;
        // Half a paisa each month, and its interest.
        const grown = (1 + rate / 120000) ** months;
        assert(Math.abs(left) <= 0.01 * months * grown + 1e-6 * principal * grown, `${left}`);
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("arithmetic: what cannot be is told, not reckoned", async () => {
  const cases: [string, unknown, RegExp][] = [
    [
      "debt_payoff",
      { balance: 100000, annual_rate_percent: 36, monthly_payment: 3000 },
      /not more than its interest/,
    ],
    ["loan_payment", { principal: -1, annual_rate_percent: 10, months: 12 }, /principal/],
    ["loan_payment", { principal: 1, annual_rate_percent: 10, months: 0 }, /months/],
    ["loan_payment", { principal: 1, annual_rate_percent: 10, months: 12, extra: 1 }, /extra/],
    ["budget_split", { monthly_income: 100, needs_percent: 80, wants_percent: 30 }, /at most 100/],
    ["deposit_growth", { principal: 100, annual_rate_percent: 7, months: 13 }, /whole periods/],
  ];
  for (const [name, input, reason] of cases) {
    const { result, failed } = await callTool(arithmeticTools, { id: "1", name, input }, signal);
    assert(failed && reason.test(String(result.error)), JSON.stringify(result));
  }
});

Deno.test("arithmetic: what a result says holds no figure but those of the result", async () => {
  const { unsupportedFigures } = await import("../../src/advisor/mod.ts");
  for (const [name, cases] of Object.entries(fixture)) {
    const tool = arithmeticTools.find((tool) => tool.name === name)!;
    for (const { input } of cases) {
      const result = await run(name, input);
      const said = tool.say!(result);
      assertEquals(unsupportedFigures(said, { passages: [], results: [result] }, []), [], said);
    }
  }
});

Deno.test("arithmetic: questions whose words say all of it are read, others are not", () => {
  const read = (question: string) =>
    arithmeticTools.flatMap((tool) => {
      const input = tool.read?.(question);
      return input === undefined ? [] : [[tool.name, input]];
    });
  assertEquals(read("What is the EMI for ₹5,00,000 at 10% for 5 years?"), [
    ["loan_payment", { principal: 500000, annual_rate_percent: 10, months: 60 }],
  ]);
  assertEquals(read("emi of a 20 lakh loan, 8.5 percent, 240 months"), [
    ["loan_payment", { principal: 2000000, annual_rate_percent: 8.5, months: 240 }],
  ]);
  assertEquals(read("How much should I save each month for ₹3,00,000 in 2 years?"), [
    ["savings_plan", { goal: 300000, months: 24, saved: 0, annual_rate_percent: 0 }],
  ]);
  assertEquals(read("Split my salary of 80,000"), [
    ["budget_split", { monthly_income: 80000, needs_percent: 50, wants_percent: 30 }],
  ]);
  assertEquals(read("If I put ₹1,00,000 in a deposit at 7% for 3 years, what does it become?"), [
    ["deposit_growth", { principal: 100000, annual_rate_percent: 7, months: 36, times_a_year: 4 }],
  ]);
  assertEquals(read("What is 18% of 45,000?"), [["percent_of", { percent: 18, of: 45000 }]]);
  for (
    const question of [
      "What is an EMI?",
      "EMI for 5 lakh?",
      "What is the 50/30/20 rule?",
      "EMI for 5 lakh and 3 lakh at 10% for 5 years",
      "How much should I save?",
    ]
  ) {
    assertEquals(read(question), [], question);
  }
});

Deno.test("arithmetic: amounts are read and written as in India", () => {
  assertEquals([0, 999, 1000, 100000, 12345678.9, -1500.5].map(rupees), [
    ...["₹0", "₹999", "₹1,000", "₹1,00,000", "₹1,23,45,678.90", "-₹1,500.50"],
  ]);
  assertEquals(spokenTerms("2.5 lakh at 9 per cent over three years"), {
    ...{ amounts: [250000], rate: 9, months: 36 },
  });
});

Deno.test("tools: each is declared by a schema that says what it takes", () => {
  for (const tool of arithmeticTools) {
    const { name, description, input } = declarationOf(tool);
    assert(/^\w{1,64}$/.test(name) && description.length > 20);
    assertEquals([input.type, input.additionalProperties, "$schema" in input], [
      "object",
      false,
      false,
    ]);
    assert(Object.keys(input.properties as object).length > 0);
  }
});

Deno.test("tools: a model answers over its route, and what the route refuses is told", async () => {
  const asked: unknown[] = [];
  const tool = modelTool({
    ...{ name: "model_risk", description: "Predicts risk.", path: "/predict/risk" },
    input: recordOf([
      { name: "income", type: "number" },
      { name: "grade", type: "text", values: ["A", "B"] },
    ]),
    ask: (path, body) => {
      asked.push([path, body]);
      return Promise.resolve(
        (body as { grade?: string }).grade === "B"
          ? Response.json({
            detail: "Not valid",
            errors: [{ pointer: "/grade", detail: "too low" }],
          }, { status: 422 })
          : Response.json({ request_id: "1", prediction: "ok", probability: 0.25 }),
      );
    },
  });
  const call = (input: unknown) => callTool([tool], { id: "1", name: "model_risk", input }, signal);
  assertEquals((await call({ income: 5, grade: "A" })).result, {
    ...{ input: { income: 5, grade: "A" }, prediction: "ok", probability: 0.25 },
  });
  const refused = await call({ grade: "B" });
  assert(refused.failed && /422.*\/grade: too low/.test(String(refused.result.error)));
  assert((await call({ grade: "C" })).failed);
  assertEquals(asked.length, 2);
});

Deno.test("tools: who stops is not told that a tool failed", async () => {
  const stopping = new AbortController();
  const tool = modelTool({
    ...{ name: "slow", description: "Is slow.", path: "/predict/slow", input: recordOf([]) },
    ask: (_path, _body, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  const called = callTool([tool], { id: "1", name: "slow", input: {} }, stopping.signal);
  stopping.abort(new Error("stopped"));
  await assertRejects(() => called, Error, "stopped");
});
