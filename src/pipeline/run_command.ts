/** `deno task pipeline NAME …`: plans, runs, sweeps, watches, draws a pipeline. */

import { UsageError, writeFileAtomic } from "../base/mod.ts";
import { dirname, join, relative } from "@std/path";
import type { Output, Request } from "./args.ts";
import type { CliOptions } from "./cli.ts";
import type { Pipeline } from "./definition.ts";
import { unitName } from "./graph.ts";
import { listRuns } from "./history/run_record.ts";
import { findPipeline, loadPipeline } from "./load.ts";
import { coerceParams, paramTable, parseParams, valueAsText } from "./params.ts";
import { type Plan, planPipeline } from "./plan.ts";
import { type RunOptions, runPipeline } from "./run.ts";
import { objectKey } from "./store/artifacts.ts";
import { LocalStore } from "./store/local_store.ts";
import { type Grid, readGrid } from "./sweep/grid.ts";
import { planSweep, runSweep, type SweepResult } from "./sweep/sweep.ts";
import type { UnitFailure } from "./unit.ts";
import { graphPage } from "./view/graph_page.ts";
import { JsonView } from "./view/json_view.ts";
import { mermaidText, planText } from "./view/plan_text.ts";
import { PlainView } from "./view/plain_view.ts";
import type { View } from "./view/sink.ts";
import { type SortOrder, sweepPlanText, sweepText } from "./view/sweep_text.ts";
import { TerminalView } from "./view/terminal_view.ts";
import { reportFiles, roundText } from "./watch/round.ts";
import { watchPipeline } from "./watch/watch.ts";

type RunRequest = Extract<Request, { type: "run" }>;

/** A request with what was read from it and from the pipeline's file. */
interface Job {
  readonly request: RunRequest;
  readonly pipeline: Pipeline;
  readonly store: LocalStore;
  readonly given: Required<Pick<RunOptions, "params" | "cache" | "picks">>;
  /** Undefined for a single run. */
  readonly grid?: Grid;
}

/** Artifacts of one input that are named after a failure. */
const SHOWN_ARTIFACTS = 5;

const EXIT_DONE = 0;
const EXIT_INTERRUPTED = 130;

/** Runs a pipeline, or shows what a run would do; gives the exit code. */
export async function runRequest(request: RunRequest, options: CliOptions): Promise<number> {
  const pipeline = await loadPipeline(options.folder, request.pipeline);
  if (request.help) {
    options.stdout.write(
      `${pipeline.name}  ${pipeline.description}\n\nParameters (--param name=value):\n` +
        `${paramTable(pipeline.params)}\n`,
    );
    return EXIT_DONE;
  }
  const store = new LocalStore(options.home);
  const given = {
    params: coerceParams(pipeline.params, request.params),
    cache: { store, file: join(options.folder, `${request.pipeline}.ts`), root: options.root },
    picks: request.picks,
  };
  const grid = request.sweep.length > 0 ? readGrid(pipeline.params, request.sweep) : undefined;
  const job: Job = { request, pipeline, store, given, ...grid && { grid } };
  return await (request.show ? show(job, options) : run(job, options));
}

/** Runs the pipeline again and again, each time in a process of its own. */
export async function watchRequest(
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

async function run(job: Job, options: CliOptions): Promise<number> {
  const { request, pipeline, given, grid, store } = job;
  if (request.watchRound !== undefined) {
    await reportFiles(
      request.watchRound,
      pipeline.graph(parseParams(pipeline.params, given.params)),
    );
    options.stderr.write(roundText(await planPipeline(pipeline, given)));
  }
  const view = chooseView(request, options);
  const { jobs } = request;
  const { signal, stderr } = options;
  const onEvent: RunOptions["onEvent"] = (event) => view.show(event);
  const tellFailure = (
    failure: UnitFailure | undefined,
    params: Readonly<Record<string, string>>,
  ) => {
    if (failure && !request.json) stderr.write(afterFailure(failure, job, params, store));
  };
  if (grid === undefined) {
    const result = await closing(view, runPipeline(pipeline, { ...given, jobs, signal, onEvent }));
    tellFailure(result.failure, request.params);
    return result.exitCode;
  }
  const sweep = runSweep(pipeline, {
    ...given,
    grid,
    jobs,
    signal,
    onEvent,
    onResult: ({ failure }, varied) => {
      const texts = Object.entries(varied).map(([name, value]) => [name, valueAsText(value)]);
      tellFailure(failure, { ...request.params, ...Object.fromEntries(texts) });
    },
  });
  const result = await closing(view, sweep);
  if (!request.json) compare(result, request.sort, options);
  return result.exitCode;
}

async function closing<T>(view: View, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    view.close();
  }
}

