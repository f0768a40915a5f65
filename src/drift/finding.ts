/** What a column's test goes by, and what it made of the values. */

import type { SideDistributions } from "./distribution.ts";
import type { PresetName } from "./result.ts";
import type { Verdict } from "./statistics/contract.ts";
import type { StatisticName } from "./statistics/catalogue.ts";

/** How a column is measured. */
export interface Rules {
  /** Whose rules are followed. */
  readonly preset: PresetName;
  /** A statistic that was asked for, instead of the preset's. */
  readonly test?: StatisticName;
  /** Above, a random sample of so many rows stands for a column of numbers. */
  readonly mostRows: number;
  /** Seed of what is sampled or permuted. */
  readonly seed: number;
}

/** What a test made of the values that are there. */
export interface Finding {
  /** Name of the statistic, null if none could be used. */
  readonly test: string | null;
  /** Chance of such a difference under no drift, null for plain distances. */
  readonly pValue: number | null;
  /** Share of the rows that lie differently. */
  readonly effect: number | null;
  /** What to know about the test. */
  readonly note: string | null;
  /** Both distributions in bins. */
  readonly distribution: SideDistributions | null;
  /** Verdict of a statistic with a threshold of its own; others are judged with all columns. */
  readonly verdict?: Pick<Verdict, "score" | "threshold" | "drifted">;
}
