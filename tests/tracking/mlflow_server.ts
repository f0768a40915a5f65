/** A real MLflow server for a test: SQLite and artifact proxy in a temporary folder. */

import { fromFileUrl } from "@std/path";
import { freePort } from "../free_port.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));

/** Python with MLflow, as `tests/python/requirements.txt` installs it. */
export const python = `${root}.venv/bin/python`;

/** Whether the tests that need MLflow's Python package can run here. */
export const hasMlflow = await Deno.stat(`${root}.venv/bin/mlflow`).then(() => true, () => false);

/** Added to the names of tests that need it. */
export const needsMlflow = "(needs .venv with mlflow)";

/** A running server; `await using` stops it. */
export interface MlflowServer extends AsyncDisposable {
  /** Its address, for MLFLOW_TRACKING_URI. */
  readonly url: string;
  /** Its temporary folder. */
  readonly folder: string;
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Where a server keeps what it is told; a database and a folder of its own without it. */
export interface MlflowStores {
  /** Address of the database of runs. */
  readonly database: string;
  /** Where files go, as a bucket. */
  readonly artifacts: string;
  /** What it needs to reach them. */
  readonly env: Record<string, string>;
}

/**
 * Starts `mlflow server` on a free port and waits until it answers (several
 * seconds: start one for a whole test file). Its folder goes with it.
 */
export async function startMlflowServer(stores?: MlflowStores): Promise<MlflowServer> {
  const folder = await Deno.makeTempDir({ prefix: "mlflow-server-" });
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = await Deno.open(`${folder}/server.log`, { create: true, write: true });
  const process = new Deno.Command(python, {
    args: [
      ...["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port)],
      ...["--backend-store-uri", stores?.database ?? `sqlite:///${folder}/mlflow.db`],
      ...["--artifacts-destination", stores?.artifacts ?? `${folder}/artifacts`],
      ...["--serve-artifacts", "--workers", "1"],
    ],
    cwd: folder,
    env: {
      ...stores?.env,
      MLFLOW_TRACKING_URI: "",
      MLFLOW_DISABLE_TELEMETRY: "true",
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false", // Helpers that no test needs.
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    detached: true, // Its own process group: the server starts helpers, and all are stopped.
  }).spawn();
  const logged = process.stderr.pipeTo(log.writable);

  const stop = async () => {
    try {
      Deno.kill(-process.pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await process.status;
    await logged;
    await Deno.remove(folder, { recursive: true });
  };

  let ended = false;
  process.status.then(() => ended = true);
  for (let attempt = 0; attempt < 1800 && !ended; attempt++) {
    if (await isHealthy(url)) return { url, folder, [Symbol.asyncDispose]: stop };
    await new Promise((done) => setTimeout(done, 100));
  }
  const text = await Deno.readTextFile(`${folder}/server.log`);
  await stop();
  throw new Error(`mlflow server did not start: ${text.slice(-2000)}`);
}
