/** Texts such as "22 Years and 1 Months": parsed inside the graph. */

import { patternOf, type PatternState } from "../../features/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import { sharedNumbers } from "./number.ts";
import { type Converted, type Placed, together } from "./placed.ts";

/**
 * From texts to their sums, NaN if the text has another form. The numeric
 * columns' nodes take it from there.
 */
export function convertPattern(graph: OnnxGraph, column: Placed<PatternState>): Converted {
  const { parts } = column.state;
  const { regex, separator, words, zero } = patternOf(column.state);
  const valid = graph.node("RegexFullMatch", [column.input], { pattern: regex });
  const text = graph.node("Where", [valid, column.input, graph.texts([zero], [1])]);
  const pieces = graph.splitText(text, separator);
  const digits = graph.node("Gather", [pieces, graph.integers(words, [words.length])], { axis: 1 });
  const numbers = graph.cast(digits, "float");
  const weights = graph.floats(parts.map(({ weight }) => weight), [parts.length]);
  const sums = graph.node("MatMul", [numbers, weights]);
  const input = graph.node("Where", [valid, sums, graph.floats([NaN], [1])]);
  return together(sharedNumbers, { ...column, input });
}
