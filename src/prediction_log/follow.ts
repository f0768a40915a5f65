/** Reads of the prediction log only what was not read before. */

import { folderEntries, ifPresent, parsedJson } from "../base/mod.ts";
import { join } from "@std/path";
import { parseFileName } from "./file_name.ts";
import type { PredictionColumns } from "./prediction_columns.ts";
import { PredictionLines } from "./prediction_lines.ts";
import { type FeedbackRecord, feedbackRecord } from "./record.ts";

/** How far each file of a log was read: bytes by file name. Plain JSON. */
export type LogPosition = Readonly<Record<string, number>>;

/** Lines that came since, and where to go on after them. */
export interface NewLines {
  /** Predictions, those of a version of a model together, in the order of their file. */
  readonly predictions: readonly PredictionColumns[];
  /** What turned out to be true, in the order of its file. */
  readonly feedback: readonly FeedbackRecord[];
  /** Whole lines that are no records, as a disk that failed leaves them; they are passed over. */
  readonly malformed: number;
  /** Where to go on; files that are gone are not in it. */
  readonly position: LogPosition;
}

/** Bytes that are read at once. */
const PIECE = 1 << 18;
const NEWLINE = 10;

/**
 * What was written to a log since `position`, piece by piece: all predictions
 * first, then feedback, so that a label finds the prediction it belongs to. A
 * line without its end is left for later; a folder that is not there yet is
 * an empty log. Whoever keeps `position` together with what came of the lines
 * has each of them once, however often the process is killed. The columns of a
 * piece are of use until the next piece: their memory is used again.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const folder = await Deno.makeTempDir();
 * const line = JSON.stringify({ time: "2026-11-21T10:15:00Z", request_id: "a", label: "Good" });
 * await Deno.writeTextFile(`${folder}/feedback_20261121T101500_4711_0.jsonl`, `${line}\n{"torn`);
 * for await (const { feedback, position } of newLines(folder, {})) {
 *   assertEquals([feedback.length, Object.values(position)], [1, [line.length + 1]]);
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function* newLines(folder: string, position: LogPosition): AsyncGenerator<NewLines> {
  const files = await filesIn(folder);
  const current: Record<string, number> = {};
  for (const { name } of files) current[name] = position[name] ?? 0;
  const lines = new PredictionLines();
  for (const kind of ["predictions", "feedback"]) {
    for (const { name, path } of files.filter((file) => file.kind === kind)) {
      using file = await ifPresent(Deno.open(path)); // retention may have removed it
      if (file === undefined) continue;
      const { size } = await file.stat();
      if (size < current[name]) current[name] = 0; // another file of the same name
      if (size === current[name]) continue;
      for await (const { bytes, end } of pieces(file, current[name])) {
        current[name] = end;
        yield {
          ...{ predictions: [], feedback: [] },
          ...kind === "predictions" ? lines.read(bytes) : feedbackIn(bytes),
          position: { ...current },
        };
      }
    }
  }
}

/** Whether a log has a file of predictions. */
export async function hasPredictions(folder: string): Promise<boolean> {
  return (await filesIn(folder)).some(({ kind }) => kind === "predictions");
}

/** The whole lines of a file from a byte on, about a piece at a time, and where each piece ends. */
async function* pieces(
  file: Deno.FsFile,
  from: number,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly end: number }> {
  await file.seek(from, Deno.SeekMode.Start);
  let room = new Uint8Array(PIECE);
  for (let [end, held] = [from, 0];;) {
    const length = await filled(file, room, held);
    const whole = room.subarray(0, length).lastIndexOf(NEWLINE) + 1;
    if (whole > 0) {
      end += whole;
      yield { bytes: room.subarray(0, whole), end };
    }
    if (length < room.length) return;
    held = length - whole;
    const next = whole > 0 ? room : new Uint8Array(2 * room.length); // a long line
    next.set(room.subarray(whole));
    room = next;
  }
}

/** Fills `room` from `length` on, as far as there are bytes; up to where it is filled. */
async function filled(file: Deno.FsFile, room: Uint8Array<ArrayBuffer>, length: number) {
  while (length < room.length) {
    const read = await file.read(room.subarray(length));
    if (read === null) break;
    length += read;
  }
  return length;
}

function feedbackIn(bytes: Uint8Array): { feedback: FeedbackRecord[]; malformed: number } {
  const feedback: FeedbackRecord[] = [];
  let malformed = 0;
  for (const line of new TextDecoder().decode(bytes).split("\n")) {
    if (line === "") continue;
    const found = feedbackRecord.safeParse(parsedJson(line)).data;
    if (found === undefined) malformed++;
    else feedback.push(found);
  }
  return { feedback, malformed };
}

async function filesIn(folder: string) {
  const files: { name: string; path: string; kind: string; begun: number; number: number }[] = [];
  for (const { name } of await folderEntries(folder)) {
    const found = parseFileName(name);
    if (found === undefined) continue;
    const { kind, begun, number } = found;
    files.push({ name, path: join(folder, name), kind, begun: begun.getTime(), number });
  }
  return files.sort((a, b) => a.begun - b.begun || a.number - b.number);
}
