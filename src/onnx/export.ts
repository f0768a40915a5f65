/** One model file from fitted features and a fitted model. */

import { ModelError } from "../base/mod.ts";
import { type FeatureState, inputSchema } from "../features/mod.ts";
import type { LinearClassifier, LinearRegressor, NeighborRegressor } from "../learners/mod.ts";
import { type TreeEnsemble, validateEnsemble } from "../trees/mod.ts";
import { convertClassifier, type ExportedClassifier, sizeOf } from "./converters/classifier.ts";
import { convertLinearScores } from "./converters/linear.ts";
import { convertNeighborMeans } from "./converters/neighbors.ts";
import { convertTreeNumbers } from "./converters/tree_ensemble.ts";
import { encodeModel, OnnxGraph, type Operators, type Value } from "../onnx_format/mod.ts";
import {
  type LinearFacts,
  linearFactsKey,
  ngramsOf,
  textInputsKey,
  type TextRules,
  textTensors,
  tokenizersKey,
  type TreeFacts,
  treeFactsKey,
} from "../onnx_runtime/mod.ts";
import { type ConvertedFeatures, convertFeatures } from "./preprocessing.ts";
import type { Encoders } from "./converters/placed.ts";
import { type EncoderFiles, knownEncoder } from "../encoders/mod.ts";

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
  /** Files of the sentence encoders that columns of free text have, by name. */
  readonly encoders?: Readonly<Record<string, EncoderFiles>>;
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
  readonly model: { readonly trees: TreeEnsemble } | LinearRegressor | NeighborRegressor;
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
    const probabilities = convertClassifier(graph, classifier, converted);
    const best = graph.node("ArgMax", [probabilities], { axis: 1, keepdims: 0 });
    graph.node("Gather", [graph.texts(labels, [labels.length]), best], { axis: 0 }, "label");
    labels.forEach((label, code) => {
      const inputs = [probabilities, graph.integers([code], [])];
      graph.node("Gather", inputs, { axis: 1 }, probabilityPrefix + label);
    });
    if ("trees" in classifier) return { [treeFactsKey]: treeFacts(classifier.trees, converted) };
    const calibrated = classifier.kind === "Calibrated";
    const base = calibrated ? classifier.base : classifier;
    if ("coefficients" in base) {
      const link = classes === 2 ? "logistic" : "softmax";
      const facts = linearFacts(graph, base, { link, ...calibrated && { calibrated } }, converted);
      return { [linearFactsKey]: facts };
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
    const end = (numbers: string) =>
      graph.node("Reshape", [numbers, graph.integers([-1], [1])], {}, "prediction");
    if ("trees" in model) {
      end(convertTreeNumbers(graph, model.trees, output, columnOf));
      return { [treeFactsKey]: treeFacts(model.trees, converted) };
    }
    if (model.kind === "KNeighbors") {
      end(convertNeighborMeans(graph, model, converted));
      return {};
    }
    end(convertLinearScores(graph, model, converted));
    return { [linearFactsKey]: linearFacts(graph, model, { link: "identity" }, converted) };
  });
}

function treeFacts({ base, scale, link }: TreeEnsemble, converted: ConvertedFeatures): string {
  const { output: matrix, features } = converted;
  const facts: TreeFacts = { matrix, features, base: [...base], scale, link };
  return JSON.stringify(facts);
}

function linearFacts(
  graph: OnnxGraph,
  { centre, coefficients, intercepts }: LinearClassifier | LinearRegressor,
  ending: Pick<LinearFacts, "link" | "calibrated">,
  { output: matrix, features, columnOf, bags }: ConvertedFeatures,
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
    ...{ intercepts: [...intercepts], ...ending },
    ...bags.length > 0 && {
      bags: bags.map(({ column, places, values }) => ({
        ...{ column: features[columnOf[column]].column, place: columnOf[column], places, values },
        slopes: readBeside(graph, places),
      })),
    },
  };
  return JSON.stringify(facts);
}

