/** The command line of pipelines, free of process state so that tests can call it. */

import { packError, UsageError, UserError, writeFileAtomic } from "../base/mod.ts";
import { dirname, join, relative } from "@std/path";
import { type HistoryCommand, type Output, parseRequest, type Request } from "./args.ts";
import { diffRuns, findRun } from "./history/diff.ts";
import { collectGarbage, type GcResult } from "./history/gc.ts";
import { listRuns } from "./history/run_record.ts";
import { findPipeline, listPipelines, loadPipeline } from "./load.ts";
import { coerceParams, describeParams, paramTable, parseParams } from "./params.ts";
import { type Plan, planPipeline } from "./plan.ts";
import { runPipeline, type RunResult } from "./run.ts";
import { objectKey } from "./store/artifacts.ts";
import { LocalStore } from "./store/local_store.ts";
import type { UnitFailure } from "./unit.ts";
import { graphPage } from "./view/graph_page.ts";
import { diffText, runsText, runText } from "./view/history_text.ts";
import { JsonView } from "./view/json_view.ts";
import { mermaidText, planText } from "./view/plan_text.ts";
import { PlainView } from "./view/plain_view.ts";
import type { Sink, View } from "./view/sink.ts";
import { TerminalView } from "./view/terminal_view.ts";
import { errorLines, size } from "./view/words.ts";
import { reportFiles, roundText } from "./watch/round.ts";
import { watchPipeline } from "./watch/watch.ts";

export type { Sink } from "./view/sink.ts";

/** What the command line needs of the process around it. */
export interface CliOptions {
  /** Folder of the pipeline files. */
  readonly folder: string;
  /** Standard output: results, lists, JSON events. */
  readonly stdout: Sink;
  /** Standard error: progress, warnings, errors. */
  readonly stderr: Sink;
  /** Folder where outputs and the history are kept. */
  readonly home: string;
  /** The project's folder. */
  readonly root: string;
  /** Interrupts a run. */
  readonly signal?: AbortSignal;
}

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

const help = `Runs the pipelines of the folder pipelines/.

  deno task pipeline NAME                  run pipelines/NAME.ts; finished work is not done twice
  deno task pipeline NAME --help           its parameters with types and defaults
  deno task pipeline NAME --plan           what a run would do, and why
  deno task pipeline NAME --graph [html]   the steps as Mermaid, or as a page in reports/
  deno task pipeline --list                all pipelines
  deno task pipeline schedule [NAME]       run pipelines when they are due (--list, --once)
  deno task pipeline runs [NAME]           the runs that were
  deno task pipeline show [RUN]            one run: steps, timings, artifacts
  deno task pipeline diff RUN RUN          what changed in code, params, inputs, metrics
  deno task pipeline gc [--keep N]         remove what the newest N runs (5) do not need

  --param name=value   set a parameter (again for more; lists: a,b,c)
  --force [STEP]       run all, or STEP, even if cached
  --from STEP          run STEP and what depends on it again
  --only STEP[ITEM]    run one step, or one item of a fan-out, alone
  --watch              run again what an edit invalidates, until Ctrl-C
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
        if (request.watch) return await watch(request.pipeline, args, options);
        return await run(request, options);
      case "schedule": {
        // Loaded here only: no other command needs cron patterns.
        const { runSchedule } = await import("./schedule/command.ts");
        return await runSchedule(request, { ...options, ...request });
      }
      case "history":
        return await history(request.command, request.json, options);
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
  const store = new LocalStore(options.home);
  const file = join(options.folder, `${request.pipeline}.ts`);
  const cache = { store, file, root: options.root };
  const { picks } = request;
  if (request.watchRound !== undefined) {
    await reportFiles(request.watchRound, pipeline.graph(parseParams(pipeline.params, params)));
  }
  if (request.show) {
    const plan = await planPipeline(pipeline, { params, cache, picks });
    return await show(request, plan, options);
  }
  if (request.watchRound !== undefined) {
    options.stderr.write(roundText(await planPipeline(pipeline, { params, cache, picks })));
  }
  const view = chooseView(request, options);
  let result: RunResult;
  try {
    result = await runPipeline(pipeline, {
      params,
      cache,
      picks,
      jobs: request.jobs,
      signal: options.signal,
      onEvent: (event) => view.show(event),
    });
  } finally {
    view.close();
  }
  if (result.failure && !request.json) {
    options.stderr.write(afterFailure(result.failure, request, pipeline.cache !== false, store));
  }
  return result.exitCode;
}

/** Runs the pipeline again and again, each time in a process of its own. */
async function watch(
  name: string,
  args: readonly string[],
  { folder, root, stderr, signal }: CliOptions,
): Promise<number> {
  await watchPipeline({
    file: await findPipeline(folder, name),
    root,
    args: args.filter((arg) => arg !== "--watch"),
    note: (line) => stderr.write(`${line}\n`),
    signal,
  });
  return EXIT_INTERRUPTED;
}

/** What helps after a failure: what the step worked with, and how to go on. */
function afterFailure(
  { unit, artifacts }: UnitFailure,
  { pipeline, params }: Extract<Request, { type: "run" }>,
  cached: boolean,
  store: LocalStore,
): string {
  const lines = Object.entries(artifacts).flatMap(([name, digests]) =>
    digests.map((digest) => `input ${name} of ${unit.step}: ${store.path(objectKey(digest))}`)
  );
  const given = Object.entries(params).map(([name, value]) => ` --param '${name}=${value}'`).join(
    "",
  );
  if (cached) {
    lines.push(`finished steps are kept; go on with: deno task pipeline ${pipeline}${given}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

