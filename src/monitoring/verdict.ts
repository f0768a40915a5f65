/** What was found, in words: for the head of the page and the terminal. */

import { type ColumnDrift, driftReason, severities, type Severity } from "../drift/mod.ts";
import { type DriftFindings, notCompared } from "./findings.ts";
import type { SkippedColumn } from "./sides/side.ts";
import { count } from "./words.ts";

/** Columns that the summary names. */
const NAMED = 5;

/** Columns that drifted, the gravest first. */
export function worstFirst(columns: readonly ColumnDrift[]): ColumnDrift[] {
  const rank = ({ severity, effect, drifted }: ColumnDrift) =>
    10 * severities.indexOf(severity) + 5 * Number(drifted) + (effect ?? 0);
  return columns.toSorted((a, b) => rank(b) - rank(a));
}

/** The greatest severity of all that was compared. */
export function greatestSeverity({ inputs, outputs }: DriftFindings): Severity {
  const found = [inputs.severity, outputs?.severity ?? "none"];
  return severities.findLast((severity) => found.includes(severity))!;
}

/** The verdict in two to four sentences. */
export function driftVerdict(findings: DriftFindings): string {
  const { inputs, outputs, quality } = findings;
  const untested = notCompared(findings);
  const left = new Set(untested.map(({ column }) => column));
  const tested = inputs.columns.filter(({ column }) => !left.has(column)).length;
  const drifted = worstFirst(inputs.columns).filter((column) => column.drifted);
  const sentences: string[] = [];
  if (drifted.length === 0) {
    sentences.push(
      `No drift: ${count(tested, "column")} ${tested === 1 ? "is" : "are"} as ` +
        "the reference was.",
      ...untested.length === 0 ? [] : [`Not compared: ${byReason(untested)}.`],
    );
  } else {
    const named = drifted.slice(0, NAMED).map(({ column }) => column);
    const more = drifted.length - named.length;
    sentences.push(
      `${capital(inputs.severity)} drift in ${drifted.length} of ${count(tested, "column")}: ` +
        `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
    );
    if (!inputs.drifted) {
      sentences.push("By Evidently's rule, half of the columns, that is no drift of the data set.");
    }
  }
  const missing = inputs.missing_columns.length;
  if (missing > 0) {
    sentences.push(
      `${count(missing, "column")} of the reference ${missing === 1 ? "is" : "are"} gone.`,
    );
  }
  const moved = outputs?.columns.filter((column) => column.drifted).map(({ column }) => column);
  if (moved && moved.length > 0) {
    sentences.push(`Drift in what the model says: ${moved.join(", ")}.`);
  }
  if (inputs.multivariate?.drifted) {
    sentences.push(
      "A classifier tells the two sides apart by all columns together " +
        `(ROC AUC ${inputs.multivariate.score.toFixed(3)}).`,
    );
  }
  sentences.push(...quality?.words ?? []);
  return sentences.join(" ");
}

/** Columns by why they were not compared. */
export function byReason(columns: readonly SkippedColumn[]): string {
  const groups = Map.groupBy(columns, ({ why }) => why);
  return [...groups].map(([why, own]) => `${own.map(({ column }) => column).join(", ")} (${why})`)
    .join("; ");
}

/** Where everything is and the worst columns, for a terminal. */
export function terminalSummary(findings: DriftFindings, page: string, json: string): string {
  const { reference, current, inputs } = findings;
  const drifted = worstFirst(inputs.columns).filter((column) => column.drifted).slice(0, NAMED);
  const width = Math.max(0, ...drifted.map(({ column }) => column.length));
  return [
    driftVerdict(findings),
    `  Reference: ${reference.name} (${rowsText(inputs.reference_rows, inputs.reference_groups)})`,
    `  Current:   ${current.name} (${rowsText(inputs.current_rows, inputs.current_groups)})`,
    ...drifted.map((column) =>
      `  ${column.severity.padEnd(6)}  ${column.column.padEnd(width)}  ${reasonOf(column)}`
    ),
    ...findings.remarks.map((remark) => `  Note: ${remark}`),
    `Saved: ${page}`,
    `  Data: ${json}`,
  ].join("\n");
}

/** Why a column counts as drifted. */
export function reasonOf(column: ColumnDrift): string {
  return driftReason(column) || (column.note ?? "");
}

/** How many rows there are, and of how many customers if that is known. */
export function rowsText(rows: number, customers: number | null): string {
  return count(rows, "row") + (customers === null ? "" : ` of ${count(customers, "customer")}`);
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
