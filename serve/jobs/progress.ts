/** How far a training is, from the events of its run. */

import type { EventOf, RunEvent } from "../../src/run_events/mod.ts";
import type { TrainJob } from "./job.ts";

interface Step {
  readonly items: number;
  done: number;
  status: string;
}

/** Hears the events of a run. */
export class JobProgress {
  readonly #steps = new Map<string, Step>();
  readonly #metrics: Record<string, number> = {};
  /** The latest error that a step ended with. */
  error?: string;

  /** Takes note of an event. */
  hear(event: RunEvent): void {
    switch (event.type) {
      case "run_started":
        for (const { name, items = 1 } of event.steps) {
          this.#steps.set(name, { items, done: 0, status: "waiting" });
        }
        break;
      case "step_started":
        if (event.item === undefined) this.#update(event.step, { status: "running" });
        break;
      case "step_progress":
        // Of a fan-out, the step's own share counts its items.
        if (event.item === undefined) this.#update(event.step, { done: event.done });
        break;
      case "step_finished":
        this.#finished(event);
        break;
      case "metric":
        this.#metrics[event.item ? `${event.name}[${event.item}]` : event.name] = event.value;
        break;
    }
  }

  /** What is known now. */
  snapshot(): Pick<TrainJob, "progress" | "steps" | "metrics"> {
    const steps = [...this.#steps];
    const done = steps.reduce((sum, [, step]) => sum + step.done, 0);
    return {
      progress: steps.length === 0 ? 0 : done / steps.length,
      steps: steps.map(([name, { status }]) => ({ name, status })),
      metrics: { ...this.#metrics },
    };
  }

  #finished({ step, item, status, error }: EventOf<"step_finished">): void {
    if (error !== undefined) this.error = error.message;
    if (item !== undefined) return;
    this.#update(step, { status, ...(status === "ran" || status === "cached" ? { done: 1 } : {}) });
  }

  #update(name: string, change: Partial<Step>): void {
    const step = this.#steps.get(name);
    if (step !== undefined) Object.assign(step, change);
  }
}
