/** The real server, as `deno task serve` starts it, in a process of its own. */

import { fromFileUrl } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import {
  alarm,
  denoCommand,
  eachLine,
  parsedJson,
  ServiceError,
  vaultVariables,
} from "../base/mod.ts";

/** Seconds until it must listen. */
const PATIENCE = 120;

const project = fromFileUrl(new URL("../..", import.meta.url));

/** The variables that it needs to start, and to reach a registry. */
const variables = [
  ...["PATH", "HOME", "USERPROFILE", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR", "SYSTEMROOT"],
  ...["MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN"],
  ...["MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_WORKSPACE"],
  ...vaultVariables,
];

function keptVariables(): Record<string, string> {
  const found = variables.map((name) => [name, Deno.env.get(name)] as const);
  return Object.fromEntries(
    found.filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** A server that runs until it is disposed of. */
export interface SmokeServer extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
}

/** What a line of its log may hold. */
interface LogLine {
  readonly message?: string;
  readonly url?: string;
  readonly reason?: string;
}

/**
 * Starts the server on one model.
 *
 * @param reference The model, as `--model` takes it.
 * @param options.folder Its models folder.
 * @param options.tracking Address of the MLflow server that `models:/…` come from.
 * @throws {ServiceError} if it does not listen, or cannot load the model; with its reason.
 */
export async function startSmokeServer(
  reference: string,
  { folder, tracking, signal }: {
    readonly folder: string;
    readonly tracking?: string;
    readonly signal: AbortSignal;
  },
): Promise<SmokeServer> {
  const flags = config.tasks.serve.command.split(" ").slice(1)
    // It writes nothing, and its folder may be anywhere.
    .filter((flag) => !flag.startsWith("--allow-write"))
    .map((flag) => flag.startsWith("--allow-read") ? `--allow-read=.,${folder}` : flag);
  const command = await denoCommand([
    ...flags,
    ...["--host", "127.0.0.1", "--port", "0", "--prediction-log", "off"],
    ...["--models-folder", folder, "--model", reference],
    ...tracking === undefined ? [] : ["--mlflow-tracking-uri", tracking],
  ], {
    cwd: project,
    // Settings of a server on this machine, as keys or thresholds, are not this one's.
    clearEnv: true,
    env: keptVariables(),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  const child = command.spawn();
  const lines: string[] = [];
  const heard = Promise.withResolvers<string>();
  const log = eachLine(child.stderr, (line) => {
    lines.push(line);
    const { message, url } = told(line);
    if (message === "listening" && url !== undefined) heard.resolve(url);
  });
  child.status.then(({ code }) =>
    heard.reject(
      new ServiceError(`the server ended with exit code ${code}: ${lines.slice(-3).join(" ")}`),
    )
  );
  const stop = async () => {
    try {
      child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
    await Promise.all([child.status, log]);
  };
  using _limit = alarm(PATIENCE, () => {
    heard.reject(new ServiceError(`the server did not listen within ${PATIENCE} s`));
  });
  const abort = () => heard.reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    const url = await heard.promise;
    const response = await fetch(`${url}/readyz`);
    await response.body?.cancel();
    if (!response.ok) {
      const failure = lines.map(told).findLast(({ reason }) => reason !== undefined);
      throw new ServiceError(`the server cannot load it: ${failure?.reason ?? lines.at(-1)}`);
    }
    return { url, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A line of the server's log; nothing is known of one that is no JSON. */
function told(line: string): LogLine {
  return (parsedJson(line) ?? {}) as LogLine;
}
