/** The runner's cache and plan in one process, with code that a test says: what decides, alone. */

import { type Picks, select } from "../../src/pipeline/define/selection.ts";
import {
  type Build,
  buildGraph,
  type Item,
  type PipelineGraph,
} from "../../src/pipeline/define/graph.ts";
import { MemoryStore } from "../../src/artifact_store/mod.ts";
import { type Reason } from "../../src/pipeline/mod.ts";
import { decideAll } from "../../src/pipeline/run/plan.ts";
import type { Expected } from "../../src/pipeline/run/expected.ts";
import { gatheredDigest } from "../../src/pipeline/run/output.ts";
import { reasonText } from "../../src/pipeline/cache/reasons.ts";
import { declaredInputs, fileInput } from "../../src/pipeline/cache/outside_inputs.ts";
import { StepCache, type StepCacheOptions } from "../../src/pipeline/cache/step_cache.ts";
import type { StepCode } from "../../src/step_code/mod.ts";

/** What stands in a record beside what a test is about. */
export const rest = { lines: [], metrics: {}, run: "r1", at: "2024-01-01T00:00:00Z", seconds: 1 };

/** Nobody else writes the same files. */
export const unclaimed = () => Promise.resolve(undefined);

/** Wiring whose builder is not typed. */
// deno-lint-ignore no-explicit-any
export const build = (steps: (builder: any) => void): Build => steps as unknown as Build;

/** A store that takes a moment to write and tells what was done: what nobody waits for is not there. */
export class SlowStore extends MemoryStore {
  /** What was read and written, by key. */
  readonly reads: string[] = [];
  readonly writes: string[] = [];

  override read(key: string) {
    this.reads.push(key);
    return super.read(key);
  }

  override async write(key: string, value: Uint8Array): Promise<void> {
    if (!key.startsWith("locks/")) await new Promise((resolve) => setTimeout(resolve));
    await super.write(key, value);
    this.writes.push(key);
  }

  override async remove(key: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 10));
    await super.remove(key);
  }
}

/** A store in which nothing can be written, for some reason. */
export class RefusingStore extends MemoryStore {
  constructor(readonly why: Error) {
    super();
  }

  override write(): Promise<void> {
    return Promise.reject(this.why);
  }
}

/** A store with a pipeline's outputs. */
export class KeptSteps {
  readonly store = new SlowStore();
  /** What the files outside hold. */
  readonly files: Record<string, string> = {};
  readonly params: Record<string, unknown> = {};
  /** The code of a step by its name, or with what it chooses; one without has its name as code. */
  readonly code: Record<string, Partial<StepCode>> = {};
  /** The steps whose code was asked for, with what they choose. */
  readonly asked: string[] = [];

  readonly digestFile = (path: string) => Promise.resolve(this.files[path] ?? "none");

  graph(build: Build): PipelineGraph {
    return buildGraph("p", build, this.params);
  }

  open(options: Partial<StepCacheOptions> = {}): StepCache {
    return new StepCache({
      ...{ pipeline: "p", params: this.params, store: this.store, lock: "l", config: "c" },
      enabled: true,
      code: ({ name }, chosen) => {
        this.asked.push(`${name} ${chosen ?? "all"}`);
        return Promise.resolve({
          ...{ code: { "p.ts": name }, params: [], mentioned: [] },
          ...this.code[`${name} ${chosen}`] ?? this.code[name],
        });
      },
      ...options,
    });
  }

  /** Runs all steps and keeps what they give. */
  async run(graph: PipelineGraph, steps: StepCache = this.open()): Promise<void> {
    const values = new Map<string, unknown>();
    const digests = new Map<string, string>();
    for (const node of graph.nodes) {
      const inputs: Record<string, string> = await declaredInputs(node, this.digestFile);
      const given: Record<string, unknown> = {};
      for (const [name, source] of Object.entries(node.inputs)) {
        const file = graph.files.get(source);
        if (graph.resources.has(source)) continue;
        inputs[name] = file ? await fileInput(file, this.digestFile) : digests.get(source)!;
        given[name] = file ? file.path : values.get(source);
      }
      const keep = async (item: Item | undefined, value: unknown) => {
        const { record } = await steps.keep(node, item, inputs, value, rest, unclaimed);
        return record.output.digest;
      };
      if (node.kind === "step") {
        const value = node.run(given, {} as never);
        values.set(node.name, value);
        digests.set(node.name, await keep(undefined, value));
      } else {
        const made = node.items.map(({ value }) => node.run(value, given, {} as never));
        const each: string[] = [];
        for (const [i, item] of node.items.entries()) each.push(await keep(item, made[i]));
        values.set(node.name, made);
        digests.set(node.name, await gatheredDigest(each));
      }
    }
  }

  /** What a run would do, as `step: VERDICT reasons`, in the order in which it is decided. */
  async plan(
    graph: PipelineGraph,
    { picks = {}, steps = this.open(), expected }: {
      picks?: Picks;
      steps?: StepCache;
      expected?: Expected;
    } = {},
  ): Promise<string[]> {
    const { digestFile } = this;
    const units = await decideAll(graph, select(graph, picks), { steps, digestFile }, expected);
    return units.map(({ step, item, decision }) => {
      const reasons: readonly Reason[] = decision.verdict === "cached" ? [] : decision.reasons;
      return [
        `${step}${item === undefined ? "" : `[${item}]`}: ${decision.verdict}`,
        ...reasons.map(reasonText),
      ].join(" ");
    });
  }
}
