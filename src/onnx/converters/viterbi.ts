/** The best sequence of tags, and how sure it is, inside the graph. */

import type { OnnxGraph, Value } from "../../onnx_format/mod.ts";
import type { SequenceModel } from "../../learners/mod.ts";

/** Far below any score: a tag that may not stand there. */
const never = -1e9;

/** What the graph says of texts. */
export interface DecodedTags {
  /** Best tag of each token, shape [N, T]; of what fills texts up any. */
  readonly tags: string;
  /** Share of these tags among all that may be, Float64, shape [N]. */
  readonly confidence: string;
}

/**
 * Decodes token by token in a Scan, forwards, and reads the tags off in another, backwards. Both
 * the best score and the sum of all are measured from the best so far, so that no text is too long.
 *
 * @param scores Score of each token and tag, Float64, shape [T, N, tags].
 * @param filled Whether there is a token, shape [T, N]; those of a text come first.
 */
export function convertViterbi(
  graph: OnnxGraph,
  { transitions, order }: Pick<SequenceModel, "transitions" | "order">,
  scores: string,
  filled: string,
): DecodedTags {
  const { tags, starts, follows } = order;
  const first = graph.integers([0], [1]);
  const second = graph.integers([1], [1]);
  const end = graph.integers([2 ** 31], [1]);
  const axis0 = graph.integers([0], [1]);
  const start = graph.node("Squeeze", [graph.node("Slice", [scores, first, second, axis0]), axis0]);
  const begin = graph.doubles(Array.from(starts, (may) => may ? 0 : never), [tags]);
  const initial = graph.node("Add", [start, begin]);
  // One step more than there are tokens, in which nothing happens: a Scan may not be of none.
  const still = graph.node("Mul", [
    graph.node("Slice", [scores, first, second, axis0]),
    graph.doubles([0], [1]),
  ]);
  const rest = graph.node("Concat", [graph.node("Slice", [scores, second, end, axis0]), still], {
    axis: 0,
  });
  const noToken = graph.node("And", [
    graph.node("Slice", [filled, first, second, axis0]),
    graph.cast(graph.integers([0], [1]), "bool"),
  ]);
  const there = graph.node("Concat", [graph.node("Slice", [filled, second, end, axis0]), noToken], {
    axis: 0,
  });
  const [last, total, back] = graph.several("Scan", [initial, initial, rest, there], 3, {
    body: forward(graph, transitions, follows, tags),
    num_scan_inputs: 2,
  });
  const best = graph.cast(graph.node("ArgMax", [last], { axis: 1, keepdims: 0 }), "int64");
  const [, found] = graph.several("Scan", [best, back], 2, {
    body: backward(graph, tags),
    num_scan_inputs: 1,
    scan_input_directions: Int32Array.of(1),
    scan_output_directions: Int32Array.of(1),
  });
  const along = graph.integers([1], [1]);
  const highest = graph.node("ReduceMax", [last, along], { keepdims: 0 });
  const all = graph.node("ReduceLogSumExp", [total, along], { keepdims: 0 });
  return {
    tags: graph.node("Transpose", [found], { perm: Int32Array.of(1, 0) }),
    confidence: graph.node("Exp", [graph.node("Sub", [highest, all])]),
  };
}

function forward(
  graph: OnnxGraph,
  transitions: Float32Array,
  follows: Uint8Array,
  tags: number,
) {
  const body = graph.body("forward");
  const steps = body.doubles(
    Array.from(transitions, (weight, i) => follows[i] ? weight : never),
    [1, tags, tags],
  );
  const axis1 = body.integers([1], [1]);
  const axis2 = body.integers([2], [1]);
  const is = body.node("Unsqueeze", ["/there", axis1]);
  const ahead = (from: string) => body.node("Add", [body.node("Unsqueeze", [from, axis2]), steps]);
  const ways = ahead("/now");
  const best = body.node("Add", [body.node("ReduceMax", [ways, axis1], { keepdims: 0 }), "/score"]);
  const sum = body.node("Add", [
    body.node("ReduceLogSumExp", [ahead("/total"), axis1], { keepdims: 0 }),
    "/score",
  ]);
  const now = body.node("Where", [is, best, "/now"]);
  const total = body.node("Where", [is, sum, "/total"]);
  const highest = body.node("ReduceMax", [now, axis1], { keepdims: 1 });
  body.node("Sub", [now, highest], {}, "/now_next");
  body.node("Sub", [total, highest], {}, "/total_next");
  const from = body.node("ArgMax", [ways], { axis: 1, keepdims: 0 });
  const same = body.integers(Array.from({ length: tags }, (_, k) => k), [1, tags]);
  body.node("Where", [is, from, same], {}, "/back");
  const row = ["N", tags];
  return {
    ...{ name: "forward", nodes: body.nodes, constants: body.constants },
    inputs: [
      { name: "/now", type: "double", dims: row },
      { name: "/total", type: "double", dims: row },
      { name: "/score", type: "double", dims: row },
      { name: "/there", type: "bool", dims: ["N"] },
    ] satisfies Value[],
    outputs: [
      { name: "/now_next", type: "double", dims: row },
      { name: "/total_next", type: "double", dims: row },
      { name: "/back", type: "int64", dims: row },
    ] satisfies Value[],
  };
}

function backward(graph: OnnxGraph, tags: number) {
  const body = graph.body("backward");
  const axis1 = body.integers([1], [1]);
  const tag = body.node("Unsqueeze", ["/tag", axis1]);
  const before = body.node("GatherElements", ["/back", tag], { axis: 1 });
  const found = body.node("Squeeze", [before, axis1]);
  body.node("Identity", [found], {}, "/tag_next");
  body.node("Identity", [found], {}, "/found");
  return {
    ...{ name: "backward", nodes: body.nodes, constants: body.constants },
    inputs: [
      { name: "/tag", type: "int64", dims: ["N"] },
      { name: "/back", type: "int64", dims: ["N", tags] },
    ] satisfies Value[],
    outputs: [
      { name: "/tag_next", type: "int64", dims: ["N"] },
      { name: "/found", type: "int64", dims: ["N"] },
    ] satisfies Value[],
  };
}
