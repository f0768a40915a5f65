/** Runs a scheduled pipeline in a process of its own. */

import { eachLine, EXIT_INTERRUPTED } from "../../base/mod.ts";
import type { RunEvent } from "../../run_events/mod.ts";
import { unitName } from "../../pipeline/mod.ts";
import { pipelineCommand } from "../process/runner_command.ts";
import { RunProcess } from "../process/run_process.ts";
import { PlainView } from "../view/plain_view.ts";
import type { Sink } from "../../terminal/mod.ts";
import type { Scheduled } from "./job.ts";
import type { RunOutcome } from "./schedule_event.ts";

/** Where the runs are told and what they may use. */
export interface RunnerOptions {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Only results, warnings and errors. */
  readonly quiet: boolean;
  /** Stack traces of errors. */
  readonly trace: boolean;
  /** Cores of each run. */
  readonly jobs?: number;
}

/** Runs a pipeline as it is in its file now; its lines carry its name. */
export async function runScheduled(
  { name, schedule }: Scheduled,
  signal: AbortSignal,
  { stdout, stderr, quiet, trace, jobs }: RunnerOptions,
): Promise<RunOutcome> {
  const params = Object.entries(schedule.params ?? {}).flatMap(([param, value]) => [
    "--param",
    `${param}=${Array.isArray(value) ? value.join(",") : value}`,
  ]);
  const args = [name, "--json", ...params, ...jobs === undefined ? [] : ["--jobs", String(jobs)]];
  const command = await pipelineCommand(args, {
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const view = new PlainView({
    results: prefixed(stdout, name),
    notes: prefixed(stderr, name),
    quiet,
    trace,
    now: () => performance.now(),
  });
  let run: string | undefined;
  let error: string | undefined;
  const child = command.spawn();
  await using process = new RunProcess(child);
  const interrupt = () => void process.interrupt();
  if (signal.aborted) interrupt();
  signal.addEventListener("abort", interrupt, { once: true });
  await Promise.all([
    eachLine(child.stdout, (line) => {
      const event = readEvent(line);
      if (event === undefined) return prefixed(stdout, name).write(`${line}\n`);
      view.show(event);
      if (event.type === "run_started") run = event.run;
      if (event.type === "step_finished" && event.error) {
        error ??= `${unitName(event.step, event.item)}: ${event.error.message}`;
      } else if (event.type === "error") error ??= event.error.message;
    }),
    eachLine(child.stderr, (line) => {
      prefixed(stderr, name).write(`${line}\n`);
      if (line.startsWith("error: ")) error ??= line.slice("error: ".length);
    }),
  ]);
  const exitCode = await process.ended;
  signal.removeEventListener("abort", interrupt);
  const status = exitCode === 0
    ? "succeeded"
    : exitCode === EXIT_INTERRUPTED || signal.aborted
    ? "cancelled"
    : "failed";
  return {
    status,
    exitCode,
    ...run !== undefined && { run },
    ...status === "failed" && error !== undefined && { error },
  };
}

/** All types of events, by name. */
const types: Record<RunEvent["type"], true> = {
  run_started: true,
  step_started: true,
  step_progress: true,
  step_retried: true,
  step_finished: true,
  log: true,
  warning: true,
  output: true,
  metric: true,
  error: true,
  run_finished: true,
  sweep_finished: true,
};

/** An event of the run; undefined for what a step has printed by itself. */
function readEvent(line: string): RunEvent | undefined {
  try {
    const event = JSON.parse(line);
    // The schema of events would have every start look for the package that it is written in.
    return typeof event.at === "string" && Object.hasOwn(types, event.type) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** A stream whose lines start with the pipeline's name. */
function prefixed(sink: Sink, name: string): Sink {
  return {
    write: (text) => sink.write(text.replace(/^(?=.)/gm, `[${name}] `)),
    size: () => undefined,
  };
}
