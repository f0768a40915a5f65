/** Metrics by name, each against scikit-learn. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import {
  brierScore,
  brierScoreMulticlass,
  calibrationCurve,
  logLoss,
  medianAbsoluteError,
  type MetricInput,
  metricNames,
  metricOf,
  type MetricTask,
  pinballLoss,
  r2Score,
  rocAucOneVsRest,
  rootMeanSquaredError,
  tweedieDeviance,
} from "../../src/metrics/mod.ts";
import fixture from "./fixtures/catalogue.json" with { type: "json" };

// Both sides add up some hundred Float64 numbers in different orders: a share of
// 1e-12 of the value is far above that rounding.
const close = (found: number, wanted: number, what: string) =>
  assertAlmostEquals(found, wanted, 1e-12 * Math.max(1, Math.abs(wanted)), what);

const scored = new Set<string>();

for (const { name, task, input, values } of fixture) {
  Deno.test(`catalogue: as scikit-learn, ${name}`, () => {
    const { pinball, tweedie, ...plain } = values as { pinball?: number[]; tweedie?: number[] };
    for (const [metric, wanted] of Object.entries<number>(plain)) {
      const found = metricOf(metric, task as MetricTask).compute(input as MetricInput);
      close(found, wanted, metric);
      scored.add(metric);
    }
    const { yTrue, predictions, sampleWeight } = input as MetricInput;
    pinball?.forEach((wanted, i) =>
      close(pinballLoss(yTrue, predictions!, [0.1, 0.5, 1][i], sampleWeight), wanted, "pinball")
    );
    tweedie?.forEach((wanted, i) =>
      close(tweedieDeviance(yTrue, predictions!, [1.2, 1.9][i], sampleWeight), wanted, "tweedie")
    );
  });
}

Deno.test("catalogue: every metric was scored, and is better the way it says", () => {
  // Those of spans are compared with seqeval in spans_test.ts.
  const spans = metricNames("spans");
  assertEquals([...scored].sort(), metricNames().filter((name) => !spans.includes(name)).sort());
  // A better prediction moves each metric in its direction.
  const yTrue = [0, 0, 1, 1, 0, 1];
  const better = {
    labels: yTrue,
    probabilities: [0.9, 0.8, 0.1, 0.2, 0.9, 0.2, 0.1, 0.2, 0.9, 0.8, 0.1, 0.8],
    predictions: [1, 2, 3, 4, 5, 6],
  };
  const worse = {
    labels: [0, 1, 1, 0, 0, 1],
    probabilities: [0.6, 0.2, 0.1, 0.7, 0.9, 0.4, 0.4, 0.8, 0.9, 0.3, 0.1, 0.6],
    predictions: [2, 3, 3, 5, 5, 9],
  };
  for (const name of metricNames()) {
    const { compute, direction, needs } = metricOf(name);
    const truth = needs === "predictions" ? [1, 2, 3, 4, 5, 6.1] : yTrue;
    const gain = compute({ yTrue: truth, ...better }) - compute({ yTrue: truth, ...worse });
    assert(direction === "higher" ? gain > 0 : gain < 0, `${name}: ${gain}`);
  }
});

Deno.test("catalogue: unknown names, wrong tasks and missing parts are refused", () => {
  const wrong = (name: string, task?: MetricTask) =>
    assertThrows(() => metricOf(name, task), UsageError);
  assert(wrong("f1macro").next?.startsWith('did you mean "f1_macro"?'));
  assert(wrong("RMSE").next?.includes('"rmse"'));
  assert(wrong("toString").next?.startsWith("give one of"));
  assert(wrong("f1_macro", "regression").next?.includes("rmse, mae"));
  assert(wrong("ks", "multiclass").message.includes("for binary"));
  assertThrows(
    () => metricOf("roc_auc").compute({ yTrue: [0, 1], labels: [0, 1] }),
    UsageError,
    "needs probabilities",
  );
  assertEquals(metricNames("regression"), [
    ...["rmse", "mae", "median_absolute_error", "mape", "r2", "poisson_deviance"],
  ]);
});

Deno.test("regression metrics: rows that do not fit are refused with what was found", () => {
  for (const name of metricNames("regression")) {
    const of = (yTrue: number[], predictions: number[], sampleWeight?: number[]) => () =>
      metricOf(name).compute({ yTrue, predictions, sampleWeight });
    assertThrows(of([], []), RangeError, "0 rows");
    assertThrows(of([1, 2], [1]), RangeError, "2 targets against 1 predictions; give one for each");
    assertThrows(of([1, NaN], [1, 2]), RangeError, "row 1 of target NaN");
    assertThrows(of([1, 2], [Infinity, 2]), RangeError, "prediction Infinity");
    assertThrows(of([1, 2], [1, 2], [1]), RangeError, "weights");
    assertThrows(of([1, 2], [1, 2], [0, 0]), RangeError, "Cannot weigh all rows with 0");
    assertThrows(of([1, 2], [1, 2], [1, -1]), RangeError, "weights of 0 or more");
  }
  assertThrows(() => pinballLoss([1], [1], 1.5), RangeError, "quantile 1.5");
  assertEquals(r2Score([1], [1]), NaN);
  // Half the weight lies exactly below: the mean of two differences.
  assertEquals(medianAbsoluteError([0, 0, 0], [1, 2, 9], [2, 1, 1]), 1.5);
  // Squares of differences, not of numbers: nothing is lost far from zero.
  assertEquals(rootMeanSquaredError([1e9, 1e9], [1e9 + 1e-3, 1e9]) > 0, true);
});

Deno.test("probabilities outside [0, 1] are refused wherever they are squared or binned", () => {
  for (const wrong of [1.0001, -1e-9, 2, NaN, Infinity]) {
    const message = `probability ${wrong} of row 1`;
    assertThrows(() => brierScore([0, 1], [0.5, wrong]), RangeError, message);
    const both = [0.5, wrong, 0.5, 0.5];
    assertThrows(() => brierScoreMulticlass([0, 1], both, 2), RangeError, message);
    assertThrows(() => logLoss([0, 1], both, 2), RangeError, message);
    assertThrows(() => calibrationCurve([0, 1], [0.5, wrong]), RangeError, message);
  }
  assertEquals(brierScore([0, 1], [1, 0]), 1);
});

Deno.test("one against rest by rows: a class without rows has no part in it", () => {
  // Weight 0 makes a class one without rows, as scikit-learn's forced 0 does.
  const yTrue = [0, 0, 1, 1, 2];
  const probabilities = [
    ...[0.6, 0.5, 0.3, 0.5, 0.2],
    ...[0.3, 0.2, 0.5, 0.4, 0.2],
    ...[0.1, 0.3, 0.2, 0.1, 0.6],
  ];
  const weighted = rocAucOneVsRest(yTrue, probabilities, 3, "weighted", [1, 2, 1, 3, 0]);
  const without = [0, 0, 1, 1];
  const of = (label: number) => probabilities.slice(5 * label, 5 * label + 4);
  const alone = rocAucOneVsRest(without, [...of(0), ...of(1)], 2, "weighted", [1, 2, 1, 3]);
  assertEquals(weighted, alone);
  assertEquals(rocAucOneVsRest(yTrue, probabilities, 3, "macro", [1, 2, 1, 3, 0]), NaN);
});
