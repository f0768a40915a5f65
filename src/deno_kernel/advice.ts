/** What to do about errors that the engine tells nothing more of: code that cannot be read or found. */

import { builtinModules } from "node:module";
import { basename, dirname, fromFileUrl, join, relative } from "@std/path";
import { nearestName } from "../base/mod.ts";
import { cellName } from "./code/cell_script.ts";
import type { Unreadable } from "./code/translate.ts";

/** Beginnings of lines that mean something elsewhere. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [
    /^\s*(?:%|!)/,
    'cells are TypeScript: run a command with new Deno.Command("ls", { args: [] }).output()',
  ],
  [
    /^\s*(?:def |elif |from \S+ import |import \w+ as |print )|:\s*$/,
    "cells are TypeScript, not Python",
  ],
];

/** The error of a cell that cannot be read, under the number of its execution. */
export function syntaxError({ message, line, next, source }: Unreadable, cell: number) {
  return {
    ename: "SyntaxError",
    evalue: message,
    traceback: [
      `SyntaxError: ${message}`,
      ...line === undefined ? [] : [`    at ${cellName(cell)}:${line}`],
      `next: ${next ?? adviceOnSyntax(source, line)}`,
    ],
  };
}

/** What to do about a cell that cannot be read; the line is counted from 1. */
function adviceOnSyntax(source: string, line: number | undefined): string {
  const text = line === undefined ? undefined : source.split("\n")[line - 1];
  const known = text && foreign.find(([beginning]) => beginning.test(text));
  if (known) return known[1];
  return text === undefined || text.trim() === ""
    ? "see that all brackets and quotes of the cell are closed"
    : `mend line ${line}: ${text.trim()}`;
}

/**
 * What to do about a declaration or an import that failed, from the engine's words; undefined if it is none.
 *
 * @param cwd The notebook's folder.
 */
export function adviceOnError(message: string, cwd: string): string | undefined {
  const taken = alreadyDeclared(message);
  if (taken !== undefined) return `give ${taken} another name, or restart the kernel`;
  const file = /^Module not found "(file:[^"]+)"/.exec(message)?.[1];
  if (file !== undefined) return nearFile(fromFileUrl(file), cwd);
  const bare = /^Import "([^"]+)" not a dependency/.exec(message)?.[1];
  if (bare !== undefined) {
    return `import it from "npm:${bare}", or add it for good with deno add npm:${bare}`;
  }
  const none = /^npm package '([^']+)' does not exist/.exec(message)?.[1];
  if (none !== undefined) return `see how ${none} is spelt on npm`;
  const version = /^Could not find npm package '([^']+)' matching/.exec(message)?.[1];
  if (version !== undefined) return `import it from "npm:${version}" to get the newest version`;
  const builtin = /^No such built-in module: node:(\S+)/.exec(message)?.[1];
  if (builtin !== undefined) {
    const near = nearestName(builtin, builtinModules);
    return near === undefined ? "see the modules of Node.js" : `did you mean node:${near}?`;
  }
  const jsr = /^JSR package manifest for '([^']+)' failed to load/.exec(message)?.[1];
  return jsr === undefined ? undefined : `see how ${jsr} is spelt on JSR, and that it is reached`;
}

/** The name that a cell cannot declare once more, from the engine's words. */
export function alreadyDeclared(message: string): string | undefined {
  return /^Identifier '([^']+)' has already been declared/.exec(message)?.[1];
}

function nearFile(path: string, cwd: string): string {
  const folder = dirname(path);
  const from = (file: string) => {
    const way = relative(cwd, file).replaceAll("\\", "/");
    return way.startsWith("..") ? way : `./${way}`;
  };
  try {
    const names = Array.from(Deno.readDirSync(folder)).filter(({ isFile }) => isFile)
      .map(({ name }) => name);
    const wanted = basename(path);
    const near = names.includes(`${wanted}.ts`) ? `${wanted}.ts` : nearestName(wanted, names);
    if (near !== undefined) return `did you mean ${from(join(folder, near))}?`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return `there is no folder ${from(folder)}: paths begin at the notebook's folder`;
  }
  return "paths begin at the notebook's folder, and name the file with its ending";
}
