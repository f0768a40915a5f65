/** How much a caller may ask the advisor: questions a minute, tokens and money a day. */

import { assertEquals, assertThrows } from "@std/assert";
import { DayBudget } from "../../serve/advice/day_budget.ts";
import { QuestionRate } from "../../serve/advice/question_rate.ts";
import { Problem } from "../../serve/http/problem.ts";
import { alice, as, bob, question, withAdvice } from "./advised.ts";

Deno.test("advice: more questions a minute than allowed wait, each key for itself", () =>
  withAdvice(["--api-keys", [alice, bob].join(), "--advice-rate", "2"], async ({ call }) => {
    const status = async (who: string) =>
      (await call("/predict/advice", { question }, as(who))).status;
    assertEquals([await status(alice), await status(alice), await status(alice)], [200, 200, 429]);
    assertEquals(await status(bob), 200);
  }));

Deno.test("advice: rates come back evenly", () => {
  const rate = new QuestionRate(2);
  const takes = (now: number) => {
    try {
      rate.take("a", now);
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return Number(error.headers["Retry-After"]);
    }
  };
  assertEquals([takes(0), takes(0), takes(0), takes(15_000), takes(30_000), takes(30_000)], [
    ...[true, true, 30, 15, true, 30],
  ]);
});

Deno.test("advice: a day's tokens are counted where they outlive the server, and come back at midnight UTC", () => {
  const usage = {
    model: "m",
    input_tokens: 60,
    output_tokens: 50,
    estimated: false,
    cost_usd: 0.5,
  };
  const noon = Date.UTC(2026, 10, 29, 12);
  for (const limits of [{ tokens: 100, cost: 0 }, { tokens: 0, cost: 0.4 }]) {
    const budget = new DayBudget(limits, () => undefined);
    budget.check("a", noon);
    budget.add("a", noon, usage);
    const error = assertThrows(() => budget.check("a", noon), Problem);
    assertEquals([error.status, error.headers["Retry-After"]], [429, "43200"]);
    budget.check("b", noon);
    budget.check("a", noon + 43_200_000);
  }
  const free = new DayBudget({ tokens: 0, cost: 0 }, () => undefined);
  free.add("a", noon, usage);
  free.check("a", noon);
});
