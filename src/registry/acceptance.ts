/** What a model was held to, and what is kept with it to hold it to account again. */

import { z } from "zod";

/** A figure with the bounds that it had to keep. */
export interface KeptGate {
  /** Name of the metric, as the catalogue has it. */
  readonly metric: string;
  /** What was reached. */
  readonly value: number;
  /** Least value. */
  readonly min?: number;
  /** Greatest value. */
  readonly max?: number;
}

/** A figure of how alike a decision falls on groups, with the bounds that it had to keep. */
export interface KeptFairness extends KeptGate {
  /** Column of the groups. */
  readonly group: string;
  /** Of a column of numbers, where one group ends and the next begins. */
  readonly edges?: readonly number[];
  /** The class that is good for the person; by default the positive one. */
  readonly favourable?: string;
}

/** Rows that nothing was learned from or chosen by. */
export interface TestPart {
  /** Path of the data file; its digest is the model's `data_digest`. */
  readonly data: string;
  /** Which rows of the file, as {@linkcode packProbeRows} writes them. */
  readonly rows: string;
}

/** Rows that no fit has seen, with what the native model said of them. */
export interface ProbeRows {
  /** Raw columns, as the ONNX graph takes them; null if missing. */
  readonly inputs: Readonly<
    Record<string, readonly (number | null)[] | readonly (string | null)[]>
  >;
  /** Native predictions, output by output, shape [outputs × rows]. */
  readonly predictions: readonly number[];
}

/** What is kept of how a model was accepted. */
export interface Acceptance {
  /** The metric that candidates were compared by. */
  readonly metric: string;
  /** Gates on metrics; absent if there were none. */
  readonly gates?: readonly KeptGate[];
  /** What the figures of the gates are of, as `the test part`. */
  readonly basis?: string;
  /** Gates on fairness; absent if there were none. */
  readonly fairness?: readonly KeptFairness[];
  /** The rows that were held out from everything; absent if there were none. */
  readonly test_part?: TestPart;
  /** What an export must go on predicting. */
  readonly probe: ProbeRows;
}

const gate = {
  metric: z.string(),
  // A figure that is no number is null in JSON.
  value: z.number().nullable().transform((value) => value ?? NaN),
  min: z.number().optional(),
  max: z.number().optional(),
};

/** Checks what a metadata file holds of it. */
export const acceptance: z.ZodType<Acceptance> = z.object({
  metric: z.string(),
  gates: z.array(z.object(gate)).optional(),
  basis: z.string().optional(),
  fairness: z.array(z.object({
    ...gate,
    group: z.string(),
    edges: z.array(z.number()).optional(),
    favourable: z.string().optional(),
  })).optional(),
  test_part: z.object({ data: z.string(), rows: z.string() }).optional(),
  probe: z.object({
    inputs: z.record(
      z.string(),
      z.union([z.array(z.number().nullable()), z.array(z.string().nullable())]),
    ),
    predictions: z.array(z.number()),
  }),
});

/**
 * Rising row numbers as text, about a byte and a half for each: the gaps between them,
 * seven bits to a byte, in Base64.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const rows = Int32Array.of(0, 3, 4, 900);
 * assertEquals(unpackRows(packProbeRows(rows)), rows);
 * ```
 */
export function packProbeRows(rows: Int32Array): string {
  const bytes: number[] = [];
  let before = -1;
  for (const row of rows) {
    let gap = row - before - 1;
    for (; gap >= 128; gap >>>= 7) bytes.push(gap & 127 | 128);
    bytes.push(gap);
    before = row;
  }
  return Uint8Array.from(bytes).toBase64();
}

/** The row numbers that {@linkcode packProbeRows} wrote. */
export function unpackRows(text: string): Int32Array {
  const rows: number[] = [];
  let before = -1;
  let [gap, shift] = [0, 0];
  for (const byte of Uint8Array.fromBase64(text)) {
    gap += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte >= 128) continue;
    before += gap + 1;
    rows.push(before);
    [gap, shift] = [0, 0];
  }
  return Int32Array.from(rows);
}
