/** Dummies, neighbours and extra trees beside scikit-learn's. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { UsageError, WorkerPool } from "../../src/base/mod.ts";
import {
  dummy,
  type DummyParams,
  dummyRegressor,
  type DummyRegressorParams,
  extraTrees,
  extraTreesRegressor,
  kNeighbors,
  type KNeighborsParams,
  kNeighborsRegressor,
  loadModel,
  predictProba,
  predictValues,
  type RandomForestParams,
  saveModel,
} from "../../src/learners/mod.ts";
import { takeRows } from "../../src/dataset/mod.ts";
import { logLoss, matrixOf, mean, readFixture, type Rows } from "./fixture.ts";

interface Spread {
  mean: number;
  deviation: number;
}

const { learned, ...fixture } = await readFixture<{
  X: Rows;
  labels: number[];
  values: number[];
  weight: number[];
  learned: number;
  dummies: {
    task: "classes" | "regression";
    weighted: boolean;
    strategy: string;
    quantile?: number | null;
    said: number | number[];
  }[];
  neighbours: {
    task: "classes" | "regression";
    k: number;
    rows: number[];
    said: (number | number[])[];
  }[];
  extra_trees: Record<"gini" | "entropy" | "deep" | "squared_error", Spread>;
}>("baselines.json");
const whole = matrixOf(fixture.X);
const rows = [...fixture.labels.keys()];
const [X, tested] = [takeRows(whole, rows.slice(0, learned)), takeRows(whole, rows.slice(learned))];
const labels = Int32Array.from(fixture.labels);
const values = Float64Array.from(fixture.values);
const weight = Float32Array.from(fixture.weight);

for (const { task, weighted, strategy, quantile, said } of fixture.dummies) {
  Deno.test(`dummy: says what scikit-learn's does, ${task}, ${strategy}${weighted ? ", weighted" : ""}`, async () => {
    const options = { seed: 1, ...weighted && { sampleWeight: weight.slice(0, learned) } };
    if (task === "classes") {
      const named = strategy === "most_frequent" ? "mostFrequent" : strategy;
      const model = await dummy({ strategy: named as DummyParams["strategy"] })
        .fit(X, labels.slice(0, learned), { classes: 3, ...options });
      const proba = await predictProba(model, tested);
      // Leaves are Float32.
      proba.forEach((share, at) =>
        assertAlmostEquals(share, (said as number[])[Math.floor(at / tested.rows)], 1e-7)
      );
      assertEquals(await predictProba(loadModel(saveModel(model)), tested), proba);
      return;
    }
    const params = { strategy, ...quantile && { quantile } } as DummyRegressorParams;
    const model = await dummyRegressor(params).fit(X, values.slice(0, learned), options);
    for (const value of await predictValues(model, tested)) {
      assertAlmostEquals(value, said as number, 1e-9);
    }
  });
}

Deno.test("dummy: parameters out of their range are refused", () => {
  assertThrows(() => dummy({ strategy: "mean" as never }), UsageError, "Cannot set strategy");
  assertThrows(() => dummyRegressor({ strategy: "prior" as never }), UsageError, "strategy");
  assertThrows(() => dummyRegressor({ quantile: 1.1 }), UsageError, "Cannot set quantile");
});

for (const { task, k, rows, said } of fixture.neighbours) {
  Deno.test(`neighbours: what scikit-learn's say, ${task}, ${k} neighbours`, async () => {
    assert(rows.length > 200);
    const asked = takeRows(tested, rows);
    if (task === "classes") {
      const model = await kNeighbors({ nNeighbors: k })
        .fit(X, labels.slice(0, learned), { classes: 3, seed: 1 });
      const proba = await predictProba(model, asked);
      // The same neighbours, so the same counts: shares are Float32.
      said.forEach((row, i) =>
        (row as number[]).forEach((share, c) =>
          assertAlmostEquals(proba[c * rows.length + i], share, 1e-7)
        )
      );
      return;
    }
    const model = await kNeighborsRegressor({ nNeighbors: k })
      .fit(X, values.slice(0, learned), { seed: 1 });
    (await predictValues(model, asked)).forEach((value, i) =>
      assertAlmostEquals(value, said[i] as number, 1e-9)
    );
  });
}

Deno.test("neighbours: rows beyond maxRows are drawn, those without weight left out", async () => {
  const y = labels.slice(0, learned);
  const kept = async (params: KNeighborsParams, seed: number, sampleWeight?: Float32Array) =>
    (await kNeighbors(params).fit(X, y, { classes: 3, seed, sampleWeight })).labels;
  assertEquals((await kept({ maxRows: 100 }, 1)).length, 100);
  assertEquals(await kept({ maxRows: 100 }, 1), await kept({ maxRows: 100 }, 1));
  assert(String(await kept({ maxRows: 100 }, 1)) !== String(await kept({ maxRows: 100 }, 2)));
  const some = weight.slice(0, learned);
  assertEquals((await kept({}, 1, some)).length, some.filter((one) => one > 0).length);
  // All votes of the rows that weigh a thousand times as much.
  const heavy = Float32Array.from(y, (label) => label === 2 ? 1000 : 1);
  const options = { classes: 3, seed: 1, sampleWeight: heavy };
  const model = await kNeighbors({ nNeighbors: 1000 }).fit(X, y, options);
  const [, , most] = await predictProba(model, takeRows(X, [0]));
  const two = y.filter((label) => label === 2).length;
  assertAlmostEquals(most, 1000 * two / (999 * two + learned), 1e-6);
  assertThrows(() => kNeighbors({ nNeighbors: 0 }), UsageError, "Cannot set nNeighbors");
  assertThrows(() => kNeighborsRegressor({ maxRows: 1e6 }), UsageError, "Cannot set maxRows");
});

/** Five seeds of ours against ten of theirs: the difference of means has this many deviations. */
const ERRORS = 5 * Math.sqrt(1 / 5 + 1 / 10);

