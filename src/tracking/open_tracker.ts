/** Opening the tracker that the environment or the caller names. */

import { fromFileUrl, isAbsolute } from "@std/path";
import { ServiceError, UsageError } from "../base/mod.ts";
import type { Experiment, TrackedRun, Tracker } from "./contract.ts";
import { FailoverStore, standInName } from "./failover_store.ts";
import { FileStore } from "./file_store.ts";
import { HttpClient, type Sleep } from "./http_client.ts";
import { recorder } from "./recorder.ts";
import { RestStore } from "./rest_store.ts";
import { connectionSettings, type Environment } from "./settings.ts";

/** Where a run comes from; becomes MLflow's standard tags. */
export interface RunSource {
  /** The script or pipeline. */
  readonly name: string;
  /** How it runs; "LOCAL" if it is left out. */
  readonly type?: "NOTEBOOK" | "JOB" | "PROJECT" | "LOCAL";
  /** Hash of the commit the source is at. */
  readonly gitCommit?: string;
  /** Who runs it; USER, LOGNAME or USERNAME of the environment where it is left out. */
  readonly user?: string;
}

/** How to open a tracker. */
export interface TrackerOptions {
  /**
   * An http(s) address, a `file:` URI or a path; undefined or "" is `root`.
   * Usually `Deno.env.get("MLFLOW_TRACKING_URI")`.
   */
  readonly uri?: string;
  /** The folder for runs without a server, and for runs a server did not take. */
  readonly root?: string;
  /** Where the runs come from. */
  readonly source?: RunSource;
  /** Hears what the user should know though the work goes on. */
  readonly onWarning?: (message: string) => void;
  /** Reads environment variables; the process's if it is left out. */
  readonly env?: Environment;
  /** The clock: milliseconds since 1970. */
  readonly now?: () => number;
  /** Waits between requests; for tests. */
  readonly sleep?: Sleep;
}

const defaultRoot = "mlruns";
// MLflow's 7 retries of 120 s take minutes; with a folder to fall back on, nobody needs to wait.
const withFolder = { maxRetries: 3, timeoutMs: 30_000 };

/**
 * Opens a tracker. A server that cannot be reached, or that refuses, is found
 * out now, within seconds: `onWarning` says so, and the runs go to `root`, from
 * where `sendRuns` sends them later. The same holds for a server that is lost on
 * the way.
 *
 * @throws {UsageError} if the URI is of a kind that is not supported.
 *
 * @example
 * ```ts
 * const root = await Deno.makeTempDir();
 * const tracker = await openTracker({ root, source: { name: "pipelines/train.ts" } });
 * const run = await tracker.startRun(await tracker.experiment("credit"), { name: "first" });
 * await run.logParams({ folds: 5 });
 * await run.logMetrics({ f1_macro: 0.8 });
 * await run.end();
 * ```
 */
export async function openTracker(options: TrackerOptions = {}): Promise<Tracker> {
  const { uri, root = defaultRoot, onWarning = () => {}, now, sleep } = options;
  const env = options.env ?? ((name) => Deno.env.get(name));
  const recording = { tags: sourceTags(options.source, env), now };
  const place = trackingPlace(uri, root);
  if (place.kind === "folder") return recorder(new FileStore(place.path, now), recording);

  const settings = connectionSettings(place.url, env, withFolder);
  const server = new RestStore(new HttpClient(settings, sleep), { onWarning, now });
  const folder = new FileStore(root, now);
  const store = new FailoverStore({ server, serverUrl: settings.url, folder, onWarning });
  try {
    await server.probe();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    store.giveUp(error);
  }
  return recorder(store, recording);
}

/**
 * Connects to the server at `uri` without a folder to fall back on.
 *
 * @throws {UsageError} if `uri` is no http(s) address.
 */
export function openServer(uri: string, options: Omit<TrackerOptions, "uri"> = {}): RestStore {
  const { onWarning, now, sleep, env = (name) => Deno.env.get(name) } = options;
  const place = trackingPlace(uri, defaultRoot);
  if (place.kind !== "server") {
    throw new UsageError(`Cannot send runs to ${uri}: it is no tracking server`, {
      next: "set MLFLOW_TRACKING_URI to the http(s) address of one",
    });
  }
  return new RestStore(new HttpClient(connectionSettings(place.url, env), sleep), {
    onWarning,
    now,
  });
}

