/** One model file from fitted features and a fitted model. */

import { ModelError } from "../base/mod.ts";
import { type FeatureState, inputSchema } from "../features/mod.ts";
import type { LinearClassifier, LinearRegressor } from "../learners/mod.ts";
import { type TreeEnsemble, validateEnsemble } from "../trees/mod.ts";
import { convertClassifier, type ExportedClassifier, sizeOf } from "./converters/classifier.ts";
import { convertLinearScores } from "./converters/linear.ts";
import { convertTreeNumbers } from "./converters/tree_ensemble.ts";
import { OnnxGraph } from "./graph.ts";
import { type LinearFacts, linearFactsKey } from "./linear_facts.ts";
import { encodeModel, type Value } from "./model_proto.ts";
import type { Operators } from "./operators.ts";
import { type ConvertedFeatures, convertFeatures } from "./preprocessing.ts";
import { type TreeFacts, treeFactsKey } from "./tree_facts.ts";

/** What every model file is made of. */
export interface CommonParts {
  /** The fitted features. */
  readonly state: FeatureState;
  /** Name of the model, as `Over_RandomForest`. */
  readonly name: string;
  /** Version of the framework that writes the file. */
  readonly producerVersion: string;
  /**
   * Older operators (set 15, ai.onnx.ml 2) are read by ONNX Runtime before 1.18,
   * but cannot split or match texts; current ones where left out.
   */
  readonly operators?: Operators;
  /** Facts to go with the model; no times, which would make equal models differ. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What the file of a classifier is made of. */
export interface ExportParts extends CommonParts {
  /** The fitted classifier; of a tree classifier its trees are enough. */
  readonly classifier: ExportedClassifier;
  /** Name of each class, in the order of the labels. */
  readonly labels: readonly string[];
}

/** What the file of a regression is made of. */
export interface RegressionExportParts extends CommonParts {
  /** The fitted regression; of a tree regression its trees are enough. */
  readonly model: { readonly trees: TreeEnsemble } | LinearRegressor;
}

/** Starts the name of the output with a class's probabilities. */
const probabilityPrefix = "probability_";

/**
 * Exports features and classifier as one ONNX file: one input for each raw
 * column, named as the column, numbers as floats and all else as text, shape
 * [N] (a single column [N, 1], which is how MLflow feeds it); outputs `label`
 * and `probability_<class>`, shape [N]. A missing number is NaN, a missing text
 * one of the column's missing texts, such as the empty text.
 *
 * The same model gives the same bytes.
 *
 * @throws {ModelError} if the parts do not fit together.
 */
export function exportOnnx(parts: ExportParts): Uint8Array<ArrayBuffer> {
  const { classifier, labels } = parts;
  const trees = treesOf(classifier);
  if (trees) validateEnsemble(trees);
  const { features, classes } = sizeOf(classifier);
  if (labels.length !== classes) {
    throw cannot(`the model tells ${classes} classes apart, ${labels.length} labels are given`);
  }
  const outputs = [
    { name: "label", type: "string", dims: ["N"] } satisfies Value,
    ...labels.map((label): Value => ({
      name: probabilityPrefix + label,
      type: "float",
      dims: ["N"],
    })),
  ];
  return encode(parts, features, outputs, (graph, converted): Record<string, string> => {
    const { output, columnOf } = converted;
    const probabilities = convertClassifier(graph, classifier, output, columnOf);
    const best = graph.node("ArgMax", [probabilities], { axis: 1, keepdims: 0 });
    graph.node("Gather", [graph.texts(labels, [labels.length]), best], { axis: 0 }, "label");
    labels.forEach((label, code) => {
      const inputs = [probabilities, graph.integers([code], [])];
      graph.node("Gather", inputs, { axis: 1 }, probabilityPrefix + label);
    });
    if ("trees" in classifier) return { [treeFactsKey]: treeFacts(classifier.trees, converted) };
    if (classifier.kind === "LogisticRegression") {
      const link = classes === 2 ? "logistic" : "softmax";
      return { [linearFactsKey]: linearFacts(classifier, link, converted) };
    }
    return {};
  });
}

/**
 * Exports features and a regression as one ONNX file, with the inputs of
 * {@link exportOnnx} and the output `prediction`, Float64 of shape [N]: what trees
 * tell of numbers far from 0 is less than a Float32 holds there.
 *
 * @throws {ModelError} if the parts do not fit together.
 */
export function exportRegression(parts: RegressionExportParts): Uint8Array<ArrayBuffer> {
  const { model } = parts;
  if ("trees" in model) validateEnsemble(model.trees);
  const features = "trees" in model ? model.trees.features : model.centre.length;
  const outputs = [{ name: "prediction", type: "double", dims: ["N"] } satisfies Value];
  return encode(parts, features, outputs, (graph, converted): Record<string, string> => {
    const { output, columnOf } = converted;
    const scores = "trees" in model
      ? convertTreeNumbers(graph, model.trees, output, columnOf)
      : convertLinearScores(graph, model, output, columnOf);
    graph.node("Reshape", [scores, graph.integers([-1], [1])], {}, "prediction");
    return "trees" in model
      ? { [treeFactsKey]: treeFacts(model.trees, converted) }
      : { [linearFactsKey]: linearFacts(model, "identity", converted) };
  });
}

function treeFacts({ base, scale, link }: TreeEnsemble, converted: ConvertedFeatures): string {
  const { output: matrix, features } = converted;
  const facts: TreeFacts = { matrix, features, base: [...base], scale, link };
  return JSON.stringify(facts);
}

function linearFacts(
  { centre, coefficients, intercepts }: LinearClassifier | LinearRegressor,
  link: LinearFacts["link"],
  { output: matrix, features, columnOf }: ConvertedFeatures,
): string {
  const width = centre.length;
  const middle = new Array<number>(width);
  const slopes = new Array<number>(coefficients.length);
  columnOf.forEach((place, j) => {
    middle[place] = centre[j];
    for (let k = 0; k < intercepts.length; k++) {
      slopes[k * width + place] = coefficients[k * width + j];
    }
  });
  const facts: LinearFacts = {
    ...{ matrix, features, centre: middle, coefficients: slopes },
    ...{ intercepts: [...intercepts], link },
  };
  return JSON.stringify(facts);
}

/**
 * The file of features, followed by what `convert` makes of them; what it
 * returns joins the metadata.
 */
function encode(
  { state, name, producerVersion, operators = "current", metadata = {} }: CommonParts,
  features: number,
  outputs: readonly Value[],
  convert: (graph: OnnxGraph, features: ConvertedFeatures) => Record<string, string>,
): Uint8Array<ArrayBuffer> {
  if (features !== state.features.length) {
    throw cannot(
      `the model reads ${features} features, the feature set makes ${state.features.length}`,
    );
  }
  const taken = new Set(outputs.map(({ name }) => name));
  const clash = state.columns.find(({ name }) => taken.has(name) || name.startsWith("/"));
  if (clash !== undefined) {
    throw cannot(`column "${clash.name}" has a name that the graph uses itself; rename it`);
  }
  const single = state.columns.length === 1;
  const inputs: Value[] = inputSchema(state).map(({ name, kind, description }) => ({
    name,
    type: kind === "number" ? "float" : "string",
    dims: single ? ["N", 1] : ["N"],
    ...(description === undefined ? {} : { description }),
  }));
  const graph = new OnnxGraph(operators);
  const columns = inputs.map(({ name }) =>
    single ? graph.node("Reshape", [name, graph.integers([-1], [1])]) : name
  );
  const facts = convert(graph, convertFeatures(graph, state, columns));
  return encodeModel({
    name,
    producer: { name: "dinoflow", version: producerVersion },
    operators,
    metadata: { ...metadata, ...facts },
    nodes: graph.nodes,
    constants: graph.constants,
    inputs,
    outputs,
  });
}

function treesOf(classifier: ExportedClassifier): TreeEnsemble | undefined {
  if ("trees" in classifier) return classifier.trees;
  return classifier.kind === "Calibrated" ? treesOf(classifier.base) : undefined;
}

function cannot(found: string): ModelError {
  return new ModelError(`Cannot export the model: ${found}`, {
    next: "export the model with the features that it was fitted on",
  });
}
