/** Linear models against scikit-learn. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, ModelError, Random, UsageError } from "../../src/base/mod.ts";
import { lbfgs, minimum } from "../../src/learners/lbfgs.ts";
import {
  type ClassWeight,
  type LinearClassifier,
  linearRegression,
  type LinearRegressor,
  loadModel,
  loadRegression,
  logisticRegression,
  predictProba,
  predictValues,
  saveModel,
} from "../../src/learners/mod.ts";
import { matrixFromRows, takeRows } from "../../src/dataset/mod.ts";
import { matrixOf, readFixture } from "./fixture.ts";

interface Logistic {
  X: number[][];
  y: number[];
  weight: number[];
  fits: {
    name: string;
    classes: number;
    C: number;
    classWeight: ClassWeight;
    weighted: boolean;
    coefficients: number[][];
    intercepts: number[];
    proba: number[][];
  }[];
}

interface LeastSquares {
  X: number[][];
  y: number[];
  weight: number[];
  fits: {
    name: string;
    alpha: number;
    weighted: boolean;
    coefficients: number[];
    intercept: number;
  }[];
}

const { logistic, sparse, leastSquares } = await readFixture<{
  logistic: Logistic;
  sparse: Omit<Logistic, "fits"> & {
    fits: (Omit<Logistic["fits"][number], "name" | "classWeight"> & { l1Ratio: number })[];
  };
  leastSquares: LeastSquares;
}>("linear.json");

/** The intercept of score `k` at the origin, if scikit-learn has it. */
function atOrigin(
  { centre, coefficients, intercepts }: LinearClassifier | LinearRegressor,
  k = 0,
): number {
  return centre.reduce(
    (sum, middle, j) => sum - coefficients[k * centre.length + j] * middle,
    intercepts[k],
  );
}

for (const { name, classes, C, classWeight, weighted, ...expected } of logistic.fits) {
  Deno.test(`logistic regression: scikit-learn's coefficients, ${name}`, async () => {
    const X = matrixOf(logistic.X);
    const y = Int32Array.from(logistic.y, (label) => label % classes);
    const sampleWeight = weighted ? Float32Array.from(logistic.weight) : undefined;
    const model = await logisticRegression({ C, classWeight, tol: 1e-9 })
      .fit(X, y, { classes, seed: 0, sampleWeight });
    assert(model.converged);
    expected.coefficients.flat().forEach((value, at) => {
      // Both descents end where the gradient is next to nothing; the promise is 1e-4,
      // of a coefficient or of its effect if the column varies little.
      const effect = Math.abs(value) + 1 / Math.max(1, Math.abs(X.data[at % 8 * X.rows]));
      assertAlmostEquals(model.coefficients[at], value, 1e-4 * effect);
    });
    expected.intercepts.forEach((value, k) =>
      assertAlmostEquals(atOrigin(model, k), value, 1e-4 * (1 + Math.abs(value)))
    );
    const proba = await predictProba(model, takeRows(X, [...Array(20).keys()]));
    expected.proba.forEach((row, i) =>
      row.forEach((value, k) => assertAlmostEquals(proba[k * 20 + i], value, 1e-5))
    );
  });
}

for (const { classes, C, l1Ratio, weighted, ...expected } of sparse.fits) {
  const told = `${classes} classes, C ${C}, ${l1Ratio} of L1${weighted ? ", weighted" : ""}`;
  Deno.test(`logistic regression: scikit-learn's coefficients with an L1 penalty, ${told}`, async () => {
    const X = matrixOf(sparse.X);
    const y = Int32Array.from(sparse.y, (label) => label % classes);
    const sampleWeight = weighted ? Float32Array.from(sparse.weight) : undefined;
    const model = await logisticRegression({ C, l1Ratio, tol: 1e-9 })
      .fit(X, y, { classes, seed: 0, sampleWeight });
    assert(model.converged);
    // What is 0 there is exactly 0 here. Both end where the slopes are next to nothing, so that
    // coefficients agree to some 1e-6 of their size; Float32 columns are the same on both sides.
    expected.coefficients.flat().forEach((value, at) => {
      if (value === 0) assertEquals(model.coefficients[at], 0);
      else assertAlmostEquals(model.coefficients[at], value, 1e-5);
    });
    // Of several classes any number may be added to all intercepts.
    const found = expected.intercepts.map((_, k) => atOrigin(model, k));
    const level = (values: number[]) =>
      classes === 2 ? 0 : values.reduce((sum, value) => sum + value, 0) / classes;
    expected.intercepts.forEach((value, k) =>
      assertAlmostEquals(found[k] - level(found), value - level(expected.intercepts), 1e-4)
    );
    const proba = await predictProba(model, takeRows(X, [...Array(20).keys()]));
    expected.proba.forEach((row, i) =>
      row.forEach((value, k) => assertAlmostEquals(proba[k * 20 + i], value, 1e-5))
    );
    const quick = await logisticRegression({ C, l1Ratio }).fit(X, y, {
      ...{ classes, seed: 0, sampleWeight },
    });
    assert(quick.converged && quick.iterations < 200, `${quick.iterations} steps`);
  });
}

