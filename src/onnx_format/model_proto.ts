/** The messages of onnx.proto that a model file holds, and how they are written. */

import { type Operators, versionsOf } from "./operators.ts";
import { bytesOf, ProtoWriter } from "./protobuf.ts";

/** Type of a tensor's elements. */
export type ElementType = "float" | "double" | "uint8" | "int64" | "string" | "bool";

/** A constant tensor. */
export type ConstantTensor =
  | { readonly type: "float"; readonly dims: readonly number[]; readonly data: Float32Array }
  | { readonly type: "double"; readonly dims: readonly number[]; readonly data: Float64Array }
  | { readonly type: "uint8"; readonly dims: readonly number[]; readonly data: Uint8Array }
  | { readonly type: "int64"; readonly dims: readonly number[]; readonly data: readonly number[] }
  | { readonly type: "string"; readonly dims: readonly number[]; readonly data: readonly string[] };

/**
 * Value of a node's attribute: a plain number is an integer, an Int32Array or
 * Uint8Array a list of integers, a Float32Array a list of floats.
 */
export type Attribute =
  | number
  | { readonly float: number }
  | string
  | readonly string[]
  | Int32Array
  | Uint8Array
  | Float32Array
  | ConstantTensor
  | Subgraph;

/** A graph within a node, as the body of a loop; it reads tensors of the graph around it by name. */
export type Subgraph = Pick<Model, "nodes" | "constants" | "inputs" | "outputs" | "name">;

/** One operation of a graph. */
export interface Node {
  /** Operator, as `Concat`. */
  readonly op: string;
  /** Operator set: empty for the default one. */
  readonly domain: "" | "ai.onnx.ml";
  /** Names of the tensors it reads. */
  readonly inputs: readonly string[];
  /** Names of the tensors it writes. */
  readonly outputs: readonly string[];
  /** Its attributes, written in this order. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Fields of the graph's message that stand in the place of the node, as they were read. */
  readonly raw?: Uint8Array;
}

/** An input or output of a graph. */
export interface Value {
  /** Name of the tensor. */
  readonly name: string;
  /** Type of its elements. */
  readonly type: ElementType;
  /** Its shape; a text is a size known only when it runs. */
  readonly dims: readonly (number | string)[];
  /** What it means. */
  readonly description?: string;
}

/** A whole model. */
export interface Model {
  /** Name of the graph. */
  readonly name: string;
  /** Who wrote the file, and which version. */
  readonly producer: { readonly name: string; readonly version: string };
  /** Which operators its nodes are of; current ones where left out. */
  readonly operators?: Operators;
  /** Facts to go with the model, written in the order of their keys. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Operations, each after those whose results it reads. */
  readonly nodes: readonly Node[];
  /** Constants by name. */
  readonly constants: ReadonlyMap<string, ConstantTensor>;
  /** What the model reads. */
  readonly inputs: readonly Value[];
  /** What the model gives. */
  readonly outputs: readonly Value[];
}

/** Numbers of the element types, as tensors and the operator `Cast` have them. */
export const elementTypes: Readonly<Record<ElementType, number>> = {
  float: 1,
  uint8: 2,
  int64: 7,
  string: 8,
  bool: 9,
  double: 11,
};
const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;

/** The bytes of a model file. The same model gives the same bytes. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const writer = new ProtoWriter();
  const { ir, sets } = versionsOf[model.operators ?? "current"];
  writer.int(1, ir);
  writer.text(2, model.producer.name);
  writer.text(3, model.producer.version);
  writer.message(7, (graph) => writeGraph(graph, model));
  for (const [domain, version] of sets) {
    writer.message(8, (opset) => {
      opset.text(1, domain);
      opset.int(2, version);
    });
  }
  for (const key of Object.keys(model.metadata).sort()) {
    writer.message(14, (entry) => {
      entry.text(1, key);
      entry.text(2, model.metadata[key]);
    });
  }
  return writer.finish();
}

function writeGraph(writer: ProtoWriter, model: Subgraph): void {
  model.nodes.forEach((node, index) => {
    if (node.raw !== undefined) writer.raw(node.raw);
    else writer.message(1, (inner) => writeNode(inner, node, `${node.op}_${index}`));
  });
  writer.text(2, model.name);
  for (const [name, tensor] of model.constants) {
    writer.message(5, (inner) => writeTensor(inner, tensor, name));
  }
  for (const value of model.inputs) writer.message(11, (inner) => writeValue(inner, value));
  for (const value of model.outputs) writer.message(12, (inner) => writeValue(inner, value));
}

function writeNode(writer: ProtoWriter, node: Node, name: string): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, name);
  writer.text(4, node.op);
  for (const [key, value] of Object.entries(node.attributes)) {
    writer.message(5, (inner) => writeAttribute(inner, key, value));
  }
  if (node.domain !== "") writer.text(7, node.domain);
}

function writeAttribute(writer: ProtoWriter, name: string, value: Attribute): void {
  writer.text(1, name);
  const type = (of: keyof typeof attributeTypes) => writer.int(20, attributeTypes[of]);
  if (typeof value === "number") {
    writer.int(3, value);
    type("int");
  } else if (typeof value === "string") {
    writer.text(4, value);
    type("string");
  } else if (value instanceof Float32Array) {
    writer.packedFloats(7, value);
    type("floats");
  } else if (value instanceof Int32Array || value instanceof Uint8Array) {
    writer.packedInts(8, value);
    type("ints");
  } else if ("float" in value) {
    writer.float(2, value.float);
    type("float");
  } else if ("nodes" in value) {
    writer.message(6, (inner) => writeGraph(inner, value));
    type("graph");
  } else if ("dims" in value) {
    writer.message(5, (inner) => writeTensor(inner, value));
    type("tensor");
  } else {
    for (const text of value) writer.text(9, text);
    type("strings");
  }
}

function writeTensor(writer: ProtoWriter, tensor: ConstantTensor, name?: string): void {
  for (const dim of tensor.dims) writer.int(1, dim);
  writer.int(2, elementTypes[tensor.type]);
  if (tensor.type === "string") {
    for (const text of tensor.data) writer.text(6, text);
  }
  if (name !== undefined) writer.text(8, name);
  if (tensor.type === "int64") {
    writer.bytes(9, bytesOf(BigInt64Array.from(tensor.data, BigInt)));
  } else if (tensor.type !== "string") {
    writer.bytes(9, bytesOf(tensor.data));
  }
}

/** Writes an input or output. */
export function writeValue(writer: ProtoWriter, { name, type, dims, description }: Value): void {
  writer.text(1, name);
  writer.message(2, (typeProto) =>
    typeProto.message(1, (tensor) => {
      tensor.int(1, elementTypes[type]);
      tensor.message(2, (shape) => {
        for (const dim of dims) {
          shape.message(
            1,
            (inner) => typeof dim === "number" ? inner.int(1, dim) : inner.text(2, dim),
          );
        }
      });
    }));
  if (description !== undefined) writer.text(3, description);
}
