import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  averagePrecision,
  brierScore,
  calibrationCurve,
  confusionMatrix,
  costThreshold,
  cumulativeGains,
  denseRanks,
  ksStatistic,
  leastCostClasses,
  liftByQuantile,
  logLoss,
  meanCost,
  precisionRecallCurve,
  rocAuc,
  rocAucOneVsRest,
  rocCurve,
} from "../../src/metrics/mod.ts";
import fixture from "./fixtures/curves.json" with { type: "json" };

// A few dozen Float64 sums and quotients of order 1, added in another order.
const ROUNDING = 1e-12;

function assertClose(found: ArrayLike<number>, wanted: readonly (number | null)[]): void {
  assertEquals(found.length, wanted.length);
  wanted.forEach((value, i) => assertAlmostEquals(found[i], value ?? Infinity, ROUNDING));
}

for (const { name, yTrue, scores, weight, expected } of fixture.curves) {
  const sampleWeight = weight ?? undefined;

  Deno.test(`curves: ROC and precision-recall as scikit-learn, ${name}`, () => {
    for (const wanted of expected.roc) {
      const found = rocCurve(yTrue, scores, { dropIntermediate: wanted.drop, sampleWeight });
      assertClose(found.falsePositiveRate, wanted.falsePositiveRate);
      assertClose(found.truePositiveRate, wanted.truePositiveRate);
      assertClose(found.thresholds, wanted.thresholds);
    }
    for (const wanted of expected.precisionRecall) {
      const options = { dropIntermediate: wanted.drop, sampleWeight };
      const found = precisionRecallCurve(yTrue, scores, options);
      assertClose(found.precision, wanted.precision);
      assertClose(found.recall, wanted.recall);
      assertClose(found.thresholds, wanted.thresholds);
    }
  });

  Deno.test(`curves: scores of weighted rows as scikit-learn, ${name}`, () => {
    const { rocAuc: area, averagePrecision: average, brier, logLoss: loss } = expected.scores;
    const both = [...scores.map((score) => 1 - score), ...scores];
    assertAlmostEquals(rocAuc(yTrue, scores, sampleWeight), area, ROUNDING);
    assertAlmostEquals(averagePrecision(yTrue, scores, sampleWeight), average, ROUNDING);
    assertAlmostEquals(brierScore(yTrue, scores, sampleWeight), brier, ROUNDING);
    assertAlmostEquals(logLoss(yTrue, both, 2, sampleWeight), loss, ROUNDING);
    // Of two classes both against the rest have the same area, whatever the average.
    const weighted = rocAucOneVsRest(yTrue, both, 2, "weighted", sampleWeight);
    assertAlmostEquals(weighted, area, ROUNDING);
  });

  // Thresholds at which no row has weight are left out: only unweighted rows compare one by one.
  if (weight !== null) continue;
  Deno.test(`curves: cost at every threshold as counted by scikit-learn, ${name}`, () => {
    const costs = { falsePositive: 1, falseNegative: 5, truePositive: -0.5 };
    const { threshold, cost, curve, selectionRate } = costThreshold(yTrue, scores, costs);
    assertClose(curve.cost, expected.costs);
    assertAlmostEquals(cost, Math.min(...expected.costs), ROUNDING);
    const selected = scores.filter((score) => score >= threshold).length;
    assertEquals(selectionRate, selected / scores.length);
  });
}

