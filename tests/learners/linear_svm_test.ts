/** Linear support vector machines against scikit-learn, and linear fits to bags. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, ModelError, Random, UsageError } from "../../src/base/mod.ts";
import {
  calibrated,
  type Classifier,
  type ClassWeight,
  gradientBoosting,
  type Learner,
  type LinearClassifier,
  linearSvm,
  loadModel,
  logisticRegression,
  predictProba,
  saveModel,
} from "../../src/learners/mod.ts";
import { emptyBag, type Matrix, matrixFromRows, takeRows } from "../../src/dataset/mod.ts";
import { readFixture } from "./fixture.ts";

interface Machines {
  X: number[][];
  y: number[];
  weight: number[];
  fits: {
    name: string;
    classes: number;
    C: number;
    loss: "hinge" | "squaredHinge";
    classWeight: ClassWeight;
    weighted: boolean;
    coefficients: number[][];
    intercepts: number[];
  }[];
}

const machines = await readFixture<Machines>("linear_svm.json");

for (const { name, classes, C, loss, classWeight, weighted, ...wanted } of machines.fits) {
  Deno.test(`linear SVM: scikit-learn's planes, ${name}`, async () => {
    const X = matrixFromRows(machines.X);
    const y = Int32Array.from(machines.y, (label) => label % classes);
    const sampleWeight = weighted ? Float32Array.from(machines.weight) : undefined;
    const learner = linearSvm({ C, loss, classWeight, tol: 1e-7, maxIter: 100_000 });
    const model = await learner.fit(X, y, { classes, seed: 1, sampleWeight });
    assertEquals(model.converged, true);
    wanted.coefficients.forEach((plane, k) => {
      // Both end where the gradient is small, not at the very minimum.
      plane.forEach((slope, j) =>
        assertAlmostEquals(model.coefficients[k * plane.length + j], slope, 2e-4)
      );
      const origin = model.intercepts[k] -
        plane.reduce(
          (sum, _, j) => sum + model.coefficients[k * plane.length + j] * model.centre[j],
          0,
        );
      assertAlmostEquals(origin, wanted.intercepts[k], 2e-4);
    });
  });
}

/** Rows of a few terms and a number, and the same with a column for each term. */
function bagged(rows: number, terms: number): { sparse: Matrix; dense: Matrix; y: Int32Array } {
  const random = new Random(4);
  const found = Array.from(
    { length: rows },
    () => [...new Set(Array.from({ length: 4 }, () => random.int(terms)))].sort((a, b) => a - b),
  );
  const numbers = found.map(() => random.next() * 2 - 1);
  const bag = emptyBag({ column: 1, terms }, rows, found.flat().length);
  found.forEach((own, i) => {
    bag.offsets[i + 1] = bag.offsets[i] + own.length;
    bag.places.set(own, bag.offsets[i]);
    bag.values.fill(1 / Math.sqrt(own.length), bag.offsets[i], bag.offsets[i + 1]);
  });
  const y = Int32Array.from(found, (own, i) => own[0] % 3 === 0 ? 0 : numbers[i] > 0 ? 1 : 2);
  return {
    sparse: { ...matrixFromRows(numbers.map((number) => [number, 0])), bags: [bag] },
    dense: matrixFromRows(found.map((own, i) => [
      numbers[i],
      ...Array.from({ length: terms }, (_, t) => own.includes(t) ? 1 / Math.sqrt(own.length) : 0),
    ])),
    y,
  };
}

const learners: [string, Learner<Classifier>, tolerance: number][] = [
  ["linear SVM", linearSvm({ tol: 1e-7, maxIter: 100_000 }), 1e-5],
  ["logistic regression", logisticRegression({ tol: 1e-9 }), 1e-5],
  ["logistic regression, L1", logisticRegression({ tol: 1e-9, l1Ratio: 0.8, C: 0.5 }), 1e-5],
  ["calibrated linear SVM", calibrated(linearSvm({ tol: 1e-7, maxIter: 100_000 })), 1e-4],
];
for (const [name, learner, tolerance] of learners) {
  for (const classes of [2, 3]) {
    Deno.test(`${name}: bags of terms are as good as a column for each, ${classes} classes`, async () => {
      const { sparse, dense, y: labels } = bagged(200, 30);
      const y = labels.map((label) => Math.min(label, classes - 1));
      const options = { classes, seed: 1 };
      const [one, other] = [
        await learner.fit(sparse, y, options),
        await learner.fit(dense, y, options),
      ];
      const own = await predictProba(one, sparse);
      const wanted = await predictProba(other, dense);
      own.forEach((p, at) => assertAlmostEquals(p, wanted[at], tolerance));
      assertAlmostEquals(one.featureImportances.reduce((sum, share) => sum + share), 1, 1e-9);
      assertEquals(loadModel(saveModel(one)), one);
      const rows = [5, 3, 3];
      const some = await predictProba(one, takeRows(sparse, rows));
      rows.forEach((row, i) => assertEquals(some[i], own[row]));
    });
  }
}

Deno.test("bags: who cannot read them says so, and a model is given those that it knows", async () => {
  const { sparse, y } = bagged(60, 9);
  const options = { classes: 3, seed: 1 };
  await assertRejects(() => gradientBoosting().fit(sparse, y, options), DataError, "holds texts");
  const model = await linearSvm().fit(sparse, y, options);
  const others = { ...sparse, bags: [{ ...sparse.bags![0], terms: 10 }] };
  await assertRejects(() => predictProba(model, others), ModelError, "terms");
  const { bags: _, ...plain } = sparse;
  await assertRejects(() => predictProba(model, plain), ModelError, "no texts");
});

Deno.test("linear SVM: settings that are out of range are refused, and a fit can be stopped", async () => {
  for (
    const wrong of [{ C: 0 }, { C: NaN }, { tol: 2 }, { maxIter: 0.5 }, { loss: "log" as "hinge" }]
  ) {
    assertThrows(() => linearSvm(wrong), UsageError);
  }
  const { sparse, y } = bagged(60, 9);
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(
    () => linearSvm().fit(sparse, y, { classes: 3, seed: 1, signal }),
    Error,
    "enough",
  );
  const short: LinearClassifier = await linearSvm({ maxIter: 1, tol: 1e-9 })
    .fit(sparse, y, { classes: 3, seed: 1 });
  assert(!short.converged);
});
