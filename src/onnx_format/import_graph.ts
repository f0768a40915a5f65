/** A model of others as a part of a graph: its nodes and constants, brought to our operators. */

import { ModelError } from "../base/mod.ts";
import type { OnnxGraph } from "./graph.ts";
import { ProtoWriter } from "./protobuf.ts";
import { type Field, fieldOf, readFields, textsOf } from "./protobuf_reader.ts";

const model = { graph: 7, opset: 8 };
const graphField = { node: 1, constant: 5, input: 11, output: 12 };
const nodeField = { input: 1, operator: 4, attribute: 5, domain: 7 };

/** Operators whose meaning or form is the same in operator sets 11 and 21. */
const unchanged: ReadonlySet<string> = new Set([
  ...[
    "Add",
    "Cast",
    "Concat",
    "Constant",
    "DequantizeLinear",
    "Div",
    "DynamicQuantizeLinear",
    "Erf",
  ],
  ...[
    "Gather",
    "MatMul",
    "MatMulInteger",
    "Mul",
    "Pow",
    "Reshape",
    "Shape",
    "Slice",
    "Sqrt",
    "Sub",
  ],
  // Of the last axis Softmax was the same before: it is asked for with one.
  ...["Softmax", "Tanh", "Transpose", "Identity", "Relu"],
]);

/** Operators whose axes became an input. */
const axesAsInput: ReadonlySet<string> = new Set([
  "Unsqueeze",
  "Squeeze",
  "ReduceMean",
  "ReduceSum",
]);

/** What a graph takes and gives. */
export interface ImportedGraph {
  /** Names of its inputs; nodes of the graph around it have to write them. */
  readonly inputs: readonly string[];
  /** Names of its outputs. */
  readonly outputs: readonly string[];
}

/**
 * Adds the nodes and constants of a model file to a graph; tensors keep their names. The file is of
 * operator set 11 to 17, as exporters of encoders write it.
 *
 * @throws {ModelError} if it is of another set, or has an operator that is not known here.
 */
export function importGraph(graph: OnnxGraph, bytes: Uint8Array): ImportedGraph {
  const fields = readFields(bytes);
  const version = fields.filter(({ number }) => number === model.opset)
    .map(({ bytes }) => readFields(bytes))
    .find((opset) => (textsOf(opset, 1)[0] ?? "") === "");
  const set = version && fieldOf(version, 2)?.value;
  if (set === undefined || set < 11 || set > 17) throw cannot(`it is of operator set ${set}`);
  const content = readFields(fieldOf(fields, model.graph)?.bytes ?? new Uint8Array());
  const writer = new ProtoWriter();
  for (const field of content) {
    if (field.number === graphField.constant) writer.raw(field.raw);
    else if (field.number === graphField.node) {
      const node = readFields(field.bytes);
      const [operator] = textsOf(node, nodeField.operator);
      if ((textsOf(node, nodeField.domain)[0] ?? "") !== "") throw cannot(`it has ${operator}`);
      if (axesAsInput.has(operator)) writeAxes(writer, graph, node);
      else if (unchanged.has(operator)) writer.raw(field.raw);
      else throw cannot(`it has ${operator}`);
    }
  }
  graph.nodes.push({
    ...{ op: "", domain: "", inputs: [], outputs: [], attributes: {} },
    raw: writer.finish(),
  });
  const names = (number: number) =>
    content.filter((field) => field.number === number)
      .map(({ bytes }) => textsOf(readFields(bytes), 1)[0]);
  return { inputs: names(graphField.input), outputs: names(graphField.output) };
}

/** A node whose axes are an attribute, with a constant for them. */
function writeAxes(writer: ProtoWriter, graph: OnnxGraph, node: readonly Field[]): void {
  const isAxes = ({ number, bytes }: Field) =>
    number === nodeField.attribute && textsOf(readFields(bytes), 1)[0] === "axes";
  const axes = node.find(isAxes);
  writer.message(graphField.node, (inner) => {
    for (const field of node) if (!isAxes(field)) inner.raw(field.raw);
    if (axes === undefined) return;
    const values = integersOf(readFields(axes.bytes));
    inner.text(nodeField.input, graph.integers(values, [values.length]));
  });
}

/** The list of integers of an attribute, packed or one by one; they may be below 0. */
function integersOf(attribute: readonly Field[]): number[] {
  return attribute.filter(({ number }) => number === 8).flatMap(({ bytes, raw }) => {
    // A single one stands behind the head of its field, which is one byte.
    const packed = bytes.length > 0 ? bytes : raw.subarray(1);
    const values: number[] = [];
    let value = 0n;
    let shift = 0n;
    for (const byte of packed) {
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte >= 0x80) continue;
      values.push(Number(BigInt.asIntN(64, value)));
      [value, shift] = [0n, 0n];
    }
    return values;
  });
}

function cannot(found: string): ModelError {
  return new ModelError(`Cannot take the model into a graph: ${found}`, {
    next: "give an encoder of operator set 11 to 17 without operators of others",
  });
}
