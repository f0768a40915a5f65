/** One model file from fitted features and a fitted tree classifier. */

import { ModelError } from "../base/mod.ts";
import { type FeatureState, inputSchema } from "../features/mod.ts";
import { type TreeEnsemble, validateEnsemble } from "../trees/mod.ts";
import { convertTrees } from "./converters/tree_ensemble.ts";
import { Graph } from "./graph.ts";
import { encodeModel, type Value } from "./model_proto.ts";
import { convertFeatures } from "./preprocessing.ts";

/** What a model file is made of. */
export interface ExportParts {
  /** The fitted features. */
  readonly state: FeatureState;
  /** The fitted classifier; its trees are what is exported. */
  readonly classifier: { readonly trees: TreeEnsemble };
  /** Name of each class, in the order of the labels. */
  readonly labels: readonly string[];
  /** Name of the model, as `Over_RandomForest`. */
  readonly name: string;
  /** Version of the framework that writes the file. */
  readonly producerVersion: string;
  /** Facts to go with the model; no times, which would make equal models differ. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Starts the name of the output with a class's probabilities. */
export const probabilityPrefix = "probability_";

/**
 * Exports features and classifier as one ONNX file: one input for each raw
 * column, named as the column, numbers as floats and all else as text, shape
 * [N] (a single column [N, 1], which is how MLflow feeds it); outputs `label`
 * and `probability_<class>`, shape [N]. A missing number is NaN, a missing text
 * one of the column's missing texts, such as the empty text.
 *
 * The same model gives the same bytes.
 *
 * @throws {ModelError} where the parts do not fit together.
 */
export function exportOnnx(parts: ExportParts): Uint8Array<ArrayBuffer> {
  const { state, classifier: { trees }, labels } = parts;
  validateEnsemble(trees);
  checkParts(parts);
  const single = state.columns.length === 1;
  const inputs: Value[] = inputSchema(state).map(({ name, kind, description }) => ({
    name,
    type: kind === "number" ? "float" : "string",
    dims: single ? ["N", 1] : ["N"],
    ...(description === undefined ? {} : { description }),
  }));
  const graph = new Graph();
  const columns = inputs.map(({ name }) =>
    single ? graph.node("Reshape", [name, graph.integers([-1], [1])]) : name
  );
  const features = convertFeatures(graph, state, columns);
  const probabilities = convertTrees(graph, trees, features.output, features.columnOf);
  const best = graph.node("ArgMax", [probabilities], { axis: 1, keepdims: 0 });
  graph.node("Gather", [graph.texts(labels, [labels.length]), best], { axis: 0 }, "label");
  labels.forEach((label, code) => {
    const inputs = [probabilities, graph.integers([code], [])];
    graph.node("Gather", inputs, { axis: 1 }, probabilityPrefix + label);
  });
  return encodeModel({
    name: parts.name,
    producer: { name: "dinoflow", version: parts.producerVersion },
    metadata: parts.metadata ?? {},
    nodes: graph.nodes,
    constants: graph.constants,
    inputs,
    outputs: [
      { name: "label", type: "string", dims: ["N"] },
      ...labels.map((label): Value => ({
        name: probabilityPrefix + label,
        type: "float",
        dims: ["N"],
      })),
    ],
  });
}

function checkParts({ state, classifier: { trees }, labels }: ExportParts): void {
  const classes = trees.link === "logistic" ? 2 : trees.outputs;
  if (labels.length !== classes) {
    throw cannot(`the trees tell ${classes} classes apart, ${labels.length} labels are given`);
  }
  if (trees.features !== state.features.length) {
    throw cannot(
      `the trees read ${trees.features} features, the feature set makes ${state.features.length}`,
    );
  }
  const outputs = new Set(["label", ...labels.map((label) => probabilityPrefix + label)]);
  const clash = state.columns.find(({ name }) => outputs.has(name) || name.startsWith("/"));
  if (clash !== undefined) {
    throw cannot(`column "${clash.name}" has a name that the graph uses itself; rename it`);
  }
}

function cannot(found: string): ModelError {
  return new ModelError(`Cannot export the model: ${found}`, {
    next: "export the classifier with the features that it was fitted on",
  });
}
