/** What a pipeline is wired with: typed handles, and what makes them. */

import type { Resource } from "./resource.ts";
import type { EachOptions, StepContext, StepOptions } from "./step.ts";

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

/** How a file from outside comes to be if it is missing. */
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
   * The path may be an address, `s3://bucket/key` or `https://host/path`: the file is fetched once,
   * and again when the server says that it is another one; steps receive the path of the copy.
   * `#sha256=…` after an address pins the content.
   *
   * @example
   * ```ts
   * import { pipeline } from "./definition.ts";
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
