/** From scores to probabilities. */

import type { TreeEnsemble } from "../../trees/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";

/**
 * Applies a link.
 *
 * @param scores Name of the tensor with the scores, shape [N, outputs].
 * @returns Name of the tensor with the probabilities, shape [N, classes], or numbers, shape [N, 1].
 */
export function convertLink(graph: OnnxGraph, link: TreeEnsemble["link"], scores: string): string {
  switch (link) {
    case "identity":
      return scores;
    case "exp2": // of numbers alone, which are Float64
      return graph.node("Pow", [graph.doubles([2], [1]), scores]);
    case "softmax":
      return graph.node("Softmax", [scores], { axis: 1 });
    case "logistic":
      return bothClasses(graph, graph.node("Sigmoid", [scores]));
    case "exp":
      return graph.node("Exp", [scores]);
  }
}

/** The probabilities of both classes from that of class 1, shape [N, 1]. */
export function bothClasses(graph: OnnxGraph, positive: string): string {
  const negative = graph.node("Sub", [graph.floats([1], [1]), positive]);
  return graph.node("Concat", [negative, positive], { axis: 1 });
}
