import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  accuracy,
  averagePrecision,
  averageScores,
  brierScore,
  brierScoreMulticlass,
  calibrationCurve,
  classificationReport,
  classScores,
  confusionMatrix,
  expectedCalibrationError,
  ksStatistic,
  logLoss,
  type PrecisionRecallF1,
  rocAuc,
  rocAucOneVsRest,
} from "../../src/metrics/mod.ts";
import fixture from "./fixtures/metrics.json" with { type: "json" };

// Both sides add up a few hundred Float64 numbers of at most 40 (the loss of a
// certain mistake), in different orders: rounding stays far below 1e-12.
const ROUNDING = 1e-12;

function assertScores(found: PrecisionRecallF1, wanted: PrecisionRecallF1): void {
  for (const key of ["precision", "recall", "f1"] as const) {
    assertAlmostEquals(found[key], wanted[key], ROUNDING);
  }
}

for (const { name, classes, yTrue, yPred, expected } of fixture.labels) {
  Deno.test(`metrics: predicted labels as scikit-learn scores them, ${name}`, () => {
    const matrix = confusionMatrix(yTrue, yPred, classes);
    assertEquals(matrix, expected.confusion);
    assertEquals(accuracy(matrix), expected.accuracy);
    const perClass = classScores(matrix);
    assertEquals(perClass.map(({ support }) => support), expected.perClass.map((c) => c.support));
    perClass.forEach((scores, label) => assertScores(scores, expected.perClass[label]));
    assertScores(averageScores(matrix, "macro"), expected.macro);
    assertScores(averageScores(matrix, "micro"), expected.micro);
    assertScores(averageScores(matrix, "weighted"), expected.weighted);
    const report = classificationReport(yTrue, yPred, classes);
    assertEquals(Object.keys(report), ["accuracy", "precision_macro", "recall_macro", "f1_macro"]);
    assertEquals(report.accuracy, expected.accuracy);
    assertAlmostEquals(report.precision_macro, expected.macro.precision, ROUNDING);
    assertAlmostEquals(report.recall_macro, expected.macro.recall, ROUNDING);
    assertAlmostEquals(report.f1_macro, expected.macro.f1, ROUNDING);
  });
}

for (const { name, yTrue, scores, expected } of fixture.scores) {
  Deno.test(`metrics: binary scores as scikit-learn and SciPy, ${name}`, () => {
    assertAlmostEquals(rocAuc(yTrue, scores), expected.rocAuc, ROUNDING);
    assertAlmostEquals(averagePrecision(yTrue, scores), expected.averagePrecision, ROUNDING);
    assertAlmostEquals(ksStatistic(yTrue, scores), expected.ks, ROUNDING);
    assertAlmostEquals(brierScore(yTrue, scores), expected.brier, ROUNDING);
    const both = [...scores.map((score) => 1 - score), ...scores];
    assertAlmostEquals(logLoss(yTrue, both, 2), expected.logLoss, ROUNDING);
    assertAlmostEquals(brierScoreMulticlass(yTrue, both, 2), 2 * expected.brier, ROUNDING);
  });

  for (const strategy of ["uniform", "quantile"] as const) {
    Deno.test(`metrics: calibration curve of ${strategy} bins as scikit-learn, ${name}`, () => {
      const curve = calibrationCurve(yTrue, scores, { strategy });
      const { predicted, observed } = expected[strategy];
      assertEquals(curve.length, predicted.length);
      curve.forEach((bin, i) => {
        assertAlmostEquals(bin.predicted, predicted[i], ROUNDING);
        assertAlmostEquals(bin.observed, observed[i], ROUNDING);
      });
      assertEquals(curve.reduce((rows, bin) => rows + bin.rows, 0), scores.length);
    });
  }

  Deno.test(`metrics: expected calibration error by its definition, ${name}`, () => {
    const found = expectedCalibrationError(yTrue, scores);
    assertAlmostEquals(found, expected.calibrationError, ROUNDING);
  });
}

for (const { name, classes, yTrue, probabilities, expected } of fixture.probabilities) {
  Deno.test(`metrics: class probabilities as scikit-learn scores them, ${name}`, () => {
    assertAlmostEquals(logLoss(yTrue, probabilities, classes), expected.logLoss, ROUNDING);
    const macro = rocAucOneVsRest(yTrue, probabilities, classes);
    assertAlmostEquals(macro, expected.macro, ROUNDING);
    const weighted = rocAucOneVsRest(yTrue, probabilities, classes, "weighted");
    assertAlmostEquals(weighted, expected.weighted, ROUNDING);
    const brier = brierScoreMulticlass(yTrue, probabilities, classes);
    assertAlmostEquals(brier, expected.brier, ROUNDING);
  });
}

Deno.test("metrics: a certain mistake costs the log of the array's own precision", () => {
  const wrong = [0, 1];
  assertAlmostEquals(logLoss([0], wrong, 2), 52 * Math.LN2, ROUNDING);
  assertAlmostEquals(logLoss([0], Float32Array.from(wrong), 2), 23 * Math.LN2, ROUNDING);
});

Deno.test("metrics: rows of one class have no ranking", () => {
  assertEquals(rocAuc([1, 1], [0.1, 0.2]), NaN);
  assertEquals(ksStatistic([0, 0], [0.1, 0.2]), NaN);
  assertEquals(averagePrecision([0, 0], [0.1, 0.2]), 0);
  assertEquals(averagePrecision([1, 1], [0.1, 0.2]), 1);
  assertEquals(rocAucOneVsRest([0, 0, 1], [0.5, 0.4, 0.3, 0.4, 0.3, 0.4, 0.1, 0.3, 0.3], 3), NaN);
});

Deno.test("metrics: order of rows does not matter", () => {
  const { yTrue, scores } = fixture.scores[1];
  const reversed = [yTrue.toReversed(), scores.toReversed()] as const;
  assertEquals(rocAuc(...reversed), rocAuc(yTrue, scores));
  assertEquals(averagePrecision(...reversed), averagePrecision(yTrue, scores));
  assertEquals(ksStatistic(...reversed), ksStatistic(yTrue, scores));
});

Deno.test("metrics: arrays that do not fit are refused with what was found", () => {
  assertThrows(() => rocAuc([0, 1], [0.5]), RangeError, "2 labels against 1 scores");
  assertThrows(() => rocAuc([0, 1], [0.5, NaN]), RangeError, "NaN");
  assertThrows(() => logLoss([0, 1], [0.5, 0.5], 2), RangeError, "give 2 for each label");
  assertThrows(() => brierScore([], []), RangeError, "0 rows");
  assertThrows(() => confusionMatrix([0, 3], [0, 1], 3), RangeError, "row 1 of true class 3");
  assertThrows(() => confusionMatrix([0, 1], [0, -1], 3), RangeError, "predicted class -1");
});
