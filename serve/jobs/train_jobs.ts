/** Trainings that the server starts: each in a process of its own, one at a time. */

import { Problem } from "../http/problem.ts";
import type { TrainJob } from "./job.ts";
import { TrainingProcess } from "./training.ts";

/** How trainings are run. */
export interface TrainJobsOptions {
  /** The command that runs a pipeline; its name and parameters are put behind it. */
  readonly command: readonly string[];
  /** Folder of the project. */
  readonly folder: string;
  /** Variables that it must not see. */
  readonly hide?: readonly string[];
  /** Of those, the ones that a pipeline needs, by its name. */
  readonly show?: Readonly<Record<string, readonly string[]>>;
  /** Milliseconds that a job has to stop by itself; 10 s unless it is set. */
  readonly patienceMs?: number;
  /** Hears that a job ended. */
  readonly onEnded?: (job: TrainJob) => void;
}

/** Milliseconds that a job has to stop by itself unless it is told else. */
const PATIENCE_MS = 10_000;

/** Jobs that are remembered. */
const REMEMBERED = 20;

/** Runs trainings. */
export class TrainJobs {
  readonly #jobs = new Map<string, TrainJob>();
  #running?: {
    readonly id: string;
    readonly training: TrainingProcess;
    readonly ended: Promise<void>;
  };
  /** Whether one is being checked, so that two cannot pass at once. */
  #starting = false;
  #closed = false;

  /** Takes how they are run. */
  constructor(private readonly options: TrainJobsOptions) {}

  /** All jobs that are remembered, the newest first. */
  list(): TrainJob[] {
    return [...this.#jobs.keys()].map((id) => this.get(id)!).reverse();
  }

  /** A job, undefined if there is none of that id. */
  get(id: string): TrainJob | undefined {
    const job = this.#jobs.get(id);
    if (job === undefined || this.#running?.id !== id) return job;
    return { ...job, ...this.#running.training.progress.snapshot() };
  }

  /**
   * Starts a training, once the pipeline itself has accepted the parameters.
   *
   * @throws {Problem} 409 if one is running, 422 if the parameters are
   * not accepted, 503 if the server stops.
   */
  async start(pipeline: string, params: Readonly<Record<string, string>>): Promise<TrainJob> {
    if (this.#running !== undefined || this.#starting) {
      const id = this.#running?.id;
      throw new Problem(409, `A training is running${id ? `: ${id}` : ""}; wait for its end`);
    }
    const given = [
      pipeline,
      ...Object.entries(params).flatMap(([name, value]) => ["--param", `${name}=${value}`]),
    ];
    this.#starting = true;
    try {
      await this.#check(given);
      if (this.#closed) throw new Problem(503, "The server is stopping");
      return this.#run(pipeline, params, given);
    } finally {
      this.#starting = false;
    }
  }

  /**
   * Asks a running job to stop, and ends it if it does not; gives it as it ended.
   *
   * @throws {Problem} 409 if it does not run.
   */
  async cancel(id: string): Promise<TrainJob> {
    const running = this.#running;
    if (running?.id !== id) throw new Problem(409, `Job "${id}" does not run any more`);
    await running.training.stop(this.options.patienceMs ?? PATIENCE_MS);
    await running.ended;
    return this.get(id)!;
  }

  /** Starts no more, asks a running job to stop, and ends it if it does not. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running?.training.stop(this.options.patienceMs ?? PATIENCE_MS);
    await this.#running?.ended;
  }

  /** The pipeline reads its parameters and plans, which runs nothing. */
  async #check(given: readonly string[]): Promise<void> {
    const { code, stderr } = await this.#command([...given, "--plan", "--json"]).output();
    if (code === 0) return;
    const lines = new TextDecoder().decode(stderr).split("\n");
    // Deno may say something of its own before.
    const told = lines.find((line) => line.startsWith("error: ")) ?? lines[0];
    const detail = told.replace(/^error: /, "");
    if (code === 2) throw new Problem(422, detail);
    throw new Error(`Cannot plan a training: exit code ${code}: ${detail}`);
  }

  #run(
    pipeline: string,
    params: Readonly<Record<string, string>>,
    given: readonly string[],
  ): TrainJob {
    const training = new TrainingProcess(this.#command([...given, "--json"]));
    const job: TrainJob = {
      id: crypto.randomUUID(),
      status: "running",
      pipeline,
      params,
      started_at: new Date().toISOString(),
      finished_at: null,
      ...training.progress.snapshot(),
      error: null,
    };
    this.#jobs.set(job.id, job);
    if (this.#jobs.size > REMEMBERED) this.#jobs.delete(this.#jobs.keys().next().value!);
    this.#running = { id: job.id, training, ended: this.#end(job, training) };
    return job;
  }

  async #end(job: TrainJob, training: TrainingProcess): Promise<void> {
    const ending = await training.ending;
    const finished_at = new Date().toISOString();
    const ended = { ...job, ...training.progress.snapshot(), ...ending, finished_at };
    this.#jobs.set(job.id, ended);
    this.#running = undefined;
    this.options.onEnded?.(ended);
  }

  #command(args: readonly string[]): Deno.Command {
    const { command: [program, ...first], folder, show = {} } = this.options;
    const shown = Object.hasOwn(show, args[0]) ? show[args[0]] : [];
    const hide = (this.options.hide ?? []).filter((name) => !shown.includes(name));
    return new Deno.Command(program, {
      args: [...first, ...args],
      cwd: folder,
      env: Object.fromEntries(hide.map((name) => [name, ""])),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }
}
