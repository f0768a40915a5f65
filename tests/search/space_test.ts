/** What may be searched, what is refused, and what a search keeps to. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import {
  categorical,
  checkPlan,
  checkSpace,
  type Distribution,
  float,
  generations,
  int,
  logFloat,
  parametersOf,
  searchFunction,
  type SearchPlan,
  type Space,
  trialPruner,
  trialSampler,
  when,
} from "../../src/search/mod.ts";

const space: Space = {
  rate: logFloat(1e-3, 1),
  share: float(0.1, 0.9, { step: 0.2 }),
  growth: categorical(["depthwise", "leafwise", null, true]),
  leaves: when("growth", ["leafwise"], int(4, 64, { log: true })),
  depth: when("growth", ["depthwise", null], int(1, 10, { step: 3 })),
};
const plan: SearchPlan = {
  ...{ space, trials: 60, sampler: "tpe", pruner: "none", parallel: 3 },
  ...{ direction: "minimize", seed: 5 },
};

Deno.test("search: every sampler keeps to the space, its steps and its conditions", async () => {
  for (const sampler of ["tpe", "random", "grid"] as const) {
    const seen: Record<string, Set<unknown>> = {};
    const trials = await searchFunction({ ...plan, sampler, trials: 120 }, (params) => {
      const { rate, share, growth, leaves, depth } = params as Record<string, number>;
      assert(rate >= 1e-3 && rate <= 1, `${rate}`);
      assert([0.1, 0.3, 0.5, 0.7, 0.9].includes(share), `${share}`);
      assertEquals(leaves !== undefined, params.growth === "leafwise");
      assertEquals(depth !== undefined, params.growth === "depthwise" || params.growth === null);
      if (leaves !== undefined) assert(Number.isInteger(leaves) && leaves >= 4 && leaves <= 64);
      if (depth !== undefined) assert([1, 4, 7, 10].includes(depth));
      for (const [name, value] of Object.entries(params)) (seen[name] ??= new Set()).add(value);
      return (Math.log10(rate) + 1) ** 2 + share + Number(growth === null);
    });
    assertEquals(trials.map(({ number }) => number), Array.from({ length: 120 }, (_, i) => i));
    assertEquals([...seen.share].length, 5);
    assertEquals([...seen.growth].length, 4);
  }
});

Deno.test("search: the same seed and parallelism give the same trials, another seed others", async () => {
  const run = (changed: Partial<SearchPlan> = {}) =>
    searchFunction({ ...plan, ...changed }, async ({ rate, share }, { number }) => {
      // In any order: a generation waits for all of its own.
      await new Promise((resolve) => setTimeout(resolve, (number * 7) % 3));
      return (rate as number) + (share as number);
    });
  const first = await run();
  assertEquals(await run(), first);
  assert(JSON.stringify(await run({ seed: 6 })) !== JSON.stringify(first));
  assert(JSON.stringify(await run({ parallel: 1 })) !== JSON.stringify(first));
  const history = first.slice(0, 30);
  for (const number of [30, 31, 32]) {
    assertEquals(parametersOf(plan, number, history), first[number].params);
  }
});

Deno.test("search: numbers by chance are spread evenly on their scale", () => {
  const even: Space = { n: int(1, 4), x: logFloat(1, 100), s: float(0, 1, { step: 0.5 }) };
  const counts: Record<string, number> = {};
  let low = 0;
  for (let number = 0; number < 4000; number++) {
    const given = { ...plan, space: even, sampler: "random" as const, parallel: 1 };
    const { n, x, s } = parametersOf(given, number, []) as Record<string, number>;
    counts[`n${n}`] = (counts[`n${n}`] ?? 0) + 1;
    counts[`s${s}`] = (counts[`s${s}`] ?? 0) + 1;
    low += Number(x < 10);
  }
  // Four standard deviations of a share among 4,000.
  for (const n of [1, 2, 3, 4]) assertAlmostEquals(counts[`n${n}`] / 4000, 1 / 4, 0.028);
  for (const s of [0, 0.5, 1]) assertAlmostEquals(counts[`s${s}`] / 4000, 1 / 3, 0.03);
  assertAlmostEquals(low / 4000, 1 / 2, 0.032);
});

Deno.test("search: a grid has each combination once and then ends", async () => {
  const small: Space = {
    a: categorical(["x", "y"]),
    b: when("a", ["x"], int(1, 3)),
    c: logFloat(0.01, 1),
  };
  const given = { ...plan, space: small, sampler: { kind: "grid", points: 3 } as const };
  const trials = await searchFunction(given, () => 0);
  assertEquals(trials.length, (3 + 1) * 3);
  assertEquals(new Set(trials.map(({ params }) => JSON.stringify(params))).size, 12);
  assertEquals([...new Set(trials.map(({ params }) => params.c))].sort(), [0.01, 0.1, 1]);
  assertEquals(generations(given).map((numbers) => numbers.length), [3, 3, 3, 3]);
});

Deno.test("search: a trial that throws is kept as failed, and the search goes on", async () => {
  const trials = await searchFunction({ ...plan, trials: 40 }, ({ growth, rate }) => {
    if (growth === "leafwise") throw new Error("no leaves today");
    return growth === true ? NaN : rate as number;
  });
  assertEquals(trials.length, 40);
  const states = new Set(trials.map(({ params, state }) => `${params.growth} ${state}`));
  assertEquals(
    [...states].sort(),
    ["depthwise complete", "leafwise failed", "null complete", "true failed"],
  );
  assertEquals(
    trials.filter(({ state, value }) => (value === undefined) === (state === "complete")),
    [],
  );
});

Deno.test("search: hopeless trials are given up on the way", async () => {
  const trials = await searchFunction({ ...plan, pruner: "median" }, ({ rate }, { report }) => {
    for (let step = 1; step <= 5; step++) report(step, (rate as number) / step);
    return (rate as number) / 5;
  });
  const pruned = trials.filter(({ state }) => state === "pruned");
  assert(pruned.length > 10 && pruned.length < 50, `${pruned.length}`);
  assertEquals(pruned.filter(({ reports }) => reports.length === 0 || reports.length > 5), []);
});

Deno.test("search: the median judges by the best value so far, or by the last", () => {
  const curves = [[0.9, 0.5], [0.8, 0.6], [0.7, 0.5]];
  const history = curves.map((values, number) => ({
    ...{ number, params: {}, state: "complete" as const, value: values[1] },
    reports: values.map((value, i) => ({ step: i + 1, value })),
  }));
  // The first value is above the median, the second below it.
  const reports = [{ step: 1, value: 0.95 }, { step: 2, value: 0.4 }];
  const prunes = (judge: "best" | "last") =>
    trialPruner({ kind: "median", startupTrials: 1, judge })
      .prunes({ number: 3, reports, history, direction: "maximize", seed: 1 });
  assertEquals([prunes("best"), prunes("last")], [false, true]);
});

Deno.test("search: a search is stopped by its signal", async () => {
  const stop = new AbortController();
  let trials = 0;
  await assertRejects(
    () =>
      searchFunction(plan, () => {
        if (++trials === 5) stop.abort(new Error("enough"));
        return 0;
      }, { signal: stop.signal }),
    Error,
    "enough",
  );
  assert(trials <= 6);
});

Deno.test("search: what cannot be searched is refused by name", () => {
  const refused = (given: Record<string, unknown>, message: string) =>
    assertThrows(() => checkSpace(given as Space), UsageError, message);
  refused({}, "Cannot search an empty space");
  refused({ a: 3 }, 'Cannot search "a" by 3');
  refused({ a: { distribution: "flot", low: 0, high: 1 } }, 'Cannot find the distribution "flot"');
  refused({ a: { distribution: "float", low: "0", high: 1 } }, 'Cannot search "a": low: ');
  refused({ a: { distribution: "int", low: 0, high: 1, steps: 1 } }, 'Cannot search "a": ');
  refused({ a: float(2, 1) }, 'Cannot search "a" from 2 to 1');
  refused({ a: float(NaN, 1) }, 'Cannot search "a": low: ');
  refused({ a: float(0, Infinity) }, 'Cannot search "a": high: ');
  refused({ a: logFloat(0, 1) }, 'Cannot search "a" on a logarithmic scale from 0');
  refused({ a: float(-1.7e308, 1.7e308) }, 'Cannot search "a" from -1.7e+308 to 1.7e+308');
  refused({ a: logFloat(5e-324, 1) }, 'Cannot search "a" from 5e-324 to 1');
  checkSpace({ a: float(-8e307, 8e307), b: logFloat(1e-150, 1e150) });
  refused({ a: int(0, 4, { log: true }) }, 'Cannot search "a" on a logarithmic scale from 0');
  refused({ a: int(1, 4, { log: true, step: 2 }) }, "on a logarithmic scale in steps of 2");
  refused({ a: float(0, 1, { step: 0 }) }, 'Cannot search "a" in steps of 0');
  refused({ a: int(0, 1.5) }, 'Cannot search "a" from 0 to 1.5');
  refused({ a: categorical([]) }, 'Cannot search "a" among no choices');
  refused({ a: categorical([1, 1]) }, 'Cannot search "a": 1 is there twice');
  refused({ a: when("b", [1], int(1, 2)) }, 'by "b", which is not in the space');
  refused({ a: when("b", [1], int(1, 2)), b: int(1, 2) }, 'by "b", which stands after it');
  refused(
    { b: categorical(["x"]), a: when("b", ["y"] as never, int(1, 2)) as Distribution },
    'Cannot search "a": "b" is never "y"',
  );
  for (
    const [changed, message] of [
      [{ trials: 0 }, "Cannot search with trials of 0"],
      [{ parallel: 1.5 }, "Cannot search with parallel of 1.5"],
      [{ sampler: "tpee" }, 'Cannot find the search sampler "tpee"'],
      [{ pruner: { kind: "median", startup: 3 } }, "Cannot set startup of the pruner median"],
      [{ sampler: { kind: "tpe", candidates: 0 } }, "Cannot set candidates of tpe to 0"],
    ] as const
  ) {
    assertThrows(() => checkPlan({ ...plan, ...changed } as SearchPlan), UsageError, message);
  }
  assertThrows(() => trialSampler({ kind: "grid", points: 1 }), UsageError, "a grid of 1 points");
  for (
    const pruner of [
      { kind: "hyperband", reductionFactor: 1 },
      { kind: "hyperband", maxResource: 0 },
      { kind: "median", intervalSteps: 0 },
      { kind: "median", judge: "mean" as "last" },
    ] as const
  ) {
    assertThrows(() => trialPruner(pruner), UsageError, `of ${pruner.kind} to `);
  }
});
