/** How a pipeline is written down: steps wired by typed handles. */

import type { StepPermissions } from "./aside/permissions.ts";
import { type Build, buildGraph, type Graph } from "./graph.ts";
import type { Resource } from "./resource.ts";
import type { Schedule } from "./schedule/schedule.ts";
import { type Codec, declareCodecs } from "./store/own_codec.ts";
import { noParams, type ParamsSchema, type ValueSchema } from "./schema.ts";

/**
 * The output of a step before the pipeline runs: a typed name to wire other
 * steps with. There is no value inside; a step that takes the handle as an
 * input receives the value.
 */
export class Handle<out T> {
  /** Only in the type: keeps handles of different outputs apart. */
  declare protected readonly output: () => T;
  /** Name of the step that makes the value. */
  readonly name: string;

  /** Made by the builder's methods. */
  constructor(name: string) {
    this.name = name;
  }
}

/** The inputs of a step by name. */
export type Inputs = Readonly<Record<string, Handle<unknown>>>;

/** What a step receives for its inputs: the value that each handle stands for. */
export type Values<I extends Inputs> = {
  readonly [Name in keyof I]: I[Name] extends Handle<infer T> ? T : never;
};

/** Which run this is; for names and reports, never for results that are to be repeatable. */
export interface RunInfo {
  /** Name of the run, as `train_20260131_093000_1f3a`. */
  readonly id: string;
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** When the run started. */
  readonly startedAt: Date;
  /** How many cores the run may use. */
  readonly jobs: number;
  /** Where it stands in a sweep, if it is part of one. */
  readonly sweep?: SweepPoint;
}

/** One combination of parameters of a sweep, which runs them one after the other. */
export interface SweepPoint {
  /** Name of the sweep, the same for all its runs. */
  readonly id: string;
  /** Which combination it is, from 0. */
  readonly index: number;
  /** How many combinations there are. */
  readonly count: number;
  /** The parameters that vary, with their values here. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a running step can do beside its work. */
export interface StepContext {
  /**
   * Aborted when the run is interrupted, the step's time is up, or another step failed; the items
   * of a fan-out that are under way then come to their end.
   */
  readonly signal: AbortSignal;
  /** The run that the step belongs to. */
  readonly run: RunInfo;
  /** Tells how much is done, a share in [0, 1], and what is under way. */
  progress(done: number, label?: string): void;
  /** Writes a result line for the user. */
  log(text: string): void;
  /** Writes a warning for the user. */
  warn(text: string): void;
  /** Records a finite number of the run, kept with its history. */
  metric(name: string, value: number): void;
}

/** How long a failed step waits before it is tried again; an interrupt ends the wait. */
export interface RetryDelay {
  /** Seconds before the first retry. */
  readonly seconds: number;
  /** By how much each further wait is longer; 2 by default. */
  readonly factor?: number;
  /** The longest wait in seconds; 300 by default, or `seconds` if that is more. */
  readonly longest?: number;
  /**
   * Share in [0, 1] by which a wait is longer or shorter, so that what failed together does not
   * come back together; 0.1 by default. The same for a step each time: its name is the seed.
   */
  readonly jitter?: number;
}

/** How one step is run and kept. */
export interface StepOptions<T> {
  /** What the step does, one clause. */
  readonly description?: string;
  /** Checks the output where it is made. */
  readonly output?: ValueSchema<T>;
  /** How often a failed step is tried again; 0 by default. */
  readonly retries?: number;
  /** Seconds before the first retry, doubled for each further, or more to say; 0 by default. */
  readonly retryDelay?: number | RetryDelay;
  /**
   * Seconds after which a try is stopped and counts as failed; none by default. From
   * the command line such a step runs in a thread of its own, which is ended whatever
   * it does; one that takes a resource is told by its signal only.
   */
  readonly timeout?: number;
  /** `false` runs the step every time. */
  readonly cache?: boolean;
  /**
   * Isolates the step: it runs in a process of its own that may do only this. What it
   * does beside it fails with an error that names it. Such a step takes no resource; its
   * inputs and output cross as they are kept. Loading its file is part of it, so what the
   * file's modules do when they are loaded must be declared as well.
   */
  readonly permissions?: StepPermissions;
  /**
   * `true` where the output depends on the operating system and the processor, as that of
   * native code may: one that was kept on another kind of machine is not taken.
   */
  readonly platform?: boolean;
  /**
   * `true` if the step's value is the run's {@link Outcome}, unless the pipeline returns another
   * handle: for steps that a library wires.
   */
  readonly outcome?: T extends Outcome ? boolean : never;
  /** What the step takes of the machine. */
  readonly resources?: {
    /** Cores that the step keeps busy, 1 by default; never more than the run has. */
    readonly cores?: number;
  };
}

/** How a fan-out is run and kept; each item counts as a step. */
export interface EachOptions<Item, T> extends StepOptions<T> {
  /** Names an item; by default its `name`, or the item itself where it is text or a number. */
  readonly key?: (item: Item) => string;
}

/** How a file from outside comes to be where it is missing. */
export interface FileOptions {
  /**
   * Makes the file or folder where the path is empty, before a step that takes it is
   * decided. Its content counts as the input, however it came to be: a change of this
   * code does not make a file again that is there. It appears under its name only when
   * it is whole (write it under another and rename it), so that an interrupt leaves none.
   */
  readonly make?: (
    context: Pick<StepContext, "signal" | "run" | "progress" | "log" | "warn">,
  ) => void | Promise<void>;
}

/**
 * What a pipeline is wired with.
 *
 * Steps cannot change their inputs: objects and lists in them are frozen, of typed arrays, maps
 * and the like each step has a copy.
 *
 * A step's output depends on its inputs, its parameters and its code alone: what it
 * reads beside them (the clock, files it is not given, the network) is not seen when
 * its kept output is taken again.
 */
export interface Builder<Params> {
  /** The run's parameters. */
  readonly params: Params;

