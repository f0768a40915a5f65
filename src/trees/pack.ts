/** An ensemble as JSON, its arrays as base64 text of their little-endian bytes. */

import { ModelError } from "../base/mod.ts";
import type { CategorySets } from "./category_sets.ts";
import type { TreeEnsemble } from "./ensemble.ts";
import { validateEnsemble } from "./validate.ts";

/** The arrays of an ensemble. */
type ArrayName = {
  [Name in keyof TreeEnsemble]-?: TreeEnsemble[Name] extends ArrayBufferView ? Name : never;
}[keyof TreeEnsemble];

/** The arrays of sets of categories. */
const setArrays = ["of", "bounds", "words"] as const;

/** What {@link packEnsemble} gives: {@link TreeEnsemble} with each array as base64 text. */
export type PackedEnsemble =
  & {
    readonly [Name in Exclude<keyof TreeEnsemble, "sets">]: TreeEnsemble[Name] extends
      ArrayBufferView ? string : TreeEnsemble[Name];
  }
  & { readonly sets?: { readonly [Name in keyof CategorySets]: string } };

/**
 * Turns an ensemble into a value for `JSON.stringify`; infinite thresholds and
 * every bit of a number survive.
 */
export function packEnsemble(trees: TreeEnsemble): PackedEnsemble {
  const text = (name: ArrayName) => textOf(trees[name]);
  const { features, outputs, leafWidth, scale, link, sets } = trees;
  return {
    ...{ features, outputs, leafWidth, scale, link },
    roots: text("roots"),
    feature: text("feature"),
    threshold: text("threshold"),
    left: text("left"),
    right: text("right"),
    missingLeft: text("missingLeft"),
    cover: text("cover"),
    leaves: text("leaves"),
    treeOutput: text("treeOutput"),
    base: text("base"),
    ...sets && {
      sets: { of: textOf(sets.of), bounds: textOf(sets.bounds), words: textOf(sets.words) },
    },
  };
}

function textOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return new Uint8Array(buffer, byteOffset, byteLength).toBase64();
}

/**
 * The ensemble that {@link packEnsemble} packed.
 *
 * @throws {ModelError} if an array is missing or damaged, or the trees are not valid.
 */
export function unpackEnsemble(packed: PackedEnsemble): TreeEnsemble {
  const { features, outputs, leafWidth, scale, link } = packed;
  const base = bytes(packed, "base");
  const [of, bounds, words] = packed.sets === undefined
    ? []
    : setArrays.map((name) => new Int32Array(bytes(packed.sets!, name)));
  const trees: TreeEnsemble = {
    ...{ features, outputs, leafWidth, scale, link },
    roots: new Int32Array(bytes(packed, "roots")),
    feature: new Int32Array(bytes(packed, "feature")),
    threshold: new Float32Array(bytes(packed, "threshold")),
    left: new Int32Array(bytes(packed, "left")),
    right: new Int32Array(bytes(packed, "right")),
    missingLeft: new Uint8Array(bytes(packed, "missingLeft", 1)),
    cover: new Float32Array(bytes(packed, "cover")),
    leaves: new Float32Array(bytes(packed, "leaves")),
    treeOutput: new Int32Array(bytes(packed, "treeOutput")),
    // Regressions have twice the bytes for each output.
    base: base.byteLength === 8 * outputs ? new Float64Array(base) : new Float32Array(base),
    ...of && { sets: { of, bounds, words } },
  };
  validateEnsemble(trees);
  return trees;
}

function bytes<Name extends string>(
  packed: { readonly [name in Name]: string },
  name: Name,
  size = 4,
): ArrayBuffer {
  try {
    const { buffer } = Uint8Array.fromBase64(packed[name]);
    if (buffer.byteLength % size === 0) return buffer;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new ModelError(`Cannot read the trees: "${name}" is missing or not whole base64 text`, {
    next: "export or save the model again",
  });
}
