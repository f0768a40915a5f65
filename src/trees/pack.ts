/** An ensemble as JSON, its arrays as base64 text of their little-endian bytes. */

import { ModelError } from "../base/mod.ts";
import type { TreeEnsemble } from "./ensemble.ts";
import { validateEnsemble } from "./validate.ts";

const arrays = {
  roots: Int32Array,
  feature: Int32Array,
  threshold: Float32Array,
  left: Int32Array,
  right: Int32Array,
  missingLeft: Uint8Array,
  cover: Float32Array,
  leaves: Float32Array,
  treeOutput: Int32Array,
} as const;

type ArrayName = keyof typeof arrays | "base";

/** What {@link packEnsemble} gives: {@link TreeEnsemble} with each array as base64 text. */
export type PackedEnsemble = {
  readonly [Name in keyof TreeEnsemble]: TreeEnsemble[Name] extends ArrayBufferView ? string
    : TreeEnsemble[Name];
};

/**
 * Turns an ensemble into a value for `JSON.stringify`; infinite thresholds and
 * every bit of a number survive.
 */
export function packEnsemble(trees: TreeEnsemble): PackedEnsemble {
  const text = (name: ArrayName) => {
    const { buffer, byteOffset, byteLength } = trees[name];
    return new Uint8Array(buffer, byteOffset, byteLength).toBase64();
  };
  const { features, outputs, leafWidth, scale, link } = trees;
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
  };
}

/**
 * The ensemble that {@link packEnsemble} packed.
 *
 * @throws {ModelError} where an array is missing or damaged, or the trees are not valid.
 */
export function unpackEnsemble(packed: PackedEnsemble): TreeEnsemble {
  const { features, outputs, leafWidth, scale, link } = packed;
  const base = bytes(packed, "base");
  const trees: TreeEnsemble = {
    ...{ features, outputs, leafWidth, scale, link },
    roots: new Int32Array(bytes(packed, "roots")),
    feature: new Int32Array(bytes(packed, "feature")),
    threshold: new Float32Array(bytes(packed, "threshold")),
    left: new Int32Array(bytes(packed, "left")),
    right: new Int32Array(bytes(packed, "right")),
    missingLeft: new Uint8Array(bytes(packed, "missingLeft")),
    cover: new Float32Array(bytes(packed, "cover")),
    leaves: new Float32Array(bytes(packed, "leaves")),
    treeOutput: new Int32Array(bytes(packed, "treeOutput")),
    // Regressions have twice the bytes for each output.
    base: base.byteLength === 8 * outputs ? new Float64Array(base) : new Float32Array(base),
  };
  validateEnsemble(trees);
  return trees;
}

function bytes(packed: PackedEnsemble, name: ArrayName): ArrayBuffer {
  try {
    const { buffer } = Uint8Array.fromBase64(packed[name]);
    if (buffer.byteLength % (name === "base" ? 4 : arrays[name].BYTES_PER_ELEMENT) === 0) {
      return buffer;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new ModelError(`Cannot read the trees: "${name}" is missing or not whole base64 text`, {
    next: "export or save the model again",
  });
}
