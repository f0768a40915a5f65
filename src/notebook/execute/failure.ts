/** What made a cell fail, and where. */

import type { Execution } from "../kernel/kernel.ts";
import type { Problem } from "../kernel/prelude.ts";
import type { ErrorOutput, Output } from "./outputs.ts";
import { placeInCell, readCellSource } from "./positions.ts";

/** A failure of a cell. */
export interface CellFailure {
  /** The cell, counted from 1 over all cells of the notebook. */
  readonly cell: number;
  /** The line in the cell, counted from 1; undefined where nothing tells it. */
  readonly line?: number;
  /** What happened, as `TypeError: x is not a function`. */
  readonly message: string;
}

/** The kernel forgets a cell whose promises are still at work when memory is cleaned up. */
const LOST = "the kernel lost the cell's value; await the promises that the cell starts";

/**
 * Finds the errors of a cell, puts those that the kernel keeps to itself among its
 * outputs, and gives the first one; undefined where the cell succeeded.
 *
 * @param source Text of the cell.
 * @param outputs What the cell has put out; errors are added and their places put right.
 * @param folder Where temporary files may lie.
 */
export async function findFailure(
  source: string,
  outputs: Output[],
  { ok, problems, report }: Execution,
  folder: string,
): Promise<Omit<CellFailure, "cell"> | undefined> {
  const thrown = outputs.findIndex(({ output_type }) => output_type === "error");
  const errors = thrown < 0 ? [] : [outputs.splice(thrown, 1)[0] as ErrorOutput];
  errors.push(...problems.map(problemOutput));
  if (/^FAILED \|/m.test(report)) errors.push(testOutput(report));
  if (errors.length === 0 && ok) return undefined;

  const cell = await readCellSource(source, folder);
  if (!cell.readable) {
    const { message, line } = cell;
    const traceback = [
      `SyntaxError: ${message}`,
      ...line === undefined ? [] : [`    at line ${line}`],
    ];
    outputs.push({ output_type: "error", ename: "SyntaxError", evalue: message, traceback });
    return { line, message: `SyntaxError: ${message}` };
  }
  if (errors.length === 0) errors.push(errorOutput("Error", LOST, ""));
  const found = errors.map((error) => {
    const place = placeInCell(error.traceback.join("\n"));
    const line = place && cell.lineOf(place.line, place.column);
    outputs.push({ ...error, traceback: tidyTraceback(error.traceback, line) });
    return { line, message: `${error.ename}: ${error.evalue}` };
  });
  return found[0];
}

/**
 * The traceback without the insides of the kernel, which say nothing to its reader, and
 * with the line of the cell in place of one of the code that the kernel ran.
 */
function tidyTraceback(traceback: readonly string[], line: number | undefined): string[] {
  const tidy = traceback.filter((text) => !/^\s+at .*(ext:|\/kernel\/prelude\.ts)/.test(text));
  const last = tidy.findLastIndex((text) => placeInCell(text) !== undefined);
  if (line === undefined || last < 0) return tidy;
  return tidy.with(last, tidy[last].replace(/<anonymous>:\d+:\d+/, `line ${line}`));
}

function problemOutput({ kind, name, message, stack }: Problem): ErrorOutput {
  const why = kind === "rejection"
    ? "a promise that nothing awaits was rejected"
    : "thrown in a callback";
  return errorOutput(name, `${message} (${why})`, stack);
}

/** The tests that failed, with the first error that the report of the kernel names. */
function testOutput(report: string): ErrorOutput {
  const names = report.matchAll(/^( *)(\S.*?) \.\.\. FAILED/gm);
  const failed = [...names].filter(([, indent]) => indent === "").map(([, , name]) => `"${name}"`);
  const [, message, stack] = /^error: (.*)((?:\n\s+at .*)*)/m.exec(report) ?? [];
  const why = message === undefined ? "" : `: ${message}`;
  return errorOutput("TestFailure", `${failed.join(", ")} failed${why}`, stack ?? "");
}

function errorOutput(ename: string, evalue: string, stack: string): ErrorOutput {
  const first = `${ename}: ${evalue}`;
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return { output_type: "error", ename, evalue, traceback: [first, ...frames] };
}