/** The table at the end of a sweep. */
function compare(
  result: SweepResult,
  order: SortOrder | undefined,
  { stdout, stderr }: CliOptions,
): void {
  const names = new Set(result.points.flatMap(({ metrics }) => Object.keys(metrics)));
  const known = order === undefined || names.has(order.metric);
  if (!known) {
    const found = names.size === 0 ? "none were" : `there are ${[...names].join(", ")}`;
    stderr.write(`warning: Cannot sort: the metric ${order.metric} was not recorded; ${found}\n`);
  }
  stdout.write(sweepText(result, known ? order : undefined, stdout.size()?.columns));
}

/** What helps after a failure: what the step worked with, and how to go on. */
function afterFailure(
  { unit, artifacts }: UnitFailure,
  { request, pipeline }: Job,
  params: Readonly<Record<string, string>>,
  store: LocalStore,
): string {
  const width = Math.max(...Object.keys(artifacts).map((name) => name.length));
  const lines = Object.entries(artifacts).flatMap(([name, digests]) => {
    const more = digests.length - SHOWN_ARTIFACTS;
    const paths = digests.slice(0, SHOWN_ARTIFACTS).map((digest) => store.path(objectKey(digest)));
    return [...paths, ...more > 0 ? [`and ${more} more`] : []]
      .map((text, index) => `  ${(index === 0 ? name : "").padEnd(width)}  ${text}`);
  });
  if (lines.length > 0) lines.unshift(`inputs of ${unitName(unit.step, unit.item)}:`);
  const given = Object.entries(params).map(([name, value]) => ` --param '${name}=${value}'`).join(
    "",
  );
  if (pipeline.cache !== false) {
    lines.push(
      `finished steps are kept; go on with: deno task pipeline ${request.pipeline}${given}`,
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

async function show(job: Job, options: CliOptions): Promise<number> {
  const { request, pipeline, given, grid } = job;
  const { stdout } = options;
  if (grid === undefined) return await showPlan(job, await planPipeline(pipeline, given), options);
  if (request.show !== "plan") {
    throw new UsageError("Cannot draw a sweep: each combination has a graph of its own", {
      next: "leave --sweep out, or give one combination with --param",
    });
  }
  const plans = await planSweep(pipeline, { ...given, grid });
  const json = () => JSON.stringify(plans.map(({ params, entries }) => ({ params, entries })));
  stdout.write(request.json ? `${json()}\n` : sweepPlanText(plans));
  return EXIT_DONE;
}

async function showPlan(
  { request, store }: Job,
  plan: Plan,
  { stdout, root }: CliOptions,
): Promise<number> {
  if (request.show === "graph") stdout.write(mermaidText(plan.graph));
  else if (request.show === "graph-html") {
    const last = (await listRuns(store)).find(({ pipeline }) => pipeline === request.pipeline);
    const path = join(root, "reports", `${request.pipeline}_graph.html`);
    const link = (digest: string) => relative(dirname(path), store.path(objectKey(digest)));
    await writeFileAtomic(path, graphPage(request.pipeline, plan, last, link));
    stdout.write(`${path}\n`);
  } else if (request.json) stdout.write(`${JSON.stringify(plan.entries)}\n`);
  else stdout.write(planText(plan));
  return EXIT_DONE;
}

function chooseView({ json, quiet, trace }: Output, { stdout, stderr }: CliOptions): View {
  if (json) return new JsonView(stdout, trace);
  const now = () => performance.now();
  const streams = { results: stdout, notes: stderr, quiet, trace, now };
  return stderr.size() === undefined ? new PlainView(streams) : new TerminalView(streams);
}
