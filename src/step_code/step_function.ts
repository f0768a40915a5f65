/** Step functions that a library wires into pipelines. */

/** A declaration that a module exports. */
export interface ExportedDeclaration {
  /** URL of the module, its `import.meta.url`. */
  readonly module: string;
  /** Name under which the module exports it. */
  readonly name: string;
  /** Those of its members that are used, of an object; all of it if they are not told. */
  readonly members?: readonly string[];
}

/**
 * Which entries of tables a step uses, such as which learner of all. They count, others do not,
 * where code mentions a table after a comment `@__CHOSEN__`.
 */
export interface EntryChoice<Given> {
  /** The input that tells; the item of the fan-out, if there is one, unless told. */
  readonly input?: string;
  /** The keys of the entries, given its value, and what the step was given. */
  // deno-lint-ignore no-explicit-any -- the value of an input is known to whoever names it
  readonly pick: (told: any, given: Given) => readonly string[];
}

/** Where the function of a step comes from, and what it was given. */
export interface StepOrigin extends ExportedDeclaration {
  /** Plain data, or declarations such as a `task`, by name; all of it counts for the cache. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Which entries of tables it uses. */
  readonly choice?: {
    readonly input?: string;
    readonly pick: (told: unknown) => readonly string[];
  };
}

const origins = new WeakMap<object, StepOrigin>();

/**
 * Declares the function of a step that a library wires with `builder.step` or
 * `builder.each`. Steps that stand in a pipeline's own file are fingerprinted by what they
 * mention there; a library cannot be read so, because what it closes over is known only
 * when it runs. So its step functions are declarations of their own: the code that they
 * reach counts, and what they are `given`, by value. They must not close over anything else.
 *
 * @param module The module's `import.meta.url`.
 * @param name The name under which the module exports the result.
 * @param run The work: what it was given, then what any step receives.
 * @param choice Which entries of tables it uses; all if it is left out.
 *
 * @example
 * ```ts
 * import { pipeline } from "../pipeline/mod.ts";
 *
 * export const repeat = stepFunction(
 *   import.meta.url,
 *   "repeat",
 *   ({ times }: { times: number }, { text }: { text: string }) => text.repeat(times),
 * );
 *
 * pipeline("echo", { description: "repeats a text" }, ({ step }) => {
 *   const text = step("text", () => "ab");
 *   step("repeated", { text }, repeat({ times: 2 }));
 * });
 * ```
 */
export function stepFunction<Given extends object, Rest extends unknown[], Result>(
  module: string,
  name: string,
  run: (given: Given, ...rest: Rest) => Result,
  choice?: EntryChoice<Given>,
): (given: Given) => (...rest: Rest) => Result {
  return (given) => {
    const bound = (...rest: Rest) => run(given, ...rest);
    const { input, pick } = choice ?? {};
    origins.set(bound, {
      ...{ module, name, given: { ...given } as StepOrigin["given"] },
      ...pick && { choice: { input, pick: (told) => pick(told, given) } },
    });
    return bound;
  };
}

/**
 * Some members of an object that a module exports: a step that is given no others counts the
 * code of these alone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const task = { module: import.meta.url, name: "task", fit: () => 1, draw: () => "" };
 * assertEquals(Object.keys(onlyMembers(task, "fit")), ["module", "name", "members", "fit"]);
 * ```
 */
export function onlyMembers<Declared extends ExportedDeclaration, Name extends keyof Declared>(
  declared: Declared,
  ...names: readonly (Name & string)[]
): Pick<Declared, Name> & ExportedDeclaration {
  const { module, name } = declared;
  const members = Object.fromEntries(names.map((name) => [name, declared[name]]));
  return { module, name, members: names, ...members as Pick<Declared, Name> };
}

/** Where the function of a step comes from; undefined for one of the pipeline's own file. */
export function originOf(run: object): StepOrigin | undefined {
  return origins.get(run);
}

/** Whether a value stands for code. */
export function isDeclared(value: unknown): value is ExportedDeclaration {
  if (typeof value !== "object" || value === null) return false;
  const { module, name } = value as Partial<ExportedDeclaration>;
  return typeof module === "string" && module.startsWith("file:") && typeof name === "string";
}
