import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  barFigure,
  calibrationFigure,
  confusionFigure,
  dependenceFigure,
  dotFigure,
  type Figure,
  gainFigure,
  learningCurveFigure,
  liftFigure,
  parallelCoordinatesFigure,
  precisionRecallFigure,
  rocFigure,
  searchHistoryFigure,
  shapBarFigure,
  shapSummaryFigure,
  shapWaterfallFigure,
  slicesFigure,
} from "../../src/report/mod.ts";
import { thinCurve } from "../../src/report/curve_points.ts";

/** The numbers of a trace. */
function numbers(figure: Figure, trace: number, key: string): number[] {
  return figure.data[trace][key] as number[];
}

const rate = Float64Array.from({ length: 5_001 }, (_, i) => i / 5_000);
const bins = [{ predicted: 0.1, observed: 0.3, rows: 80 }, {
  predicted: 0.9,
  observed: 0.8,
  rows: 20,
}];

/** Two features, five rows: the second matters more, and its value is missing once. */
const shap = {
  features: ["few", "much"],
  rows: 5,
  shap: [0.1, -0.1, 0.1, -0.1, 0, -2, -1, 0, 1, 2],
  values: [1, 0, 1, 0, 1, 10, 20, NaN, 40, 50],
};

const hostile = "<b>1 & 2</b>";
const hostileFigures = [
  barFigure(hostile, hostile, [{ label: hostile, value: 1 }]),
  dotFigure(hostile, hostile, [{ label: hostile, value: 1 }]),
  confusionFigure(hostile, [hostile], [[1]]),
  rocFigure(hostile, [
    { label: hostile, falsePositiveRate: [0, 1], truePositiveRate: [0, 1], auc: 0.5 },
  ]),
  precisionRecallFigure(hostile, [
    { label: hostile, precision: [0.5, 1], recall: [1, 0], averagePrecision: 0.5 },
  ]),
  calibrationFigure(hostile, [{ label: hostile, bins }]),
  learningCurveFigure(hostile, {
    axis: hostile,
    metric: hostile,
    series: [{ label: hostile, values: [1] }],
  }),
  gainFigure(hostile, [{ label: hostile, share: [0, 1], gain: [0, 1] }]),
  liftFigure(hostile, [{ label: hostile, lift: [2, 0] }]),
  shapSummaryFigure(hostile, { features: [hostile], rows: 1, shap: [1], values: [1] }),
  shapBarFigure(hostile, {
    features: [hostile],
    rows: 1,
    outputs: [{ label: hostile, shap: [1] }],
  }),
  shapWaterfallFigure(hostile, {
    base: 0,
    contributions: [{ feature: hostile, value: hostile, shap: 1 }],
  }),
  parallelCoordinatesFigure(hostile, [{ name: hostile, ticks: [[0, hostile]] }], [[0.5], [null]]),
  searchHistoryFigure(hostile, hostile, [{ number: 0, value: 1, complete: true }], true),
  slicesFigure(hostile, hostile, [{ name: hostile, x: [hostile], y: [1] }]),
  dependenceFigure(hostile, [hostile], [
    { name: hostile, values: [hostile, 1], averages: [[0.5, 1]], individual: [[0, 1]] },
  ]),
];

Deno.test("figures: dependence has a bold line for each output and thin ones for rows", () => {
  const figure = dependenceFigure("Moves", ["low", "high"], [
    { name: "a", values: [1, 2, 3], averages: [[0, 1, 2], [2, 1, 0]], individual: [] },
    { name: "b", values: ["x", "y"], averages: [[1, 2], [2, 1]], individual: [[5, 6]] },
  ]);
  assertEquals(figure.data.length, 5);
  assertEquals(numbers(figure, 1, "y"), [2, 1, 0]);
  assertEquals(figure.data.map(({ showlegend }) => showlegend), [true, true, false, false, false]);
  assertEquals(figure.data[3].x, [0, 1]);
  assertEquals((figure.layout.xaxis2 as { ticktext: string[] }).ticktext, ["x", "y"]);
  assertEquals(figure.description, "Moves: means of a from 0 to 2, b from 1 to 2");
});

