/** The table of all columns, and the details of those that matter most. */

import type { ColumnDrift, SideDistributions } from "../../drift/mod.ts";
import {
  bandFigure,
  categoriesOverlayFigure,
  type Detail,
  type Figure,
  numbersOverlayFigure,
  type Section,
  sparkline,
  type TableCell,
} from "../../report/mod.ts";
import type { DriftFindings } from "../findings.ts";
import { sliced } from "../slices.ts";
import { reasonOf, worstFirst } from "../verdict.ts";
import { digits, percent, severityMark, short, testName } from "../words.ts";

/** Columns with details, and with sparklines: pages of thousands of columns stay small. */
const DETAILED = 60;
const SPARKLED = 400;

/** All columns, the gravest first. */
export function columnSection(findings: DriftFindings): Section {
  const { inputs } = findings;
  const ranked = worstFirst(inputs.columns);
  const weighted = ranked.some(({ importance }) => importance !== null);
  const rule = inputs.preset === "calibrated"
    ? `Tests are judged together: at most ${100 * inputs.false_discovery_rate!} % of the columns ` +
      "called drifted are expected to be false alarms, and a shift too small to matter is none."
    : "Tests and thresholds are Evidently's.";
  const together = inputs.multivariate === null
    ? ""
    : " All columns together: a classifier tells " +
      `the two sides apart with a ROC AUC of ${digits(inputs.multivariate.score)} (p-value ` +
      `${digits(inputs.multivariate.p_value)}), which is ` +
      `${inputs.multivariate.drifted ? "drift" : "no drift"}.`;
  return {
    title: "Columns",
    text: `${rule}${together} Grey is the reference, the line the current data.` +
      (ranked.length > DETAILED ? ` Details are below for the ${DETAILED} gravest.` : ""),
    table: {
      head: [
        ...["Column", "Distribution", "Drift", "Why", "Test", "Score", "Threshold"],
        ...weighted ? ["Importance"] : [],
      ],
      rows: ranked.map((column, i): TableCell[] => [
        i < DETAILED ? { text: column.column, to: idOf(i) } : column.column,
        i < SPARKLED && column.distribution
          ? sparkline(column.distribution.reference, column.distribution.current)
          : "",
        severityMark(column),
        reasonOf(column),
        testName(column.test),
        short(column.score),
        short(column.threshold),
        ...weighted ? [percent(column.importance)] : [],
      ]),
    },
    details: ranked.slice(0, DETAILED).map((column, i) => detail(column, i, findings)),
  };
}

/** Both distributions of a column in one figure. */
export function distributionFigure(title: string, distribution: SideDistributions): Figure {
  const overlay = {
    was: "reference",
    is: "current",
    reference: distribution.reference,
    current: distribution.current,
  };
  return distribution.kind === "number"
    ? numbersOverlayFigure(title, distribution.edges, overlay)
    : categoriesOverlayFigure(title, distribution.names.map((name) => name ?? "(others)"), overlay);
}

function detail(column: ColumnDrift, i: number, findings: DriftFindings): Detail {
  const { column: name, distribution, unseen } = column;
  const { reference, current, farOut } = findings.profiles[name];
  const isNumber = column.kind === "number";
  const known = (value: number) => short(value);
  return {
    id: idOf(i),
    title: name,
    summary: column.drifted ? `${column.severity} · ${reasonOf(column)}` : reasonOf(column),
    ...column.kind === "text" && column.note !== null && { text: `${column.note}.` },
    ...unseen !== null && unseen.count > 0 && {
      text: `Not in the reference: ${unseen.categories.join(", ")}` +
        (unseen.count > unseen.categories.length
          ? ` and ${unseen.count - unseen.categories.length} more.`
          : "."),
    },
    table: {
      head: ["", "Reference", "Current"],
      rows: [
        ["Missing", percent(column.reference_missing), percent(column.current_missing)],
        ...isNumber
          ? [
            ["Mean", known(reference.mean), known(current.mean)],
            ["Standard deviation", known(reference.sd), known(current.sd)],
            ["Smallest", known(reference.min), known(current.min)],
            ["Largest", known(reference.max), known(current.max)],
            [
              "Far out (3 quartile ranges)",
              percent(farOut.reference),
              percent(farOut.current),
            ],
          ]
          : [["Distinct", known(reference.distinct), known(current.distinct)]],
      ],
    },
    figures: [
      ...distribution ? [distributionFigure(`${name}, reference and current`, distribution)] : [],
      ...overTime(column, findings),
    ],
  };
}

/** The mean, or the share of the category that moved most, slice by slice. */
function overTime({ column, distribution }: ColumnDrift, findings: DriftFindings): Figure[] {
  const { slices, current, profiles } = findings;
  if (slices.names.length < 3) return [];
  const moved = distribution?.kind === "category" ? mostMoved(distribution) : undefined;
  const sample = current.sample.columns[column];
  const found = sliced(sample, slices, current.sample.rows, moved?.name);
  if (found === undefined || (sample.kind === "category" && moved === undefined)) return [];
  const { mean, sd } = profiles[column].reference;
  const size = (slices.edges[1] - slices.edges[0]) || 1;
  const centre = moved?.share ?? mean;
  const spread = moved ? Math.sqrt(moved.share * (1 - moved.share)) : sd;
  // Three standard errors of a slice: what chance alone would do to it.
  const width = 3 * spread / Math.sqrt(size);
  const what = moved ? `Share of ${moved.name}` : "Mean";
  const order = slices.timed ? "over time" : "by row of the file";
  return [bandFigure(`${what} ${order}`, what, {
    x: slices.names,
    y: found.values,
    ...Number.isFinite(centre) && {
      usual: { value: centre, low: centre - width, high: centre + width },
    },
  })];
}

function mostMoved({ names, reference, current }: SideDistributions & { kind: "category" }) {
  let best: { name: string; share: number; by: number } | undefined;
  names.forEach((name, i) => {
    const by = Math.abs(current[i] - reference[i]);
    if (name !== null && by > (best?.by ?? -1)) best = { name, share: reference[i], by };
  });
  return best;
}

function idOf(rank: number): string {
  return `column-${rank + 1}`;
}
