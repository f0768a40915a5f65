/** A small table of results, as markup and as aligned text. */

import { html } from "../base/mod.ts";
import type { Cell } from "../dataset/mod.ts";
import { View } from "./view.ts";

/** Characters of a cell that are shown. */
const WIDEST = 48;

/** Rows under a head with a caption. */
export interface CaptionedTable {
  /** What the rows are. */
  readonly caption: string;
  /** Names of the columns. */
  readonly head: readonly string[];
  /** Cells by row; null is shown as a dash. */
  readonly rows: readonly (readonly Cell[])[];
}

/** The grid to show. */
export function gridView(grid: CaptionedTable): View {
  return new View({ "text/plain": gridText(grid), "text/html": gridHtml(grid) });
}

/** A cell as people read it: numbers with up to six digits, long text cut. */
export function cellText(cell: Cell): string {
  if (cell === null) return "–";
  if (typeof cell === "string") {
    const line = cell.replaceAll(/\s+/g, " ");
    return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
  }
  return Number.isInteger(cell) ? String(cell) : String(Number(cell.toPrecision(6)));
}

function gridText({ caption, head, rows }: CaptionedTable): string {
  const texts = [head, ...rows.map((row) => row.map(cellText))];
  const widths = head.map((_, j) => Math.max(...texts.map((row) => row[j].length)));
  const lines = texts.map((row, i) =>
    row.map((text, j) =>
      i > 0 && typeof rows[i - 1][j] === "number"
        ? text.padStart(widths[j])
        : text.padEnd(widths[j])
    ).join("  ").trimEnd()
  );
  return [caption, ...lines].join("\n");
}

function gridHtml({ caption, head, rows }: CaptionedTable): string {
  const right = head.map((_, j) => rows.some((row) => typeof row[j] === "number"));
  const style = (j: number) => `text-align:${right[j] ? "right" : "left"}`;
  return html`
    <p>${caption}</p>
    <table>
      <thead>
        <tr>${head.map((name, j) => html`<th style="${style(j)}">${name}</th>`)}</tr>
      </thead>
      <tbody>
    ${rows.map((row) =>
      html`
        <tr>${row.map((cell, j) => html`<td style="${style(j)}">${cellText(cell)}</td>`)}</tr>
      `
    )}</tbody>
    </table>
  `.text;
}
