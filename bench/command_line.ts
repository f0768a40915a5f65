/** The arguments of `deno task bench`. */

import { nearestName, readOptions, UsageError } from "../src/base/mod.ts";

const options = {
  flags: ["quick", "docs"],
  valued: ["rows", "rounds", "only", "against"],
} as const;

/** What is asked for. */
export interface BenchRequest {
  /** Suites to run, in order. */
  readonly suites: readonly string[];
  /** Sizes instead of the suites' own. */
  readonly sizes?: readonly number[];
  /** Rounds instead of the cases' own. */
  readonly rounds?: number;
  /** Only cases whose names hold this are run; the rows of others stay. */
  readonly only?: string;
  /** Whether table and results go into docs/. */
  readonly docs: boolean;
  /** Path of earlier results that no ratio may fall behind. */
  readonly against?: string;
}

/** What `--help` prints. */
export function helpText(suites: readonly string[]): string {
  return `Measures this project beside its Python peers: time, peak memory, quality.

  deno task bench                        all suites
  deno task bench learners samplers      some of them
  deno task bench learners --quick       a first impression
  deno task bench text --only entities   those cases of a suite whose names hold a text
  deno task bench --docs                 all results into docs/, nothing is measured
  deno task bench runner --against docs/benchmarks.json
                                         fails if a ratio fell by more than 15 %

  SUITE             ${suites.join(", ")}
  --rows N,N        sizes instead of the suites' own (10,000 and 100,000 as a rule)
  --rounds N        rounds instead of the cases' own (5 as a rule)
  --only TEXT       cases whose names hold it; the results of others stay as they were
  --quick           the same as --rows 10000 --rounds 1
  --docs            put the table between the markers of docs/benchmarks.md, the results
                    into docs/benchmarks.json
  --against FILE    compare with earlier results; what fell is measured once more
  --help, -h        this page

The peers are installed into .dinoflow/ once, unless .venv has them. Results are
merged into reports/bench.json; reports/bench.html and reports/bench.md show them all.
`;
}

/**
 * Reads the arguments.
 *
 * @param known Names of all suites.
 * @throws {UsageError} naming what is not understood.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const request = parseBenchArgs(["learners", "--rows", "500,2000"], ["learners", "job"]);
 * assertEquals(request, { suites: ["learners"], sizes: [500, 2000], docs: false });
 * ```
 */
export function parseBenchArgs(
  args: readonly string[],
  known: readonly string[],
): BenchRequest | "help" {
  const { words: named, flag, values } = readOptions(args, options);
  if (flag.help) return "help";
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearestName(unknown, known);
    throw new UsageError(`Cannot run suite "${unknown}": there are ${known.join(", ")}`, {
      next: near === undefined ? "give one of them, or none for all" : `did you mean "${near}"?`,
    });
  }
  const [list, count] = [values.rows.at(-1), values.rounds.at(-1)];
  const sizes = list?.split(",").map((text) => wholeNumber("rows", text));
  const rounds = count === undefined ? undefined : wholeNumber("rounds", count);
  return {
    suites: named.length > 0 || flag.docs ? [...new Set(named)] : known,
    ...given("sizes", sizes ?? (flag.quick ? [10_000] : undefined)),
    ...given("rounds", rounds ?? (flag.quick ? 1 : undefined)),
    docs: flag.docs,
    ...given("only", values.only.at(-1)),
    ...given("against", values.against.at(-1)),
  };
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [name in Name]?: Value } {
  return value === undefined ? {} : { [name]: value } as { [name in Name]: Value };
}

function wholeNumber(flag: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= 1 && value <= 100_000_000) return value;
  throw new UsageError(`Cannot use --${flag} "${text}"`, {
    next: "give whole numbers of 1 or more, as --rows 10000,100000 --rounds 5",
  });
}
