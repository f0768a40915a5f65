/** What made a cell fail, read from its outputs. */

import {
  type CellFailure,
  cellName,
  type ErrorOutput,
  type Output,
} from "../../deno_kernel/mod.ts";

/** The first error of an execution; undefined if it succeeded. */
export function failureOf(
  outputs: readonly Output[],
  execution: number,
): Omit<CellFailure, "cell"> | undefined {
  const error = outputs.find((output): output is ErrorOutput => output.output_type === "error");
  if (error === undefined) return undefined;
  // The last place in the cell: what is above it, the cell has called.
  const name = cellName(execution).replaceAll(/[[\]]/g, "\\$&");
  const place = [...error.traceback.join("\n").matchAll(new RegExp(`\\b${name}:(\\d+)`, "g"))].at(
    -1,
  );
  const next = error.traceback.findLast((line) => line.startsWith("next: "));
  return {
    ...place && { line: Number(place[1]) },
    message: `${error.ename}: ${error.evalue}`,
    ...next !== undefined && { next: next.slice("next: ".length) },
  };
}