/** Rows of both classes with small whole weights and scores that often tie. */
const weightedRows = fc.array(
  fc.record({
    label: fc.integer({ min: 0, max: 1 }),
    score: fc.integer({ min: 0, max: 8 }).map((score) => score / 8),
    weight: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 30 },
).map((rows) => [
  ...rows,
  { label: 0, score: 0.25, weight: 1 },
  { label: 1, score: 0.5, weight: 1 },
]);

Deno.test("curves: a whole weight counts as that many rows", () => {
  fc.assert(fc.property(weightedRows, (rows) => {
    const labels = rows.map((row) => row.label);
    const scores = rows.map((row) => row.score);
    const weights = rows.map((row) => row.weight);
    const repeated = rows.flatMap((row) => Array<typeof row>(row.weight).fill(row));
    const manyLabels = repeated.map((row) => row.label);
    const manyScores = repeated.map((row) => row.score);
    for (const metric of [rocAuc, averagePrecision, ksStatistic, brierScore]) {
      const weighted = metric(labels, scores, weights);
      assertAlmostEquals(weighted, metric(manyLabels, manyScores), ROUNDING);
    }
    assertEquals(
      rocCurve(labels, scores, { sampleWeight: weights }),
      rocCurve(manyLabels, manyScores),
    );
    assertEquals(
      confusionMatrix(labels, labels, 2, weights),
      confusionMatrix(manyLabels, manyLabels, 2),
    );
  }));
});

Deno.test("curves: ranks give what their scores give", () => {
  fc.assert(fc.property(weightedRows, (rows) => {
    const labels = rows.map((row) => row.label);
    const scores = rows.map((row) => row.score ** 3 - 5);
    const ranks = denseRanks(scores);
    for (const metric of [rocAuc, averagePrecision, ksStatistic]) {
      assertEquals(metric(labels, ranks), metric(labels, scores));
      // Whole numbers too great to index by are sorted as any score.
      const far = ranks.map((rank) => rank * 1_000_000);
      assertEquals(metric(labels, far), metric(labels, scores));
    }
  }));
});

Deno.test("curves: they rise, end where they must, and hold the area of their own metric", () => {
  fc.assert(fc.property(weightedRows, (rows) => {
    const labels = rows.map((row) => row.label);
    const scores = rows.map((row) => row.score);
    const { falsePositiveRate: x, truePositiveRate: y } = rocCurve(labels, scores);
    assertEquals([x[0], y[0], x.at(-1), y.at(-1)], [0, 0, 1, 1]);
    let area = 0;
    for (let i = 1; i < x.length; i++) {
      assert(x[i] >= x[i - 1] && y[i] >= y[i - 1]);
      area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
    }
    assertAlmostEquals(area, rocAuc(labels, scores), ROUNDING);
    const curve = precisionRecallCurve(labels, scores);
    let average = 0;
    for (let i = 1; i < curve.recall.length; i++) {
      average += (curve.recall[i - 1] - curve.recall[i]) * curve.precision[i - 1];
    }
    assertAlmostEquals(average, averagePrecision(labels, scores), ROUNDING);
  }));
});

Deno.test("curves: the parts of a lift table hold all rows and positives, in any order of rows", () => {
  fc.assert(fc.property(weightedRows, fc.integer({ min: 1, max: 3 }), (rows, bins) => {
    const labels = rows.map((row) => row.label);
    const scores = rows.map((row) => row.score);
    const parts = liftByQuantile(labels, scores, bins);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    assertEquals(sum(parts.map((part) => part.rows)), rows.length);
    assertAlmostEquals(sum(parts.map((part) => part.positives)), sum(labels), ROUNDING);
    assertAlmostEquals(parts[bins - 1].gain, 1, ROUNDING);
    assertAlmostEquals(parts[bins - 1].cumulativeLift, 1, ROUNDING);
    assertEquals(liftByQuantile(labels.toReversed(), scores.toReversed(), bins), parts);
  }));
});

Deno.test("curves: a lift table counted by hand; rows that tie over a border are shared", () => {
  //                 part 1        part 2
  const yTrue = [1, 1, 0, 1, /**/ 0, 0, 1, 0];
  const scores = [9, 8, 7, 5, /**/ 5, 4, 3, 2];
  // The fourth and fifth row tie: half a positive on either side.
  assertEquals(liftByQuantile(yTrue, scores, 2), [
    { rows: 4, positives: 2.5, rate: 0.625, lift: 1.25, gain: 0.625, cumulativeLift: 1.25 },
    { rows: 4, positives: 1.5, rate: 0.375, lift: 0.75, gain: 1, cumulativeLift: 1 },
  ]);
  const { share, gain } = cumulativeGains(yTrue, scores);
  assertEquals([...share], [0, 0.125, 0.25, 0.375, 0.625, 0.75, 0.875, 1]);
  assertEquals([...gain], [0, 0.25, 0.5, 0.5, 0.75, 0.75, 1, 1]);
});

Deno.test("curves: without positives rates have no value", () => {
  assert(rocCurve([0, 0], [0.1, 0.2]).truePositiveRate.every(Number.isNaN));
  assert(rocCurve([1, 1], [0.1, 0.2]).falsePositiveRate.every(Number.isNaN));
  assertEquals([...precisionRecallCurve([0, 0], [0.1, 0.2]).recall], [1, 1, 0]);
  assert(cumulativeGains([0, 0], [0.1, 0.2]).gain.every(Number.isNaN));
  assertEquals(liftByQuantile([0, 0], [0.1, 0.2], 1)[0].lift, NaN);
});

Deno.test("curves: selecting nobody may cost least", () => {
  const found = costThreshold([0, 0, 1], [0.9, 0.8, 0.1], { falsePositive: 9, falseNegative: 1 });
  assertEquals([found.threshold, found.selectionRate], [Infinity, 0]);
  assertAlmostEquals(found.cost, 1 / 3, ROUNDING);
});

Deno.test("curves: of calibrated probabilities the class of least cost is Elkan's threshold", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const cost = fc.integer({ min: 1, max: 50 });
  fc.assert(fc.property(fc.array(share, { minLength: 1 }), cost, cost, (positive, fp, fn) => {
    const threshold = fp / (fp + fn);
    // On the threshold both classes cost the same, and rounding would decide.
    fc.pre(positive.every((p) => Math.abs(p - threshold) > 1e-9));
    const both = [...positive.map((p) => 1 - p), ...positive];
    const decided = leastCostClasses(both, [[0, fp], [fn, 0]]);
    assertEquals([...decided], positive.map((p) => p > threshold ? 1 : 0));
  }));
});

