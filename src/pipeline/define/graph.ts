/** The steps of a pipeline for given parameters, in an order that can run. */

import { UsageError } from "../../base/mod.ts";
import { checkStepPermissions } from "./permissions.ts";
import { type Builder, type FileOptions, Handle, type Inputs } from "./builder.ts";
import type { EachOptions, Outcome, StepContext, StepOptions } from "./step.ts";
import type { Resource } from "./resource.ts";
import { traceParams } from "./traced_params.ts";
import { originOf, type StepOrigin } from "../../step_code/mod.ts";

/** A step's function with its types erased. */
export type StepFunction = (
  inputs: Readonly<Record<string, unknown>>,
  context: StepContext,
) => unknown;

/** One item of a fan-out. */
export interface Item {
  /** Name of the item within its fan-out. */
  readonly key: string;
  /** The item itself. */
  readonly value: unknown;
}

/** What steps and fan-outs have in common. */
export interface NodeBase {
  /** Unique name in the pipeline. */
  readonly name: string;
  /** Which step each input comes from. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Where its function comes from, if a library wired it. */
  readonly origin?: StepOrigin;
  /** How it is run and kept. */
  readonly options: StepOptions<unknown>;
}

/** A step's function before it is known whether it takes inputs. */
type WithoutInputs = (context: StepContext) => unknown;
type ItemWithoutInputs = (item: unknown, context: StepContext) => unknown;

/** A step that runs once. */
export interface StepNode extends NodeBase {
  /** Tells nodes apart. */
  readonly kind: "step";
  /** Does the work. */
  readonly run: StepFunction;
}

/** A step that runs once for each item. */
export interface EachNode extends NodeBase {
  /** Tells nodes apart. */
  readonly kind: "each";
  /** What it runs for, in their order. */
  readonly items: readonly Item[];
  /** Does the work of one item. */
  readonly run: (item: unknown, ...rest: Parameters<StepFunction>) => unknown;
}

/** Something that lives as long as the run. */
export interface ResourceNode {
  /** Tells nodes apart. */
  readonly kind: "resource";
  /** Unique name in the pipeline. */
  readonly name: string;
  /** How it is opened and closed. */
  readonly resource: Resource<unknown, unknown>;
}

/** A file or folder from outside. */
export interface FileNode {
  /** Tells nodes apart. */
  readonly kind: "file";
  /** Unique name in the pipeline. */
  readonly name: string;
  /** Where it is. */
  readonly path: string;
  /** Makes it if it is missing. */
  readonly make?: FileOptions["make"];
}

/** A step or a fan-out. */
export type WorkNode = StepNode | EachNode;

/** A pipeline for given parameters. */
export interface PipelineGraph {
  /** Steps and fan-outs; each comes after those it takes inputs from. */
  readonly nodes: readonly WorkNode[];
  /** What lives as long as the run, by name. */
  readonly resources: ReadonlyMap<string, ResourceNode>;
  /** What comes from outside, by name. */
  readonly files: ReadonlyMap<string, FileNode>;
  /** The step whose value is the run's outcome. */
  readonly outcome?: string;
  /** The parameters that the wiring read while it was carried out. */
  readonly reads: readonly string[];
}

/** The wiring function of a pipeline with its types erased. */
export type Build = (builder: Builder<unknown>) => Handle<Outcome> | void;

/** How a step, or one item of a fan-out, is called everywhere: `train` or `train[SMOTE]`. */
export function unitName(step: string, item?: string): string {
  return item === undefined ? step : `${step}[${item}]`;
}

/**
 * Wires a pipeline. An input's handle exists only after its step, so a cycle
 * cannot be written.
 *
 * @throws {UsageError} for a name that is taken or empty, or a foreign handle.
 */
