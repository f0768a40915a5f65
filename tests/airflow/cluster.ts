/** A whole Airflow: PostgreSQL, Redis, scheduler, page, and two workers with a copy each. */

import { join } from "@std/path";
import { exportDags, type Grouping } from "../../src/airflow/mod.ts";
import { freePort } from "../free_port.ts";
import { waitUntil } from "../wait_until.ts";
import { airflow } from "./airflow.ts";
import { isInstalled } from "../program.ts";
import { must, Server } from "./processes.ts";

/** Whether all of its parts are there. */
export const canRunCluster: boolean = airflow !== undefined &&
  (await Promise.all(["redis-server", "initdb", "postgres"].map(isInstalled))).every(Boolean);

/** An instance of a task, as Airflow tells it. */
export interface TaskInstance {
  readonly task_id: string;
  readonly map_index: number;
  readonly state: string | null;
  readonly try_number: number;
  readonly rendered_map_index: string | null;
  readonly start_date: string | null;
  readonly end_date: string | null;
}

/** A working copy of a worker. */
export interface WorkingCopy {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Seconds after which a worker that says nothing is taken for lost. */
const LOST_AFTER = 20;

/** Airflow with the Celery executor, one worker for each working copy. */
export class AirflowCluster implements AsyncDisposable {
  readonly #servers: Server[] = [];
  readonly #api: number = freePort();
  #env: Record<string, string> = {};
  #token = "";
  #scheduler!: Server;
  /** The workers, in the order of the copies. */
  readonly workers: Server[] = [];

  private constructor(readonly folder: string, readonly copies: readonly WorkingCopy[]) {}

  /** Starts all of it with the DAGs of some pipelines. */
  static async start(
    copies: readonly WorkingCopy[],
    pipelines: { names: readonly string[]; folder: string; group?: Grouping },
  ): Promise<AirflowCluster> {
    const cluster = new AirflowCluster(await Deno.makeTempDir(), copies);
    try {
      await cluster.#start(pipelines);
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
    return cluster;
  }

  get #dags(): string {
    return join(this.folder, "dags");
  }

  async #start({ names, folder, group }: Parameters<typeof AirflowCluster.start>[1]) {
    await exportDags({ names, folder, out: this.#dags, ...group && { group } });
    const redis = freePort();
    this.#server("redis", [
      "redis-server",
      "--port",
      `${redis}`,
      "--save",
      "",
      "--bind",
      "127.0.0.1",
    ]);
    const database = await this.#postgres();
    this.#env = settings({ database, redis, api: this.#api, home: this.folder, dags: this.#dags });
    await must([airflow!, "db", "migrate"], this.#env);
    this.#scheduler = this.#server("scheduler", [airflow!, "scheduler"]);
    this.#server("processor", [airflow!, "dag-processor"]);
    this.#server("api", [airflow!, "api-server", "--port", `${this.#api}`, "--workers", "1"]);
    for (const index of this.copies.keys()) this.startWorker(index);
    await waitUntil(() => this.#isUp(), "Airflow answers", 180);
    await waitUntil(
      async () => {
        const { dags } = await this.ask("GET", "dags") as { dags: { dag_id: string }[] };
        return names.every((name) => dags.some(({ dag_id }) => dag_id === name));
      },
      "the DAGs are read",
      180,
    );
  }

  /** Starts the worker of a copy. */
  startWorker(index: number): void {
    const { folder, env } = this.copies[index];
    const args = ["celery", "worker", "--concurrency", "1", "--skip-serve-logs"];
    const host = `worker${index}@%h`;
    this.workers[index] = this.#server(
      `worker${index}`,
      [airflow!, ...args, "--celery-hostname", host, "--pid", join(this.folder, `w${index}.pid`)],
      { ...env, DINOFLOW_PROJECT: folder },
    );
  }

  /** Ends the scheduler at once and starts another. */
  async restartScheduler(): Promise<void> {
    await this.#scheduler.kill();
    this.#scheduler = this.#server("scheduler", [airflow!, "scheduler"]);
  }

  /** Asks Airflow's interface. */
  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.#api}/api/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      ...body !== undefined && { body: JSON.stringify(body) },
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Starts a run of a DAG. */
  async trigger(dag: string, run: string, conf: unknown = {}): Promise<void> {
    await this.ask("POST", `dags/${dag}/dagRuns`, { dag_run_id: run, logical_date: null, conf });
  }

  /** The state of a run, once it has ended. */
  async ended(dag: string, run: string, seconds = 600): Promise<string> {
    let state = "";
    await waitUntil(
      async () => {
        const found = await this.ask("GET", `dags/${dag}/dagRuns/${run}`) as { state: string };
        state = found.state;
        await new Promise((resolve) => setTimeout(resolve, 500));
        return state === "success" || state === "failed";
      },
      `${run} of ${dag} has ended`,
      seconds,
    );
    return state;
  }

