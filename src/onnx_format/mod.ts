/**
 * ONNX files as they are written and read: messages, graphs, operator versions.
 * Nothing here knows what a graph computes.
 *
 * @module
 */

export { OnnxGraph } from "./graph.ts";
export {
  type Attribute,
  type ConstantTensor,
  type ElementType,
  encodeModel,
  type Model,
  type Node,
  type Subgraph,
  type Value,
} from "./model_proto.ts";
export { type ImportedGraph, importGraph } from "./import_graph.ts";
export type { Operators } from "./operators.ts";
export {
  damaged,
  type Field,
  fieldOf,
  readFields,
  textsOf,
  unpackInts,
} from "./protobuf_reader.ts";
export { attributesOf, cutAt, floatsOf, type ModelPieces, readModelPieces } from "./read_model.ts";
