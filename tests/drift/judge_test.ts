/** What the judge makes of what was measured, at the borders of its rules. */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { benjaminiHochberg, judge, type Measured, worst } from "../../src/drift/judge.ts";

/** A column of which nothing drifted, but for what is given. */
function measured(
  measure: Record<string, unknown> = {},
  more: Partial<Measured> = {},
): Measured {
  const still = {
    ...{ kind: "number", test: "ks", pValue: 1, effect: 0, note: null, distribution: null },
    missing: { reference: 0, current: 0, pValue: null },
    ...{ unseen: null, kindChanged: false },
  };
  return {
    ...{ column: "x", importance: null },
    measure: { ...still, ...measure } as unknown as Measured["measure"],
    ...more,
  };
}

/** The only verdict over one column, at a rate of 5 %. */
const only = (measure: Record<string, unknown>, more: Partial<Measured> = {}) =>
  judge([measured(measure, more)], 0.05)[0];

Deno.test("judge: the discoveries are those of Benjamini and Hochberg, by hand", () => {
  // Ranks 1 to 5 at 5 %: borders 0.01, 0.02, 0.03, 0.04, 0.05. Only the first is below its own.
  assertAlmostEquals(benjaminiHochberg([0.5, 0.039, 0.029, 0.9, 0.001], 0.05), 0.01, 1e-15);
  // The fourth is below its own, and takes the second and third along.
  assertAlmostEquals(benjaminiHochberg([0.001, 0.035, 0.036, 0.039, 0.5], 0.05), 0.04, 1e-15);
  // A value on its border is a discovery.
  assertAlmostEquals(benjaminiHochberg([0.02, 0.01, 0.9, 0.9, 0.9], 0.05), 0.02, 1e-15);
  // Where there is none, the least that could be one.
  assertAlmostEquals(benjaminiHochberg([0.9, 0.8], 0.05), 0.025, 1e-15);
  assertEquals(benjaminiHochberg([], 0.05), 0.05);
  assertEquals(benjaminiHochberg([0.04], 0.05), 0.05);
  assertEquals(benjaminiHochberg([0.06], 0.05), 0.05);
});

Deno.test("judge: all tests of all columns share the rate; chosen statistics keep their own threshold", () => {
  const missing = { reference: 0, current: 0.5, pValue: 0.02 };
  const unseen = { share: 0.5, count: 1, names: ["new"], pValue: 0.024 };
  const [first, second] = judge([
    measured({ pValue: 0.9, missing, unseen }),
    measured({ pValue: 0.8 }),
  ], 0.05);
  // Of four p-values the second must be below 0.025: it is, and takes the first along.
  assertAlmostEquals(first.threshold!, 0.025, 1e-15);
  assertEquals([first.missing_drifted, first.unseen!.drifted, first.drifted], [true, true, true]);
  assertEquals([second.drifted, second.severity, second.threshold], [
    false,
    "none",
    first.threshold,
  ]);
  const verdict = { score: 0.3, threshold: 0.1, drifted: true };
  const chosen = judge(
    [measured({ pValue: 0.9, verdict }), measured({ pValue: 0.04, effect: 1 })],
    0.05,
  );
  // The p-value of the chosen statistic takes no part: 0.04 stands alone.
  assertEquals(chosen.map(({ drifted }) => drifted), [true, true]);
  assertEquals([chosen[0].score, chosen[0].threshold, chosen[0].p_value], [0.3, 0.1, 0.9]);
  const still = only({ pValue: 0.0001, effect: 1, verdict: { ...verdict, drifted: false } });
  assertEquals([still.drifted, still.distribution_drifted], [false, false]);
});

Deno.test("judge: what is certain has to matter too, and what matters has to be certain", () => {
  const drifted = (pValue: number, effect: number) => only({ pValue, effect }).distribution_drifted;
  assertEquals([drifted(0.05, 0.05), drifted(0.05, 0.0499)], [true, false]);
  assertEquals([drifted(0.0501, 0.5), drifted(0, 1)], [false, true]);
  assertEquals(only({ pValue: null, effect: 1 }).distribution_drifted, false);
  assertEquals(only({ pValue: 0.01, effect: null }).distribution_drifted, false);
  assertEquals(only({ pValue: 0.01, effect: 0.01 }).note, "certain, but too small to matter");
  assertEquals(only({ pValue: 0.5, effect: 0.01 }).note, null);
  assertEquals(only({ pValue: 0.01, effect: 0.5 }).note, "50.0 % moved");
  assertEquals(only({ pValue: 0.01, effect: 0.5, note: "told before" }).note, "told before");
  assertEquals(only({ pValue: null }).threshold, null);
});