Deno.test("figures: a search's best so far only gets better, what has no value is left out", () => {
  const trials = [0.3, 0.5, undefined, 0.4, 0.9].map((value, number) => ({
    ...{ number, value, complete: number !== 4 },
  }));
  const up = searchHistoryFigure("Search", "AUC", trials, true);
  assertEquals(numbers(up, 0, "x"), [0, 1, 3]);
  assertEquals(numbers(up, 1, "y"), [0.9]);
  assertEquals(numbers(up, 2, "y"), [0.3, 0.5, 0.5]);
  assertEquals(up.description, "Search: 3 of 5 trials are complete, the best AUC is 0.5");
  assertEquals(numbers(searchHistoryFigure("Search", "Loss", trials, false), 2, "y"), [
    0.3,
    0.3,
    0.3,
  ]);
});

Deno.test("figures: a line of parallel coordinates goes past axes on which it has no place", () => {
  const axes = ["a", "b", "c"].map((name) => ({ name, ticks: [] }));
  const figure = parallelCoordinatesFigure("Lines", axes, [[0, null, 1]]);
  assertEquals(figure.data[0].x, [0, 2, null]);
  assertEquals(figure.data[0].y, [0, 1, null]);
  const many = Array.from({ length: 1000 }, (_, i) => [i / 1000, 0.5, 1]);
  const drawn = parallelCoordinatesFigure("Lines", axes, many);
  const places = drawn.data.flatMap(({ y }) => y as (number | null)[]);
  assertEquals(places.filter((place) => place === null).length, 400);
  assert(places.includes(0) && places.includes(0.199), "the best are not all drawn");
  assert(drawn.description.endsWith("(600 of 1,000 lines left out)"), drawn.description);
});

Deno.test("figures: all are plain JSON, and none takes a name for markup", () => {
  for (const { data, layout, description } of hostileFigures) {
    assert(!JSON.stringify({ data, layout }).includes("<b>"), JSON.stringify({ data, layout }));
    assertEquals(JSON.parse(JSON.stringify(data)).length, data.length);
    assert(description.startsWith(hostile));
  }
});

Deno.test("figures: curves are drawn with at most 200 points and keep their ends", () => {
  const roc = rocFigure("ROC", [
    { label: "Good", falsePositiveRate: rate, truePositiveRate: rate.map(Math.sqrt), auc: 2 / 3 },
  ]);
  const x = numbers(roc, 0, "x");
  assertEquals([x.length, x[0], x[199]], [200, 0, 1]);
  assertEquals(roc.data[0].name, "Good (AUC 0.667)");
  assertEquals(roc.description, "ROC: area under the curve 0.667 for Good");
  const boosting = learningCurveFigure("Boosting", {
    axis: "Round",
    metric: "Loss",
    series: [{ label: "training", values: rate }, { label: "validation", values: [0.5, 0.25] }],
    best: 2,
  });
  assertEquals(numbers(boosting, 0, "x").length, 200);
  assertEquals(numbers(boosting, 1, "x"), [1, 2]);
  assertEquals(
    boosting.description,
    "Boosting, Loss over round: training from 0 to 1, validation from 0.5 to 0.25; kept at 2",
  );
});

Deno.test("figures: a thinned curve keeps a single peak, and points of the curve only", () => {
  const height = fc.double({ min: 0, max: 1, noNaN: true });
  const heights = fc.array(height, { minLength: 300, maxLength: 500 });
  fc.assert(fc.property(heights, fc.nat(299), (values, peak) => {
    const y = values.map((value, i) => i === peak ? 1_000 : value);
    const thin = thinCurve(y.map((_, i) => i), y);
    assertEquals(thin.x.length, 200);
    assert(thin.y.includes(1_000));
    thin.x.forEach((x, k) => {
      assert(k === 0 || x > thin.x[k - 1]);
      // Five digits are kept.
      assertAlmostEquals(thin.y[k], y[x], 1e-4 * Math.max(1, y[x]));
    });
  }));
});

Deno.test("figures: a calibration figure shows bins, rows, and says where it is furthest off", () => {
  const figure = calibrationFigure("Calibration", [{ label: "Good", bins }]);
  assertEquals(numbers(figure, 0, "y"), [0.3, 0.8]);
  assertEquals(numbers(figure, 1, "y"), [80, 20]);
  assertEquals(
    figure.description,
    "Calibration: Good is furthest off where 10.0 % are predicted and 30.0 % observed",
  );
});

