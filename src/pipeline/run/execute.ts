/** Carries a graph out: each step as soon as its inputs are there and cores are free. */

import { stepImports } from "../../step_code/mod.ts";
import { encode, explained, shareValue } from "../../artifact_store/mod.ts";
import { eventError, UsageError, UserError } from "../../base/mod.ts";
import type { StepRequest } from "../isolation/request.ts";
import { declaredInputs, fileInput, pathsRead } from "../cache/outside_inputs.ts";
import type { Outcome, StepContext } from "../define/step.ts";
import type { StepStatus, Unit } from "../../run_events/mod.ts";
import {
  type EachNode,
  type PipelineGraph,
  type StepNode,
  unitName,
  type WorkNode,
} from "../define/graph.ts";
import { MissingFiles } from "./missing_files.ts";
import { gatheredDigest, StepOutput } from "./output.ts";
import { runUnit } from "./unit.ts";
import type { UnitOutput, UnitScope, UnitWork } from "./unit_work.ts";

/** What carrying out needs of the run. */
export interface ExecuteScope extends UnitScope {
  /** Opens a resource, or gives what was opened. */
  readonly resource: (name: string) => Promise<unknown>;
  /** The pipeline's file, for steps that run in threads of their own. */
  readonly file?: string;
  /** The project's folder. */
  readonly root?: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Digest of what a path holds. */
  readonly digestFile: (path: string) => Promise<string>;
  /** Begins to watch what a step reads; what it gives tells what was changed since. */
  readonly watch?: (node: WorkNode, paths: readonly string[]) => () => Promise<string | undefined>;
  /** Whether what does not depend on a failure goes on. */
  readonly keepGoing: boolean;
}

/** What a step waits for does not come. */
class NotReached extends Error {}

/**
 * Runs all steps that are selected.
 *
 * @returns The value of the pipeline's outcome, undefined if it has none.
 * @throws if a step failed or the run was stopped.
 */
export async function execute(graph: PipelineGraph, scope: ExecuteScope): Promise<unknown> {
  const execution = new Execution(graph, scope);
  return await execution.run();
}

/** @throws {UserError} for an exit code that no process can have. */
function checkOutcome(value: unknown): unknown {
  const code = (value as Partial<Outcome> | undefined)?.exitCode ?? 0;
  if (Number.isInteger(code) && code >= 0 && code <= 255) return value;
  throw new UserError(`Cannot end with the exit code ${Deno.inspect(code)}`, {
    next: "give a whole number from 0 to 255; 3 and up are free for the pipeline's own meaning",
  });
}

/** The values of a node's inputs. */
type LoadInputs = () => Promise<Record<string, unknown>>;

/** What is known of a node's inputs before they are loaded. */
type KnownInputs = Pick<UnitWork, "inputs" | "artifacts" | "moved">;

const nothingKnown: KnownInputs = { inputs: {}, artifacts: {} };

class Execution {
  readonly #outputs = new Map<string, Promise<StepOutput>>();
  readonly #readers = new Map<string, number>();
  readonly #files: MissingFiles;

