/** Linear models: one matrix product. */

import type { LinearClassifier, LinearRegressor } from "../../learners/mod.ts";
import type { OnnxGraph } from "../graph.ts";

/**
 * Converts a linear model up to its scores. It computes in Float64, as the
 * native model does: far from 0, or where large terms cancel, Float32 would be
 * visibly off.
 *
 * @param input Name of the tensor with the features, shape [N, columns].
 * @param columnOf For each feature its column in that tensor.
 * @returns Name of the tensor with the scores, Float64, shape [N, outputs].
 */
export function convertLinearScores(
  graph: OnnxGraph,
  { centre, coefficients, intercepts }: LinearClassifier | LinearRegressor,
  input: string,
  columnOf: Int32Array,
): string {
  const features = centre.length;
  const outputs = intercepts.length;
  const middle = new Float64Array(features);
  const slopes = new Float64Array(features * outputs);
  for (let j = 0; j < features; j++) {
    middle[columnOf[j]] = centre[j];
    for (let k = 0; k < outputs; k++) {
      slopes[columnOf[j] * outputs + k] = coefficients[k * features + j];
    }
  }
  const missing = graph.node("IsNaN", [input]);
  const filled = graph.node("Where", [missing, graph.floats(middle, [features]), input]);
  const centred = graph.node("Sub", [
    graph.cast(filled, "double"),
    graph.doubles(middle, [features]),
  ]);
  const products = graph.node("MatMul", [centred, graph.doubles(slopes, [features, outputs])]);
  return graph.node("Add", [products, graph.doubles(intercepts, [outputs])]);
}
