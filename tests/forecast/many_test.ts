/** Many series at once, and sums that agree. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { DataError, Random, UsageError, WorkerPool } from "../../src/base/mod.ts";
import {
  agreeing,
  fitAutomatic,
  fitManyAutomatic,
  forecastHierarchy,
  hierarchyInterval,
} from "../../src/forecast/mod.ts";

/** A year that grows, with its own noise. */
function spending(seed: number, steps = 48): Float64Array {
  const random = new Random(seed);
  const size = 50 + 20 * seed;
  return Float64Array.from(
    { length: steps },
    (_, t) => size + 0.5 * t + 10 * Math.sin(Math.PI * t / 6) + 5 * random.normal(),
  );
}

const options = { horizon: 6, seasons: [12], origins: 4 };

Deno.test("many: each series is fitted as alone, with and without workers", async () => {
  const series = Array.from({ length: 70 }, (_, k) => spending(k, 40 + k % 9));
  const settings = { ...options, methods: ["theta", "decomposed"] };
  const heard: number[] = [];
  const here = await fitManyAutomatic(series, {
    ...settings,
    onProgress: (done) => heard.push(done),
  });
  await using pool = new WorkerPool(2);
  assertEquals(await fitManyAutomatic(series, { ...settings, pool }), here);
  assertEquals(here[69], { model: await fitAutomatic(series[69], settings) });
  assertAlmostEquals(heard.at(-1)!, 1);
  assert(heard.every((done, k) => done >= (heard[k - 1] ?? 0) && done <= 1 + 1e-9));
});

Deno.test("many: a series that cannot be forecast is refused beside the others", async () => {
  const broken = spending(2).with(7, Infinity);
  const found = await fitManyAutomatic([spending(1), broken, spending(3)], options);
  assertEquals(found.map((one) => "model" in one), [true, false, true]);
  assertEquals(found[1], {
    refused: "Cannot forecast a series of 48 values, of which one is not finite; " +
      "give at least three finite values",
  });
  const wrong = () => fitManyAutomatic([spending(1)], { ...options, methods: ["etts"] });
  await assertRejects(wrong, UsageError, 'Cannot find the forecast method "etts"');
  const stopped = AbortSignal.abort(new Error("enough"));
  await assertRejects(
    () => fitManyAutomatic([spending(1)], { ...options, signal: stopped }),
    Error,
    "enough",
  );
});

Deno.test("many: without origins the first method that fits is taken, without intervals", async () => {
  const { members, past } = await fitAutomatic(spending(4), {
    ...options,
    methods: ["ets", "theta"],
    scales: ["log"],
    origins: 0,
  });
  assertEquals(members.map(({ name, weight }) => [name, weight]), [["ets log", 1]]);
  assertEquals(past, undefined);
});

Deno.test("hierarchy: weighted forecasts add up, and no others that do are nearer", () => {
  const random = new Random(9);
  const parents = [-1, 0, 1, 1, 0, 4, 4, 4];
  const leaves = [2, 3, 5, 6, 7];
  const errors = parents.map(() => random.uniform(0.5, 5));
  const said = parents.map(() => random.uniform(10, 50));
  /** All nodes, by their parts. */
  const summed = (values: readonly number[]) => {
    const all = new Float64Array(parents.length);
    leaves.forEach((leaf, k) => {
      for (let node = leaf; node >= 0; node = parents[node]) all[node] += values[k];
    });
    return all;
  };
  const distance = (all: Float64Array) =>
    all.reduce((sum, value, node) => sum + ((value - said[node]) / errors[node]) ** 2, 0);
  const agreed = agreeing(parents, said, errors, "weighted");
  const own = leaves.map((leaf) => agreed[leaf]);
  summed(own).forEach((value, node) => assertAlmostEquals(value, agreed[node], 1e-9));
  const least = distance(agreed);
  for (let k = 0; k < leaves.length; k++) {
    for (const step of [-0.01, 0.01]) assert(distance(summed(own.with(k, own[k] + step))) > least);
  }
  const up = agreeing(parents, said, errors, "bottomUp");
  summed(leaves.map((leaf) => said[leaf]))
    .forEach((value, node) => assertAlmostEquals(value, up[node], 1e-9));
  // A sum that says nothing, or of which nobody knows how sure it is, is left to its parts.
  const silent = parents.map((_, node) => leaves.includes(node) ? said[node] : NaN);
  assertEquals(agreeing(parents, silent, errors, "weighted"), up);
  assertEquals(agreeing(parents, said, errors.map(() => NaN), "weighted"), up);
  // What is known for sure does not move.
  const sure = agreeing([-1, 0, 0], [13, 4, 6], [1, 0, 1], "weighted");
  assertEquals([...sure], [11.5, 4, 7.5]);
});

