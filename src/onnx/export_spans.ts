/** One model file from fitted tokens and a fitted model of sequences. */

import { ModelError } from "../base/mod.ts";
import type { TokensState } from "../features/mod.ts";
import type { SequenceModel } from "../learners/mod.ts";
import { encodeModel, OnnxGraph } from "../onnx_format/mod.ts";
import { attributeIdCount } from "../text/mod.ts";
import { convertViterbi } from "./converters/viterbi.ts";
import type { CommonParts } from "./export.ts";
import {
  type SequenceFacts,
  sequenceFactsKey,
  tagsKey,
  textTensors,
  tokenInputsKey,
} from "../onnx_runtime/mod.ts";

/** What the file of a model of spans is made of. */
export interface SpanExportParts extends Omit<CommonParts, "operators"> {
  /** The fitted model. */
  readonly model: SequenceModel;
  /** Names of its tags. */
  readonly tags: readonly string[];
}

/**
 * Exports tokens and a model of sequences as one ONNX file. Its input `<column>.ids`, shape
 * [N, T, A], holds the ids of each token's attributes, filled up with one that means none; outputs
 * are `tags`, the tag of each token, −1 where there is none, shape [N, T], and `confidence`, shape
 * [N]: for a CRF the probability that all tags of the text are right.
 *
 * @throws {ModelError} if the parts do not fit together.
 */
export function exportSpans(
  { state, model, tags, name, producerVersion, metadata = {} }: SpanExportParts,
): Uint8Array<ArrayBuffer> {
  const [column, ...others] = state.columns;
  const count = model.order.tags;
  if (!("rules" in column && "split" in column.rules) || others.length > 0) {
    throw cannot(`wanted one column of tokens, found ${state.columns.length} columns`);
  }
  if (tags.length !== count) throw cannot(`the model has ${count} tags, not ${tags.length}`);
  const { ids: attributes, rules } = column as TokensState;
  if (attributes.length * count !== model.weights.length) {
    throw cannot(
      `the model has ${model.weights.length / count} attributes, not ${attributes.length}`,
    );
  }
  const graph = new OnnxGraph();
  const { ids } = textTensors(column.name);
  const places = graph.mlNode("LabelEncoder", [ids], {
    keys_int64s: Int32Array.from(attributes),
    values_int64s: Int32Array.from(attributes.keys()),
    default_int64: attributes.length,
  });
  // What is no attribute of training weighs nothing.
  const weights = new Float32Array(model.weights.length + count);
  weights.set(model.weights);
  const table = graph.floats(weights, [attributes.length + 1, count]);
  // Float64 from here on: sums of many attributes in any order agree with the native ones.
  const each = graph.cast(graph.node("Gather", [table, places], { axis: 0 }), "double");
  const scores = graph.node("ReduceSum", [each, graph.integers([2], [1])], { keepdims: 0 });
  const firstId = graph.node("Gather", [ids, graph.integers([0], [])], { axis: 2 });
  const filled = graph.node("Less", [firstId, graph.integers([attributeIdCount], [1])]);
  const decoded = convertViterbi(
    graph,
    model,
    graph.node("Transpose", [scores], { perm: Int32Array.of(1, 0, 2) }),
    graph.node("Transpose", [filled], { perm: Int32Array.of(1, 0) }),
  );
  graph.node("Where", [filled, decoded.tags, graph.integers([-1], [1])], {}, "tags");
  // A text without tokens is surely one without spans.
  const any = graph.node("Gather", [filled, graph.integers([0], [])], { axis: 1 });
  const sure = graph.node("Where", [any, decoded.confidence, graph.doubles([1], [1])]);
  graph.node("Identity", [sure], {}, "confidence");
  return encodeModel({
    name,
    producer: { name: "dinoflow", version: producerVersion },
    metadata: {
      ...metadata,
      [tokenInputsKey]: JSON.stringify({ [column.name]: rules }),
      [tagsKey]: JSON.stringify(tags),
      [sequenceFactsKey]: JSON.stringify({ weights: table, ...chainOf(model) }),
    },
    nodes: graph.nodes,
    constants: graph.constants,
    inputs: [{ name: ids, type: "int64", dims: ["N", "tokens", "attributes"] }],
    outputs: [
      { name: "tags", type: "int64", dims: ["N", "tokens"] },
      { name: "confidence", type: "double", dims: ["N"] },
    ],
  });
}

function chainOf(
  { transitions, order: { starts, follows } }: SequenceModel,
): Omit<SequenceFacts, "weights"> {
  return { transitions: [...transitions], starts: [...starts], follows: [...follows] };
}

function cannot(found: string): ModelError {
  return new ModelError(`Cannot export the model: ${found}`, {
    next: "export the model with the column that it was fitted on",
  });
}
