/** Step functions that a library wires into pipelines. */

/** A declaration that a module exports. */
export interface ExportedDeclaration {
  /** URL of the module, its `import.meta.url`. */
  readonly module: string;
  /** Name under which the module exports it. */
  readonly name: string;
}

/** Where the function of a step comes from, and what it was given. */
export interface StepOrigin extends ExportedDeclaration {
  /** Plain data, or declarations such as a `task`, by name; all of it counts for the cache. */
  readonly given: Readonly<Record<string, unknown>>;
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
 *
 * @example
 * ```ts
 * import { pipeline } from "./definition.ts";
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
): (given: Given) => (...rest: Rest) => Result {
  return (given) => {
    const bound = (...rest: Rest) => run(given, ...rest);
    origins.set(bound, { module, name, given: { ...given } as StepOrigin["given"] });
    return bound;
  };
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
