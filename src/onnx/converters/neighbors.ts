/** Nearest neighbours: distances in whole numbers, and what the nearest rows were. */

import {
  furthestDifference,
  furthestStep,
  type NeighborClassifier,
  type NeighborRegressor,
  type Neighbors,
} from "../../learners/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import type { ConvertedFeatures } from "../preprocessing.ts";

/**
 * Converts a classifier of nearest neighbours.
 *
 * @returns Name of the tensor with the shares of the classes, shape [N, classes].
 */
export function convertNeighborShares(
  graph: OnnxGraph,
  model: NeighborClassifier,
  features: ConvertedFeatures,
): string {
  const { classes, labels, weights } = model;
  const votes = new Float64Array(labels.length * classes);
  labels.forEach((label, row) => votes[row * classes + label] = weights[row]);
  const nearest = convertNearest(graph, model, features);
  const each = graph.node("Gather", [graph.doubles(votes, [labels.length, classes]), nearest]);
  const axis = graph.integers([1], [1]);
  const ofClass = graph.node("ReduceSum", [each, axis], { keepdims: 0 });
  const total = graph.node("ReduceSum", [ofClass, axis], { keepdims: 1 });
  return graph.cast(graph.node("Div", [ofClass, total]), "float");
}

/**
 * Converts a regression of nearest neighbours.
 *
 * @returns Name of the tensor with the mean targets, Float64, shape [N].
 */
export function convertNeighborMeans(
  graph: OnnxGraph,
  model: NeighborRegressor,
  features: ConvertedFeatures,
): string {
  const { targets, weights } = model;
  const nearest = convertNearest(graph, model, features);
  const weighed = targets.map((target, row) => target * weights[row]);
  const axis = graph.integers([1], [1]);
  const sum = (values: Iterable<number>) => {
    const each = graph.node("Gather", [graph.doubles(values, [targets.length]), nearest]);
    return graph.node("ReduceSum", [each, axis], { keepdims: 0 });
  };
  return graph.node("Div", [sum(weighed), sum(weights)]);
}

/** The places of the nearest rows, shape [N, neighbors]. */
function convertNearest(
  graph: OnnxGraph,
  { places, centre, scale, neighbors }: Neighbors,
  { output: input, columnOf }: ConvertedFeatures,
): string {
  const features = centre.length;
  const rows = places.length / features;
  const middle = new Float64Array(features);
  const steps = new Float64Array(features);
  const kept = new Float64Array(features * rows);
  const squares = new Float64Array(rows);
  for (let j = 0; j < features; j++) {
    middle[columnOf[j]] = centre[j];
    steps[columnOf[j]] = scale[j];
    for (let row = 0; row < rows; row++) {
      const place = places[row * features + j];
      kept[columnOf[j] * rows + row] = place;
      squares[row] += place * place;
    }
  }
  const within = (values: string, most: number) =>
    graph.node("Clip", [values, graph.doubles([-most], []), graph.doubles([most], [])]);
  const missing = graph.node("IsNaN", [input]);
  const filled = graph.node("Where", [missing, graph.floats(middle, [features]), input]);
  const apart = graph.node("Sub", [
    graph.cast(filled, "double"),
    graph.doubles(middle, [features]),
  ]);
  const scaled = graph.node("Mul", [
    within(apart, furthestDifference),
    graph.doubles(steps, [features]),
  ]);
  const asked = graph.node("Round", [within(scaled, furthestStep)]);
  // |a − b|² without what all rows share, turned round: the nearest has the most. Floats hold the
  // whole numbers, at half the size.
  const others = graph.cast(graph.floats(kept, [features, rows]), "double");
  const product = graph.node("MatMul", [asked, others]);
  const twice = graph.node("Add", [product, product]);
  const nearness = graph.node("Sub", [twice, graph.doubles(squares, [rows])]);
  return graph.topPlaces(nearness, neighbors);
}
