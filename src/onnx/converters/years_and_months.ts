/** Durations such as "22 Years and 1 Months": parsed inside the graph. */

import { durationPattern } from "../../features/mod.ts";
import type { Graph } from "../graph.ts";

/** Index of the years and of the months among the words of a duration. */
const numberWords = [0, 3];

/**
 * From texts to months, shape [N] to [N]; NaN where the text has another form.
 * The numeric columns' nodes take it from there.
 */
export function convertYearsAndMonths(graph: Graph, input: string): string {
  const valid = graph.node("RegexFullMatch", [input], { pattern: durationPattern });
  const text = graph.node("Where", [valid, input, graph.texts(["0 Years and 0 Months"], [1])]);
  const words = graph.splitText(text, " ");
  const digits = graph.node("Gather", [words, graph.integers(numberWords, [2])], { axis: 1 });
  const numbers = graph.node("Cast", [digits], { to: 1 });
  const months = graph.node("MatMul", [numbers, graph.floats([12, 1], [2])]);
  return graph.node("Where", [valid, months, graph.floats([NaN], [1])]);
}