/** The constant that slopes along the terms of a bag are gathered from, which is gathered last. */
function readBeside(graph: OnnxGraph, places: string): string {
  const gathers = graph.nodes.filter(({ op, inputs }) => op === "Gather" && inputs[1] === places);
  return gathers.at(-1)!.inputs[0];
}

/**
 * The file of features, followed by what `convert` makes of them; what it
 * returns joins the metadata.
 */
function encode(
  { state, name, producerVersion, operators = "current", encoders = {}, metadata = {} }:
    CommonParts,
  features: number,
  outputs: readonly Value[],
  convert: (graph: OnnxGraph, features: ConvertedFeatures) => Record<string, string>,
): Uint8Array<ArrayBuffer> {
  if (features !== state.features.length) {
    throw cannot(
      `the model reads ${features} features, the feature set makes ${state.features.length}`,
    );
  }
  const schema = inputSchema(state);
  const texts = schema.filter(({ freeText }) => freeText).map(({ name }) => name);
  const encoded = encodedColumns(state);
  const lacking = encoded.find(({ encoder }) => !Object.hasOwn(encoders, encoder));
  if (lacking !== undefined) {
    throw new ModelError(`Cannot export the model: the encoder ${lacking.encoder} is not there`, {
      next: "fetch it: deno task encoder",
    });
  }
  const tensors = texts.flatMap((name) => Object.values(textTensors(name)));
  const taken = new Set([...outputs.map(({ name }) => name), ...tensors]);
  const clash = state.columns.find(({ name }) => taken.has(name) || name.startsWith("/"));
  if (clash !== undefined) {
    throw cannot(`column "${clash.name}" has a name that the graph uses itself; rename it`);
  }
  const single = state.columns.length === 1;
  const inputs = schema.flatMap((field): Value[] => {
    const { name, kind, description } = field;
    const told = description === undefined ? {} : { description };
    if (field.freeText) {
      const { ids, weights, pieces } = textTensors(name);
      const dims = ["N", ngramsOf(name)];
      return [
        { name: ids, type: "int64", dims, ...told },
        { name: weights, type: "float", dims, ...told },
        ...encoded.some(({ column }) => column === name)
          ? [{ name: pieces, type: "int64", dims: ["N", `pieces of ${name}`], ...told } as const]
          : [],
      ];
    }
    const type = kind === "number" ? "float" : "string";
    return [{ name, type, dims: single ? ["N", 1] : ["N"], ...told }];
  });
  const graph = new OnnxGraph(operators);
  const columns = schema.map(({ name, freeText }) =>
    single && !freeText ? graph.node("Reshape", [name, graph.integers([-1], [1])]) : name
  );
  const facts = {
    ...convert(graph, convertFeatures(graph, state, columns, modelsOf(encoders))),
    ...texts.length > 0 && { [textInputsKey]: JSON.stringify(rulesOf(state)) },
    ...encoded.length > 0 && {
      [tokenizersKey]: JSON.stringify(Object.fromEntries(
        encoded.map(({ column, encoder }) => [column, {
          longest: knownEncoder(encoder).longest,
          tokenizer: encoders[encoder].tokenizer,
        }]),
      )),
    },
  };
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

function modelsOf(encoders: Readonly<Record<string, EncoderFiles>>): Encoders {
  return Object.fromEntries(Object.entries(encoders).map(([name, { model }]) => [name, model]));
}

/** The columns whose texts an encoder reads. */
export function encodedColumns({ columns }: FeatureState): { column: string; encoder: string }[] {
  return columns.flatMap((column) =>
    "rules" in column && "encoder" in column && column.encoder !== undefined
      ? [{ column: column.name, encoder: column.encoder.name }]
      : []
  );
}

/** The rules of each column of free text. */
function rulesOf({ columns }: FeatureState): TextRules {
  return Object.fromEntries(
    columns.flatMap((column) =>
      "rules" in column && "bits" in column.rules ? [[column.name, column.rules]] : []
    ),
  );
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
