/**
 * Tensors in binary form, an extension of the Open Inference Protocol: behind
 * the JSON come the values of each tensor that says how many bytes it has,
 * little-endian, row after row; a text is its length in 4 bytes and its UTF-8.
 */

import { Problem } from "../http/problem.ts";
import type { InferRequest } from "../openapi/v2_request.ts";

/** The header that tells how long the JSON before binary tensors is. */
export const lengthHeader = "Inference-Header-Content-Length";

/** Bytes of a value, and how it is read. */
type Reader = readonly [number, (view: DataView, at: number) => number];

const readers: Readonly<Record<string, Reader>> = {
  INT8: [1, (view, at) => view.getInt8(at)],
  INT16: [2, (view, at) => view.getInt16(at, true)],
  INT32: [4, (view, at) => view.getInt32(at, true)],
  INT64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  UINT8: [1, (view, at) => view.getUint8(at)],
  UINT16: [2, (view, at) => view.getUint16(at, true)],
  UINT32: [4, (view, at) => view.getUint32(at, true)],
  UINT64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  FP16: [2, (view, at) => float16(view.getUint16(at, true))],
  FP32: [4, (view, at) => view.getFloat32(at, true)],
  FP64: [8, (view, at) => view.getFloat64(at, true)],
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The value of 16 bits of a floating-point number (IEEE 754 binary16). */
function float16(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const [exponent, fraction] = [bits >> 10 & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/**
 * The request with the values of its binary inputs.
 *
 * @param binary What follows the JSON; undefined if the header is not there.
 * @throws {Problem} 400 if sizes, types and bytes do not fit together.
 */
export function withBinaryInputs(
  request: InferRequest,
  binary: Uint8Array | undefined,
): InferRequest {
  let used = 0;
  const inputs = request.inputs.map((input) => {
    const { name, parameters, data } = input;
    const size = parameters?.binary_data_size;
    if (size === undefined) {
      if (data === undefined) throw bad(name, "it has neither data nor binary_data_size");
      return input;
    }
    if (data !== undefined) throw bad(name, "it has both data and binary_data_size");
    if (binary === undefined) throw bad(name, `binary tensors want the header ${lengthHeader}`);
    if (typeof size !== "number" || !Number.isInteger(size) || size < 0) {
      throw bad(name, "binary_data_size is no number of bytes");
    }
    if (used + size > binary.length) {
      throw bad(name, `${size} bytes are wanted, ${binary.length - used} are there`);
    }
    const bytes = binary.subarray(used, used += size);
    return { ...input, shape: [...input.shape], data: valuesOf(input, bytes) };
  });
  if (binary !== undefined && used < binary.length) {
    throw new Problem(400, `Cannot infer: ${binary.length - used} bytes belong to no input`);
  }
  return { ...request, inputs };
}

function valuesOf(
  { name, datatype, shape }: InferRequest["inputs"][number],
  bytes: Uint8Array,
): unknown[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (datatype === "BYTES") return textsOf(name, bytes, view);
  if (!Object.hasOwn(readers, datatype)) {
    throw bad(name, `its datatype is ${datatype.slice(0, 40)}`);
  }
  const [width, read] = readers[datatype];
  const count = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== count * width) {
    throw bad(
      name,
      `${count} values of ${datatype} have ${count * width} bytes, not ${bytes.length}`,
    );
  }
  return Array.from({ length: count }, (_, at) => {
    const value = read(view, at * width);
    return Number.isNaN(value) ? null : value; // missing, as null is in JSON
  });
}

function textsOf(name: string, bytes: Uint8Array, view: DataView): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 <= bytes.length ? at + 4 + view.getUint32(at, true) : Infinity;
    if (end > bytes.length) throw bad(name, "a text is longer than its bytes");
    try {
      texts.push(utf8.decode(bytes.subarray(at + 4, end)));
    } catch {
      throw bad(name, `text ${texts.length} is not in UTF-8`);
    }
    at = end;
  }
  return texts;
}

/** An output of an answer. */
export interface EncodedTensor {
  readonly name: string;
  readonly datatype: "BYTES" | "FP32";
  readonly shape: readonly number[];
  readonly data: readonly (string | number)[];
  /** Whether its values come behind the JSON. */
  readonly binary: boolean;
}

/** The answer, with binary tensors behind its JSON if some are wanted. */
export function answerOf(
  { outputs, ...told }: { readonly outputs: readonly EncodedTensor[] } & Record<string, unknown>,
): Response {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const described = outputs.map(({ binary, data, ...tensor }) => {
    if (!binary) return { ...tensor, data };
    const bytes = bytesOf(tensor.datatype, data);
    pieces.push(bytes);
    return { ...tensor, parameters: { binary_data_size: bytes.length } };
  });
  const answer = { ...told, outputs: described };
  if (pieces.length === 0) return Response.json(answer);
  const head = encoder.encode(JSON.stringify(answer));
  return new Response(new Blob([head, ...pieces]), {
    headers: {
      "Content-Type": "application/octet-stream",
      [lengthHeader]: String(head.length),
    },
  });
}

function bytesOf(datatype: EncodedTensor["datatype"], data: EncodedTensor["data"]) {
  if (datatype === "FP32") {
    const bytes = new Uint8Array(4 * data.length);
    const view = new DataView(bytes.buffer);
    data.forEach((value, at) => view.setFloat32(4 * at, Number(value), true));
    return bytes;
  }
  const texts = data.map((value) => encoder.encode(String(value)));
  const bytes = new Uint8Array(texts.reduce((sum, text) => sum + 4 + text.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const text of texts) {
    view.setUint32(at, text.length, true);
    bytes.set(text, at + 4);
    at += 4 + text.length;
  }
  return bytes;
}

function bad(name: string, found: string): Problem {
  return new Problem(400, `Cannot use input "${name.slice(0, 100)}": ${found}`);
}
