/** Sending runs that were kept in a folder to the server they were meant for. */

import { DataError, UsageError, type UserError } from "../base/mod.ts";
import { readRuns, type RunInFolder } from "./file_reader.ts";
import { FileStore } from "./file_store.ts";
import { isMissing, ResponseError } from "./http_errors.ts";
import { keptTags, readKept, sentTags, wasSent } from "./kept.ts";
import { openServer, type TrackerOptions } from "./open_tracker.ts";
import type { RestRun } from "./rest_run.ts";
import type { RestStore } from "./rest_store.ts";
import { sendContents } from "./send_contents.ts";
import { parentTag } from "./store.ts";

/** A run that is now on the server. */
export interface SentRun {
  /** What the run is called. */
  readonly name: string;
  /** Id in the folder. */
  readonly localId: string;
  /** Id on the server. */
  readonly id: string;
  /** The run's page. */
  readonly url: string;
}

/** What {@linkcode sendRuns} did. */
export interface SendReport {
  /** The runs that are on the server now. */
  readonly sent: readonly SentRun[];
  /** Names of kept runs that have not ended: still at work, or their process was killed. */
  readonly running: readonly string[];
  /** What the server will not take, of runs that are sent without it, and whole runs; if any. */
  readonly refused?: readonly Refused[];
}

/** Something that the server refused. */
export interface Refused {
  /** Name of the run. */
  readonly run: string;
  /** What of it, as `artifact plot #1.html`; `run` for all of it, which is kept. */
  readonly what: string;
  /** Why, in the server's words. */
  readonly reason: string;
}

/** Which runs to send, and how. */
export interface SendOptions extends Pick<TrackerOptions, "onWarning" | "env" | "sleep"> {
  /**
   * Ids (in the folder) of the runs to send, whether they were meant for a
   * server or not; one that never ended is sent as KILLED. Left out: all that
   * are kept for a server, have ended and were not sent.
   */
  readonly runIds?: readonly string[];
  /** Hears of each run that is now on the server. */
  readonly onSent?: (run: SentRun) => void;
}

/**
 * Sends runs that are kept in the folder `root` to the server at `uri`, with all they hold, and
 * marks them as sent. Safe to repeat
 * after an interruption: what is on the server already is not doubled. What the server refuses
 * (a name, a key, a value) is passed over and told.
 *
 * @throws {UsageError} if `uri` is no http(s) address.
 * @throws {ServiceError} if the server is lost on the way.
 * @throws {DataError} if a run id is not in the folder.
 */
export async function sendRuns(
  root: string,
  uri: string,
  options: SendOptions = {},
): Promise<SendReport> {
  const server = openServer(uri, options);
  const folder = new FileStore(root);
  const all = await Array.fromAsync(readRuns(root));
  const missing = options.runIds?.find((id) => !all.some((run) => run.id === id));
  if (missing !== undefined) {
    throw new DataError(`Cannot send run ${missing}: it is not in ${root}`, {
      next: "check the id and the folder",
    });
  }
  const chosen = all.filter((run) =>
    !wasSent(run.tags) &&
    (options.runIds?.includes(run.id) ??
      (readKept(run.tags) !== undefined && run.status !== "RUNNING"))
  );
  const running = options.runIds
    ? []
    : all.filter((run) =>
      run.status === "RUNNING" && readKept(run.tags) !== undefined && !wasSent(run.tags)
    );

  const serverIds = new Map<string, string>();
  for (const run of all) {
    const id = readKept(run.tags)?.runId;
    if (id !== undefined) serverIds.set(run.id, id);
  }
  const sent: SentRun[] = [];
  const refused: Refused[] = [];
  const tell = (run: RunInFolder, what: string, { message, next }: UserError) => {
    refused.push({ run: run.name, what, reason: message });
    const how = next === undefined ? "" : `; ${next}`;
    options.onWarning?.(`Run ${run.name}: ${what} is not on the server: ${message}${how}`);
  };
  for (const run of parentsFirst(chosen)) {
    let target: RestRun;
    try {
      target = await openTarget(run, server, serverIds.get(run.tags[parentTag] ?? ""));
    } catch (error) {
      const never = error instanceof UsageError ||
        error instanceof ResponseError && error.refusesContent;
      if (!never) throw error;
      tell(run, "run", error);
      continue;
    }
    serverIds.set(run.id, target.id);
    const local = {
      id: run.id,
      experiment: target.experiment,
      location: folder.location,
      folder: run.folder,
    };
    const choice = readKept(run.tags)?.experiment ?? run.experimentName;
    const { url } = server.location as { url: string };
    // Before the rest, so that an interrupted attempt is continued.
    await folder.writeTags(local, keptTags({ server: url, experiment: choice, runId: target.id }));
    await sendContents(run, server, target, (what, why) => tell(run, what, why));
    const page = target.location.kind === "server" ? target.location.url : "";
    await folder.writeTags(local, sentTags(page));
    const done = { name: run.name, localId: run.id, id: target.id, url: page };
    sent.push(done);
    options.onSent?.(done);
  }
  return {
    sent,
    running: running.map(({ name }) => name),
    ...(refused.length > 0 && { refused }),
  };
}

/** The run on the server: the one that was begun there, or a new one. */
async function openTarget(
  run: RunInFolder,
  server: RestStore,
  parentId: string | undefined,
): Promise<RestRun> {
  const kept = readKept(run.tags);
  const experiment = await server.experiment(kept?.experiment ?? run.experimentName);
  try {
    if (kept?.runId !== undefined) return await server.openRun(kept.runId, experiment);
  } catch (error) {
    // A server that was set up anew does not know it any more.
    if (!isMissing(error)) throw error;
  }
  // The other tags come with the rest, if one that is refused does not cost the run.
  const { "mlflow.user": user } = run.tags;
  return await server.createRun(experiment, {
    name: run.name,
    startTime: run.startTime,
    tags: {
      "mlflow.runName": run.name,
      ...(user !== undefined && { "mlflow.user": user }),
      ...(parentId && { [parentTag]: parentId }),
    },
  });
}

/** Runs sorted so that each comes after the one it is nested in. */
function parentsFirst(runs: readonly RunInFolder[]): RunInFolder[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const depth = (run: RunInFolder): number => {
    const parent = byId.get(run.tags[parentTag] ?? "");
    return parent === undefined ? 0 : 1 + depth(parent);
  };
  return [...runs].sort((a, b) => depth(a) - depth(b));
}