Deno.test("logistic regression: an L1 penalty leaves columns out, whatever their scale", async () => {
  const X = matrixOf(logistic.X);
  const y = Int32Array.from(logistic.y);
  for (const C of [1e-6, 1e-3, 1]) {
    const model = await logisticRegression({ C, l1Ratio: 1 }).fit(X, y, { classes: 4, seed: 0 });
    assert(model.converged, `C ${C}: ${model.iterations} steps`);
    const kept = model.coefficients.filter((value) => value !== 0).length;
    assert(kept < model.coefficients.length, `C ${C}: ${kept} are kept`);
    const loaded = loadModel(saveModel(model)) as LinearClassifier;
    assertEquals(loaded.coefficients, model.coefficients);
  }
});

Deno.test("logistic regression: arrives from its defaults, whatever the scale of the columns", async () => {
  const X = matrixOf(logistic.X);
  const { proba } = logistic.fits.find(({ name }) => name === "four classes")!;
  const model = await logisticRegression().fit(X, Int32Array.from(logistic.y), {
    classes: 4,
    seed: 0,
  });
  assert(model.converged && model.iterations < 100, `${model.iterations} steps`);
  const found = await predictProba(model, X);
  proba.forEach((row, i) =>
    row.forEach((value, k) => assertAlmostEquals(found[k * X.rows + i], value, 1e-4))
  );
});

Deno.test("logistic regression: says where it has not arrived", async () => {
  const model = await logisticRegression({ maxIter: 2 })
    .fit(matrixOf(logistic.X), Int32Array.from(logistic.y), { classes: 4, seed: 0 });
  assertEquals([model.converged, model.iterations], [false, 2]);
});

Deno.test("logistic regression: separated classes stay finite", async () => {
  const X = matrixFromRows([[-2], [-1], [1], [2]]);
  const model = await logisticRegression({ C: 1e12 })
    .fit(X, Int32Array.of(0, 0, 1, 1), { classes: 2, seed: 0 });
  const [, , low, high] = await predictProba(model, matrixFromRows([[-1], [1]]));
  assert(low < 1e-3 && high > 0.999, `${low}, ${high}`);
});

Deno.test("logistic regression: parameters out of range are named", async () => {
  assertThrows(() => logisticRegression({ C: 0 }), UsageError, "C of LogisticRegression to 0");
  assertThrows(() => logisticRegression({ l1Ratio: 1.5 }), UsageError, "l1Ratio");
  assertThrows(() => logisticRegression({ tol: -1 }), UsageError, "tol");
  assertThrows(() => logisticRegression({ maxIter: 0.5 }), UsageError, "maxIter");
  assertThrows(() => logisticRegression({ classWeight: [1, -1] }), UsageError, "classWeight");
  assertThrows(() => logisticRegression({ classWeight: [] }), UsageError, "classWeight");
  await assertRejects(
    () =>
      logisticRegression({ classWeight: [1, 2, 3] })
        .fit(matrixFromRows([[0], [1]]), Int32Array.of(0, 1), { classes: 2, seed: 0 }),
    UsageError,
    "there are 2 classes and 3 weights",
  );
});

for (const { name, alpha, weighted, coefficients, intercept } of leastSquares.fits) {
  Deno.test(`linear regression: scikit-learn's coefficients, ${name}`, async () => {
    const model = await linearRegression({ alpha }).fit(
      matrixOf(leastSquares.X),
      Float64Array.from(leastSquares.y),
      { seed: 0, sampleWeight: weighted ? Float32Array.from(leastSquares.weight) : undefined },
    );
    // The columns' singular values differ by 1e8, so the sixteen digits of Float64 leave
    // eight; the shortest of all solutions is taken on both sides.
    coefficients.forEach((value, j) =>
      assertAlmostEquals(model.coefficients[j], value, 1e-8 * Math.max(1, Math.abs(value)))
    );
    assertAlmostEquals(atOrigin(model), intercept, 1e-8 * Math.max(1, Math.abs(intercept)));
  });
}

Deno.test("linear regression: as many unknowns as rows, or more, fit exactly", async () => {
  const X = matrixFromRows([[1, 0, 3, 2], [0, 1, 1, 5], [2, 2, 0, 1]]);
  const y = Float32Array.of(1, -2, 4);
  const model = await linearRegression().fit(X, y, { seed: 0 });
  (await predictValues(model, X)).forEach((value, i) => assertAlmostEquals(value, y[i], 1e-6));
});

