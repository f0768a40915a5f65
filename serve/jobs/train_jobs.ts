/** Trainings that the server starts: each in a process of its own, one at a time. */

import { runEventSchema } from "../../src/pipeline/event_schema.ts";
import type { RunEvent } from "../../src/pipeline/events.ts";
import { Problem } from "../http/problem.ts";
import { linesOf } from "./lines.ts";
import { Progress } from "./progress.ts";

/** How a job is. */
export type JobStatus = "running" | "succeeded" | "failed" | "cancelled";

/** A training, as `GET /train/:job` tells it. */
export interface Job {
  readonly id: string;
  readonly status: JobStatus;
  readonly params: Readonly<Record<string, string>>;
  readonly started_at: string;
  readonly finished_at: string | null;
  /** Share that is done, 0 to 1. */
  readonly progress: number;
  /** What is under way. */
  readonly steps: readonly { readonly name: string; readonly status: string }[];
  /** Numbers that its steps recorded. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why it failed. */
  readonly error: string | null;
}

/** How trainings are run. */
export interface TrainJobsOptions {
  /** The command that runs the train pipeline; parameters are put behind it. */
  readonly command: readonly string[];
  /** Variables that it must not see. */
  readonly hide?: readonly string[];
  /** Milliseconds that a job has to stop by itself; 10 s unless it is set. */
  readonly patienceMs?: number;
  /** Hears that a job ended. */
  readonly onEnded?: (job: Job) => void;
}

/** Jobs that are remembered. */
const REMEMBERED = 20;

interface Running {
  readonly progress: Progress;
  readonly child: Deno.ChildProcess;
  readonly ended: Promise<void>;
  job: Job;
}

/** Runs trainings. */
export class TrainJobs {
  readonly #jobs = new Map<string, Job>();
  #running?: Running;
  /** Whether one is being checked, so that two cannot pass at once. */
  #starting = false;
  #closed = false;

  /** Takes how they are run. */
  constructor(private readonly options: TrainJobsOptions) {}

  /** All jobs that are remembered, the newest first. */
  list(): Job[] {
    return [...this.#jobs.keys()].map((id) => this.get(id)!).reverse();
  }

  /** A job, undefined where there is none of that id. */
  get(id: string): Job | undefined {
    const running = this.#running;
    if (running?.job.id === id) return { ...running.job, ...running.progress.snapshot() };
    return this.#jobs.get(id);
  }

  /**
   * Starts a training, once the pipeline itself has accepted the parameters.
   *
   * @throws {Problem} 409 where one is running, 422 where the parameters are not accepted.
   */
  async start(params: Readonly<Record<string, string>>): Promise<Job> {
    if (this.#running !== undefined || this.#starting) {
      const id = this.#running?.job.id;
      throw new Problem(409, `A training is running${id ? `: ${id}` : ""}; wait for its end`);
    }
    if (this.#closed) throw new Problem(503, "The server is stopping");
    this.#starting = true;
    try {
      const given = Object.entries(params).flatMap(([name, value]) => [
        "--param",
        `${name}=${value}`,
      ]);
      await this.#check(given);
      return this.#run(params, given);
    } finally {
      this.#starting = false;
    }
  }

  /** Asks a running job to stop, and ends it where it does not. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = this.#running;
    if (running === undefined) return;
    running.job = { ...running.job, status: "cancelled" };
    running.child.kill("SIGTERM");
    const timer = setTimeout(
      () => running.child.kill("SIGKILL"),
      this.options.patienceMs ?? 10_000,
    );
    await running.ended;
    clearTimeout(timer);
  }

  /** The pipeline reads its parameters and plans, which runs nothing. */
  async #check(given: readonly string[]): Promise<void> {
    const { code, stderr } = await this.#command([...given, "--plan", "--json"]).output();
    if (code === 0) return;
    const [detail] = new TextDecoder().decode(stderr).replace(/^error: /, "").split("\n");
    if (code === 2) throw new Problem(422, detail);
    throw new Error(`Cannot plan a training: exit code ${code}: ${detail}`);
  }

  #run(params: Readonly<Record<string, string>>, given: readonly string[]): Job {
    const child = this.#command([...given, "--json"]).spawn();
    const progress = new Progress();
    const job: Job = {
      id: crypto.randomUUID(),
      status: "running",
      params,
      started_at: new Date().toISOString(),
      finished_at: null,
      ...progress.snapshot(),
    };
    const running: Running = {
      progress,
      child,
      job,
      ended: this.#follow(child, progress, () => running),
    };
    this.#running = running;
    this.#jobs.set(job.id, job);
    if (this.#jobs.size > REMEMBERED) this.#jobs.delete(this.#jobs.keys().next().value!);
    return job;
  }

  async #follow(
    child: Deno.ChildProcess,
    progress: Progress,
    own: () => Running,
  ): Promise<void> {
    const errors: string[] = [];
    const hearEvents = async () => {
      for await (const line of linesOf(child.stdout)) {
        const event = eventOf(line);
        if (event !== undefined) progress.hear(event);
      }
    };
    const hearErrors = async () => {
      for await (const line of linesOf(child.stderr)) {
        errors.push(line);
        if (errors.length > REMEMBERED) errors.shift();
      }
    };
    const [{ code }] = await Promise.all([child.status, hearEvents(), hearErrors()]);
    const { job } = own();
    const snapshot = progress.snapshot();
    const cancelled = job.status === "cancelled" || code === 130;
    const status = code === 0 ? "succeeded" : cancelled ? "cancelled" : "failed";
    const failed = snapshot.error ?? (errors.join("\n") || `exit code ${code}`);
    const ended: Job = {
      ...job,
      ...snapshot,
      status,
      finished_at: new Date().toISOString(),
      error: status === "failed" ? failed : null,
    };
    this.#jobs.set(job.id, ended);
    this.#running = undefined;
    this.options.onEnded?.(ended);
  }

  #command(args: readonly string[]): Deno.Command {
    const { command: [program, ...first], hide = [] } = this.options;
    return new Deno.Command(program, {
      args: [...first, ...args],
      env: Object.fromEntries(hide.map((name) => [name, ""])),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }
}

/** The event in a line, undefined where a step printed something else. */
function eventOf(line: string): RunEvent | undefined {
  try {
    const checked = runEventSchema.safeParse(JSON.parse(line));
    return checked.success ? checked.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
