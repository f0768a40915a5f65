/** What was found, in words: for the head of the page and the terminal. */

import { type ColumnDrift, driftReason, severities, type Severity } from "../../src/drift/mod.ts";
import type { DriftFindings } from "./findings.ts";

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
export function verdict(findings: DriftFindings): string {
  const { inputs, outputs, performance } = findings;
  const tested = inputs.columns.length;
  const drifted = worstFirst(inputs.columns).filter((column) => column.drifted);
  const sentences: string[] = [];
  if (drifted.length === 0) {
    sentences.push(
      `No drift: ${count(tested, "column")} ${tested === 1 ? "is" : "are"} as ` +
        "the reference was.",
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
  const left = notCompared(findings);
  if (drifted.length === 0 && left.length > 0) sentences.push(`Not compared: ${left.join(", ")}.`);
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
  sentences.push(...performanceWords(performance));
  return sentences.join(" ");
}

/** Every column that was not compared, with the reason; of dates the missing ones always are. */
export function notCompared({ reference, current, inputs }: DriftFindings): string[] {
  const untested = inputs.columns.filter(({ kind, test, drifted }) =>
    kind !== "date" && test === null && !drifted
  );
  const ignored = new Set([...reference.ignored ?? [], ...current.ignored ?? []]);
  return [
    ...current.identifiers.map((name) => `${name} (names rows)`),
    ...untested.map(({ column, note }) => `${column} (${note})`),
    ...inputs.missing_columns.map((name) => `${name} (in the reference alone)`),
    ...inputs.new_columns.map((name) => `${name} (in the current data alone)`),
    ...[...ignored].map((name) => `${name} (no input of the model)`),
  ];
}

function performanceWords(performance: DriftFindings["performance"]): string[] {
  const words: string[] = [];
  const { estimated, realized } = performance ?? {};
  if (estimated) {
    const { value, low, high } = estimated.f1;
    const alerts = Object.values(estimated).filter(({ alert }) => alert).length;
    words.push(
      `Estimated F1 ${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ` +
        (alerts === 0 ? "as expected." : "outside of what is usual."),
    );
  }
  if (realized?.scores.f1 !== undefined && realized.scores.f1 !== null) {
    words.push(
      `F1 ${realized.scores.f1.toFixed(3)} on ${count(realized.rows, "row")} with labels.`,
    );
  }
  return words;
}

/** Where everything is and the worst columns, for a terminal. */
export function summary(findings: DriftFindings, page: string, json: string): string {
  const { reference, current, inputs } = findings;
  const drifted = worstFirst(inputs.columns).filter((column) => column.drifted).slice(0, NAMED);
  const width = Math.max(0, ...drifted.map(({ column }) => column.length));
  return [
    verdict(findings),
    `  Reference: ${reference.name} (${rowsText(inputs.reference_rows, inputs.reference_groups)})`,
    `  Current:   ${current.name} (${rowsText(inputs.current_rows, inputs.current_groups)})`,
    ...drifted.map((column) =>
      `  ${column.severity.padEnd(6)}  ${column.column.padEnd(width)}  ${reasonOf(column)}`
    ),
    `Saved: ${page}`,
    `  Data: ${json}`,
  ].join("\n");
}

/** Why a column counts as drifted. */
export function reasonOf(column: ColumnDrift): string {
  return driftReason(column) || (column.note ?? "");
}

/** How many rows there are, and of how many customers where that is known. */
export function rowsText(rows: number, customers: number | null): string {
  return count(rows, "row") + (customers === null ? "" : ` of ${count(customers, "customer")}`);
}

/** A number with its noun. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
