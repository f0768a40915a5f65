/** Data sets as raw files that both sides read: column-major Float32 and Int32 labels. */

import type { Part, Shape } from "./side.ts";

/** Writes `name.json`, and `name_part.f32` and `name_part.i32` of each part. */
export function writeDataSet(
  folder: string,
  name: string,
  classes: number,
  parts: Readonly<Record<string, Part>>,
): void {
  const entries = Object.entries(parts);
  const shape: Shape = {
    columns: entries[0][1].X.columns,
    classes,
    rows: Object.fromEntries(entries.map(([part, { y }]) => [part, y.length])),
  };
  for (const [part, { X, y }] of entries) {
    writeArray(`${folder}/${name}_${part}.f32`, X.data);
    writeArray(`${folder}/${name}_${part}.i32`, y);
  }
  Deno.writeTextFileSync(`${folder}/${name}.json`, JSON.stringify(shape));
}

/** The bytes of `values`, in pieces: files cannot be written from shared memory. */
export function writeArray(path: string, values: Float32Array | Int32Array): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let at = 0; at < bytes.length;) {
    at += file.writeSync(new Uint8Array(bytes.subarray(at, at + (1 << 20))));
  }
}
