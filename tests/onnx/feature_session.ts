/** The features of an exported model by themselves, and by rows. */

import { InferenceSession, Tensor } from "onnxruntime-node";
import {
  type FeatureState,
  inputSchema,
  rowTransformer,
  type Table,
} from "../../src/features/mod.ts";
import { OnnxGraph } from "../../src/onnx_format/graph.ts";
import { encodeModel, type Value } from "../../src/onnx_format/model_proto.ts";
import { convertFeatures } from "../../src/onnx/preprocessing.ts";
import { feedTexts, hashTexts, textTensors } from "../../src/onnx_runtime/text_inputs.ts";
import type { ModelColumns } from "../../src/onnx_runtime/mod.ts";

/** A session that gives the features themselves. */
export async function featureSession(state: FeatureState) {
  const graph = new OnnxGraph();
  const schema = inputSchema(state);
  const inputs = schema.flatMap(({ name, kind, freeText }): Value[] => {
    if (!freeText) return [{ name, type: kind === "number" ? "float" : "string", dims: ["N"] }];
    const { ids, weights } = textTensors(name);
    return [
      { name: ids, type: "int64", dims: ["N", "L"] },
      { name: weights, type: "float", dims: ["N", "L"] },
    ];
  });
  const rules = Object.fromEntries(
    state.columns.flatMap((column) => "rules" in column ? [[column.name, column.rules]] : []),
  );
  const { output, columnOf } = convertFeatures(graph, state, schema.map(({ name }) => name));
  const outputs: Value[] = [{ name: output, type: "float", dims: ["N", state.features.length] }];
  const bytes = encodeModel({
    name: "features",
    producer: { name: "test", version: "0" },
    metadata: {},
    nodes: graph.nodes,
    constants: graph.constants,
    inputs,
    outputs,
  });
  const session = await InferenceSession.create(bytes);
  return async (columns: ModelColumns): Promise<number[][]> => {
    const feeds = Object.fromEntries(
      Object.entries(columns).flatMap(([name, cells]): [string, Tensor][] => {
        const own = rules[name];
        if (own !== undefined && "blocks" in own) {
          const fed = feedTexts(own, hashTexts(own, cells as string[]));
          const dims = [cells.length, fed.length];
          const tensors = textTensors(name);
          return [
            [tensors.ids, new Tensor("int64", fed.ids, dims)],
            [tensors.weights, new Tensor("float32", fed.weights, dims)],
          ];
        }
        return [[
          name,
          cells instanceof Float32Array
            ? new Tensor("float32", cells, [cells.length])
            : new Tensor("string", cells as string[], [cells.length]),
        ]];
      }),
    );
    const { [output]: features } = await session.run(feeds);
    const data = features.data as Float32Array;
    const width = state.features.length;
    // In the order of the native matrix, feature by feature.
    return Array.from(
      columnOf,
      (at) => Array.from({ length: data.length / width }, (_, i) => data[i * width + at]),
    );
  };
}

/** Raw cells as a caller without our cleaning would feed them: missing is NaN or "". */
export function rawFeeds(state: FeatureState, table: Table): ModelColumns {
  return Object.fromEntries(
    inputSchema(state).map(({ name, kind }) => [
      name,
      kind === "number"
        ? Float32Array.from(table.columns[name], (cell) => cell === null ? NaN : Number(cell))
        : table.columns[name].map((cell) => cell === null ? "" : String(cell)),
    ]),
  );
}

/** The features of the same cells row by row, as a server makes them. */
export function byRow(state: FeatureState, feeds: ModelColumns): number[][] {
  const transform = rowTransformer(state);
  const features = new Float32Array(state.features.length);
  const { length } = feeds[state.columns[0].name];
  const rows = Array.from({ length }, (_, row) => {
    transform(state.columns.map(({ name }) => feeds[name][row]!), features);
    return [...features];
  });
  return state.features.map((_, j) => rows.map((row) => row[j]));
}
