/** Errors in the words of the notebook. */

import { cellPrefix } from "../code/cell_script.ts";
import type { HostError } from "./messages.ts";

/** Lines of a stack that are not the user's. */
const INSIDE = /\/deno_kernel\/host\/|^\s+at (?:.* \()?(?:ext:|__dinoflow)/;

/** Gives the places of stacks in cells: by the name of the cell, at the columns of its text. */
export function nameCells(): void {
  Error.prepareStackTrace = (error, sites) => {
    const first = headOf(error);
    const lines = sites.map((site) => {
      const name = site.getScriptNameOrSourceURL() ?? site.getFileName();
      if (typeof name !== "string" || !/^In\[\d+\]$/.test(name)) return `    at ${site}`;
      const line = site.getLineNumber() ?? 1;
      const prefix = line === 1 ? cellPrefix(Number(name.slice(3, -1))).length : 0;
      const place = `${name}:${line}:${Math.max(1, (site.getColumnNumber() ?? 1) - prefix)}`;
      const caller = site.getFunctionName();
      return caller === null || caller === "" || caller === "eval"
        ? `    at ${place}`
        : `    at ${caller} (${place})`;
    });
    return [first, ...lines.filter((line) => !INSIDE.test(line))].join("\n");
  };
}

/** An error with its lines; one that tells no place in a cell gets if it was waited for. */
export function stackLines(error: unknown, waitedFor?: string | 0): HostError {
  if (!isError(error)) {
    const evalue = typeof error === "string" ? error : Deno.inspect(error);
    const traceback = [`Error: ${evalue}`, ...waitedFor ? [`    at ${waitedFor}`] : []];
    return { ename: "Error", evalue, traceback };
  }
  const { name, message } = error;
  const frames = String(error.stack ?? "").split("\n").filter((line) =>
    /^\s+at /.test(line) && !INSIDE.test(line)
  );
  const toldOf = frames.some((line) => /\bIn\[\d+\]/.test(line));
  if (!toldOf && waitedFor) frames.push(`    at async ${waitedFor}`);
  const causes: string[] = [];
  for (let cause = error.cause, depth = 0; cause !== undefined && depth < 5; depth++) {
    causes.push(
      `Caused by: ${isError(cause) ? `${cause.name}: ${cause.message}` : Deno.inspect(cause)}`,
    );
    cause = isError(cause) ? cause.cause : undefined;
  }
  const inner = error instanceof AggregateError ? [...error.errors].slice(0, 5) : [];
  for (const one of inner) {
    causes.push(`Among them: ${isError(one) ? `${one.name}: ${one.message}` : Deno.inspect(one)}`);
  }
  const { next } = error as { next?: unknown };
  return {
    ename: name,
    evalue: message,
    traceback: [
      ...`${name}: ${message}`.split("\n"),
      ...frames,
      ...causes,
      ...typeof next === "string" ? [`next: ${next}`] : [],
    ],
  };
}

function headOf(error: Error): string {
  try {
    // What `Error.captureStackTrace` was given need not be an error, as in `console.trace`.
    return Error.prototype.toString.call(error);
  } catch {
    return "Error"; // whoever made its toString has to look for it there
  }
}

function isError(value: unknown): value is Error {
  return value instanceof Error ||
    (typeof value === "object" && value !== null && "message" in value && "stack" in value);
}