/** Reads a tracking URI. */
function trackingPlace(
  given: string | undefined,
  root: string,
): { kind: "server"; url: string } | { kind: "folder"; path: string } {
  // A line end or blank comes along if a variable is set from a file or by copying.
  const uri = given?.trim() ?? "";
  if (uri === "") return { kind: "folder", path: root };
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1].toLowerCase();
  if (scheme === "http" || scheme === "https") {
    if (URL.canParse(uri)) return { kind: "server", url: uri };
    throw new UsageError(`Cannot use the tracking URI ${uri}: it is no valid address`, {
      next: "give the address of a server, such as http://127.0.0.1:5000",
    });
  }
  // MLflow takes file:relative too.
  if (scheme === "file") {
    const rest = uri.slice("file:".length);
    return { kind: "folder", path: rest.startsWith("/") ? fromFileUrl(uri) : rest };
  }
  if (/^[\w.-]+:\d+(\/|$)/.test(uri)) {
    throw new UsageError(`Cannot track to ${uri}: it names a host without a protocol`, {
      next: `set MLFLOW_TRACKING_URI to http://${uri}`,
    });
  }
  const isFolder = isAbsolute(uri) || (scheme === undefined && !/^databricks/.test(uri));
  if (isFolder) return { kind: "folder", path: uri };
  const database = /^(sqlite|mysql|postgresql|mssql)\b/.test(uri);
  throw new UsageError(`Cannot track to ${uri}: ${scheme ?? uri} is not supported`, {
    next: database
      ? `start "mlflow server --backend-store-uri ${uri}" and set MLFLOW_TRACKING_URI to its ` +
        "http address"
      : "set MLFLOW_TRACKING_URI to an http(s) address or a folder",
  });
}

function sourceTags(source: RunSource | undefined, env: Environment): Record<string, string> {
  const user = source?.user ?? environmentUser(env);
  return {
    ...(user && { "mlflow.user": user }),
    ...(source && {
      "mlflow.source.name": source.name,
      "mlflow.source.type": source.type ?? "LOCAL",
    }),
    ...(source?.gitCommit && { "mlflow.source.git.commit": source.gitCommit }),
  };
}

function environmentUser(env: Environment): string | undefined {
  try {
    return env("USER") || env("LOGNAME") || env("USERNAME");
  } catch {
    return undefined; // Not permitted to read them: a run without a user is fine.
  }
}

/**
 * The experiment that MLFLOW_EXPERIMENT_NAME or _ID chooses, else `name`.
 *
 * @throws {UsageError} if both are set and name different experiments, or
 * the id does not exist.
 */
export async function chosenExperiment(
  tracker: Tracker,
  name: string,
  env: Environment = (variable) => Deno.env.get(variable),
): Promise<Experiment> {
  const [envName, id] = [env("MLFLOW_EXPERIMENT_NAME"), env("MLFLOW_EXPERIMENT_ID")];
  if (!id) return await tracker.experiment(envName || name);
  const experiment = await tracker.experiment({ id });
  if (envName && experiment.name === standInName(id)) return await tracker.experiment(envName);
  if (envName && experiment.name !== envName) {
    throw new UsageError(
      `Cannot choose an experiment: MLFLOW_EXPERIMENT_NAME is ${envName}, but ` +
        `MLFLOW_EXPERIMENT_ID ${id} is ${experiment.name}`,
      { next: "unset one of them" },
    );
  }
  return experiment;
}

/**
 * What to type or open to see the runs of a tracker, or one run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   viewHint({ location: { kind: "folder", path: "/data/mlruns" } }),
 *   "MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri /data/mlruns",
 * );
 * ```
 */
export function viewHint({ location }: Pick<Tracker | TrackedRun, "location">): string {
  if (location.kind === "server") return location.url;
  const { path } = location;
  const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return `MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri ${quoted}`;
}