async function scores(fit: (seed: number) => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let seed = 0; seed < 5; seed++) found.push(await fit(seed));
  return mean(found);
}

const settings: Record<"gini" | "entropy" | "deep", RandomForestParams> = {
  gini: { minSamplesLeaf: 5 },
  entropy: { criterion: "entropy", minSamplesLeaf: 5, bootstrap: true },
  deep: { maxDepth: 6 },
};

for (const [name, params] of Object.entries(settings)) {
  Deno.test(`extra trees: the log loss of scikit-learn's, ${name}`, async () => {
    const wanted = fixture.extra_trees[name as keyof typeof settings];
    const own = await scores(async (seed) => {
      const model = await extraTrees(params)
        .fit(X, labels.slice(0, learned), { classes: 3, seed });
      return logLoss(labels.slice(learned), await predictProba(model, tested));
    });
    const told = `log loss ${own}, scikit-learn ${wanted.mean} ± ${wanted.deviation}`;
    // Values share 255 bins, where scikit-learn has them as they are: a hundredth beside chance.
    assert(Math.abs(own - wanted.mean) < ERRORS * wanted.deviation + 0.01 * wanted.mean, told);
  });
}

Deno.test("extra trees: the error of scikit-learn's, numbers", async () => {
  const wanted = fixture.extra_trees.squared_error;
  const own = await scores(async (seed) => {
    const model = await extraTreesRegressor({ minSamplesLeaf: 5 }).fit(
      X,
      values.slice(0, learned),
      { seed },
    );
    const found = await predictValues(model, tested);
    return Math.sqrt(mean([...found].map((value, i) => (value - values[learned + i]) ** 2)));
  });
  const told = `RMSE ${own}, scikit-learn ${wanted.mean} ± ${wanted.deviation}`;
  assert(Math.abs(own - wanted.mean) < ERRORS * wanted.deviation + 0.01 * wanted.mean, told);
});

Deno.test("extra trees: cuts are drawn, all over the range, the same for any number of workers", async () => {
  const y = labels.slice(0, learned);
  const learner = extraTrees({ nEstimators: 200, maxDepth: 1, maxFeatures: "all" });
  const alone = await learner.fit(X, y, { classes: 3, seed: 3 });
  const { feature, threshold } = alone.trees;
  const cuts = [...threshold].filter((_, node) => feature[node] === 0);
  assert(cuts.length > 20, `${cuts.length} cuts`);
  // Cuts that fall into one bin are one; the best cut of a random forest is always the same.
  assert(new Set(cuts).size > 0.5 * cuts.length, `${new Set(cuts).size} of ${cuts.length}`);
  await using pool = new WorkerPool(2);
  assertEquals(await learner.fit(X, y, { classes: 3, seed: 3, pool }), alone);
});