Deno.test("curves: no other class is expected to cost less than the one decided", () => {
  // Two rows of three classes; taking class 2 for class 0 costs 10.
  const costs = [[0, 1, 4], [1, 0, 1], [10, 2, 0]];
  const probabilities = [0.8, 0.3, 0.0, 0.3, 0.2, 0.4];
  // Row 0: 2.0, 1.2, 3.2. Row 1: 4.3, 1.1, 1.5.
  assertEquals([...leastCostClasses(probabilities, costs)], [1, 1]);
  assertEquals(meanCost([[2, 0, 1], [0, 3, 0], [1, 0, 1]], costs), (4 + 10) / 8);
});

Deno.test("curves: arrays that do not fit are refused with what was found", () => {
  assertThrows(() => rocCurve([0, 1], [0.5]), RangeError, "2 labels against 1 scores");
  assertThrows(() => rocAuc([0, 1], [0.5, 0.6], [1]), RangeError, "2 labels against 1 weights");
  assertThrows(() => rocAuc([0, 1], [0.5, 0.6], [1, -1]), RangeError, "row 1 with -1");
  assertThrows(() => rocAuc([0, 1], [0.5, 0.6], [0, 0]), RangeError, "all rows with 0");
  assertThrows(() => denseRanks([0, NaN]), RangeError, "NaN");
  assertThrows(() => liftByQuantile([0, 1], [0.5, 0.6], 3), RangeError, "2 rows into 3 parts");
  assertThrows(() => leastCostClasses([0.5, 0.5, 0.5], [[0, 1], [1, 0]]), RangeError, "give 2");
});

Deno.test("curves: labels of two classes are 0 or 1", () => {
  const message = "Cannot score the label 2 of row 1; give 1 for the positive class, else 0";
  for (const metric of [rocAuc, averagePrecision, ksStatistic, brierScore, calibrationCurve]) {
    assertThrows(() => metric([1, 2, 0], [0.5, 0.4, 0.2]), RangeError, message);
  }
});
