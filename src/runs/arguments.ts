/** Reading the command line of `deno task runs`. */

import { type CommandOptions, readCommand, UsageError } from "../base/mod.ts";

const commands = ["list", "show", "compare", "best"] as const;

const options = {
  program: "deno task runs",
  commands,
  valued: {
    tracking: commands,
    experiment: commands,
    filter: ["list", "best"],
    order: ["list"],
    columns: ["list"],
    max: ["list", "best"],
    html: ["compare"],
  },
  flags: { json: commands, higher: ["best"], lower: ["best"] },
  mayBeEmpty: ["tracking"],
} as const satisfies CommandOptions<typeof commands[number], string, string>;

/** What was asked for. */
export interface RunsRequest {
  readonly command: typeof commands[number];
  /** What follows it. */
  readonly names: readonly string[];
  /** Server or folder; "" for `./mlruns`. */
  readonly tracking: string;
  readonly experiment?: string;
  /** Which runs. */
  readonly filter?: string;
  readonly order?: string;
  /** Fields that a list shows. */
  readonly columns?: readonly string[];
  /** How many runs at the most. */
  readonly max: number;
  /** File of the page. */
  readonly html?: string;
  /** Whether the answer is JSON. */
  readonly json: boolean;
  /** Which values are better, if it is said. */
  readonly direction?: "higher" | "lower";
}

/**
 * Reads the arguments; undefined if the help page is asked for.
 *
 * @throws {UsageError} naming what is wrong, and what may have been meant.
 */
export function parseRunsArgs(
  args: readonly string[],
  env: (name: string) => string | undefined,
): RunsRequest | undefined {
  const request = readCommand(args, options);
  if (request === undefined) return undefined;
  const { command, names, flag: { json, higher, lower }, value } = request;
  if (higher && lower) throw new UsageError("Cannot use both --higher and --lower");
  const { tracking, experiment, filter, order, columns, max = "50", html } = value;
  if (!/^[1-9]\d{0,4}$/.test(max)) {
    throw new UsageError(`Cannot use --max ${max}: wanted a whole number from 1 to 99999`);
  }
  return {
    ...{ command, names, max: Number(max), json },
    tracking: tracking ?? env("MLFLOW_TRACKING_URI") ?? "",
    ...experiment !== undefined && { experiment },
    ...filter !== undefined && { filter },
    ...order !== undefined && { order },
    ...columns !== undefined && { columns: columns.split(",").map((name) => name.trim()) },
    ...html !== undefined && { html },
    ...(higher || lower) && { direction: higher ? "higher" : "lower" },
  };
}