Deno.test("judge: severities begin at their levels", () => {
  const shift = (effect: number) => only({ pValue: 0.001, effect }).severity;
  assertEquals([0.04, 0.05, 0.0999, 0.1, 0.1999, 0.2].map(shift), [
    ...["none", "low", "low", "medium", "medium", "high"],
  ]);
  const gap = (reference: number, current: number) =>
    only({ missing: { reference, current, pValue: 0.001 } });
  assertEquals([0.009, 0.01, 0.0499, 0.05, 0.199, 0.2].map((by) => gap(0, by).severity), [
    ...["none", "low", "low", "medium", "medium", "high"],
  ]);
  assertEquals(gap(0, 0.5).drifted, true);
  // As many on both sides are none, and values that come back are one as well.
  assertEquals([gap(0.3, 0.3).missing_drifted, gap(0.3, 0.3).severity], [false, "none"]);
  assertEquals([gap(0.5, 0).severity, gap(0.5, 0).missing_drifted], ["high", true]);
  const unseen = (share: number, pValue: number | null = 0.001) =>
    only({ unseen: { share, count: 2, names: ["a", "b"], pValue } });
  assertEquals([0.009, 0.01, 0.05, 0.2].map((share) => unseen(share).severity), [
    ...["none", "low", "medium", "high"],
  ]);
  assertEquals([unseen(0.5, 0.06).drifted, unseen(0.5, null).drifted], [false, false]);
  assertEquals(unseen(0.5).unseen, {
    ...{ share: 0.5, count: 2, categories: ["a", "b"], p_value: 0.001, drifted: true },
  });
  const changed = only({ kindChanged: true });
  assertEquals([changed.severity, changed.drifted, changed.distribution_drifted], [
    ...["high", true, false],
  ]);
});

Deno.test("judge: important columns weigh more, up to twice, unimportant ones less, down to half", () => {
  // Two columns: an even share is a half.
  const severity = (effect: number, importance: number | null) =>
    judge([
      measured({ pValue: 0.001, effect }, { importance }),
      measured({ pValue: 0.9 }, { importance: 0 }),
    ], 0.05)[0].severity;
  assertEquals([severity(0.1, null), severity(0.1, 0.5)], ["medium", "medium"]);
  // √(0.32 / 0.5) = 0.8: 0.12 counts as 0.096; √(0.72 / 0.5) = 1.2: 0.09 counts as 0.108.
  assertEquals([severity(0.12, 0.32), severity(0.09, 0.72)], ["low", "medium"]);
  assertEquals([severity(0.19, 0), severity(0.21, 0), severity(0.4, 0)], [
    ...["low", "medium", "high"],
  ]);
  // Ten times the even share is √10, held to 2.
  const many = (effect: number) =>
    judge([
      measured({ pValue: 1e-9, effect }, { importance: 1 }),
      ...Array.from({ length: 9 }, () => measured({ pValue: 0.9 }, { importance: 0 })),
    ], 0.05)[0].severity;
  assertEquals([many(0.095), many(0.1)], ["medium", "high"]);
  const gap = judge([
    measured({ missing: { reference: 0, current: 0.04, pValue: 0.001 } }, { importance: 1 }),
    measured({ unseen: { share: 0.04, count: 1, names: [], pValue: 0.001 } }, { importance: 1 }),
    measured({ missing: { reference: 0, current: 0.04, pValue: 0.001 } }, { importance: null }),
  ], 0.05);
  assertEquals(gap.map(({ severity }) => severity), ["medium", "medium", "low"]);
});

Deno.test("judge: the worst severity counts", () => {
  assertEquals([worst([]), worst(["low", "none"]), worst(["low", "high", "medium"])], [
    ...["none", "low", "high"],
  ]);
});

Deno.test("judge: what was measured is handed on as it is", () => {
  const distribution = { any: "thing" };
  const found = only({
    ...{ kind: "category", test: "chi", pValue: 0.2, effect: 0.3, distribution },
    missing: { reference: 0.1, current: 0.2, pValue: 0.7 },
  }, { column: "y", importance: 0.4 });
  assertEquals(
    [found.column, found.kind, found.test, found.score, found.p_value, found.effect],
    ["y", "category", "chi", 0.2, 0.2, 0.3],
  );
  assertEquals(
    [found.reference_missing, found.current_missing, found.missing_p_value, found.importance],
    [0.1, 0.2, 0.7, 0.4],
  );
  assertEquals(found.distribution as unknown, distribution);
  assertEquals(found.unseen, null);
});
