/** Which operators a model file is made of. */

/**
 * `current` operators are read by ONNX Runtime from 1.18 on, `older` ones by
 * runtimes from 1.10 on.
 */
export type Operators = "current" | "older";

/** Versions of the file format and of the sets of operators. */
interface Versions {
  /** Version of the file format. */
  readonly ir: number;
  /** Version of each set of operators. */
  readonly sets: readonly (readonly [domain: "" | "ai.onnx.ml", version: number])[];
}

/**
 * Operator set 21 with ai.onnx.ml 5 is what came with format version 10 (ONNX
 * 1.16), the first that has `TreeEnsemble`; set 15 with ai.onnx.ml 2 came with
 * format version 8 (ONNX 1.10), and knows trees as `TreeEnsembleRegressor`.
 */
export const versionsOf: Readonly<Record<Operators, Versions>> = {
  current: { ir: 10, sets: [["", 21], ["ai.onnx.ml", 5]] },
  older: { ir: 8, sets: [["", 15], ["ai.onnx.ml", 2]] },
};

/** Operators of the default set that came after the older version. */
export const newerThanOlder: ReadonlySet<string> = new Set([
  ...["BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "CenterCropPad", "Col2Im"],
  ...["GroupNormalization", "LayerNormalization", "Mish", "SequenceMap", "AffineGrid", "DFT"],
  ...["Gelu", "ImageDecoder", "RegexFullMatch", "StringConcat", "StringSplit"],
]);
