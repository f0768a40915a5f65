/** The command line, read into a typed request. */

import { UsageError } from "../base/mod.ts";
import { parseArgs } from "@std/cli/parse-args";
import { closest } from "./closest.ts";

/** How a run is told. */
export interface Output {
  /** One JSON event per line. */
  readonly json: boolean;
  /** Only results, warnings and errors. */
  readonly quiet: boolean;
  /** Stack traces of errors. */
  readonly trace: boolean;
}

/** What the user asks for. */
export type Request =
  | { readonly type: "help" }
  | { readonly type: "list" }
  | ({
    readonly type: "run";
    readonly pipeline: string;
    readonly params: Readonly<Record<string, string>>;
    readonly jobs?: number;
    /** Show the pipeline's own help. */
    readonly help: boolean;
  } & Output);

const flags = ["help", "list", "json", "quiet", "trace"] as const;
const valued = ["param", "jobs"] as const;

/**
 * Reads the arguments.
 *
 * @throws {UsageError} for an option that does not exist or has no sensible value.
 */
export function parseRequest(args: readonly string[]): Request {
  const known = [...flags, ...valued].map((name) => `--${name}`);
  const parsed = parseArgs([...args], {
    boolean: [...flags],
    string: [...valued],
    collect: ["param"],
    alias: { h: "help", q: "quiet" },
    unknown: (option: string) => {
      if (!option.startsWith("-")) return true;
      const near = closest(option, known);
      throw new UsageError(`Cannot understand the option ${option}`, {
        next: near === undefined ? "see the options with --help" : `did you mean ${near}?`,
      });
    },
  });
  const [name, ...more] = parsed._.map(String);
  if (more.length > 0) {
    throw new UsageError(
      `Cannot run more than one pipeline at once (found ${[name, ...more].join(", ")})`,
      {
        next: "parameters are written --param name=value",
      },
    );
  }
  if (parsed.list) return { type: "list" };
  if (name === undefined) {
    if (parsed.help) return { type: "help" };
    throw new UsageError("Cannot tell which pipeline to run", {
      next: "give its name, see them with --list, or read --help",
    });
  }
  const { json, quiet, trace, help } = parsed;
  const request = { type: "run" as const, pipeline: name, json, quiet, trace, help };
  const jobs = parsed.jobs === undefined ? {} : { jobs: wholeNumber("--jobs", parsed.jobs) };
  return { ...request, ...jobs, params: assignments(parsed.param) };
}

function assignments(texts: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (equals < 1) {
      throw new UsageError(`Cannot read the parameter "${text}"`, {
        next: "write it --param name=value",
      });
    }
    params[text.slice(0, equals)] = text.slice(equals + 1);
  }
  return params;
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isInteger(number) || number < 1) {
    throw new UsageError(`Cannot use ${option} ${text === "" ? "without a value" : text}`, {
      next: "give a whole number, 1 or more",
    });
  }
  return number;
}
