/** Reading the command line of `deno task runs`. */

import { parseArgs } from "@std/cli/parse-args";
import { nearestName, UsageError } from "../base/mod.ts";

const commands = ["list", "show", "compare", "best"] as const;

/** Flags that take a value, and what commands they are for. */
const valued: Record<string, readonly string[]> = {
  tracking: commands,
  experiment: commands,
  filter: ["list", "best"],
  order: ["list"],
  columns: ["list"],
  max: ["list", "best"],
  html: ["compare"],
};
const switches: Record<string, readonly string[]> = {
  json: commands,
  higher: ["best"],
  lower: ["best"],
};

/** What was asked for. */
export interface RunsRequest {
  /** The command. */
  readonly command: typeof commands[number];
  /** What follows it. */
  readonly names: readonly string[];
  /** Server or folder; "" for `./mlruns`. */
  readonly tracking: string;
  /** Name of the experiment. */
  readonly experiment?: string;
  /** Which runs. */
  readonly filter?: string;
  /** In which order. */
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
  const parsed = parseArgs([...args], {
    string: ["_", ...Object.keys(valued)],
    boolean: [...Object.keys(switches), "help"],
    alias: { h: "help" },
    unknown: (flag: string) => {
      if (!flag.startsWith("-")) return true;
      const flags = [...Object.keys(valued), ...Object.keys(switches), "help"];
      throw unknownName("the flag", flag.replace(/=.*$/, ""), flags.map((name) => `--${name}`));
    },
  });
  const [command, ...names] = parsed._.map(String);
  if (parsed.help || command === undefined || command === "help") return undefined;
  const known = commands.find((name) => name === command);
  if (known === undefined) throw unknownName("the command", command, commands);
  const given = parsed as Record<string, unknown>;
  for (const [flag, fits] of Object.entries({ ...valued, ...switches })) {
    const isGiven = flag in switches ? given[flag] === true : given[flag] !== undefined;
    if (isGiven && !fits.includes(command)) {
      throw new UsageError(`Cannot use --${flag} with ${command}`, {
        next: `it is for ${fits.join(", ")}; see deno task runs --help`,
      });
    }
    if (given[flag] === "" && flag !== "tracking") {
      throw new UsageError(`Cannot use --${flag} without a value`);
    }
  }
  if (parsed.higher && parsed.lower) throw new UsageError("Cannot use both --higher and --lower");
  const max = parsed.max ?? "50";
  if (!/^[1-9]\d{0,4}$/.test(max)) {
    throw new UsageError(`Cannot use --max ${max}: wanted a whole number from 1 to 99999`);
  }
  return {
    ...{ command: known, names, max: Number(max), json: parsed.json === true },
    tracking: parsed.tracking ?? env("MLFLOW_TRACKING_URI") ?? "",
    ...parsed.experiment !== undefined && { experiment: parsed.experiment },
    ...parsed.filter !== undefined && { filter: parsed.filter },
    ...parsed.order !== undefined && { order: parsed.order },
    ...parsed.columns !== undefined && {
      columns: parsed.columns.split(",").map((name: string) => name.trim()),
    },
    ...parsed.html !== undefined && { html: parsed.html },
    ...(parsed.higher || parsed.lower) && { direction: parsed.higher ? "higher" : "lower" },
  };
}

function unknownName(what: string, given: string, known: readonly string[]): UsageError {
  const near = nearestName(given, known);
  return new UsageError(`Cannot understand ${what} ${given}`, {
    next: near === undefined
      ? `give one of ${known.join(", ")}; deno task runs --help tells more`
      : `did you mean ${near}?`,
  });
}
