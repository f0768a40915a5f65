/** Which columns drifted when. */

import { bandFigure, heatmapFigure, type Section } from "../../report/mod.ts";
import type { DriftFindings } from "../findings.ts";

/** Columns that the map shows: those that drifted in a window, the most moved first. */
const MAPPED = 30;

/** The section; undefined if there are no windows. */
export function overTimeSection({ windows }: DriftFindings): Section | undefined {
  if (windows.length === 0) return undefined;
  const columns = windows[0].result.columns.map(({ column }) => column);
  const moved = columns.map((column, i) => {
    const found = windows.map(({ result }) => result.columns[i]);
    return {
      column,
      effects: found.map(({ effect }) => effect ?? NaN),
      drifted: found.some((one) => one.drifted),
      most: Math.max(...found.map(({ effect, drifted }) => drifted ? effect ?? 0 : 0)),
    };
  }).filter(({ drifted }) => drifted).sort((a, b) => b.most - a.most).slice(0, MAPPED);
  const x = windows.map(({ from }) => from);
  const counts = windows.map(({ result }) => result.drifted_columns);
  return {
    title: "Drift over time",
    text: `Windows of about ${windows[0].result.current_rows.toLocaleString("en")} rows, each ` +
      "compared with the reference by itself. Small windows see less than all rows together.",
    figures: [
      bandFigure("Columns that drifted", "Columns", { x, y: counts }),
      ...moved.length === 0 ? [] : [heatmapFigure(
        "Share of the values that moved",
        { x, y: moved.map(({ column }) => column), z: moved.map(({ effects }) => effects) },
        {
          range: [
            0,
            Math.max(0.2, ...moved.flatMap(({ effects }) => effects).filter(Number.isFinite)),
          ],
        },
      )],
    ],
  };
}
