/** Runs a pipeline from its parameters to its outcome. */

import { alarm, EXIT_INTERRUPTED, isReadOnly, masked, UsageError } from "../../base/mod.ts";
import { type CacheOptions, openCache } from "../cache/open_cache.ts";
import type { Outcome } from "../define/step.ts";
import type { Pipeline } from "../define/definition.ts";
import type { RunEvent, RunInfo, RunStatus, SweepPoint, Untimed } from "../../run_events/mod.ts";
import { execute } from "./execute.ts";
import { afterGc, markActive } from "../history/active.ts";
import { askGit } from "../process/commit.ts";
import { RunRecorder } from "../history/run_record.ts";
import { unitName } from "../define/graph.ts";
import { Lifetimes } from "./lifetimes.ts";
import { changedParams, parseParams, shownParams } from "../define/params.ts";
import { type Picks, select } from "../define/selection.ts";
import { decideAll } from "./plan.ts";
import type { RunEnd, SweepEnd } from "../define/resource.ts";
import { outsideStep } from "../process/outside.ts";
import { withLocalFiles } from "./remote_files.ts";
import { CoreSemaphore } from "./core_semaphore.ts";
import { Stops } from "./stops.ts";
import type { UnitFailure } from "./unit_failure.ts";
import { wiringOf } from "../define/wiring.ts";

/** How a pipeline is run. */
export interface RunOptions {
  /** Parameters by name; those left out take their defaults. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Cores to use, 1 or more; by default all of the machine. */
  readonly jobs?: number;
  /** Interrupts the run. */
  readonly signal?: AbortSignal;
  /** Hears what happens. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Where outputs are kept and looked for; without it every step runs and nothing is kept. */
  readonly cache?: CacheOptions;
  /** Which steps the run is about; all by default. */
  readonly picks?: Picks;
  /** The orchestrated run that this one carries out a part of. */
  readonly partOf?: string;
  /** Goes on after a failure with all that does not depend on it; `false` by default. */
  readonly keepGoing?: boolean;
  /** Seconds that steps and resources have to clean up after an interrupt; 10 by default. */
  readonly grace?: number;
}

/** How a run ended. */
export interface RunResult {
  /** Id of the run. */
  readonly run: string;
  /** How it ended. */
  readonly status: RunStatus;
  /** Exit code for the command line: 0 or the outcome's, 1 failed, 130 interrupted. */
  readonly exitCode: number;
  /** Where and why a failed run failed. */
  readonly failure?: UnitFailure;
}

/** What a run of a sweep is told. */
export interface InSweep {
  /** Where it stands. */
  readonly point: SweepPoint;
  /** What the sweep's runs share, by resource. */
  readonly shared: Lifetimes<SweepEnd>;
}

const EXIT_FAILED = 1;

/**
 * Runs a pipeline. A step's failure or an interrupt stops the rest of the run and
 * is told in the result; it does not throw.
 *
 * @throws {UsageError} for parameters that do not fit, or a pipeline that cannot be built.
 */
export async function runPipeline<Params>(
  pipeline: Pipeline<Params>,
  options: RunOptions = {},
): Promise<RunResult> {
  return await runPoint(pipeline, options);
}

