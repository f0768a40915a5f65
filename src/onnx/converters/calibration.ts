/** Calibrated classifiers: a curve or a line over each score. */

import { type Calibrator, leastRest } from "../../learners/mod.ts";
import { concatTrees, type TreeEnsemble } from "../../trees/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import { bothClasses } from "./link.ts";
import { convertTreeScores } from "./tree_ensemble.ts";

/**
 * Converts calibrators, one for each score, and what makes shares of their
 * values.
 *
 * @param scores Name of the tensor with the scores, shape [N, calibrators].
 * @returns Name of the tensor with the probabilities, shape [N, classes].
 */
export function convertCalibrators(
  graph: OnnxGraph,
  calibrators: readonly Calibrator[],
  scores: string,
): string {
  const parts = calibrators.map((calibrator, k) => {
    const score = calibrators.length === 1 ? scores : pickScore(graph, scores, k);
    return calibrator.method === "sigmoid"
      ? convertCurve(graph, calibrator, score)
      : convertLine(graph, calibrator, score);
  });
  if (parts.length === 1) return bothClasses(graph, parts[0]);
  const all = graph.node("Concat", parts, { axis: 1 });
  const total = graph.node("ReduceSum", [all, graph.integers([1], [1])], { keepdims: 1 });
  const some = graph.node("Greater", [total, graph.floats([0], [1])]);
  const shares = graph.node("Div", [all, total]);
  return graph.node("Where", [some, shares, graph.floats([1 / parts.length], [1])]);
}

/** Column `k` of the scores, shape [N, 1]. */
export function pickScore(graph: OnnxGraph, scores: string, k: number): string {
  return graph.node("Gather", [scores, graph.integers([k], [1])], { axis: 1 });
}

/**
 * The log odds of each class from scores before the softmax, in Float64 as the
 * native model computes them.
 *
 * @param scores Name of the tensor with the scores, shape [N, classes].
 */
export function convertLogOdds(graph: OnnxGraph, scores: string): string {
  const classes = graph.integers([1], [1]);
  const exact = graph.cast(scores, "double");
  const highest = graph.highest(exact, classes);
  const below = graph.node("Sub", [exact, highest]);
  const exponentials = graph.node("Exp", [below]);
  const total = graph.node("ReduceSum", [exponentials, classes], { keepdims: 1 });
  const others = graph.node("Sub", [total, exponentials]);
  const least = graph.node("Mul", [total, graph.doubles([leastRest], [1])]);
  const rest = graph.node("Max", [others, least]);
  return graph.cast(graph.node("Sub", [below, graph.node("Log", [rest])]), "float");
}

function convertCurve(
  graph: OnnxGraph,
  { slope, intercept }: Calibrator & { readonly method: "sigmoid" },
  score: string,
): string {
  const steep = graph.node("Mul", [graph.cast(score, "double"), graph.doubles([slope], [1])]);
  const logOdds = graph.node("Add", [steep, graph.doubles([intercept], [1])]);
  return graph.node("Sigmoid", [graph.cast(logOdds, "float")]);
}

/**
 * Finds the two points that a score lies between by a tree of comparisons,
 * which costs the logarithm of their number, and goes the score's share of the
 * way from one to the other.
 */
function convertLine(
  graph: OnnxGraph,
  { scores: places, probabilities }: Calibrator & { readonly method: "isotonic" },
  score: string,
): string {
  const spans = places.length - 1;
  const last = places[spans];
  const raised = graph.node("Max", [score, graph.floats([places[0]], [1])]);
  const within = graph.node("Min", [raised, graph.floats([last], [1])]);
  if (spans === 0) {
    // One level: what is within is this one place.
    const nothing = graph.node("Sub", [within, graph.floats([last], [1])]);
    return graph.node("Add", [nothing, graph.floats(probabilities, [1])]);
  }
  const found = convertTreeScores(graph, searchTree(places), within, Int32Array.of(0));
  const span = graph.cast(found, "int64");
  const at = (value: (span: number) => number) => {
    const values = Array.from({ length: spans }, (_, s) => value(s));
    return graph.node("Gather", [graph.floats(values, [spans]), span], { axis: 0 });
  };
  const gone = graph.node("Sub", [within, at((s) => places[s])]);
  const share = graph.node("Div", [gone, at((s) => places[s + 1] - places[s])]);
  const rise = graph.node("Mul", [share, at((s) => probabilities[s + 1] - probabilities[s])]);
  return graph.node("Add", [at((s) => probabilities[s]), rise]);
}

/** A balanced tree whose leaves tell between which two places a value lies. */
function searchTree(places: readonly number[]): TreeEnsemble {
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const leaves: number[] = [];
  const grow = (low: number, high: number): number => {
    const node = feature.length;
    const inner = high - low > 1;
    const middle = (low + high) >> 1;
    feature.push(inner ? 0 : -1);
    threshold.push(inner ? places[middle] : 0);
    left.push(inner ? 0 : leaves.length);
    right.push(0);
    if (inner) {
      left[node] = grow(low, middle);
      right[node] = grow(middle, high);
    } else {
      leaves.push(low);
    }
    return node;
  };
  grow(0, places.length - 1);
  const tree = {
    feature: Int32Array.from(feature),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missingLeft: new Uint8Array(feature.length),
    cover: new Float32Array(feature.length),
    leaves: Float32Array.from(leaves),
  };
  return concatTrees([tree], {
    features: 1,
    outputs: 1,
    leafWidth: 1,
    treeOutput: new Int32Array(0),
    base: new Float32Array(1),
    scale: 1,
    link: "identity",
  });
}
