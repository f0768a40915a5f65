/** The section of a report about how groups are decided on. */

import type { Section } from "../../report/mod.ts";

/** How groups are decided on. */
export interface ComparedGroups {
  readonly column: string;
  readonly favourable: string;
  readonly groups: readonly {
    readonly name: string;
    readonly rows: number;
    readonly selectionRate: number;
    readonly truePositiveRate: number;
    readonly impactRatio: number;
  }[];
  readonly measures: readonly {
    readonly name: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
}

/** Rates of each group, and how far apart they lie. */
export function fairnessSection({ column, favourable, groups, measures }: ComparedGroups): Section {
  const words = measures.map(({ name, value, low, high }) =>
    `${name.replaceAll("_", " ")} ${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
  );
  return {
    title: "Fairness",
    text: `How often groups of ${column} are decided to be ${favourable}, from held-out ` +
      `predictions; in brackets what 95 % of bootstrap resamples span: ${words.join(", ")}.`,
    table: {
      head: ["Group", "Rows", `Decided ${favourable}`, `Of those who are`, "Over the highest"],
      rows: groups.map(({ name, rows, selectionRate, truePositiveRate, impactRatio }) => [
        ...[name, rows, selectionRate],
        Number.isNaN(truePositiveRate) ? "–" : truePositiveRate,
        impactRatio,
      ]),
    },
  };
}
