/** The command line of runs, free of process state so that tests can call it. */

import { nearestName, packError, UsageError, UserError, writeFileAtomic } from "../base/mod.ts";
import { metricNames as knownMetrics, metricOf } from "../metrics/mod.ts";
import { errorLines, type Sink, textTable } from "../terminal/mod.ts";
import { type FoundRun, openReader, type RunReader } from "../tracking/mod.ts";
import { parseRunsArgs, type RunsRequest } from "./arguments.ts";
import { comparisonPage, type MetricCurves } from "./comparison_page.ts";
import { labels, metricsOfRuns, paramDifferences } from "./differences.ts";
import { findRuns } from "./find_runs.ts";
import { runsHelp } from "./help.ts";

/** What the command line needs of the process around it. */
export interface RunsOptions {
  /** Standard output: results. */
  readonly stdout: Sink;
  /** Standard error: errors. */
  readonly stderr: Sink;
  /** Reads a variable of the environment. */
  readonly env: (name: string) => string | undefined;
}

/** Metrics that a list shows where no columns are asked for. */
const SHOWN = 4;
/** Histories that a page has room for. */
const MOST_CURVES = 12;

/** Does what `args` ask for and gives the exit code. */
export async function runRunsCli(
  args: readonly string[],
  { stdout, stderr, env }: RunsOptions,
): Promise<number> {
  try {
    const request = parseRunsArgs(args, env);
    if (request === undefined) {
      stdout.write(runsHelp);
      return 0;
    }
    const reader = openReader(request.tracking, env);
    const { text, json } = await commands[request.command](request, reader);
    stdout.write(request.json ? `${JSON.stringify(json, null, 2)}\n` : text);
    return 0;
  } catch (error) {
    const told = error instanceof Deno.errors.NotCapable && error.message.includes("write access")
      ? new UserError(error.message, {
        next: "the task may write below reports/ only: name a file there, as in " +
          "--html reports/compare.html",
      })
      : error;
    stderr.write(`${errorLines(packError(told), !(told instanceof UserError)).join("\n")}\n`);
    return told instanceof UsageError ? 2 : 1;
  }
}

/** An answer in both forms. */
interface Answer {
  readonly text: string;
  readonly json: unknown;
}

const commands = { list, show, compare, best };

async function list(request: RunsRequest, reader: RunReader): Promise<Answer> {
  refuseNames(request, 0);
  const runs = await reader.search(request);
  const columns = request.columns ?? mostCommon(runs).map((name) => `metrics.${name}`);
  return { text: runTable(runs, columns, reader), json: runs };
}

async function show(request: RunsRequest, reader: RunReader): Promise<Answer> {
  refuseNames(request, 1);
  if (request.names.length === 0) throw noRun("show");
  const [run] = await findRuns(reader, request.names, request.experiment);
  const nested = (await reader.search({ max: 50_000, experiment: run.experiment }))
    .filter(({ tags }) => tags["mlflow.parentRunId"] === run.id);
  const part = (title: string, values: Readonly<Record<string, string | number>>) => {
    const rows = Object.entries(values).sort(([a], [b]) => a < b ? -1 : 1);
    if (rows.length === 0) return "";
    return `${title}\n${indented(textTable(rows.map(([name, value]) => [name, short(value)])))}\n`;
  };
  const own = Object.entries(run.tags).filter(([key]) => !key.startsWith("mlflow."));
  const text = `${run.name} (${run.id})\n` +
    indented(textTable([
      ["experiment", run.experiment],
      ["status", run.status],
      ["started", moment(run.startTime)],
      ["lasted", lasted(run)],
      ["source", run.tags["mlflow.source.name"] ?? "–"],
      ["commit", run.tags["mlflow.source.git.commit"] ?? "–"],
      ["by", run.tags["mlflow.user"] ?? "–"],
    ])) + "\n" + part("Metrics", run.metrics) + part("Parameters", run.params) +
    part("Tags", Object.fromEntries(own)) +
    (nested.length === 0
      ? ""
      : `Nested\n${indented(runTable(nested, columnsOf(nested), reader))}\n`);
  return { text, json: { ...run, nested } };
}

async function compare(request: RunsRequest, reader: RunReader): Promise<Answer> {
  if (request.names.length < 2) {
    throw new UsageError("Cannot compare: name two runs or more", {
      next: "give ids or names, as deno task runs list shows them",
    });
  }
  const runs = await findRuns(reader, request.names, request.experiment);
  const params = paramDifferences(runs);
  const metrics = metricsOfRuns(runs);
  const called = labels(runs);
  const text = textTable([
    ["METRIC", ...called],
    ...metrics.map((name) => [name, ...runs.map((run) => short(run.metrics[name]))]),
  ]) + "\n" + (params.length === 0 ? "All parameters are the same\n" : textTable([
    ["PARAMETER", ...called],
    ...params.map(({ name, values }) => [name, ...values.map((value) => short(value))]),
  ]));
  const json = {
    runs: runs.map(({ id, name }) => ({ id, name })),
    metrics: Object.fromEntries(
      metrics.map((name) => [name, runs.map((run) => run.metrics[name] ?? null)]),
    ),
    param_differences: Object.fromEntries(params.map(({ name, values }) => [name, values])),
  };
  if (request.html === undefined) return { text, json };
  const curves: MetricCurves[] = [];
  for (const metric of metrics) {
    const histories = await Promise.all(
      runs.map((run) =>
        run.metrics[metric] === undefined ? Promise.resolve([]) : reader.history(run, metric)
      ),
    );
    if (histories.some((points) => points.length > 1)) curves.push({ metric, histories });
    if (curves.length === MOST_CURVES) break;
  }
  await writeFileAtomic(request.html, await comparisonPage(runs, curves, reader.place));
  return { text: `${text}\nPage: ${request.html}\n`, json: { ...json, page: request.html } };
}