async function show(
  request: Extract<Request, { type: "run" }>,
  plan: Plan,
  { stdout, home, root }: CliOptions,
): Promise<number> {
  if (request.show === "graph") stdout.write(mermaidText(plan.graph));
  else if (request.show === "graph-html") {
    const store = new LocalStore(home);
    const last = (await listRuns(store)).find(({ pipeline }) => pipeline === request.pipeline);
    const path = join(root, "reports", `${request.pipeline}_graph.html`);
    const link = (digest: string) => relative(dirname(path), store.path(objectKey(digest)));
    await writeFileAtomic(path, graphPage(request.pipeline, plan, last, link));
    stdout.write(`${path}\n`);
  } else if (request.json) stdout.write(`${JSON.stringify(plan.entries)}\n`);
  else stdout.write(planText(plan));
  return EXIT_DONE;
}

async function history(
  command: HistoryCommand,
  json: boolean,
  { stdout, home }: CliOptions,
): Promise<number> {
  const store = new LocalStore(home);
  const write = <T>(value: T, text: (value: T) => string) =>
    stdout.write(json ? `${JSON.stringify(value)}\n` : text(value));
  switch (command.name) {
    case "runs": {
      const runs = await listRuns(store);
      const { pipeline } = command;
      const own = runs.filter((run) => pipeline === undefined || run.pipeline === pipeline);
      write(own, (runs) => runsText(runs, stdout.size()?.columns));
      return EXIT_DONE;
    }
    case "show":
      write(await findRun(store, command.run), runText);
      return EXIT_DONE;
    case "diff": {
      const [from, to] = [await findRun(store, command.from), await findRun(store, command.to)];
      write(await diffRuns(store, from, to), diffText);
      return EXIT_DONE;
    }
    case "gc": {
      const text = ({ removed, freed, kept }: GcResult) =>
        `removed ${removed} objects, ${size(freed)} freed, ${kept} kept\n`;
      write(await collectGarbage(store, command.keep), text);
      return EXIT_DONE;
    }
  }
}

function chooseView({ json, quiet, trace }: Output, { stdout, stderr }: CliOptions): View {
  if (json) return new JsonView(stdout, trace);
  const now = () => performance.now();
  const streams = { results: stdout, notes: stderr, quiet, trace, now };
  return stderr.size() === undefined ? new PlainView(streams) : new TerminalView(streams);
}