Deno.test("linear regression: whole weights equal repeated rows", async () => {
  const X = matrixOf(leastSquares.X);
  const y = Float64Array.from(leastSquares.y);
  const rows = leastSquares.weight.flatMap((weight, i) => Array<number>(weight).fill(i));
  const sampleWeight = Float32Array.from(leastSquares.weight);
  const weighted = await linearRegression({ alpha: 1 }).fit(X, y, { seed: 0, sampleWeight });
  const repeated = await linearRegression({ alpha: 1 })
    .fit(takeRows(X, rows), Float64Array.from(rows, (i) => y[i]), { seed: 0 });
  const [some, others] = [await predictValues(weighted, X), await predictValues(repeated, X)];
  // Predictions are Float32: 1e-6 is about their last bit.
  some.forEach((value, i) => assertAlmostEquals(value, others[i], 1e-5));
});

Deno.test("linear models: a missing value counts as the column's mean", async () => {
  const X = matrixFromRows([[1, 4], [NaN, 6], [3, NaN], [5, 2]]);
  const filled = matrixFromRows([[1, 4], [3, 6], [3, 4], [5, 2]]);
  const targets = Float32Array.of(1, 2, 4, 3);
  assertEquals(
    await linearRegression().fit(X, targets, { seed: 0 }),
    await linearRegression().fit(filled, targets, { seed: 0 }),
  );
  const y = Int32Array.of(0, 1, 1, 0);
  const model = await logisticRegression().fit(X, y, { classes: 2, seed: 0 });
  assertEquals(model, await logisticRegression().fit(filled, y, { classes: 2, seed: 0 }));
  assertEquals(await predictProba(model, X), await predictProba(model, filled));
});

Deno.test("linear regression: refuses what it cannot learn from", async () => {
  const X = matrixFromRows([[0], [1]]);
  const refused = async (y: Float32Array, sampleWeight: Float32Array | undefined, what: string) =>
    await assertRejects(
      () => linearRegression().fit(X, y, { seed: 0, sampleWeight }),
      DataError,
      what,
    );
  await refused(Float32Array.of(1), undefined, "there are 2 rows and 1 targets");
  await refused(Float32Array.of(1, NaN), undefined, "row 1 has target NaN");
  await refused(Float32Array.of(1, 2), new Float32Array(2), "all weights are 0");
  assertThrows(() => linearRegression({ alpha: -1 }), UsageError, "alpha");
});

Deno.test("linear models: saved, loaded and damaged", async () => {
  const X = matrixOf(leastSquares.X);
  const line = await linearRegression().fit(X, Float64Array.from(leastSquares.y), { seed: 0 });
  assertEquals(loadRegression(saveModel(line)), line);
  const curve = await logisticRegression().fit(X, Int32Array.from(leastSquares.weight), {
    classes: 4,
    seed: 0,
  });
  assertEquals(loadModel(saveModel(curve)), curve);
  assertThrows(() => loadModel(saveModel(line)), ModelError, "the model is a regression");
  assertThrows(() => loadRegression(saveModel(curve)), ModelError, "the model is a classifier");
  const damaged = saveModel(line).replace('"coefficients":[', '"coefficients":[null,');
  assertThrows(() => loadRegression(damaged), ModelError, "not a dinoflow-model-1");
});

Deno.test("lbfgs: Rosenbrock's curved valley", () => {
  const { point, converged } = minimum(lbfgs(
    ([x, y], gradient) => {
      gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
      gradient[1] = 200 * (y - x * x);
      return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    },
    Float64Array.of(-1.2, 1),
    { tolerance: 1e-8, maxIterations: 200 },
  ));
  assert(converged);
  assertAlmostEquals(point[0], 1, 1e-7);
  assertAlmostEquals(point[1], 1, 1e-7);
});

Deno.test("lbfgs: a function without a minimum, and one that is infinite beyond a point", () => {
  const endless = minimum(lbfgs(
    ([x], gradient) => {
      gradient[0] = -1;
      return -x;
    },
    Float64Array.of(0),
    { tolerance: 1e-8, maxIterations: 5 },
  ));
  assertEquals(endless.converged, false);
  const walled = minimum(lbfgs(
    ([x], gradient) => {
      gradient[0] = 1 - 0.001 / (2 - x) * -1;
      return x < 2 ? -x - 0.001 * Math.log(2 - x) + 2 * x : Infinity;
    },
    Float64Array.of(1.9),
    { tolerance: 1e-8, maxIterations: 3 },
  ));
  assert(walled.point[0] < 2);
});

Deno.test("linear regression: columns that add up to one are no endless search", async () => {
  const random = new Random(4);
  for (let draw = 0; draw < 20; draw++) {
    const rows = Array.from({ length: 200 }, () => {
      const town = random.int(2);
      return [Math.round(100 * random.next()), town, 1 - town];
    });
    const y = Float64Array.from(rows, ([area, town]) => 3 * area + 100 * town + random.next());
    const model = await linearRegression().fit(matrixFromRows(rows), y, { seed: 1 });
    assertAlmostEquals(model.coefficients[0], 3, 0.01);
    assertAlmostEquals(model.coefficients[1] - model.coefficients[2], 100, 0.5);
  }
});