/** The same for a run of a sweep. */
export async function runPoint<Params>(
  pipeline: Pipeline<Params>,
  options: RunOptions,
  sweep?: InSweep,
): Promise<RunResult> {
  const { jobs = navigator.hardwareConcurrency, grace = 10, onEvent = () => {} } = options;
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new UsageError(`Cannot run on ${jobs} cores`, { next: "give a whole number, 1 or more" });
  }
  const params = parseParams(pipeline.params, options.params ?? {});
  const graph = await withLocalFiles(pipeline.graph(params), options.signal);
  const selection = select(graph, options.picks ?? {});
  const given = params as Record<string, unknown>;
  const startedAt = new Date();
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const run: RunInfo = {
    id: runName(pipeline.name, startedAt),
    pipeline: pipeline.name,
    startedAt,
    jobs,
    ...sweep && { sweep: sweep.point },
    ...options.partOf !== undefined && { partOf: options.partOf },
  };
  using _mark = options.cache && await markActive(options.cache.store, run.id);
  if (options.cache) await afterGc(options.cache.store, options.signal);
  await using _lease = await options.cache?.store.lease?.(run.id, options.signal);
  const cache = options.cache && pipeline.cache !== false
    ? await openCache(pipeline, graph, given, options.cache, options.partOf, options.signal)
    : undefined;
  const recorder = options.cache && new RunRecorder(
    options.cache.store,
    wiringOf(graph),
    cache?.commit ?? (() => askGit(options.cache!.root)),
  );
  const record = async () => {
    try {
      await recorder?.write();
    } catch (error) {
      if (!isReadOnly(error)) throw error; // else the history has no room for this run
    }
  };
  let begun: Promise<void> | undefined;
  const emit = (untimed: Untimed) => {
    const event = masked({ ...untimed, at: new Date().toISOString() });
    recorder?.take(event);
    if (event.type === "step_started" && begun === undefined) {
      begun = record(); // beside the work: git takes its time; where all is kept the end is near
      begun.catch(() => {}); // awaited at the end
    }
    outsideStep(() => onEvent(event)); // what a listener prints is not the step's
  };
  const decisions = cache ? await decideAll(graph, selection, cache) : [];
  const planned = new Map(
    decisions.map(({ step, item, decision }) => [unitName(step, item), decision]),
  );
  const writes = decisions.some(({ decision }) =>
    decision.verdict !== "cached" || decision.files.length > 0
  );
  const { WrittenPaths } = writes ? await import("../cache/written_paths.ts") : {};
  const written = WrittenPaths && new WrittenPaths(options.cache!.store, run, graph);
  using stops = new Stops(options.signal, options.keepGoing ?? false);
  const opened = new Lifetimes<RunEnd>();
  const contexts = async () => {
    const { stepContext } = await import("../define/step_context.ts");
    const signal = stops.signal;
    return (name: string) => stepContext({ unit: { step: name }, run, signal, emit });
  };
  const resource = (name: string) => {
    const { sweep: share, open, close } = graph.resources.get(name)!.resource;
    return opened.get(name, async () => {
      const context = (await contexts())(name);
      const shared = share && sweep && await sweep.shared.get(
        name,
        () => share.open({ ...context, run: { ...run, sweep: sweep.point } }),
        share.close,
      );
      return await open({ ...context, shared });
    }, close);
  };

  emit({
    type: "run_started",
    run: run.id,
    pipeline: pipeline.name,
    params: shownParams(pipeline.params, given),
    given: shownParams(pipeline.params, options.params ?? {}),
    changed: changedParams(pipeline.params, given),
    ...options.picks?.only !== undefined && { partial: options.picks.only.join(", ") },
    ...options.partOf !== undefined && { partOf: options.partOf },
    ...sweep &&
      { sweep: { ...sweep.point, params: shownParams(pipeline.params, sweep.point.params) } },
    steps: graph.nodes.filter(({ name }) => selection.includes(name)).map((node) =>
      node.kind === "each" ? { name: node.name, items: node.items.length } : { name: node.name }
    ),
  });
  let status: RunStatus = "succeeded";
  let outcome: Outcome | undefined;
  const scope = {
    run,
    slots: new CoreSemaphore(jobs),
    resource,
    selection,
    cache: cache?.steps,
    ...written && { written },
    planned,
    file: options.cache?.file,
    root: options.cache?.root,
    params: given,
    digestFile: cache?.digestFile ?? (() => Promise.resolve("")),
    ...cache && { watch: cache.watch },
    stops,
    keepGoing: options.keepGoing ?? false,
    emit,
    elapsed,
  };
  try {
    outcome = await stops.bounded(execute(graph, scope), grace) as Outcome | undefined;
  } catch {
    status = stops.failures.length > 0 ? "failed" : "cancelled";
  }
  if (stops.failures.length > 0) status = "failed"; // also one that came after its step's end
  let [failure] = stops.failures;
  const error = failure && { error: failure.error };
  const closed = async () => {
    const contextOf = await contexts();
    return await opened.close((name) => ({ ...contextOf(name), status, ...error }));
  };
  for (const { name, error } of opened.any && await withinGrace(closed(), grace) || []) {
    if (status === "succeeded") {
      status = "failed";
      failure = { unit: { step: name }, error, artifacts: {} };
    }
    const text = error instanceof Error ? error.message : String(error);
    emit({ type: "warning", step: name, text: `Cannot close ${name}: ${text}` });
  }
  await cache?.commit(); // the record asks for it, and the next run need not
  await cache?.close();
  const exitCode = status === "succeeded"
    ? outcome?.exitCode ?? 0
    : status === "failed"
    ? EXIT_FAILED
    : EXIT_INTERRUPTED;
  emit({ type: "run_finished", run: run.id, status, seconds: elapsed(), exitCode });
  await begun;
  await record();
  return { run: run.id, status, exitCode, ...failure && { failure } };
}

/** The value of `work`, undefined if it takes longer than the grace. */
export async function withinGrace<T>(work: Promise<T>, grace: number): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  using _alarm = alarm(grace, () => resolve(undefined));
  return await Promise.race([work, promise]);
}

/** A name that sorts by time and does not repeat: `train_20260131_093000_1f3a`. */
export function runName(pipeline: string, at: Date): string {
  const digits = at.toISOString().replaceAll(/[-:]/g, "").slice(0, 15).replace("T", "_");
  return `${pipeline}_${digits}_${crypto.randomUUID().slice(0, 4)}`;
}
