/** Tables whose rows a reader puts in order by any column. */

import { Html, html } from "../base/mod.ts";

/**
 * A table with a head; numbers are shown with up to four decimals, right-aligned.
 * Readers sort it by a click, or a key, on the name of a column, and look for rows
 * by their words if there are many.
 */
export interface TableSection {
  /** Names of the columns. */
  readonly head: readonly string[];
  /** Cells, row by row; NaN is shown as a dash. */
  readonly rows: readonly (readonly TableCell[])[];
}

/** Text, a number, markup, or a cell with more to it. */
export type TableCell = string | number | Html | LinkCell | MarkCell | NumberCell;

/** A number in words of its own, as `12.5 %`. */
export interface NumberCell {
  /** The words. */
  readonly text: string;
  /** The number, which rows are sorted by. */
  readonly value: number;
}

/** Text that leads to a part of the page. */
export interface LinkCell {
  /** The text. */
  readonly text: string;
  /** Id of the detail that it opens. */
  readonly to: string;
}

/** A word in the colour of good or bad news. */
export interface MarkCell {
  /** The word. */
  readonly text: string;
  /** How good the news is; plain if left out. */
  readonly tone?: "good" | "warning" | "bad";
  /** What rows are sorted by instead of the word. */
  readonly order: number;
}

/** From so many rows on, a table has a field to find rows in. */
const MANY_ROWS = 15;

/** From so many letters across on, a table is set smaller, so that it fits. */
const MANY_LETTERS = 75;

/** The markup of a table. */
export function renderTable({ head, rows }: TableSection): Html {
  const headCell = (name: string, j: number) =>
    rows.some((row) => isNumber(row[j]))
      ? html`<th scope="col" class="number">${name}</th>`
      : html`<th scope="col">${name}</th>`;
  return html`
    ${rows.length < MANY_ROWS
      ? []
      : html`<input class="find" type="search" placeholder="Find" aria-label="Find rows" hidden>`}
    <div class="scroll">
      <table class="${lettersAcross({ head, rows }) < MANY_LETTERS ? "" : "wide"}">
        <thead>
          <tr>${head.map(headCell)}</tr>
        </thead>
        <tbody>
    ${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
      </table>
    </div>
  `;
}

/** Letters of the longest cells of all columns, and of the longest words of their names. */
function lettersAcross({ head, rows }: TableSection): number {
  return head.reduce((sum, name, j) => {
    const words = name.split(" ").map(({ length }) => length);
    return sum + Math.max(...words, ...rows.map((row) => lettersOf(row[j])));
  }, 0);
}

function lettersOf(value: TableCell): number {
  if (value instanceof Html) return 0;
  const text = typeof value === "object"
    ? value.text
    : typeof value === "number"
    ? shortNumber(value)
    : value;
  // Long texts come in lines.
  return Math.min(text.length, 24);
}

function isNumber(value: TableCell): boolean {
  return typeof value === "number" || typeof value === "object" && "value" in value;
}

function cell(value: TableCell): Html {
  if (typeof value === "number") {
    return html`<td class="number" data-value="${value}">${shortNumber(value)}</td>`;
  }
  if (typeof value === "string" || value instanceof Html) return html`<td>${value}</td>`;
  if ("to" in value) return html`<td><a href="#${value.to}">${value.text}</a></td>`;
  if ("value" in value) {
    return html`<td class="number" data-value="${value.value}">${value.text}</td>`;
  }
  return html`<td class="mark ${value.tone ?? ""}" data-value="${value.order}">${value.text}</td>`;
}

function shortNumber(value: number): string {
  if (Number.isNaN(value)) return "–";
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(4);
}

/**
 * Makes the heads of all tables buttons that sort, first rising, then falling;
 * rows without a number stay last. Heads stay plain words if scripts do not run,
 * and fields to find rows in stay hidden.
 */
export const tableScript = `
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (head.textContent.trim() === "") return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const words = new Intl.Collator("en", { numeric: true });
      const compare = (a, b) => {
        const [x, y] = [a, b].map((row) => row.cells[column]);
        if (!x.dataset.value) return words.compare(x.textContent, y.textContent);
        const [p, q] = [x, y].map((cell) => parseFloat(cell.dataset.value));
        if (isNaN(p) || isNaN(q)) return (isNaN(p) - isNaN(q)) * (falling ? -1 : 1);
        return p < q ? -1 : p > q ? 1 : 0;
      };
      const rows = [...table.tBodies[0].rows].sort((a, b) => falling ? compare(b, a) : compare(a, b));
      table.tBodies[0].append(...rows);
    });
  });
}
for (const field of document.querySelectorAll(".find")) {
  const rows = [...field.nextElementSibling.querySelectorAll("tbody tr")];
  field.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
`;