Deno.test("figures: gains are told for the best fifth of rows", () => {
  const figure = gainFigure("Gains", [{
    label: "Good",
    share: [0, 0.1, 0.3, 1],
    gain: [0, 0.4, 0.6, 1],
  }]);
  assertEquals(figure.description, "Gains: the best-scored fifth of rows holds 50.0 % of Good");
});

Deno.test("figures: SHAP bars are means of absolute values, greatest on top", () => {
  const figure = shapBarFigure("SHAP", {
    ...shap,
    outputs: [{ label: "Poor", shap: shap.shap }, {
      label: "Good",
      shap: shap.shap.map((v) => -v),
    }],
  });
  // The first of the list is the lowest bar.
  assertEquals(numbers(figure, 0, "x"), [0.08, 1.2]);
  assertEquals(numbers(figure, 1, "x"), [0.08, 1.2]);
  assertEquals(figure.description, "SHAP: much 2.4, few 0.16");
});

Deno.test("figures: a SHAP summary colours known values and greys missing ones", () => {
  const figure = shapSummaryFigure("SHAP", shap);
  assertEquals(numbers(figure, 0, "x"), [-2, -1, 1, 2]);
  assertEquals((figure.data[0].marker as { color: number[] }).color, [0, 0.25, 0.75, 1]);
  assertEquals(figure.data.at(-1)?.name, "value missing");
  assertEquals(numbers(figure, 2, "x"), [0]);
  assertEquals(
    figure.description,
    "SHAP: most important first, much (high values raise the score), " +
      "few (high values raise the score)",
  );
});

Deno.test("figures: a SHAP summary of many rows is bounded, the same each time, and keeps extremes", () => {
  const rows = 20_000;
  const values = Float32Array.from({ length: 3 * rows }, (_, i) => Math.sin(i));
  const many = { features: ["a", "b", "c"], rows, shap: values.map((v) => v ** 3), values };
  const figure = shapSummaryFigure("SHAP", many);
  assertEquals(shapSummaryFigure("SHAP", many), figure);
  let points = 0;
  figure.data.forEach((_, line) => {
    const x = numbers(figure, line, "x");
    points += x.length;
    assertAlmostEquals(Math.min(...x), -1, 1e-4);
    assertAlmostEquals(Math.max(...x), 1, 1e-4);
    const middle = 2 - line;
    assert(numbers(figure, line, "y").every((y) => Math.abs(y - middle) <= 0.4));
  });
  assertEquals(points, 3_000);
});

Deno.test("figures: a waterfall leads from the base to the score, however few bars it has", () => {
  const value = fc.double({ min: -5, max: 5, noNaN: true });
  const row = fc.array(value, { minLength: 1, maxLength: 30 });
  fc.assert(fc.property(value, row, fc.integer({ min: 1, max: 12 }), (base, values, most) => {
    const contributions = values.map((shap, j) => ({ feature: `f${j}`, shap }));
    const figure = shapWaterfallFigure("Row", { base, contributions }, most);
    const starts = numbers(figure, 0, "base");
    const steps = numbers(figure, 0, "x");
    assertEquals(steps.length, Math.min(values.length, most));
    // Five digits are kept: each bar ends where the next starts, to a part in 10,000 of 150.
    steps.forEach((step, i) => {
      const end = i + 1 < steps.length
        ? starts[i + 1]
        : values.reduce((sum, shap) => sum + shap, base);
      assertAlmostEquals(starts[i] + step, end, 0.015);
    });
    assertAlmostEquals(starts[0], base, 1e-4);
  }));
});

Deno.test("figures: a waterfall names values and the features that it puts together", () => {
  const figure = shapWaterfallFigure("Row 7", {
    base: 0.5,
    contributions: [
      { feature: "Age", value: 31, shap: 0.01 },
      { feature: "Credit_Mix", value: "Bad", shap: -0.3 },
      { feature: "Debt", shap: -0.002 },
    ],
  }, 2);
  assertEquals(
    figure.description,
    "Row 7: from 0.5 to 0.208 by Credit_Mix = Bad −0.300, 2 other features +0.008",
  );
});
