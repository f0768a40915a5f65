/** Between the messages of gRPC and the bodies of HTTP. */

import { lengthHeader } from "../routes/v2_binary.ts";

/** The values of a tensor, by their type. */
type Contents = Readonly<Record<string, readonly unknown[]>>;

interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly contents?: Contents | null;
}

/** An inference as gRPC asks for it. */
export interface InferMessage {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly { readonly name: string }[];
  readonly raw_input_contents: readonly Uint8Array<ArrayBuffer>[];
}

/** What is wrong with a message before anybody looks at the model. */
export class BadGrpcMessage extends Error {
  override name = "BadMessage";
}

/** Where a message has the values of a datatype. */
const contentsOf: Readonly<Record<string, string>> = {
  INT8: "int_contents",
  INT16: "int_contents",
  INT32: "int_contents",
  INT64: "int64_contents",
  UINT8: "uint_contents",
  UINT16: "uint_contents",
  UINT32: "uint_contents",
  UINT64: "uint64_contents",
  FP32: "fp32_contents",
  FP64: "fp64_contents",
  BYTES: "bytes_contents",
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * The body of `POST …/infer` and its headers. Raw tensors become binary ones.
 *
 * @throws {BadGrpcMessage} if tensors and their contents do not fit together.
 */
export function inferBody(
  { id, inputs, outputs, raw_input_contents: raw }: InferMessage,
): { readonly body: Blob; readonly headers: Readonly<Record<string, string>> } {
  const isRaw = raw.length > 0;
  if (isRaw && raw.length !== inputs.length) {
    throw new BadGrpcMessage(
      `There are ${raw.length} raw_input_contents for ${inputs.length} inputs`,
    );
  }
  const head = encoder.encode(JSON.stringify({
    ...(id !== "" && { id }),
    ...(isRaw && { parameters: { binary_data_output: true } }),
    inputs: inputs.map(({ name, datatype, shape, contents }, at) => ({
      ...{ name, datatype, shape },
      ...(isRaw
        ? { parameters: { binary_data_size: raw[at].length } }
        : { data: valuesOf(name, datatype, contents ?? {}) }),
    })),
    ...(outputs.length > 0 && { outputs: outputs.map(({ name }) => ({ name })) }),
  }));
  if (!isRaw) return { body: new Blob([head]), headers: { "Content-Type": "application/json" } };
  return {
    body: new Blob([head, ...raw]),
    headers: { "Content-Type": "application/octet-stream", [lengthHeader]: String(head.length) },
  };
}

function valuesOf(name: string, datatype: string, contents: Contents): readonly unknown[] {
  const field = Object.hasOwn(contentsOf, datatype) ? contentsOf[datatype] : undefined;
  if (field === undefined) {
    throw new BadGrpcMessage(
      `Input "${name}": values of ${datatype} come as raw_input_contents only`,
    );
  }
  const values = contents[field] ?? [];
  if (datatype !== "BYTES") {
    return values.map((value) => Number.isNaN(value) ? null : value); // missing, as null in JSON
  }
  try {
    return values.map((value) => utf8.decode(value as Uint8Array));
  } catch {
    throw new BadGrpcMessage(`Input "${name}": a text is not in UTF-8`);
  }
}

/** The message that says what an answer of `POST …/infer` does. */
export async function inferMessage(response: Response): Promise<object> {
  const bytes = await response.bytes();
  const length = response.headers.get(lengthHeader);
  const { outputs, ...told } = JSON.parse(
    new TextDecoder().decode(length === null ? bytes : bytes.subarray(0, Number(length))),
  ) as { outputs: (Tensor & { data?: unknown[]; parameters?: { binary_data_size: number } })[] };
  let at = Number(length);
  const raw: Uint8Array[] = [];
  return {
    ...told,
    outputs: outputs.map(({ name, datatype, shape, data, parameters }) => {
      const tensor = { name, datatype, shape };
      if (parameters !== undefined) {
        raw.push(bytes.subarray(at, at += parameters.binary_data_size));
        return tensor;
      }
      const values = datatype === "BYTES"
        ? data!.map((text) => encoder.encode(String(text)))
        : data;
      return { ...tensor, contents: { [contentsOf[datatype]]: values } };
    }),
    raw_output_contents: raw,
  };
}
