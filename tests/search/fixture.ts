/** What Optuna and SciPy say; written by tests/python/make_search_fixtures.py. */

import type { Parameters, Report, Trial } from "../../src/search/mod.ts";

type Name = "rosenbrock" | "branin" | "hartmann6" | "mixed";

interface Fixture {
  readonly trials: number;
  readonly normal: {
    readonly points: number[];
    readonly logCumulative: number[];
    readonly ranges: [number, number][];
    readonly logMass: number[];
    readonly shares: number[];
    readonly cut: number[][];
  };
  readonly parzen: {
    readonly asked: Parameters[];
    readonly cases: {
      readonly names: string[];
      readonly seen: Parameters[];
      readonly logDensity: number[];
    }[];
  };
  readonly split: { readonly trials: Trial[]; readonly good: number[] };
  readonly weights: Record<string, number[]>;
  readonly counts: [number, number][];
  readonly pruners: {
    readonly curves: (number | null)[][];
    readonly median: {
      readonly pruner: {
        readonly kind: "median";
        readonly startupTrials: number;
        readonly warmupSteps: number;
        readonly intervalSteps: number;
      };
      readonly direction: "maximize" | "minimize";
      readonly ended: (number | null)[];
    }[];
    readonly halving: {
      readonly firstStep: number;
      readonly factor: number;
      readonly direction: "maximize" | "minimize";
      readonly ended: (number | null)[];
    }[];
    readonly brackets: {
      readonly options: {
        readonly minResource: number;
        readonly maxResource: number;
        readonly reductionFactor: number;
      };
      readonly shares: number[];
      readonly firstSteps: number[];
    }[];
  };
  readonly importance: {
    readonly trials: { readonly params: Parameters; readonly value: number }[];
    readonly shares: Record<string, number[]>;
  };
  readonly comparisons: {
    readonly first: number[];
    readonly second: number[];
    readonly testShare: number;
    readonly difference: number;
    readonly interval: [number, number];
    readonly pValue: number;
  }[];
  readonly tpe: Record<Name, number[]>;
  readonly random: Record<Name, number[]>;
}

/** The fixture. */
export const optuna = JSON.parse(
  await Deno.readTextFile(new URL("fixtures/optuna.json", import.meta.url)),
) as Fixture;

/** Goes through recorded curves as a search one trial at a time does; gives if each ended. */
export function replay(
  curves: readonly (number | null)[][],
  first: number,
  prunes: (number: number, reports: readonly Report[], history: readonly Trial[]) => boolean,
): (number | null)[] {
  const history: Trial[] = [];
  return curves.map((curve, number) => {
    const reports: Report[] = [];
    let ended: number | null = null;
    for (const [i, value] of curve.entries()) {
      reports.push({ step: first + i, value: value ?? NaN });
      if (!prunes(number, reports, history)) continue;
      ended = first + i;
      break;
    }
    const value = curve[curve.length - 1]!;
    history.push({
      number,
      params: {},
      ...ended === null ? { state: "complete", value } : { state: "pruned" },
      reports,
    });
    return ended;
  });
}
