/** A look at a table: what its columns are, its first and its last rows. */

import { html, sha256 } from "../base/mod.ts";
import { type Column, type Data, missingIn, type TabularData, tabularData } from "./frame.ts";
import { cellText } from "./grid.ts";
import { keepTable } from "./table_comm.ts";
import { View } from "./view.ts";

/** How much is shown. */
export interface ShowOptions {
  /** Rows from the beginning and from the end; 5 if left out. */
  readonly rows?: number;
  /** Columns at most; 32 if left out. */
  readonly columns?: number;
  /** Names of the columns of a matrix. */
  readonly names?: readonly string[];
}

/** Rows at each end at most, whatever is asked for. */
const MOST_ROWS = 100;

/** Values beside the name of a column in the text form. */
const EXAMPLES = 4;

/**
 * Shows a table: its shape, the type and the missing values of each column, and the
 * rows at both ends. In JupyterLab with a kernel it can be sorted, filtered, searched and turned
 * page by page, however long it is, as it is then. Takes Polars data frames, tables, cleaned data, matrices and
 * arrays of records. Cells are escaped and cut at 48 characters.
 *
 * @throws {UsageError} if the data is none of these.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * const view = show([{ Age: 28, Job: "Lawyer" }, { Age: null, Job: "Doctor" }]);
 * assertStringIncludes(String(view), "2 rows × 2 columns");
 * ```
 */
export function show(
  data: Data,
  { rows = 5, columns = 32, names }: ShowOptions = {},
): View {
  const frame = tabularData(data, names);
  const shown = frame.columns.slice(0, columns).map((column) => ({
    column,
    missing: missingIn(column, frame.rows),
  }));
  const left = frame.columns.length - shown.length;
  const caption = `${frame.kind}: ${frame.rows.toLocaleString("en")} rows × ` +
    `${frame.columns.length} columns` + (left > 0 ? `, the first ${columns} of them` : "");
  const page = markup(caption, frame, shown, Math.min(rows, MOST_ROWS));
  // The same table has the same name, so that notebooks that are run again stay the same.
  const name = sha256(page).slice(0, 16);
  keepTable(name, { ...frame, columns: shown.map(({ column }) => column) });
  return new View({
    "text/plain": text(caption, frame, shown),
    "text/html": page,
    "application/vnd.dinoflow.table+json": {
      id: name,
      rows: frame.rows,
      columns: shown.map(({ column: { name, type, numeric }, missing }) => ({
        ...{ name, type, numeric, missing: missingText(missing, frame.rows) },
      })),
    },
  });
}

/** A column and how many of its values are missing. */
interface Shown {
  readonly column: Column;
  readonly missing: number;
}

function markup(
  caption: string,
  frame: TabularData,
  shown: readonly Shown[],
  ends: number,
): string {
  const whole = frame.rows <= 2 * ends;
  const first = Array.from({ length: whole ? frame.rows : ends }, (_, i) => i);
  const last = whole ? [] : first.map((i) => frame.rows - ends + i);
  const side = ({ numeric }: Column) => `text-align:${numeric ? "right" : "left"}`;
  const soft = "font-weight:normal;opacity:.7;font-size:85%;white-space:nowrap";
  const row = (i: number) =>
    html`
      <tr><th>${i}</th>${shown.map(({ column }) =>
        html`<td style="${side(column)};white-space:nowrap">${cellText(column.at(i))}</td>`
      )}</tr>
    `;
  return html`
    <p>${caption}</p>
    <div style="overflow-x:auto">
      <table>
        <thead>
          <tr><th></th>${shown.map(({ column }) =>
            html`<th style="${side(column)}">${column.name}</th>`
          )}</tr>
          <tr><th></th>${shown.map(({ column }) =>
            html`<th style="${side(column)};${soft}">${column.type}</th>`
          )}</tr>
          <tr><th></th>${shown.map(({ column, missing }) =>
            html`<th style="${side(column)};${soft}">${missingText(missing, frame.rows)}</th>`
          )}</tr>
        </thead>
        <tbody>
    ${first.map(row)}${last.length === 0 ? [] : html`
      <tr>
        <th>⋮</th>
        <td colspan="${shown.length}"></td>
      </tr>
    `}${last.map(row)}</tbody>
      </table>
    </div>
  `.text;
}

/** A line for each column: a terminal is too narrow for rows of many columns. */
function text(caption: string, frame: TabularData, shown: readonly Shown[]): string {
  const pad = (pick: (shown: Shown) => string) => Math.max(...shown.map((one) => pick(one).length));
  const missing = ({ missing }: Shown) => missingText(missing, frame.rows);
  const widths = [
    pad(({ column }) => column.name),
    pad(({ column }) => column.type),
    pad(missing),
  ];
  const lines = shown.map((one) => {
    const examples = Array.from(
      { length: Math.min(EXAMPLES, frame.rows) },
      (_, i) => cellText(one.column.at(i)),
    ).join(", ");
    return `  ${one.column.name.padEnd(widths[0])}  ${one.column.type.padEnd(widths[1])}  ` +
      `${missing(one).padStart(widths[2])}  ${examples}`;
  });
  return [caption, ...lines].join("\n");
}

function missingText(missing: number, rows: number): string {
  if (missing === 0) return "none missing";
  return `${missing.toLocaleString("en")} missing (${(100 * missing / rows).toFixed(1)} %)`;
}