async function best(request: RunsRequest, reader: RunReader): Promise<Answer> {
  const [given] = request.names;
  refuseNames(request, 1);
  if (given === undefined) {
    throw new UsageError("Cannot find the best run: no metric is named", {
      next: "name one, as in deno task runs best roc_auc",
    });
  }
  const metric = given.replace(/^metrics\./, "");
  const direction = request.direction ?? directionOf(metric);
  // MLflow's search knows no "has it" of metrics: runs without come last, and are left out here.
  const sorted = await reader.search({
    max: 50_000,
    ...request.experiment !== undefined && { experiment: request.experiment },
    ...request.filter !== undefined && { filter: request.filter },
    order: `metrics.\`${metric}\` ${direction === "higher" ? "DESC" : "ASC"}`,
  });
  const runs = sorted.filter((run) => Number.isFinite(run.metrics[metric]))
    .sort((a, b) => (a.metrics[metric] - b.metrics[metric]) * (direction === "higher" ? -1 : 1))
    .slice(0, request.max);
  if (runs.length === 0) {
    const known = metricsOfRuns(sorted);
    const near = nearestName(metric, known);
    throw new UsageError(`Cannot find the best run by ${metric}: no run has it`, {
      next: near === undefined
        ? `runs have ${known.slice(0, 12).join(", ") || "no metrics"}`
        : `did you mean ${near}?`,
    });
  }
  return {
    text: runTable(runs, [`metrics.${metric}`, ...columnsOf(runs, [metric])], reader),
    json: { metric, direction, runs },
  };
}

/** Which values of a metric are better, told by the catalogue's name at the end of its own. */
function directionOf(metric: string): "higher" | "lower" {
  const known = knownMetrics().filter((name) => metric === name || metric.endsWith(`_${name}`))
    .sort((a, b) => b.length - a.length)[0];
  if (known !== undefined) return metricOf(known).direction;
  if (/loss|error|rmse|mae\b/i.test(metric)) return "lower";
  const near = nearestName(metric, knownMetrics());
  throw new UsageError(`Cannot tell which values of ${metric} are better`, {
    next: `${near === undefined ? "" : `did you mean ${near}? Else `}add --higher or --lower`,
  });
}

function refuseNames({ command, names }: RunsRequest, most: number): void {
  if (names.length <= most) return;
  throw new UsageError(`Cannot understand "${names[most]}" after ${command}`, {
    next: "see deno task runs --help",
  });
}

function noRun(command: string): UsageError {
  return new UsageError(`Cannot ${command} a run: none is named`, {
    next: "give an id or a name, as deno task runs list shows them",
  });
}

/** Metrics that most of the runs have. */
function mostCommon(runs: readonly FoundRun[], without: readonly string[] = []): string[] {
  const count = (name: string) => runs.filter(({ metrics }) => metrics[name] !== undefined).length;
  return metricsOfRuns(runs).filter((name) => !without.includes(name))
    .sort((a, b) => count(b) - count(a)).slice(0, SHOWN);
}

function columnsOf(runs: readonly FoundRun[], without: readonly string[] = []): string[] {
  return mostCommon(runs, without).map((name) => `metrics.${name}`);
}

function runTable(
  runs: readonly FoundRun[],
  columns: readonly string[],
  { place }: RunReader,
): string {
  if (runs.length === 0) return `No runs in ${place}\n`;
  return textTable([
    ["ID", "RUN", "EXPERIMENT", "STARTED", "STATUS", ...columns.map((name) => headOf(name))],
    ...runs.map((run) => [
      ...[run.id.slice(0, 8), run.name, run.experiment, moment(run.startTime), run.status],
      ...columns.map((name) => short(valueOf(run, name))),
    ]),
  ]);
}

function headOf(column: string): string {
  return column.replace(/^(metrics|params|tags)\./, "");
}

function valueOf(run: FoundRun, column: string): string | number | undefined {
  const [, kind, name] = /^(metrics|params|tags)\.(.+)$/s.exec(column) ?? [];
  if (kind === undefined) {
    throw new UsageError(`Cannot show the column ${column}`, {
      next: "write metrics.NAME, params.NAME or tags.NAME",
    });
  }
  return run[kind as "metrics" | "params" | "tags"][name];
}

function short(value: string | number | undefined): string {
  if (value === undefined) return "–";
  if (typeof value === "number") {
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  }
  const line = value.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function moment(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace("T", " ");
}

function lasted({ startTime, endTime }: FoundRun): string {
  return endTime === undefined ? "–" : `${((endTime - startTime) / 1000).toFixed(1)} s`;
}

function indented(text: string): string {
  return text.trimEnd().split("\n").map((line) => `  ${line}`).join("\n");
}