  /** A step without inputs. */
  step<T>(name: string, run: (context: StepContext) => T | Promise<T>): Handle<T>;
  /** A step with inputs; an empty `{}` leaves room for options. */
  step<T, I extends Inputs>(
    name: string,
    inputs: I,
    run: (inputs: Values<I>, context: StepContext) => T | Promise<T>,
    options?: StepOptions<T>,
  ): Handle<T>;

  /** Runs once for each item; results in the order of the items. */
  each<Item, T>(
    name: string,
    items: readonly Item[],
    run: (item: Item, context: StepContext) => T | Promise<T>,
  ): Handle<readonly T[]>;
  /** Runs once for each item with inputs; results in the order of the items. */
  each<Item, T, I extends Inputs>(
    name: string,
    items: readonly Item[],
    inputs: I,
    run: (item: Item, inputs: Values<I>, context: StepContext) => T | Promise<T>,
    options?: EachOptions<Item, T>,
  ): Handle<readonly T[]>;

  /**
   * A file or folder that comes from outside. Steps that take it receive its path;
   * its content counts as their input. It need not exist; what is missing can be made.
   *
   * @example
   * ```ts
   * import { z } from "zod";
   *
   * pipeline("count", { description: "counts words", params: z.object({}) }, ({ step, file }) => {
   *   const text = file("text", "data/text.txt", {
   *     make: ({ log }) => {
   *       log("writing a first text");
   *       return Deno.writeTextFile("data/text.txt", "one two three");
   *     },
   *   });
   *   step("count", { text }, async ({ text }) => (await Deno.readTextFile(text)).split(" ").length);
   * });
   * ```
   */
  file(name: string, path: string, options?: FileOptions): Handle<string>;

  /** Something that steps share and that ends with the run. */
  resource<T, Shared = undefined>(name: string, resource: Resource<T, Shared>): Handle<T>;
}

/** The value of a pipeline whose run decides the exit code of the command line. */
export interface Outcome {
  /** 0 for success; 3 and up are free for the pipeline's own meaning. */
  readonly exitCode: number;
}

/** What a pipeline says about itself. */
export interface PipelineOptions<Params> {
  /** What the pipeline does, one clause. */
  readonly description: string;
  /** The parameters with types, defaults and descriptions; none where it is left out. */
  readonly params?: ParamsSchema<Params>;
  /** `false` runs every step every time. */
  readonly cache?: boolean;
  /** How instances of own classes among its values are kept. */
  readonly codecs?: readonly Codec[];
  /** When it runs by itself, as `0 2 * * 0`, while `deno task pipeline schedule` is up. */
  readonly schedule?: string | Schedule;
}

/** A pipeline as a file exports it by default. */
export interface Pipeline<Params = Record<string, unknown>> extends PipelineOptions<Params> {
  /** Name, the same as its file's. */
  readonly name: string;
  /** Its parameters. */
  readonly params: ParamsSchema<Params>;
  /** Wires the steps for the given parameters. */
  graph(params: Params): Graph;
}

/**
 * Declares a pipeline. `build` wires the steps; it must do the same every time
 * for the same parameters, because other processes rebuild it. The handle that it
 * returns, if any, stands for the run's {@link Outcome}.
 *
 * @throws {UsageError} where two steps have one name, or a handle belongs to
 * another pipeline; at once if the parameters have defaults, else at the run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { runPipeline } from "./run.ts";
 * import { z } from "zod";
 *
 * const squares = pipeline("squares", {
 *   description: "adds squares",
 *   params: z.object({ upTo: z.number().int().default(3) }),
 * }, ({ step, each, params }) => {
 *   const numbers = Array.from({ length: params.upTo }, (_, i) => i + 1);
 *   const squared = each("square", numbers, (n) => n * n);
 *   step("sum", { squared }, ({ squared }, { log }) => log(`sum ${squared.reduce((a, b) => a + b)}`));
 * });
 *
 * const lines: string[] = [];
 * await runPipeline(squares, {
 *   onEvent: (event) => void (event.type === "log" && lines.push(event.text)),
 * });
 * assertEquals(lines, ["sum 14"]);
 * ```
 */
export function pipeline<Params = Record<string, never>>(
  name: string,
  options: PipelineOptions<Params>,
  build: (builder: Builder<Params>) => Handle<Outcome> | void,
): Pipeline<Params> {
  declareCodecs(options.codecs ?? []);
  const graph = (params: Params) => buildGraph(name, build as Build, params);
  const { params = noParams as ParamsSchema<unknown> as ParamsSchema<Params> } = options;
  const defaults = params.safeParse({});
  const first = defaults.success ? graph(defaults.data) : undefined;
  // Without parameters there is only one graph, and it is there.
  const only = options.params === undefined ? first : undefined;
  return { name, ...options, params, graph: only ? () => only : graph };
}
