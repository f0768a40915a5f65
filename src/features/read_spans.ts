/** Spans of texts from the cells of a column. */

import { DataError } from "../base/mod.ts";
import type { Cell } from "../dataset/mod.ts";
import { type CleanData, type CleanSpans, sharedInt32 } from "./clean_data.ts";
import { missingTexts, textOf } from "./missing.ts";
import type { SpanTarget } from "./target.ts";

/** A span as a cell tells it. */
export interface WrittenSpan {
  /** First character, in code points. */
  readonly start: number;
  /** One past the last character. */
  readonly end: number;
  /** What it is. */
  readonly label: string;
}

/**
 * Reads spans; rows whose cell is empty are left out, those with `[]` have none.
 *
 * @throws {DataError} with the row, if a cell is no such list, a label is unknown, a span is empty
 * or two overlap; and if no row has a span.
 */
export function readSpans(
  { column, labels }: SpanTarget,
  cells: readonly Cell[],
): { readonly target: Pick<CleanData, "spans">; readonly kept: Int32Array } {
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  const kept: number[] = [];
  const found: WrittenSpan[][] = [];
  cells.forEach((cell, i) => {
    const text = textOf(cell, column, i).trim();
    if (missingTexts.includes(text)) return;
    kept.push(i);
    found.push(spansOfCell(text, labels, `row ${i + 1} of column "${column}"`));
  });
  const all = found.flat();
  if (all.length === 0) {
    throw new DataError(`Cannot learn from column "${column}": no row has a span`, {
      next: `mark some, as [{"start": 0, "end": 4, "label": "${labels[0]}"}]`,
    });
  }
  const spans: CleanSpans = {
    offsets: sharedInt32(found.length + 1),
    starts: shared(all.map(({ start }) => start)),
    ends: shared(all.map(({ end }) => end)),
    labels: shared(all.map(({ label }) => codeOf.get(label)!)),
  };
  found.forEach((own, row) => spans.offsets[row + 1] = spans.offsets[row] + own.length);
  return { target: { spans }, kept: Int32Array.from(kept) };
}

/**
 * The spans that a cell tells, rising.
 *
 * @param labels What spans may be; anything where it is left out.
 * @param place What messages call the cell.
 * @throws {DataError} if it is no list of spans of these labels, or two overlap.
 */
export function spansOfCell(
  cell: string,
  labels: readonly string[] | undefined,
  place: string,
): WrittenSpan[] {
  const wrong = (found: string, next: string) =>
    new DataError(`Cannot read spans from ${place}: ${found}`, { next });
  let list: unknown;
  try {
    list = JSON.parse(cell);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list)) {
    const shown = cell.length > 60 ? `${cell.slice(0, 60)}…` : cell;
    throw wrong(
      `it holds ${shown}`,
      `write a list as [{"start": 0, "end": 4, "label": "${
        labels?.[0] ?? "DATE"
      }"}], or [] for none`,
    );
  }
  const spans = list.map((one): WrittenSpan => {
    const { start, end, label } = (one ?? {}) as Partial<WrittenSpan>;
    const whole = Number.isInteger(start) && Number.isInteger(end) && start! >= 0 && end! > start!;
    if (!whole) {
      throw wrong(
        `${JSON.stringify(one)} has no start and end`,
        "give whole numbers of code points from 0 on, end above start",
      );
    }
    if (typeof label !== "string" || labels?.includes(label) === false) {
      throw wrong(
        `"${label}" is none of ${labels?.join(", ") ?? "its labels"}`,
        "correct it, or declare the label",
      );
    }
    return { start: start!, end: end!, label };
  }).sort((a, b) => a.start - b.start);
  spans.forEach(({ start }, i) => {
    if (i === 0 || start >= spans[i - 1].end) return;
    const [one, other] = [spans[i - 1], spans[i]].map(({ start, end, label }) =>
      `${label} ${start}–${end}`
    );
    throw wrong(`${one} and ${other} overlap`, "keep one of them");
  });
  return spans;
}

function shared(values: readonly number[]): Int32Array<SharedArrayBuffer> {
  const array = sharedInt32(values.length);
  array.set(values);
  return array;
}
