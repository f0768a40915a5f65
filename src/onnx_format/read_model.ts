/** A model file taken apart as far as explaining its trees needs it. */

import { ProtoWriter } from "./protobuf.ts";
import { damaged, type Field, fieldOf, readFields, textsOf } from "./protobuf_reader.ts";
import { type Value, writeValue } from "./model_proto.ts";

/** Numbers of the fields of `ModelProto`, `GraphProto`, `NodeProto` and `StringStringEntryProto`. */
const model = { graph: 7, metadata: 14 };
const graph = { node: 1, name: 2, constant: 5, input: 11, output: 12 };
const node = { input: 1, output: 2, op: 4, attribute: 5 };

/** A model file in pieces. */
export interface ModelPieces {
  /** Its facts. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The fields of the model. */
  readonly fields: readonly Field[];
  /** The fields of its graph. */
  readonly graph: readonly Field[];
}

/**
 * Takes a model file apart.
 *
 * @throws {ModelError} if it is damaged.
 */
export function readModelPieces(onnx: Uint8Array): ModelPieces {
  const fields = readFields(onnx);
  const body = fieldOf(fields, model.graph);
  if (body === undefined) throw damaged("it has no graph");
  const metadata = fields.filter(({ number }) => number === model.metadata).map(({ bytes }) => {
    const entry = readFields(bytes);
    return [textsOf(entry, 1)[0] ?? "", textsOf(entry, 2)[0] ?? ""] as const;
  });
  return { fields, graph: readFields(body.bytes), metadata: new Map(metadata) };
}

/** The attributes of the one node of an operator of `ops` that reads `input`, by name. */
export function attributesOf<Op extends string>(
  pieces: ModelPieces,
  ops: readonly Op[],
  input: string,
): { readonly op: Op; readonly attributes: ReadonlyMap<string, readonly Field[]> } {
  for (const { number, bytes } of pieces.graph) {
    if (number !== graph.node) continue;
    const fields = readFields(bytes);
    const op = ops.find((name) => name === textsOf(fields, node.op)[0]);
    if (op === undefined || textsOf(fields, node.input)[0] !== input) continue;
    const attributes = fields.filter(({ number }) => number === node.attribute)
      .map(({ bytes }) => readFields(bytes));
    return {
      op,
      attributes: new Map(attributes.map((attribute) => [textsOf(attribute, 1)[0], attribute])),
    };
  }
  throw damaged(`no ${ops.join(" or ")} reads ${input}`);
}

/**
 * The numbers of a constant of Float32.
 *
 * @throws {ModelError} if there is none of that name.
 */
export function floatsOf({ graph: whole }: ModelPieces, name: string): Float32Array {
  for (const { number, bytes } of whole) {
    if (number !== graph.constant) continue;
    const tensor = readFields(bytes);
    if (textsOf(tensor, 8)[0] !== name) continue;
    const raw = fieldOf(tensor, 9)?.bytes;
    if (raw === undefined || raw.length % 4 !== 0) break;
    return new Float32Array(raw.slice().buffer);
  }
  throw damaged(`it has no constant ${name} of numbers`);
}

/**
 * The part of a model that leads to some of its tensors, as a model file with
 * the same inputs and those outputs.
 */
export function cutAt(
  { fields, graph: whole }: ModelPieces,
  outputs: readonly Value[],
): Uint8Array<ArrayBuffer> {
  const wanted = new Set(outputs.map(({ name }) => name));
  const kept = new Set<Field>();
  // A node stands after those whose results it reads.
  for (const field of whole.toReversed()) {
    if (field.number !== graph.node) continue;
    const inner = readFields(field.bytes);
    if (!textsOf(inner, node.output).some((name) => wanted.has(name))) continue;
    for (const name of textsOf(inner, node.input)) wanted.add(name);
    kept.add(field);
  }
  const isKept = (field: Field) => {
    switch (field.number) {
      case graph.node:
        return kept.has(field);
      case graph.constant:
        return wanted.has(textsOf(readFields(field.bytes), 8)[0]);
      default:
        return field.number === graph.name || field.number === graph.input;
    }
  };
  const writer = new ProtoWriter();
  for (const field of fields) {
    if (field.number !== model.graph) writer.raw(field.raw);
  }
  writer.message(model.graph, (inner) => {
    for (const field of whole) if (isKept(field)) inner.raw(field.raw);
    for (const output of outputs) inner.message(graph.output, (value) => writeValue(value, output));
  });
  return writer.finish();
}
