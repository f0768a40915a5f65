import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import {
  category,
  classes,
  clean,
  featureSet,
  fit,
  number,
  oneHot,
} from "../../src/features/mod.ts";
import { placedLearner } from "../../src/training/candidate.ts";

const set = featureSet({
  target: classes("y", ["a", "b"]),
  columns: { income: number(), purpose: oneHot() },
});
const columns = { y: ["a", "b"], income: [1, 2], purpose: ["car", "home"] };
const state = fit(set, clean(set, { rows: 2, columns }, { target: "required" }));
const placed = (monotone: Record<string, -1 | 0 | 1>) =>
  placedLearner<{ monotone: number[] }>(
    { name: "x", learner: { kind: "gradientBoosting", monotone } },
    state,
  );

const faults: [column: string, message: string, next: string][] = [
  ["incom", "there is no such column", 'did you mean "income"? Name one of income, purpose'],
  ["zzzzzzzz", "there is no such column", "name one of income, purpose"],
  ["purpose", "it becomes 2 features", "name one of purpose_car, purpose_home"],
];

Deno.test("candidate: monotone columns stand at the places of their features", () => {
  const { monotone } = placed({ income: 1, purpose_car: -1 });
  assertEquals(state.features.map((name, i) => [name, monotone[i]]).filter(([, d]) => d !== 0), [
    ["income", 1],
    ["purpose_car", -1],
  ]);
});

for (const [column, message, next] of faults) {
  Deno.test(`candidate: monotone in "${column}" is refused`, () => {
    const error = assertThrows(() => placed({ [column]: 1 }), UsageError, message);
    assertStringIncludes(error.next!, next);
  });
}

Deno.test("candidate: trees are told which features are categories, other learners refuse them", () => {
  const set = featureSet({
    target: classes("y", ["a", "b"]),
    columns: { income: number(), purpose: category() },
  });
  const state = fit(set, clean(set, { rows: 2, columns }, { target: "required" }));
  const learner = (kind: string, monotone?: Record<string, 1>) =>
    placedLearner<{ categorical?: number[] }>({ name: "x", learner: { kind, monotone } }, state);
  for (const kind of ["gradientBoosting", "randomForest"]) {
    assertEquals(learner(kind).categorical, [1]);
  }
  for (const kind of ["logisticRegression", "linearRegression"]) {
    const error = assertThrows(() => learner(kind), UsageError, 'column "purpose": it holds');
    assertStringIncludes(error.next!, "oneHot()");
  }
  assertThrows(
    () => learner("gradientBoosting", { purpose: 1 }),
    UsageError,
    'monotone in "purpose": it holds categories',
  );
});
