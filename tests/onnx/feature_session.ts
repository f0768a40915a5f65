/** The features of an exported model by themselves, and by rows. */

import { InferenceSession, Tensor } from "onnxruntime-node";
import {
  type FeatureState,
  inputSchema,
  rowTransformer,
  type Table,
} from "../../src/features/mod.ts";
import { OnnxGraph } from "../../src/onnx/graph.ts";
import { encodeModel, type Value } from "../../src/onnx/model_proto.ts";
import { convertFeatures } from "../../src/onnx/preprocessing.ts";
import type { ModelColumns } from "../../src/onnx/session.ts";

/** A session that gives the features themselves. */
export async function featureSession(state: FeatureState) {
  const graph = new OnnxGraph();
  const inputs = inputSchema(state).map(({ name, kind }): Value => ({
    name,
    type: kind === "number" ? "float" : "string",
    dims: ["N"],
  }));
  const { output, columnOf } = convertFeatures(graph, state, inputs.map(({ name }) => name));
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
      Object.entries(columns).map(([name, cells]) => [
        name,
        cells instanceof Float32Array
          ? new Tensor("float32", cells, [cells.length])
          : new Tensor("string", cells as string[], [cells.length]),
      ]),
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
