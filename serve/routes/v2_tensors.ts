/** From the tensors of an inference request to records. */

import type { InputColumn } from "../../src/registry/mod.ts";
import { Problem } from "../http/problem.ts";
import type { InferRequest } from "../openapi/v2_request.ts";

const floats = ["FP16", "FP32", "FP64"];
/** Least and largest value of each integer type. */
const ranges: ReadonlyMap<string, readonly [number, number]> = new Map(
  [8, 16, 32, 64].flatMap((bits) => [
    [`INT${bits}`, [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]],
    [`UINT${bits}`, [0, 2 ** bits - 1]],
  ]),
);
const integers = [...ranges.keys()];

/**
 * The rows of a request. Each input is a column of shape [rows] or [rows, 1];
 * null is a missing value, and a column that is not there is missing in each row.
 *
 * @throws {Problem} 400 if names, datatypes, shapes and values do not fit
 * together, 413 if there are too many rows.
 */
export function recordsOfTensors(
  { inputs }: Pick<InferRequest, "inputs">,
  schema: readonly InputColumn[],
  mostRows: number,
): Record<string, unknown>[] {
  const kinds = new Map(schema.map(({ name, kind }) => [name, kind]));
  const [rows] = inputs[0].shape;
  if (rows > mostRows) {
    throw new Problem(413, `Cannot predict ${rows} rows at once: wanted at most ${mostRows}`);
  }
  if (rows === 0) throw bad(inputs[0].name, "it has no rows");
  const records = Array.from({ length: rows }, (): Record<string, unknown> => ({}));
  const seen = new Set<string>();
  for (const { name, shape, datatype, data = [] } of inputs) {
    const kind = kinds.get(name);
    if (kind === undefined) {
      throw bad(name, `the model has no such input; it has ${[...kinds.keys()].join(", ")}`);
    }
    if (seen.has(name)) throw bad(name, "it is there twice");
    seen.add(name);
    if (shape[0] !== rows || (shape[1] ?? 1) !== 1) {
      throw bad(name, `its shape is [${shape}], wanted [${rows}] or [${rows},1]`);
    }
    // Numbers may come as text too, with dirt in it, as they do in the raw data.
    const allowed = kind === "number" ? [...floats, ...integers, "BYTES"] : ["BYTES"];
    if (!allowed.includes(datatype)) {
      throw bad(name, `its datatype is ${datatype}, wanted ${allowed.join(", ")}`);
    }
    const values = shape.length === 2 ? data.flat() : data;
    if (values.length !== rows) throw bad(name, `it holds ${values.length} values, not ${rows}`);
    values.forEach((value, row) => {
      if (value !== null && !fits(value, datatype)) {
        throw bad(name, `value ${row} is ${JSON.stringify(value)?.slice(0, 40)}, no ${datatype}`);
      }
      records[row][name] = value;
    });
  }
  return records;
}

function fits(value: unknown, datatype: string): boolean {
  if (datatype === "BYTES") return typeof value === "string";
  if (typeof value !== "number") return false;
  const range = ranges.get(datatype);
  return range === undefined ||
    Number.isInteger(value) && value >= range[0] && value <= range[1];
}

function bad(name: string, found: string): Problem {
  return new Problem(400, `Cannot use input "${name.slice(0, 100)}": ${found}`);
}
