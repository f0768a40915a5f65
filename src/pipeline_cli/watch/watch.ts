/** Runs a pipeline again whenever something that it depends on is edited. */

import { ifPresent, join, relative, removeIfPresent, resolve } from "../../base/mod.ts";
import { pipelineCommand } from "../process/runner_command.ts";
import { RunProcess } from "../process/run_process.ts";
import { FolderWatch } from "./folder_watch.ts";
import { WatchedInputs } from "./inputs.ts";

/** What is watched and run. */
export interface WatchOptions {
  /** The pipeline's file. */
  readonly file: string;
  /** The project's folder. */
  readonly root: string;
  /** Arguments of the run. */
  readonly args: readonly string[];
  /** Tells the user what goes on between runs. */
  readonly note: (line: string) => void;
  /** Ends the watching. */
  readonly signal?: AbortSignal;
}

/** Changed files that a note names. */
const SHOWN = 3;

/**
 * Runs, waits for an edit, runs again, until `signal` is aborted. An edit while a run
 * is under way interrupts it, as test watchers do: its result would be outdated, and
 * its finished steps are kept. Each round is a process of its own and so loads the code
 * as it is then. A round that fails, even to load, is followed by the next edit. What
 * `--force` and `--from` ask for is done in the first round only.
 */
export async function watchPipeline(options: WatchOptions): Promise<void> {
  const { note, root, signal } = options;
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const stopped = aborted(signal);
  using watch = new FolderWatch();
  const inputs = new WatchedInputs(options.file, root, watch);
  try {
    for (let round = 1;; round++) {
      const changed = await runRound(options, round, folder, watch, inputs, stopped);
      if (changed === undefined) return;
      const shown = changed.slice(0, SHOWN).map((path) => relative(resolve(root), path));
      const more = changed.length > SHOWN ? ` and ${changed.length - SHOWN} more` : "";
      note(`changed: ${shown.join(", ")}${more}`);
    }
  } finally {
    await removeIfPresent(folder);
  }
}

/** Runs once and waits for an edit. Gives the files that changed, undefined for the end. */
async function runRound(
  { args, note, signal }: WatchOptions,
  round: number,
  folder: string,
  watch: FolderWatch,
  inputs: WatchedInputs,
  stopped: Promise<"stopped">,
): Promise<string[] | undefined> {
  const report = join(folder, `${round}.json`);
  await watch.follow(report);
  let next = watch.next();
  await inputs.begin();
  const command = await pipelineCommand([...args, "--watch-round", `${round}:${report}`], {
    stdin: "null",
  });
  await using child = new RunProcess(command.spawn());
  await inputs.findSources();
  let reported = false;
  let told = false;
  while (!signal?.aborted) {
    if (!reported) {
      const named = await readReport(report);
      reported = named !== undefined;
      await inputs.name(named ?? []);
    }
    if (!child.running && !told) {
      told = true;
      note(`watching ${files(inputs.count)} for changes, Ctrl-C ends`);
    }
    const ended = child.running ? [child.ended] : [];
    const happened = await Promise.race([next, stopped, ...ended]);
    if (happened === "stopped") break;
    const touched = typeof happened === "number" ? [] : happened;
    if (typeof happened !== "number") next = watch.next();
    const changed = await inputs.changed(child.running);
    if (changed.length === 0 && !child.running && !reported) {
      changed.push(...WatchedInputs.code(touched));
    }
    if (changed.length > 0) return changed;
  }
}

const files = (count: number) => count === 1 ? "1 file" : `${count} files`;

async function readReport(path: string): Promise<string[] | undefined> {
  const text = await ifPresent(Deno.readTextFile(path));
  return text === undefined ? undefined : JSON.parse(text);
}

function aborted(signal: AbortSignal | undefined): Promise<"stopped"> {
  const { promise, resolve } = Promise.withResolvers<"stopped">();
  if (signal?.aborted) resolve("stopped");
  signal?.addEventListener("abort", () => resolve("stopped"), { once: true });
  return promise;
}
