/** Linear models: one matrix product. */

import type { BagPlanes, LinearClassifier, LinearRegressor } from "../../learners/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import type { ConvertedFeatures } from "../preprocessing.ts";
import type { ConvertedBag } from "./placed.ts";

/**
 * Converts a linear model up to its scores. It computes in Float64, as the
 * native model does: far from 0, or where large terms cancel, Float32 would be
 * visibly off.
 *
 * @param features The features inside the graph.
 * @returns Name of the tensor with the scores, Float64, shape [N, outputs].
 */
export function convertLinearScores(
  graph: OnnxGraph,
  { centre, coefficients, intercepts, ...others }: LinearClassifier | LinearRegressor,
  { output: input, columnOf, bags }: Pick<ConvertedFeatures, "output" | "columnOf" | "bags">,
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
  let scores = graph.node("Add", [products, graph.doubles(intercepts, [outputs])]);
  const planes = "bags" in others ? others.bags ?? [] : [];
  for (const plane of planes) {
    const bag = bags.find(({ column }) => column === plane.column);
    if (bag?.terms !== plane.terms) {
      throw new TypeError(`The features have no bag of ${plane.terms} terms at ${plane.column}`);
    }
    scores = graph.node("Add", [scores, bagScores(graph, plane, bag)]);
  }
  return scores;
}

/** What the terms of a column add to the scores, Float64, shape [N, outputs]. */
function bagScores(
  graph: OnnxGraph,
  { terms, coefficients }: BagPlanes,
  { places, values }: ConvertedBag,
): string {
  const outputs = coefficients.length / terms;
  // The place after the last term is that of no term.
  const padded = new Float32Array(coefficients.length + outputs);
  padded.set(coefficients);
  const slopes = graph.node("Gather", [graph.floats(padded, [terms + 1, outputs]), places]);
  const rows = graph.node("Unsqueeze", [values, graph.integers([1], [1])]);
  const sums = graph.node("MatMul", [rows, slopes]);
  return graph.cast(graph.node("Reshape", [sums, graph.integers([-1, outputs], [2])]), "double");
}
