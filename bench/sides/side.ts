/** What our scripts share: arguments in, matrices read, work measured, one line out. */

import { emptyMatrix, type Matrix } from "../../src/dataset/mod.ts";
import type { Measurement } from "../protocol.ts";
import { median } from "../statistics.ts";
import type { SideArguments } from "../suite.ts";

/** Repetitions end once this many seconds have passed or there are enough of them. */
const ENOUGH_SECONDS = 2;
const ENOUGH_REPETITIONS = 9;

/** The arguments of this process, with the options that the suite gives its script. */
export function sideArguments<Options = unknown>(): SideArguments & Options {
  return JSON.parse(Deno.args[0]);
}

/** Rows with labels. */
export interface Part {
  readonly X: Matrix;
  readonly y: Int32Array<SharedArrayBuffer>;
}

/** What is known of a data set beside its values. */
export interface Shape {
  readonly columns: number;
  readonly classes: number;
  readonly rows: Readonly<Record<string, number>>;
}

/** The shape of data set `name`. */
export function readShape(folder: string, name: string): Shape {
  return JSON.parse(Deno.readTextFileSync(`${folder}/${name}.json`));
}

/** Reads part `part` of data set `name` straight into shared memory. */
export function readPart(folder: string, name: string, part: string): Part {
  const { columns, rows } = readShape(folder, name);
  const X = emptyMatrix(rows[part], columns);
  readInto(`${folder}/${name}_${part}.f32`, X.data.buffer);
  const y = new Int32Array(new SharedArrayBuffer(4 * rows[part]));
  readInto(`${folder}/${name}_${part}.i32`, y.buffer);
  return { X, y };
}

/** Piece by piece, so that the file is not held in memory beside its values. */
export function readInto(path: string, buffer: SharedArrayBuffer): void {
  using file = Deno.openSync(path);
  const target = new Uint8Array(buffer);
  const piece = new Uint8Array(1 << 20);
  for (let at = 0; at < target.length;) {
    const read = file.readSync(piece.subarray(0, target.length - at));
    if (read === null) throw new Error(`${path} ends after ${at} of ${target.length} bytes`);
    target.set(piece.subarray(0, read), at);
    at += read;
  }
}

/**
 * Repeats `work` for two seconds, at least once and at most nine times, as the
 * Python sides do. The first repetition, in which code is compiled and workers
 * start, counts like any other.
 */
export async function measured<T>(
  work: () => T | Promise<T>,
): Promise<Omit<Measurement, "quality"> & { readonly result: T }> {
  const seconds: number[] = [];
  let total = 0;
  let megabytes: number | null = null;
  while (true) {
    const start = performance.now();
    const result = await work();
    seconds.push((performance.now() - start) / 1000);
    if (seconds.length === 1) megabytes = peakMegabytes();
    total += seconds.at(-1)!;
    if (total >= ENOUGH_SECONDS || seconds.length === ENOUGH_REPETITIONS) {
      return { seconds: median(seconds), megabytes, result };
    }
  }
}

/** Peak resident memory of this process so far; null if the system does not tell. */
function peakMegabytes(): number | null {
  if (Deno.build.os !== "linux") return null;
  const status = Deno.readTextFileSync("/proc/self/status");
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024 / 1e6;
}

/** Prints the measurement as the last line. */
export function answer({ seconds, megabytes, quality }: Measurement): void {
  const line = new TextEncoder().encode(`${JSON.stringify({ seconds, megabytes, quality })}\n`);
  Deno.stdout.writeSync(line);
}
