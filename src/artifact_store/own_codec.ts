/** How instances of the project's own classes are kept. */

import { UsageError, UserError } from "../base/mod.ts";

/**
 * Turns instances of one class into plain data and back. A pipeline declares the codecs of
 * its values in its options; their code counts for each of its steps.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pipeline } from "../pipeline/mod.ts";
 *
 * class Model {
 *   constructor(readonly weights: Float64Array) {}
 * }
 * const models = codec({
 *   name: "Model",
 *   type: Model,
 *   encode: ({ weights }) => weights,
 *   decode: (weights) => new Model(weights as Float64Array),
 * });
 * pipeline("fit", { description: "fits", codecs: [models] }, ({ step }) => {
 *   step("model", () => new Model(new Float64Array([1, 2])));
 * });
 * assertEquals(models.name, "Model");
 * ```
 */
export interface Codec<T extends object = object> {
  /** Name under which instances are kept; one of a kind in a pipeline. */
  readonly name: string;
  /** The class; instances of classes below it need a codec of their own. */
  readonly type: abstract new (...args: never[]) => T;
  /** What an instance consists of: plain data, typed arrays, instances of other declared classes. */
  readonly encode: (value: T) => unknown;
  /** Makes the same instance again. */
  readonly decode: (value: unknown) => T;
}

/** Names a codec by its types. */
export function codec<T extends object>(given: Codec<T>): Codec {
  return given as unknown as Codec;
}

const byName = new Map<string, Codec>();
const byPrototype = new Map<object, Codec>();

/**
 * Makes codecs known in this process.
 *
 * @throws {UsageError} for two codecs of one name and different classes.
 */
export function declareCodecs(codecs: readonly Codec[]): void {
  for (const codec of codecs) {
    const known = byName.get(codec.name);
    if (known && known.type.name !== codec.type.name) {
      throw new UsageError(`Cannot declare two codecs that are named "${codec.name}"`, {
        next: "give each class a codec of its own name",
      });
    }
    byName.set(codec.name, codec);
    byPrototype.set(codec.type.prototype, codec);
  }
}

/** The codec of a value's class, if one is declared. */
export function codecFor(value: object): Codec | undefined {
  return byPrototype.get(Object.getPrototypeOf(value));
}

/**
 * The codec of a name.
 *
 * @throws {UserError} if none is declared.
 */
export function codecNamed(name: string): Codec {
  const found = byName.get(name);
  if (found) return found;
  throw new UserError(`Cannot read a kept "${name}": no codec of that name is declared`, {
    next: "load the pipeline that declares it, or add it to the pipeline's codecs",
  });
}