  constructor(private readonly graph: PipelineGraph, private readonly scope: ExecuteScope) {
    this.#files = new MissingFiles(scope);
    const read = (name: string) => this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1);
    for (const node of graph.nodes) {
      if (scope.selection.includes(node.name) && !this.#isKept(node)) {
        Object.values(node.inputs).forEach(read);
      }
    }
    if (graph.outcome !== undefined) read(graph.outcome);
  }

  async run(): Promise<unknown> {
    for (const node of this.graph.nodes) {
      if (!this.scope.selection.includes(node.name)) continue;
      const output = this.#node(node);
      output.catch(() => {}); // told through `fail`; awaited below
      this.#outputs.set(node.name, output);
    }
    const settled = await Promise.allSettled(
      Array.from(this.#outputs, ([name, output]) => this.#told(name, output)),
    );
    const failed = settled.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    const { outcome } = this.graph;
    if (outcome === undefined) return undefined;
    const output = await this.#outputs.get(outcome);
    return output && await this.#told(outcome, output.value().then(checkOutcome));
  }

  /** Tells what fails beside the steps themselves: an input or an output that cannot be read. */
  async #told<T>(step: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const { stops, emit } = this.scope;
      if (!stops.signal.aborted && !(error instanceof NotReached) && !stops.isTold(error)) {
        emit({
          type: "step_finished",
          step,
          status: "failed",
          seconds: 0,
          error: eventError(error),
        });
        stops.fail({ unit: { step }, error, artifacts: {} });
      }
      throw error;
    }
  }

  /** Whether a step is certain to be taken from the cache: it reads none of its inputs. */
  #isKept(node: WorkNode): boolean {
    return node.kind === "step" && this.scope.planned.get(node.name)?.verdict === "cached";
  }

  async #node(node: WorkNode): Promise<StepOutput> {
    const sources = new Map<string, StepOutput>();
    for (const source of Object.values(node.inputs)) {
      const output = await this.#outputs.get(source)?.catch(() => {
        throw new NotReached();
      });
      if (output) sources.set(source, output);
    }
    if (node.kind === "step" && this.#isKept(node)) {
      return await this.#step(node, nothingKnown, () => Promise.resolve({}));
    }
    for (const source of Object.values(node.inputs)) {
      const file = this.graph.files.get(source);
      if (file) await this.#files.make(file);
    }
    const paths = pathsRead(node, this.graph.files);
    const moved = this.scope.watch?.(node, paths); // before they are digested
    const known = {
      ...moved && { moved },
      inputs: this.scope.cache ? await this.#digests(node, sources) : {},
      artifacts: Object.fromEntries(
        Object.entries(node.inputs).flatMap(([name, source]) => {
          const output = sources.get(source);
          return output ? [[name, output.artifacts]] : [];
        }),
      ),
    };
    let loading: Promise<Record<string, unknown>> | undefined;
    const inputs = () => loading ??= this.#load(node, sources);
    const output = node.kind === "step"
      ? await this.#step(node, known, inputs)
      : await this.#each(node, known, inputs);
    for (const source of Object.values(node.inputs)) sources.get(source)?.release();
    return output;
  }

  /** The content of each input; what lives as long as the run has none. */
  async #digests(node: WorkNode, sources: ReadonlyMap<string, StepOutput>) {
    const digests: Record<string, string> = {};
    for (const [name, source] of Object.entries(node.inputs)) {
      const file = this.graph.files.get(source);
      if (file) digests[name] = await fileInput(file, this.scope.digestFile);
      else if (sources.has(source)) digests[name] = sources.get(source)!.digest!;
    }
    return { ...digests, ...await declaredInputs(node, this.scope.digestFile) };
  }

  async #load(node: WorkNode, sources: ReadonlyMap<string, StepOutput>) {
    const values: Record<string, unknown> = {};
    for (const [name, source] of Object.entries(node.inputs)) {
      if (this.graph.resources.has(source)) values[name] = await this.scope.resource(source);
      else values[name] = this.graph.files.get(source)?.path ?? await sources.get(source)?.value();
    }
    return values;
  }

  /** The inputs as one unit gets them: nothing it does to them reaches others. */
  #own(
    node: WorkNode,
    values: Record<string, unknown>,
    shareValue: (value: unknown) => unknown,
  ): Record<string, unknown> {
    const shared = ([name, value]: [string, unknown]) => [
      name,
      this.graph.resources.has(node.inputs[name]) ? value : shareValue(value),
    ];
    return Object.fromEntries(Object.entries(values).map(shared));
  }

  async #step(node: StepNode, known: KnownInputs, inputs: LoadInputs) {
    const made = await runUnit({
      node,
      ...known,
      work: async (context) => {
        const values = await inputs();
        const aside = this.#aside(node, { step: node.name }, values);
        if (aside) return await aside(context);
        const own = this.#own(node, values, shareValue);
        return await explained(node, () => node.run(own, context));
      },
    }, this.scope);
    return this.#output(node, made.digest, [made], async () => {
      return shareValue(made.cached ? await this.#kept(made) : made.value);
    });
  }

  /** Runs the items of a fan-out, at most as many at a time as there are cores. */
  async #each(node: EachNode, known: KnownInputs, inputs: LoadInputs) {
    const { cache, selection, slots, stops, emit, elapsed, keepGoing } = this.scope;
    const unit = { step: node.name };
    const items = node.items.filter(({ key }) => selection.includes(node.name, key));
    const made = new Array<UnitOutput>(items.length);
    const needed = (this.#readers.get(node.name) ?? 0) > 0;
    const since = elapsed();
    let next = 0;
    let finished = 0;
    let started = false;
    let allCached = true;

    const failed: unknown[] = [];
    const lane = async () => {
      while (next < items.length && (keepGoing || failed.length === 0)) {
        const index = next++;
        const item = items[index];
        const onStart = (cached: boolean) => {
          allCached &&= cached;
          if (started || cached) return;
          started = true;
          emit({ type: "step_started", ...unit, attempt: 1 });
        };
        const unitMade = await runUnit({
          node,
          item,
          ...known,
          work: async (context) => {
            const values = await inputs();
            const aside = this.#aside(node, { ...unit, item: item.key }, values);
            if (aside) return await aside(context);
            const own = this.#own(node, values, shareValue);
            return await explained(node, () => node.run(shareValue(item.value), own, context));
          },
          onStart,
        }, this.scope).catch((error) => void failed.push(error));
        if (unitMade === undefined) continue;
        const { value, ...rest } = unitMade;
        // What is kept is read again when all is gathered, so that not all is held till then.
        made[index] = cache || !needed ? rest : { ...rest, value };
        finished++;
        if (started) emit({ type: "step_progress", ...unit, done: finished / items.length });
      }
    };
    const lanes = Array.from({ length: Math.min(slots.total, items.length) }, lane);
    await Promise.all(lanes);
    const told = failed.find((error) => stops.isTold(error));
    const status: StepStatus = failed.length > 0
      ? stops.interrupted.aborted || told === undefined ? "cancelled" : "failed"
      : cache && allCached && items.length > 0
      ? "cached"
      : "ran";
    if (started || failed.length === 0) {
      emit({ type: "step_finished", ...unit, status, seconds: elapsed() - since });
    }
    if (failed.length > 0) throw told ?? failed[0];
    const digest = cache && await gatheredDigest(made.map(({ digest }) => digest));
    return this.#output(node, digest, made, async () => {
      if (!cache) return shareValue(made.map(({ value }) => value));
      const values: unknown[] = [];
      for (const item of made) values.push(shareValue(await this.#kept(item)));
      return Object.freeze(values);
    });
  }

  /**
   * How a step is run elsewhere: one that declares permissions in a process of its own,
   * one with a time limit in a thread. With a time limit, one that takes a resource stays
   * here, where the resource is, and is only told to stop.
   */
  #aside(
    node: WorkNode,
    unit: Unit,
    values: Record<string, unknown>,
  ): ((context: StepContext) => Promise<unknown>) | undefined {
    const { file, params, run } = this.scope;
    const { resources } = this.graph;
    const { permissions, timeout } = node.options;
    const sources = Object.values(node.inputs);
    const request = (file: string): StepRequest => {
      return { type: "run", file, unit, run, params: encode(params), inputs: encode(values) };
    };
    if (permissions === undefined) {
      const stays = timeout === undefined || sources.some((source) => resources.has(source));
      if (stays || file === undefined) return undefined;
      return async (context) => {
        const { runAside } = await import("../isolation/run_aside.ts");
        return await runAside(request(file), context);
      };
    }
    if (file === undefined) {
      throw new UsageError(
        `Cannot isolate step ${
          unitName(unit.step, unit.item)
        }: the file of its pipeline is not known`,
        { next: "run it from the command line, or with the option cache" },
      );
    }
    const given = sources.flatMap((source) => this.graph.files.get(source)?.path ?? []);
    return async (context) => {
      const { runIsolated } = await import("../isolation/run_isolated.ts");
      await this.#checkImports(node, file, [...given, ...permissions.read ?? []]);
      return await runIsolated(request(file), permissions, given, context);
    };
  }

  async #checkImports(node: WorkNode, file: string, readable: readonly string[]): Promise<void> {
    const { cache, root = "." } = this.scope;
    const { checkImports } = await import("../define/permissions.ts");
    const imports = await (cache?.importsOf(node) ?? stepImports(file, root, node.name));
    checkImports(node.name, imports, root, readable);
  }

  async #kept(made: UnitOutput): Promise<unknown> {
    return await this.scope.cache!.artifacts.get(made.digest!);
  }

  #output(
    node: WorkNode,
    digest: string | undefined,
    made: readonly UnitOutput[],
    load: () => Promise<unknown>,
  ): StepOutput {
    const artifacts = made.map((unit) => unit.digest);
    return new StepOutput(digest, artifacts, this.#readers.get(node.name) ?? 0, load);
  }
}