  /** All task instances of a run. */
  async instances(dag: string, run: string): Promise<TaskInstance[]> {
    const found: TaskInstance[] = [];
    for (;;) {
      const page = await this.ask(
        "GET",
        `dags/${dag}/dagRuns/${run}/taskInstances?limit=100&offset=${found.length}`,
      ) as { task_instances: TaskInstance[]; total_entries: number };
      found.push(...page.task_instances);
      if (page.task_instances.length === 0 || found.length >= page.total_entries) return found;
    }
  }

  /** What its parts said last, and what tasks that failed printed. */
  async told(): Promise<string> {
    const { stdout } = await new Deno.Command("bash", {
      args: [
        "-c",
        'find "$0/logs" -name "*.log" -size +0 | xargs ls -t | head -3 | xargs tail -n 25',
        this.folder,
      ],
    }).output();
    const parts = await Promise.all(
      this.#servers.map(async (server) => `--- ${server.name}\n${await server.told(12)}`),
    );
    return [...parts, new TextDecoder().decode(stdout)].join("\n");
  }

  #server(name: string, command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const server = Server.start(name, this.folder, command, { ...this.#env, ...env });
    this.#servers.push(server);
    return server;
  }

  async #postgres(): Promise<string> {
    const folder = join(this.folder, "postgres");
    const port = freePort();
    await Deno.mkdir(folder);
    await Deno.chmod(this.folder, 0o755);
    const root = Deno.uid() === 0;
    // The database refuses to run as root.
    const as = root ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
    if (root) await must(["chown", "postgres:postgres", folder]);
    await must([...as, "initdb", "-D", folder, "-U", "airflow", "-A", "trust", "--no-sync"]);
    const listen = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`];
    this.#server(
      "database",
      [...as, "postgres", "-D", folder, "-p", `${port}`, ...listen, "-c", "fsync=off"],
    );
    const address = `postgresql+psycopg2://airflow@127.0.0.1:${port}/airflow`;
    await waitUntil(async () => {
      const args = ["-h", "127.0.0.1", "-p", `${port}`, "-U", "airflow", "airflow"];
      return (await new Deno.Command("createdb", { args, stderr: "null" }).output()).success;
    }, "the database is there");
    return address;
  }

  async #isUp(): Promise<boolean> {
    for (const server of this.#servers) {
      if (server.ended) throw new Error(`${server.name} ended: ${await server.told()}`);
    }
    try {
      const response = await fetch(`http://127.0.0.1:${this.#api}/auth/token`, {
        signal: AbortSignal.timeout(20_000),
      });
      const { access_token } = await response.json();
      this.#token = access_token;
      return response.ok;
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return false;
      throw error;
    }
  }

  /** Ends all of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers.reverse()) if (!server.ended) await server.kill();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Settings that all parts have. */
function settings(
  { database, redis, api, home, dags }: {
    readonly database: string;
    readonly redis: number;
    readonly api: number;
    readonly home: string;
    readonly dags: string;
  },
): Record<string, string> {
  const at = `http://127.0.0.1:${api}`;
  const sections: Record<string, Record<string, unknown>> = {
    CORE: {
      ...{ EXECUTOR: "CeleryExecutor", LOAD_EXAMPLES: false, DAGS_FOLDER: dags },
      ...{ DAGS_ARE_PAUSED_AT_CREATION: false, SIMPLE_AUTH_MANAGER_ALL_ADMINS: true },
      ...{ EXECUTION_API_SERVER_URL: `${at}/execution/`, PARALLELISM: 8 },
    },
    DATABASE: { SQL_ALCHEMY_CONN: database },
    CELERY: {
      BROKER_URL: `redis://127.0.0.1:${redis}/0`,
      RESULT_BACKEND: `db+${database.replace("+psycopg2", "")}`,
      WORKER_PREFETCH_MULTIPLIER: 1,
    },
    CELERY_BROKER_TRANSPORT_OPTIONS: { VISIBILITY_TIMEOUT: 60 },
    API: { HOST: "127.0.0.1", PORT: api, WORKERS: 1, BASE_URL: at, SECRET_KEY: "of-a-test" },
    API_AUTH: { JWT_SECRET: "a secret of a test, which is long enough for its algorithm" },
    DAG_PROCESSOR: { REFRESH_INTERVAL: 5, MIN_FILE_PROCESS_INTERVAL: 5 },
    SCHEDULER: {
      ...{ SCHEDULER_HEARTBEAT_SEC: 1, TASK_INSTANCE_HEARTBEAT_TIMEOUT: LOST_AFTER },
      ...{ TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL: 5 },
      ...{ TASK_QUEUED_TIMEOUT: 90, TASK_QUEUED_TIMEOUT_CHECK_INTERVAL: 10 },
    },
    USAGE_DATA_COLLECTION: { ENABLED: false },
    LOGGING: { BASE_LOG_FOLDER: join(home, "logs") },
  };
  const env: Record<string, string> = { AIRFLOW_HOME: home };
  for (const [section, values] of Object.entries(sections)) {
    for (const [name, value] of Object.entries(values)) {
      env[`AIRFLOW__${section}__${name}`] = String(value);
    }
  }
  return env;
}
