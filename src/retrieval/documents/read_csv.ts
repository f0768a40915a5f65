/** Rows of CSV files as sentences that name their columns. */

import { parse } from "@std/csv";
import { DataError } from "../../base/mod.ts";
import { decodeText, visibleText } from "./decode_text.ts";
import type { DocumentBlock, DocumentText } from "./document.ts";

const separators = [",", ";", "\t"] as const;

/**
 * Reads a CSV file with a head; row 1 is the first below the head.
 *
 * @throws {DataError} if a row has not as many cells as the head.
 */
export function readCsv(content: Uint8Array<ArrayBuffer>, source: string): DocumentText {
  const text = decodeText(content, source);
  const [head] = text.split("\n", 1);
  const counts = separators.map((separator) => head.split(separator).length);
  const separator = separators[counts.indexOf(Math.max(...counts))];
  let rows: string[][];
  try {
    rows = parse(text, { separator }) as string[][];
  } catch (cause) {
    throw new DataError(`Cannot read ${source}: ${(cause as Error).message}`, {
      cause,
      next: "correct the row",
    });
  }
  const [columns = [], ...body] = rows;
  const blocks: DocumentBlock[] = [];
  body.forEach((cells, i) => {
    if (cells.length !== columns.length) {
      throw new DataError(
        `Cannot read ${source}: row ${i + 1} has ${cells.length} cells, the head ${columns.length}`,
        { next: "correct the row, or put the cell that holds a separator into quotes" },
      );
    }
    const told = cells.flatMap((cell, at) => {
      const value = visibleText(cell);
      return value === "" ? [] : [`${visibleText(columns[at])}: ${value}`];
    }).join("; ");
    if (told !== "") blocks.push({ headings: [], unit: "row", from: i + 1, to: i + 1, text: told });
  });
  return { blocks };
}
