/** Maps over many columns: missing values and correlations. */

import { heatmapFigure, type Section } from "../../report/mod.ts";
import type { DriftFindings } from "../findings.ts";
import { sliced } from "../slices.ts";

/** Columns that the missing map shows: those with the most missing values. */
const MAPPED = 30;
/** A pair whose correlation changed by this much is named. */
const NOTABLE = 0.2;

/** Where values are missing; undefined if hardly any is. */
export function missingSection({ inputs, slices, current }: DriftFindings): Section | undefined {
  const bySlice = slices.names.length >= 3;
  const inSlices = new Map(
    inputs.columns.map(({ column }) => [
      column,
      sliced(current.sample.columns[column], slices, current.sample.rows, undefined)?.missing,
    ]),
  );
  const gaps = inputs.columns
    .filter(({ column }) => !bySlice || inSlices.get(column) !== undefined)
    .filter(({ reference_missing, current_missing }) =>
      Math.max(reference_missing, current_missing) > 0.001
    )
    .sort((a, b) => b.current_missing - a.current_missing)
    .slice(0, MAPPED);
  if (gaps.length === 0) return undefined;
  const z = gaps.map(({ column, reference_missing, current_missing }) => [
    reference_missing,
    ...bySlice ? inSlices.get(column)! : [current_missing],
  ]);
  return {
    title: "Missing values",
    text: bySlice
      ? `The reference first, then the current rows ${
        slices.timed ? "in slices of time" : "in the order of the file"
      }.`
      : "The reference beside the current rows.",
    figures: [heatmapFigure(
      "Share of missing values",
      {
        x: ["reference", ...bySlice ? slices.names : ["current"]],
        y: gaps.map(({ column }) => column),
        z,
      },
      { range: [0, Math.max(0.1, ...z.flat().filter(Number.isFinite))] },
    )],
  };
}

/** How correlations changed; undefined if the reference's rows are gone. */
export function correlationSection({ correlation }: DriftFindings): Section | undefined {
  if (correlation === undefined) return undefined;
  const { names, change } = correlation;
  const pairs = names.flatMap((a, i) =>
    names.slice(i + 1).map((b, at) => ({ a, b, by: change[i][i + 1 + at] }))
  ).filter(({ by }) => Math.abs(by) >= NOTABLE)
    .sort((x, y) => Math.abs(y.by) - Math.abs(x.by));
  return {
    title: "Correlations",
    text: pairs.length === 0
      ? `No rank correlation of two columns changed by ${NOTABLE} or more.`
      : "Rank correlations that changed most: " +
        pairs.slice(0, 5).map(({ a, b, by }) =>
          `${a} and ${b} by ${by > 0 ? "+" : "−"}${Math.abs(by).toFixed(2)}`
        ).join("; ") + ".",
    figures: [heatmapFigure(
      "Change of rank correlations, current minus reference",
      { x: names, y: names, z: change },
      { range: [-1, 1], colours: "diverging" },
    )],
  };
}
