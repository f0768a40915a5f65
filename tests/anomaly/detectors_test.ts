/** Detectors against scikit-learn and pyod; see tests/python/make_anomaly_fixtures.py. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  alertBudget,
  averagePathLength,
  type Detector,
  type DetectorModel,
  detectorOf,
  detectorsByKind,
  type DetectorSpec,
  rankEnsemble,
  scoreAnomalies,
  scoreFitted,
  scoreRanks,
  type TreeDetector,
} from "../../src/anomaly/mod.ts";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import { averagePrecision, rocAuc } from "../../src/metrics/mod.ts";
import { type Matrix, matrixFromRows } from "../../src/dataset/mod.ts";
import { concatTrees, pathReasons, predictNumbers, reasonTrees } from "../../src/trees/mod.ts";
import fixture from "./fixtures/detectors.json" with { type: "json" };

const X = matrixFromRows(fixture.rows);
const labels = Int32Array.from(fixture.labels);

async function scoresOf(spec: DetectorSpec, rows: Matrix = X, seed = 1): Promise<Float64Array> {
  return await scoreFitted(await detectorOf(spec).fit(rows, { seed }), rows);
}

Deno.test("isolation forest: scikit-learn's trees score as they do there", async () => {
  // Each leaf holds what ours do: its depth, and what its rows would add to it.
  const trees = fixture.trees.map(({ feature, threshold, left, right, rows }) => {
    const leaves: number[] = [];
    const place = new Int32Array(feature.length);
    const walk = (node: number, depth: number) => {
      if (feature[node] < 0) {
        place[node] = leaves.push(depth + averagePathLength(rows[node])) - 1;
        return;
      }
      walk(left[node], depth + 1);
      walk(right[node], depth + 1);
    };
    walk(0, 0);
    return {
      feature: Int32Array.from(feature, (f) => Math.max(-1, f)),
      // Values are Float32 there too: a value is at most a threshold where it is so rounded down.
      threshold: Float32Array.from(threshold, (t) => {
        const near = Math.fround(t);
        return near <= t ? near : Math.fround(near - Math.abs(near) * 2 ** -23);
      }),
      left: Int32Array.from(left, (child, node) => feature[node] < 0 ? place[node] : child),
      right: Int32Array.from(right, (child, node) => feature[node] < 0 ? 0 : child),
      missingLeft: new Uint8Array(feature.length),
      cover: Float32Array.from(rows),
      leaves: Float32Array.from(leaves),
    };
  });
  const scores = await predictNumbers(
    concatTrees(trees, {
      ...{ features: 4, outputs: 1, leafWidth: 1, treeOutput: new Int32Array(0) },
      base: Float64Array.of(0),
      scale: -1 / (trees.length * averagePathLength(256)),
      link: "exp2",
    }),
    X,
  );
  // Ten depths are summed in Float32, which rounds each sum by at most 2^-24 of about 100.
  fixture.treeScores.forEach((score, i) => assertAlmostEquals(scores[i], score, 1e-6));
});

Deno.test("isolation forest: scores are scikit-learn's within the noise of seeds", async () => {
  const seeds = 30;
  const sums = new Float64Array(X.rows);
  const aucs: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const scores = await scoresOf({ kind: "isolationForest" }, X, seed);
    scores.forEach((score, i) => sums[i] += score / seeds);
    aucs.push(rocAuc(labels, scores));
  }
  const { mean, spread } = fixture.forest;
  // Both means are of 30 seeds; 4.5 of their standard errors, of 400 rows the largest is beyond in 1 of 400 runs.
  mean.forEach((value, i) => {
    const error = spread[i] * Math.sqrt(2 / seeds);
    assert(Math.abs(sums[i] - value) < 4.5 * error, `row ${i}: ${sums[i]} and ${value} ± ${error}`);
  });
  const average = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  assertAlmostEquals(average(aucs), average(fixture.forestAuc), 0.01);
});

Deno.test("ecod: scores are pyod's", async () => {
  const scores = await scoresOf({ kind: "ecod" });
  // Terms are kept and summed in Float32.
  fixture.ecod.forEach((score, i) => assertAlmostEquals(scores[i], score, 5e-6));
  assertAlmostEquals(rocAuc(labels, scores), fixture.ecodAuc, 1e-12);
  assertAlmostEquals(averagePrecision(labels, scores), fixture.ecodPrecision, 1e-12);
});

Deno.test("ecod: of many distinct values terms are joined, and hardly change", async () => {
  const random = new Random(3);
  const rows = 30_000;
  const many = matrixFromRows(
    Array.from({ length: rows }, () => [random.normal(), Math.exp(random.normal())]),
  );
  const model = await detectorOf({ kind: "ecod" }).fit(many, { seed: 0 }) as TreeDetector;
  assert(model.trees.feature.length < 40_000);
  const scores = await scoreAnomalies(model, many);
  const rising = Float32Array.from(many.data.subarray(0, rows)).sort();
  const other = Float32Array.from(many.data.subarray(rows)).sort();
  for (let i = 0; i < rows; i += 997) {
    const at = rising.indexOf(many.data[i]);
    const [left, right] = [-Math.log((at + 1) / rows), -Math.log((rows - at) / rows)];
    const beside = other.indexOf(many.data[rows + i]);
    const skewed = Math.max(-Math.log((beside + 1) / rows), -Math.log((rows - beside) / rows));
    // The first column leans by chance; the second to the right, where only its upper tail is added.
    const exact = [left + right, Math.max(left, right)].map((term) => term + skewed);
    assert(exact.some((sum) => Math.abs(sum - scores[i]) <= 0.0045), `row ${i}`);
  }
});

Deno.test("nearest neighbours: distances are scikit-learn's", async () => {
  for (const method of ["largest", "mean"] as const) {
    const scores = await scoresOf({ kind: "nearestNeighbours", params: { k: 5, method } });
    fixture.neighbours[method].forEach((distance, i) =>
      assertAlmostEquals(scores[i], distance, 1e-6)
    );
  }
});

Deno.test("extended isolation forest: finds what lies outside, and without slopes is the plain one", async () => {
  const plain = { nEstimators: 300, extension: 0 };
  const own = await scoresOf({ kind: "extendedIsolationForest", params: plain });
  // One column a node: the same trees by chance, 300 of them of a spread of 1 / √3 of 100.
  fixture.forest.mean.forEach((value, i) =>
    assert(Math.abs(own[i] - value) < 5 * fixture.forest.spread[i], `row ${i}`)
  );
  // A ring has a hollow that no single column shows.
  const random = new Random(4);
  const ring = matrixFromRows([
    ...Array.from({ length: 500 }, () => {
      const angle = 2 * Math.PI * random.next();
      return [Math.cos(angle), Math.sin(angle)].map((value) => 4 * value + 0.3 * random.normal());
    }),
    [0, 0],
    [9, 9],
  ]);
  const scores = await scoresOf({ kind: "extendedIsolationForest" }, ring);
  const rank = (row: number) => scores.filter((score) => score > scores[row]).length;
  assertEquals(rank(501), 0);
  assert(rank(500) < 60, `${rank(500)} rows seem stranger than the hollow`);
});

Deno.test("rank ensemble: means of ranks, whatever the unit of a detector", async () => {
  const members: DetectorSpec[] = [{ kind: "ecod" }, { kind: "nearestNeighbours" }];
  const model = await rankEnsemble(members).fit(X, { seed: 1 });
  const scores = await scoreRanks(model, X);
  assert(scores.every((score) => score >= 0 && score <= 1));
  assert(rocAuc(labels, scores) > 0.9, `${rocAuc(labels, scores)}`);
  assertThrows(() => rankEnsemble([{ kind: "ecod" }]), UsageError, "of 1 detectors");
});

Deno.test("reasons: parts of columns add up to the score less the usual one", async () => {
  for (const kind of ["isolationForest", "ecod"] as const) {
    const model = await detectorOf({ kind }).fit(X, { seed: 1 }) as TreeDetector;
    const raw = { ...model.trees, link: "identity" as const };
    const scores = await predictNumbers(raw, X);
    const trees = reasonTrees(raw);
    const usual = trees.roots.reduce((sum, root) => sum + trees.expected[root], 0);
    const parts = new Float64Array(4);
    const reasons = pathReasons(trees);
    for (let i = 0; i < X.rows; i++) {
      reasons([0, 1, 2, 3].map((j) => X.data[j * X.rows + i]), parts);
      assertAlmostEquals(parts.reduce((sum, part) => sum + part), scores[i] - usual, 1e-4);
    }
  }
});

Deno.test("alert budget: never more than its share, ties together", () => {
  const random = new Random(9);
  for (let round = 0; round < 200; round++) {
    const scores = Float64Array.from({ length: 50 + random.int(400) }, () => random.int(40) / 7);
    const share = 0.02 + 0.4 * random.next();
    const { threshold, scores: kept } = alertBudget(scores, share);
    assert(scores.filter((score) => score >= threshold).length <= share * scores.length + 1e-9);
    const below = Math.max(...scores.filter((score) => score < threshold));
    // One level of scores more would be more than the budget.
    assert(scores.filter((score) => score >= below).length > share * scores.length - 1e-9);
    assertEquals([kept[0], kept.at(-1)], [Math.min(...scores), Math.max(...scores)]);
  }
  assertThrows(() => alertBudget([1, 2], 0.1), DataError, "less than one");
  assertThrows(() => alertBudget([1, 2], 0.9), UsageError, "0.9");
  for (const strange of [NaN, Infinity, -Infinity]) {
    assertThrows(() => alertBudget([1, strange, 2], 0.5), DataError, `one is ${strange}`);
  }
  assertEquals(alertBudget([1, 1, 1, 1], 0.25).threshold > 1, true);
});

Deno.test("detectors: what is wrong is said", async () => {
  const kinds = Object.keys(detectorsByKind) as DetectorSpec["kind"][];
  for (const kind of kinds) {
    const detector: Detector<DetectorModel> = detectorOf({ kind });
    await assertRejects(() => fitted(detector, [[1, 2]]), DataError, "there are 1 rows");
    const rows = Array.from({ length: 9 }, (_, i) => [i, i % 3]);
    await assertRejects(() => fitted(detector, [...rows, [1, Infinity]]), DataError, "row 10");
    const missing = () => fitted(detector, [...rows, [NaN, 1]]);
    if (kind === "isolationForest" || kind === "ecod") await missing();
    else await assertRejects(missing, DataError, "a missing value in column 1");
    // All alike: nothing is unusual, and nothing fails.
    const same = matrixFromRows(Array.from({ length: 9 }, () => [1, 2]));
    const scores = await scoreFitted(await detector.fit(same, { seed: 0 }), same);
    assertEquals(new Set(scores).size, 1, kind);
    assert(Number.isFinite(scores[0]), kind);
  }
  assertThrows(
    () => detectorOf({ kind: "isolationForest", params: { trees: 3 } as never }),
    UsageError,
    "Cannot set trees of isolationForest",
  );
  assertThrows(() => detectorOf({ kind: "isolationForrest" as never }), UsageError, "Forrest");
  assertThrows(
    () => detectorOf({ kind: "isolationForest", params: { nEstimators: 0 } }),
    UsageError,
    "nEstimators",
  );
  const stopped = AbortSignal.abort(new Error("enough"));
  const forest = detectorOf({ kind: "isolationForest" });
  await assertRejects(() => forest.fit(X, { seed: 1, signal: stopped }), Error, "enough");
});

// Not async: a refusal may come before the promise.
function fitted(detector: Detector<DetectorModel>, rows: number[][]): Promise<DetectorModel> {
  return Promise.resolve().then(() => detector.fit(matrixFromRows(rows), { seed: 0 }));
}
