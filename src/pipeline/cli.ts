/** The command line of pipelines, free of process state so that tests can call it. */

import { packError, UsageError, UserError } from "../base/mod.ts";
import { type Output, parseRequest, type Request } from "./args.ts";
import { listPipelines, loadPipeline } from "./load.ts";
import { coerceParams, describeParams, paramTable } from "./params.ts";
import { runPipeline } from "./run.ts";
import { JsonView } from "./view/json_view.ts";
import { PlainView } from "./view/plain_view.ts";
import type { Sink, View } from "./view/sink.ts";
import { TerminalView } from "./view/terminal_view.ts";
import { errorLines } from "./view/words.ts";

export type { Sink } from "./view/sink.ts";

/** What the command line needs of the process around it. */
export interface CliOptions {
  /** Folder of the pipeline files. */
  readonly folder: string;
  /** Standard output: results, lists, JSON events. */
  readonly stdout: Sink;
  /** Standard error: progress, warnings, errors. */
  readonly stderr: Sink;
  /** Interrupts a run. */
  readonly signal?: AbortSignal;
}

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const help = `Runs the pipelines of the folder pipelines/.

  deno task pipeline <name>                  run pipelines/<name>.ts
  deno task pipeline <name> --help           its parameters with types and defaults
  deno task pipeline --list                  all pipelines

  --param name=value   set a parameter (again for more; lists: a,b,c)
  --jobs N             cores to use, by default all
  --quiet, -q          only results, warnings and errors
  --json               one JSON event per line
  --trace              stack traces of errors
  --help, -h           this page

Results go to standard output, progress and errors to standard error.
Ctrl-C stops the run and lets its steps clean up; a second one stops at once.
Exit codes: 0 done, 1 a step failed, 2 wrong usage, 130 interrupted.
A pipeline may define others, from 3 up.
`;

/** Does what `args` ask for and gives the exit code. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<number> {
  try {
    const request = parseRequest(args);
    switch (request.type) {
      case "help":
        options.stdout.write(help);
        return EXIT_DONE;
      case "list":
        return await list(options);
      case "run":
        return await run(request, options);
    }
  } catch (error) {
    const { name, message, next, stack } = packError(error);
    const trace = args.includes("--trace");
    const lines = errorLines({ name, message, next, stack }, trace);
    if (!(error instanceof UserError) && !trace) lines.push("next: see where with --trace");
    options.stderr.write(`${lines.join("\n")}\n`);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function list({ folder, stdout, stderr }: CliOptions): Promise<number> {
  const names = await listPipelines(folder);
  if (names.length === 0) stderr.write(`There are no pipelines in ${folder}\n`);
  for (const name of names) {
    try {
      const { description, params } = await loadPipeline(folder, name);
      stdout.write(`${name}  ${description}\n`);
      if (describeParams(params).length > 0) stdout.write(`${paramTable(params)}\n`);
    } catch (error) {
      const { message } = packError(error);
      stdout.write(`${name}  (cannot be loaded: ${message})\n`);
    }
  }
  return EXIT_DONE;
}

async function run(
  request: Extract<Request, { type: "run" }>,
  options: CliOptions,
): Promise<number> {
  const pipeline = await loadPipeline(options.folder, request.pipeline);
  if (request.help) {
    options.stdout.write(
      `${pipeline.name}  ${pipeline.description}\n\nParameters (--param name=value):\n` +
        `${paramTable(pipeline.params)}\n`,
    );
    return EXIT_DONE;
  }
  const params = coerceParams(pipeline.params, request.params);
  const view = chooseView(request, options);
  try {
    const { exitCode } = await runPipeline(pipeline, {
      params,
      jobs: request.jobs,
      signal: options.signal,
      onEvent: (event) => view.show(event),
    });
    return exitCode;
  } finally {
    view.close();
  }
}

function chooseView({ json, quiet, trace }: Output, { stdout, stderr }: CliOptions): View {
  if (json) return new JsonView(stdout, trace);
  const now = () => performance.now();
  const streams = { results: stdout, notes: stderr, quiet, trace, now };
  return stderr.size() === undefined ? new PlainView(streams) : new TerminalView(streams);
}
