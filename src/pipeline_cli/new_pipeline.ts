/** Starts a pipeline: a file that runs and explains itself, with its test. */

import {
  dirname,
  fromFileUrl,
  ifPresent,
  join,
  relative,
  resolve,
  UsageError,
  writeNewFileAtomic,
} from "../base/mod.ts";
import { formatText } from "./format_text.ts";

/** Names that are commands. */
const commands = ["runs", "show", "diff", "gc", "schedule"];

/** A longer name makes lines that the formatter would break. */
const LONGEST = 32;

/** A pipeline to start. */
export interface StartRequest {
  /** Its name. */
  readonly name: string;
  /** How its file imports a room of the framework by name. */
  readonly pipeline: { readonly room: (name: string) => string };
  /** How its test imports a room, and the pipeline's file. */
  readonly test: { readonly room: (name: string) => string; readonly file: string };
}

/** Data that a pipeline is to be started from. */
export interface StartData {
  /** The data file. */
  readonly data: string;
  /** The column that it is about, if one was named. */
  readonly target?: string;
}

/** The texts of a pipeline and its test, and what the user should know of them. */
export interface StartedPipeline {
  /** Text of the pipeline's file. */
  readonly pipeline: string;
  /** Text of its test. */
  readonly test: string;
  /** What was seen and decided, a line each. */
  readonly notes: readonly string[];
}

/** Writes a pipeline for data of the user's own. */
export type Starter = (request: StartRequest & StartData) => Promise<StartedPipeline>;

/**
 * Writes `<folder>/<name>.ts` and `<root>/tests/pipelines/<name>_test.ts`.
 *
 * @param start Gives the two texts; an example if it is left out.
 * @returns The two paths, and what to tell of them.
 * @throws {UsageError} for a name that cannot be one, or where a file is there already.
 */
export async function newPipeline(
  name: string,
  folder: string,
  root: string,
  start: (request: StartRequest) => Promise<StartedPipeline> = example,
): Promise<{ readonly paths: readonly string[]; readonly notes: readonly string[] }> {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) || name.length > LONGEST) {
    throw new UsageError(`Cannot name a pipeline "${name}"`, {
      next: `use words of small letters and digits with "_" between them, ` +
        `at most ${LONGEST} characters, as in credit_report`,
    });
  }
  if (commands.includes(name)) {
    throw new UsageError(`Cannot name a pipeline "${name}": that is a command`, {
      next: "give it another name",
    });
  }
  const file = join(folder, `${name}.ts`);
  const test = join(root, "tests", "pipelines", `${name}_test.ts`);
  for (const path of [file, test]) {
    if (await ifPresent(Deno.lstat(path)) === undefined) continue;
    throw new UsageError(`Cannot start pipeline "${name}": ${path} is there already`, {
      next: "give it another name, or move the file away",
    });
  }
  const rooms = fromFileUrl(import.meta.resolve("../"));
  const roomFrom = (from: string) => (room: string) => specifier(from, join(rooms, room, "mod.ts"));
  const texts = await start({
    name,
    pipeline: { room: roomFrom(file) },
    test: { room: roomFrom(test), file: specifier(test, resolve(file)) },
  });
  const formatted = await Promise.all([texts.pipeline, texts.test].map(formatText));
  const [pipelineBytes, testBytes] = formatted.map((text) => new TextEncoder().encode(text));
  await writeNewFileAtomic(file, pipelineBytes);
  await writeNewFileAtomic(test, testBytes);
  return { paths: [file, test], notes: texts.notes };
}

function example({ name, pipeline, test }: StartRequest): Promise<StartedPipeline> {
  return Promise.resolve({
    pipeline: pipelineText(name, pipeline.room("pipeline")),
    test: testText(name, test.room("pipeline"), test.file),
    notes: [],
  });
}

function pipelineText(name: string, framework: string): string {
  return `/** Say here what the pipeline makes of what, in a sentence or two. */

import { pipeline } from "${framework}";
import { z } from "zod";

/** The mean squared distance of \`numbers\` from \`guess\`. */
export function meanSquaredError(numbers: readonly number[], guess: number): number {
  return numbers.reduce((sum, number) => sum + (number - guess) ** 2, 0) / numbers.length;
}

export default pipeline("${name}", {
  description: "Find the guess that is nearest to all numbers",
  // Each is set by --param name=value and varied by --sweep name=a,b; --help lists them.
  params: z.object({
    count: z.int().min(1).default(100).describe("How many numbers there are"),
    guesses: z.array(z.number()).min(1).default([10, 50, 90]).describe("Guesses to compare"),
  }),
}, ({ step, each, params }) => {
  // A step gives a value and other steps take it by its handle. It runs again only when its
  // code, its inputs or the parameters that it mentions are different: see --plan.
  const numbers = step("load", () => Array.from({ length: params.count }, (_, i) => i + 1));

  // A fan-out runs once for each item, in parallel. Metrics are kept with the run: see runs.
  const errors = each("measure", params.guesses, { numbers }, (guess, { numbers }, { metric }) => {
    const error = meanSquaredError(numbers, guess);
    metric("error", error);
    return { guess, error };
  });

  // What is logged is the result that the user sees. Files that a step writes are returned
  // as savedFile(path), files that it reads are declared with file(name, path).
  step("choose", { errors }, ({ errors }, { log, metric }) => {
    const best = errors.reduce((a, b) => b.error < a.error ? b : a);
    metric("best_error", best.error);
    log(\`best guess \${best.guess}, mean squared error \${best.error.toFixed(1)}\`);
    return best;
  });
});
`;
}

function testText(name: string, framework: string, file: string): string {
  return `import { assertEquals } from "@std/assert";
import { runPipeline } from "${framework}";
import declared, { meanSquaredError } from "${file}";

Deno.test("${name}: the error is the mean of squared distances", () => {
  assertEquals(meanSquaredError([1, 2, 3], 1), 5 / 3);
});

Deno.test("${name}: runs from its parameters to its result", async () => {
  const lines: string[] = [];
  const { status } = await runPipeline(declared, {
    params: { count: 9, guesses: [4, 5, 7] },
    onEvent: (event) => void (event.type === "log" && lines.push(event.text)),
  });
  assertEquals(status, "succeeded");
  assertEquals(lines, ["best guess 5, mean squared error 6.7"]);
});
`;
}

function specifier(from: string, to: string): string {
  const path = relative(dirname(resolve(from)), to).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}
