/** Opens what a run's steps share when it is first needed, and closes it at the end. */

import type { Resource, RunEnd } from "./definition.ts";
import type { ResourceNode } from "./graph.ts";

interface Opened {
  readonly name: string;
  readonly value: unknown;
  readonly close: Resource<unknown>["close"];
}

/** The resources of one run. */
export class Lifetimes {
  readonly #nodes: ReadonlyMap<string, ResourceNode>;
  readonly #context: (name: string) => Parameters<Resource<unknown>["open"]>[0];
  readonly #opening = new Map<string, Promise<unknown>>();
  readonly #opened: Opened[] = [];

  /** Takes the pipeline's resources and what each may do while it opens. */
  constructor(
    nodes: ReadonlyMap<string, ResourceNode>,
    context: (name: string) => Parameters<Resource<unknown>["open"]>[0],
  ) {
    this.#nodes = nodes;
    this.#context = context;
  }

  /** Whether `name` is a resource. */
  has(name: string): boolean {
    return this.#nodes.has(name);
  }

  /** The value of a resource, opened once. */
  get(name: string): Promise<unknown> {
    let opening = this.#opening.get(name);
    if (opening === undefined) {
      opening = this.#open(name);
      this.#opening.set(name, opening);
    }
    return opening;
  }

  async #open(name: string): Promise<unknown> {
    const { open, close } = this.#nodes.get(name)!.resource;
    const value = await open(this.#context(name));
    this.#opened.push({ name, value, close });
    return value;
  }

  /** Closes all in reverse order and gives the errors of those that could not. */
  async close(end: Omit<RunEnd, "log" | "warn">): Promise<{ name: string; error: unknown }[]> {
    await Promise.allSettled(this.#opening.values());
    const failed: { name: string; error: unknown }[] = [];
    for (const { name, value, close } of this.#opened.reverse()) {
      try {
        const { log, warn } = this.#context(name);
        await close?.(value, { ...end, log, warn });
      } catch (error) {
        failed.push({ name, error });
      }
    }
    return failed;
  }
}