const leaves = ["ann/food", "ann/rent", "bob/food", "bob/fuel", "bob/rent"].map((name, k) => ({
  ...{ path: name.split("/"), y: spending(k, 66) },
}));

Deno.test("hierarchy: sums are those of their parts, and their intervals are narrower", async () => {
  const known = leaves.map(({ path, y }) => ({ path, y: y.subarray(0, 60) }));
  const heard: number[] = [];
  const nodes = await forecastHierarchy(known, {
    ...{ ...options, origins: 8 },
    onProgress: (done) => heard.push(done),
  });
  assertAlmostEquals(heard.at(-1)!, 1);
  assertEquals(nodes.map(({ path }) => path.join("/")), [
    ...["", "ann", "ann/food", "ann/rent", "bob", "bob/food", "bob/fuel", "bob/rent"],
  ]);
  const meanOf = (path: string) => nodes.find((node) => node.path.join("/") === path)!;
  const widthOf = (path: string) => {
    const { lower, upper } = hierarchyInterval(meanOf(path), 0.8)!;
    return upper[0] - lower[0];
  };
  for (let h = 0; h < 6; h++) {
    const bob = ["bob/food", "bob/fuel", "bob/rent"].map((path) => meanOf(path).mean[h]);
    assertAlmostEquals(meanOf("bob").mean[h], bob[0] + bob[1] + bob[2], 1e-9);
    assertAlmostEquals(meanOf("").mean[h], meanOf("ann").mean[h] + meanOf("bob").mean[h], 1e-9);
    const came = leaves.reduce((sum, { y }) => sum + y[60 + h], 0);
    // The noise of five parts together is 11; six standard deviations of it.
    assert(Math.abs(meanOf("").mean[h] - came) < 70, `${meanOf("").mean[h]} and ${came}`);
  }
  // Errors of five parts cancel: a sum is surer than the widths of its parts added up.
  const parts = leaves.reduce((sum, { path }) => sum + widthOf(path.join("/")), 0);
  assert(widthOf("") < 0.8 * parts, `${widthOf("")} and ${parts}`);
});

Deno.test("hierarchy: intervals of sums cover what comes", async () => {
  let [covered, count] = [0, 0];
  for (let draw = 0; draw < 12; draw++) {
    const parts = Array.from({ length: 4 }, (_, k) => ({
      ...{ path: ["all", `part ${k}`], y: spending(10 * draw + k, 66) },
    }));
    const known = parts.map(({ path, y }) => ({ path, y: y.subarray(0, 60) }));
    const [all] = await forecastHierarchy(known, {
      ...{ ...options, methods: ["theta", "decomposed"], scales: ["raw"], origins: 12 },
    });
    const { lower, upper } = hierarchyInterval(all, 0.8)!;
    for (let h = 0; h < 6; h++) {
      const came = parts.reduce((sum, { y }) => sum + y[60 + h], 0);
      covered += Number(came >= lower[h] && came <= upper[h]);
      count++;
    }
  }
  // 72 looks, of which the six of a draw hang together: four standard errors of 12 are 0.46, of 72 0.19.
  assert(covered / count > 0.6 && covered / count < 0.97, `${covered} of ${count}`);
});

Deno.test("hierarchy: a part that cannot be forecast is told wherever it is missing", async () => {
  const broken = { path: ["bob", "gifts"], y: new Float64Array(66).fill(NaN) };
  const nodes = await forecastHierarchy([...leaves, broken], { ...options, methods: ["drift"] });
  const told = nodes.filter(({ refused }) => refused.length > 0);
  assertEquals(told.map(({ path }) => path.join("/")), ["", "bob", "bob/gifts"]);
  assertEquals(told[0].refused[0].path, ["bob", "gifts"]);
  assert(nodes[0].mean.every((value) => value > 0));
});

Deno.test("hierarchy: what does not add up is refused by name", async () => {
  const refused = (given: typeof leaves, message: string) =>
    assertRejects(() => forecastHierarchy(given, options), DataError, message);
  await refused([], "there are none");
  await refused([leaves[0], leaves[0]], "ann / food is there twice");
  await refused([...leaves, { path: ["bob"], y: leaves[0].y }], "bob has parts of its own");
  const short = { path: ["cid", "food"], y: leaves[0].y.subarray(1) };
  await refused([...leaves, short], "cid / food has 65 values, ann / food 66");
});
