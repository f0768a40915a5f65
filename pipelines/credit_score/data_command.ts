/** The command line of the embedded data set, free of process state so that tests can call it. */

import { extname } from "@std/path";
import { readOptions, UsageError, UserError } from "../../src/base/mod.ts";
import type { Sink } from "../../src/terminal/mod.ts";
import { type GenerateOptions, writeDataSet } from "./generate.ts";

/** What the command needs of the process around it. */
export interface DataCommandOptions {
  /** What was written. */
  readonly stdout: Sink;
  /** Progress and errors. */
  readonly stderr: Sink;
  /** Stops the writing. */
  readonly signal?: AbortSignal;
}

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

const DEFAULT_PATH = "data/raw/train.csv";
const MAX_CUSTOMERS = 1_000_000;
const MAX_SEED = 2 ** 31 - 1;

const help = `Writes made-up credit-score data as CSV: 8 rows a customer, January to August.

  deno task data                               20000 rows to ${DEFAULT_PATH}
  deno task data --customers 125000            a million rows
  deno task data --seed 7 --out data/raw/other.csv

  --customers N   1 to ${MAX_CUSTOMERS}, by default 2500
  --seed N        0 to ${MAX_SEED}, by default 42; the same seed gives the same file
  --out PATH      CSV file to write, by default ${DEFAULT_PATH}; replaced if it is there
  --help, -h      this page

Versions of data, by git and DVC: deno task data versions, deno task data add FILE.

The columns, the classes (29 % Poor, 53 % Standard, 18 % Good), the missing values
and the dirty markers follow the public Credit Score Classification data; names and
numbers are made up. Fewer customers are the start of more customers.
`;

interface Request extends GenerateOptions {
  readonly out: string;
}

/** Does what `args` ask for and gives the exit code. */
export async function runDataCommand(
  args: readonly string[],
  { stdout, stderr, signal }: DataCommandOptions,
): Promise<number> {
  const onTerminal = stderr.size() !== undefined;
  try {
    const request = parseRequest(args);
    if (request === "help") {
      stdout.write(help);
      return EXIT_DONE;
    }
    const { out, customers, seed } = request;
    const rows = await writeDataSet(out, {
      customers,
      seed,
      signal,
      onProgress: onTerminal
        ? (done) => stderr.write(`\r\x1b[KWriting ${out}: ${Math.floor(100 * done)} %`)
        : undefined,
    }).catch((error) => {
      throw explained(error, out);
    }).finally(() => {
      if (onTerminal) stderr.write("\r\x1b[K");
    });
    stdout.write(`Wrote ${rows} rows of ${customers} customers to ${out} (seed ${seed})\n`);
    return EXIT_DONE;
  } catch (error) {
    if (signal?.aborted) {
      stderr.write("Interrupted, nothing was written\n");
      return EXIT_INTERRUPTED;
    }
    if (!(error instanceof UserError)) throw error;
    stderr.write(`error: ${error.message}\n${error.next ? `next: ${error.next}\n` : ""}`);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}

function parseRequest(args: readonly string[]): Request | "help" {
  const next = "the options are --customers N, --seed N, --out PATH and --help";
  const { words, flag, values } = readOptions(args, {
    ...{ flags: [], valued: ["customers", "seed", "out"], next },
  });
  if (words.length > 0) throw new UsageError(`Cannot understand ${words[0]}`, { next });
  if (flag.help) return "help";
  const given = (name: "customers" | "seed" | "out") => values[name].at(-1);
  const out = given("out") ?? DEFAULT_PATH;
  if (![".csv", ".tsv", ".txt", ""].includes(extname(out).toLowerCase()) || out === "") {
    throw new UsageError(`Cannot write "${out}": the data set is written as CSV`, {
      next: "give --out a path that ends in .csv",
    });
  }
  return {
    out,
    customers: wholeNumber("customers", given("customers") ?? "2500", 1, MAX_CUSTOMERS),
    seed: wholeNumber("seed", given("seed") ?? "42", 0, MAX_SEED),
  };
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`Cannot use --${flag} "${text}"`, {
    next: `give a whole number from ${min} to ${max}`,
  });
}

/** Failures of the operating system in the user's words; anything else as it is. */
function explained(error: unknown, out: string): unknown {
  // Deno itself refuses /proc, /sys and /dev, which no permission short of all opens.
  const refused = error instanceof Deno.errors.NotCapable;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (!refused && typeof code !== "string") return error;
  const inTheWay = ["EISDIR", "ENOTDIR", "EEXIST"].includes(String(code));
  const reason = refused || code === "EACCES" || code === "EPERM"
    ? "permission denied"
    : inTheWay
    ? "a folder or file is in the way"
    : (error as Error).message;
  return new UserError(`Cannot write ${out}: ${reason}`, {
    next: "give another path with --out, or make room at this one",
    cause: error,
  });
}