export function buildGraph(pipeline: string, build: Build, params: unknown): PipelineGraph {
  const nodes: WorkNode[] = [];
  const resources = new Map<string, ResourceNode>();
  const files = new Map<string, FileNode>();
  const handles = new Map<string, Handle<unknown>>();

  function declare(name: string): Handle<never> {
    if (!/^[\w.-]+$/.test(name)) {
      throw new UsageError(
        `Cannot build pipeline "${pipeline}": step name "${name}" is not valid`,
        {
          next: "use letters, digits, dot, dash and underscore",
        },
      );
    }
    if (handles.has(name)) {
      throw new UsageError(`Cannot build pipeline "${pipeline}": two steps are named "${name}"`, {
        next: "give each step a name of its own",
      });
    }
    const handle = new Handle<never>(name);
    handles.set(name, handle);
    return handle;
  }

  function wire(step: string, inputs: Inputs): Record<string, string> {
    const wired: Record<string, string> = {};
    for (const [input, handle] of Object.entries(inputs)) {
      if (handles.get(handle?.name) !== handle) {
        throw new UsageError(
          `Cannot build pipeline "${pipeline}": input "${input}" of step "${step}" is not the ` +
            `output of an earlier step of this pipeline`,
          { next: "pass a handle that step(…), each(…), file(…) or resource(…) gave" },
        );
      }
      wired[input] = handle.name;
    }
    return wired;
  }

  function check(step: string, inputs: Record<string, string>, options: StepOptions<unknown>) {
    const { timeout = 1, retries = 0, retryDelay = 0 } = options;
    const delay = typeof retryDelay === "number" ? retryDelay : retryDelay.seconds;
    const wrong = !(timeout > 0 && timeout < Infinity)
      ? `a timeout of ${timeout} s`
      : !(Number.isInteger(retries) && retries >= 0)
      ? `${retries} retries`
      : !(delay >= 0 && delay < Infinity)
      ? `a retry after ${delay} s`
      : undefined;
    if (wrong !== undefined) {
      throw new UsageError(`Cannot build pipeline "${pipeline}": step "${step}" has ${wrong}`, {
        next: "give seconds above 0, and a whole number of retries",
      });
    }
    if (options.permissions === undefined) return;
    const taken = Object.values(inputs).filter((source) => resources.has(source));
    checkStepPermissions(pipeline, step, options.permissions, taken);
  }

  const traced = traceParams(params);
  const builder = {
    params: traced.params,
    step(name: string, ...rest: [WithoutInputs] | [Inputs, StepFunction, StepOptions<unknown>?]) {
      const [inputs, run, options = {}] = rest.length === 1
        ? [
          {},
          (_: unknown, context: StepContext) => rest[0](context),
        ]
        : rest;
      const wired = wire(name, inputs);
      check(name, wired, options);
      const handle = declare(name);
      nodes.push({ kind: "step", name, inputs: wired, run, options, origin: originOf(run) });
      return handle;
    },
    each(
      name: string,
      values: readonly unknown[],
      ...rest: [ItemWithoutInputs] | [Inputs, EachNode["run"], EachOptions<unknown, unknown>?]
    ) {
      const [inputs, run, options = {}] = rest.length === 1
        ? [
          {},
          (item: unknown, _: unknown, context: StepContext) => rest[0](item, context),
        ]
        : rest;
      const wired = wire(name, inputs);
      check(name, wired, options);
      const handle = declare(name);
      const items = keyItems(pipeline, name, values, options.key);
      nodes.push({ kind: "each", name, inputs: wired, run, options, items, origin: originOf(run) });
      return handle;
    },
    file(name: string, path: string, { make }: FileOptions = {}) {
      const handle = declare(name);
      files.set(name, { kind: "file", name, path, ...make && { make } });
      return handle;
    },
    resource(name: string, resource: Resource<unknown, unknown>) {
      const handle = declare(name);
      resources.set(name, { kind: "resource", name, resource });
      return handle;
    },
  };
  const outcome = build(builder as unknown as Builder<unknown>);
  const deciding = nodes.findLast(({ options }) => options.outcome);
  return { nodes, resources, files, outcome: (outcome ?? deciding)?.name, reads: traced.stop() };
}

function keyItems(
  pipeline: string,
  step: string,
  values: readonly unknown[],
  key: (item: unknown) => string | undefined = defaultKey,
): Item[] {
  const taken = new Set<string>();
  return values.map((value, index) => {
    const found = key(value);
    if (found === undefined) {
      throw new UsageError(
        `Cannot build pipeline "${pipeline}": item ${index} of fan-out "${step}" has no name`,
        { next: "give the items a name, or the fan-out a key function" },
      );
    }
    if (taken.has(found)) {
      throw new UsageError(
        `Cannot build pipeline "${pipeline}": two items of fan-out "${step}" are named "${found}"`,
        { next: "give each item a name of its own" },
      );
    }
    taken.add(found);
    return { key: found, value };
  });
}

function defaultKey(item: unknown): string | undefined {
  if (typeof item === "string" || typeof item === "number") return String(item);
  if (typeof item !== "object" || item === null || !("name" in item)) return undefined;
  return typeof item.name === "string" ? item.name : undefined;
}
