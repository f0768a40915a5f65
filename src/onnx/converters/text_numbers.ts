/** Texts that become one number each: levels, truth values, encodings. */

import type { TextNumbers } from "../../features/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import type { Shared } from "./placed.ts";

/** A text column with the numbers of its texts. */
export interface PlacedTexts {
  readonly table: TextNumbers;
  /** Name of the tensor with its raw values, shape [N]. */
  readonly input: string;
  /** Index of its feature in the matrix of the native model. */
  readonly first: number;
}

/** Converts all such columns, one label encoder each. */
export const sharedTexts: Shared<PlacedTexts> = {
  convert(graph: OnnxGraph, columns) {
    const numbers = columns.map(({ table: { entries, unknown }, input }) =>
      graph.mlNode("LabelEncoder", [input], {
        keys_strings: entries.map(([text]) => text),
        values_floats: Float32Array.from(entries, ([, value]) => value),
        default_float: { float: unknown },
      })
    );
    return [{ output: graph.sideBySide(numbers), features: columns.map(({ first }) => first) }];
  },
};
