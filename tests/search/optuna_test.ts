/** The parts of a search against Optuna's and SciPy's, number by number. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { randomForestRegressor } from "../../src/learners/mod.ts";
import {
  categorical,
  encodeTrials,
  fanova,
  float,
  int,
  isHopeless,
  logFloat,
} from "../../src/search/mod.ts";
import { cutNormal, logCumulative, logMass } from "../../src/search/normal.ts";
import { bracketsOf, halves } from "../../src/search/pruners/hyperband.ts";
import { ParzenEstimator, trialWeights } from "../../src/search/samplers/parzen.ts";
import { divide, goodCount, parameterGroups } from "../../src/search/samplers/tpe.ts";
import { optuna, replay } from "./fixture.ts";

/** A share of the number; 1e-10 is what is left of 1e-16 after sums of many terms. */
function assertClose(actual: number, expected: number, share = 1e-10) {
  assertAlmostEquals(actual, expected, share * Math.max(1, Math.abs(expected)));
}

Deno.test("search: the normal distribution is SciPy's, far into the tails", () => {
  const { points, logCumulative: logs, ranges, logMass: masses, shares, cut } = optuna.normal;
  points.forEach((x, i) => assertClose(logCumulative(x), logs[i]));
  ranges.forEach(([low, high], i) => {
    assertClose(logMass(low, high), masses[i], 1e-9);
    // Newton's steps end at a billionth of the number.
    shares.forEach((share, k) => assertClose(cutNormal(share, low, high), cut[i][k], 1e-7));
  });
});

Deno.test("search: densities of all kinds of parameters are Optuna's", () => {
  const space = {
    rate: logFloat(1e-4, 1),
    share: float(0.1, 1, { step: 0.1 }),
    x: float(-2, 3),
    leaves: int(2, 256, { log: true }),
    depth: int(1, 13, { step: 2 }),
    kind: categorical(["a", "b", "c"]),
  };
  for (const { names, seen, logDensity } of optuna.parzen.cases) {
    const part = Object.entries(space).filter(([name]) => names.includes(name));
    const estimator = new ParzenEstimator(part, seen);
    optuna.parzen.asked.forEach((params, i) =>
      assertClose(estimator.logDensity(params), logDensity[i], 1e-8)
    );
  }
  for (const [count, weights] of Object.entries(optuna.weights)) {
    trialWeights(Number(count)).forEach((weight, i) => assertClose(weight, weights[i]));
  }
  for (const [trials, good] of optuna.counts) assertEquals(goodCount(trials), good);
});

Deno.test("search: what counts as good is Optuna's choice, pruned trials included", () => {
  const { good } = divide(optuna.split.trials, "minimize");
  assertEquals(good.map(({ number }) => number), optuna.split.good);
});

Deno.test("search: parameters that come together are estimated together", () => {
  assertEquals(
    parameterGroups([{ a: 1, b: 1, c: 1 }, { a: 1, d: 1 }, { b: 1, a: 1 }]),
    [["a"], ["b"], ["c"], ["d"]],
  );
  assertEquals(parameterGroups([{ a: 1, b: 1 }, { a: 1, b: 1, c: 1 }]), [["a", "b"], ["c"]]);
});

Deno.test("search: the median pruner gives up what Optuna's does, and where", () => {
  for (const { pruner, direction, ended } of optuna.pruners.median) {
    const found = replay(
      optuna.pruners.curves,
      0,
      (number, reports, history) =>
        isHopeless({ pruner, direction, seed: 0 }, number, reports, history),
    );
    assertEquals(found, ended);
  }
  const all = optuna.pruners.median.flatMap(({ ended }) => ended);
  assert(all.filter((step) => step !== null).length > 40 && all.includes(null));
});

Deno.test("search: halving gives up what Optuna's does, brackets are Optuna's", () => {
  for (const { firstStep, factor, direction, ended } of optuna.pruners.halving) {
    const found = replay(
      optuna.pruners.curves,
      1,
      (_, reports, history) => halves({ reports, history, direction }, firstStep, factor),
    );
    assertEquals(found, ended);
    assert(ended.some((step) => step !== null) && ended.includes(null));
  }
  for (const { options, shares, firstSteps } of optuna.pruners.brackets) {
    const brackets = bracketsOf(options, []);
    assertEquals(brackets.map(({ share }) => share), shares);
    assertEquals(brackets.map(({ firstStep }) => firstStep), firstSteps);
  }
});

Deno.test("search: hyperband deals trials to brackets and gives some up", () => {
  const plan = {
    pruner: { kind: "hyperband", maxResource: 9 },
    direction: "maximize",
    seed: 3,
  } as const;
  const ended = replay(
    optuna.pruners.curves,
    1,
    (number, reports, history) => isHopeless(plan, number, reports, history),
  );
  const early = ended.filter((step) => step !== null);
  assert(early.length > 8 && early.length < 40, `${early.length}`);
  assertEquals(early.filter((step) => ![1, 3, 9].includes(step)), []);
  const auto = { ...plan, pruner: "hyperband" } as const;
  assertEquals(
    replay(
      optuna.pruners.curves.slice(0, 1),
      1,
      (number, reports, history) => isHopeless(auto, number, reports, history),
    ),
    [null],
  );
});

Deno.test("search: importance by fANOVA is Optuna's within the noise of its forests", async () => {
  const space = {
    a: float(0, 1),
    b: float(-1, 1),
    c: int(1, 9),
    d: categorical(["u", "v", "w"]),
  };
  const { trials, shares } = optuna.importance;
  const { X, axes } = encodeTrials(space, trials.map(({ params }) => params));
  const y = Float64Array.from(trials, ({ value }) => value);
  const { trees } = await randomForestRegressor({ nEstimators: 64 }).fit(X, y, { seed: 1 });
  const found = fanova(trees, axes);
  axes.forEach(({ name }, a) => {
    const mean = shares[name].reduce((sum, share) => sum + share, 0) / shares[name].length;
    const spread = Math.max(...shares[name]) - Math.min(...shares[name]);
    // Optuna takes columns of choices for independent, which moves shares by some points.
    assertAlmostEquals(found[a], mean, spread + 0.04, name);
  });
});
