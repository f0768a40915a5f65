/** Reads the prediction log back. */

import { join } from "@std/path";
import type { z } from "zod";
import { DataError, parsedJson } from "../base/mod.ts";
import { type FileName, parseFileName } from "./file_name.ts";
import { feedbackRecord, type PredictionRecord, predictionRecord } from "./record.ts";

/** A prediction, with what turned out to be true. */
export type LoggedPrediction = PredictionRecord & {
  /** The true class or number; absent while nobody has told it. */
  readonly label?: string | number;
};

/** Which predictions are read. */
export interface ReadOptions {
  /** From this moment on. */
  readonly from?: Date;
  /** Before this moment. */
  readonly to?: Date;
  /** Of this model only: its name, its version, or both as `name_v_version`. */
  readonly model?: string;
}

/**
 * The predictions in a folder, file by file from the oldest, each with the
 * last label that feedback gave its request. Feedback may come long after:
 * all of it since `from` is held in memory, about 100 bytes for each label.
 *
 * A torn last line, left by a process that was killed, is left out.
 *
 * @throws {DataError} if the folder is missing or another line is no record.
 *
 * @example
 * ```ts ignore
 * const since = new Date(Date.now() - 7 * 86_400_000);
 * for await (const { inputs, prediction, label } of readPredictions("data/predictions", { from: since })) {
 *   console.log(inputs.Age, prediction, label ?? "not known yet");
 * }
 * ```
 */
export async function* readPredictions(
  folder: string,
  { from, to, model }: ReadOptions = {},
): AsyncGenerator<LoggedPrediction> {
  const labels = new Map<string, string | number>();
  for (const path of await filesOf(folder, "feedback", { from })) {
    for await (const { request_id, label } of recordsOf(path, feedbackRecord)) {
      labels.set(request_id, label);
    }
  }
  const [first, end] = [from?.toISOString() ?? "", to?.toISOString() ?? "~"];
  for (const path of await filesOf(folder, "predictions", { from, to })) {
    for await (const record of recordsOf(path, predictionRecord)) {
      const { time, model_name: name, model_version: version } = record;
      if (time < first || time >= end) continue;
      if (model !== undefined && ![name, version, `${name}_v_${version}`].includes(model)) continue;
      const label = labels.get(record.request_id);
      yield label === undefined ? record : { ...record, label };
    }
  }
}

/** Files that may hold lines of the time asked for: begun before its end, written to after its start. */
async function filesOf(
  folder: string,
  kind: string,
  { from, to }: Pick<ReadOptions, "from" | "to">,
): Promise<string[]> {
  const files: { path: string; name: FileName }[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const found = parseFileName(name);
      if (found?.kind !== kind || (to !== undefined && found.begun >= to)) continue;
      const path = join(folder, name);
      const { mtime } = await Deno.stat(path);
      if (from === undefined || mtime === null || mtime >= from) files.push({ path, name: found });
    }
  } catch (cause) {
    throw new DataError(`Cannot read ${folder}: ${(cause as Error).message}`, {
      cause,
      next: "name the folder that the server logs its predictions to",
    });
  }
  return files.sort(({ name: a }, { name: b }) =>
    a.begun.getTime() - b.begun.getTime() || a.process - b.process || a.number - b.number
  ).map(({ path }) => path);
}

async function* recordsOf<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  let number = 0;
  for await (const { text, torn } of linesOf(path)) {
    const record = schema.safeParse(parsedJson(text)).data;
    if (record === undefined && torn) return;
    number++;
    if (record === undefined) {
      throw new DataError(`Cannot read ${path}: line ${number} is no record of the log`, {
        next: "remove the line or the file",
      });
    }
    yield record;
  }
}

/** The lines of a file; the last one is torn if no newline ends it. */
async function* linesOf(path: string): AsyncGenerator<{ text: string; torn: boolean }> {
  const file = await Deno.open(path);
  let rest = "";
  for await (const piece of file.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    for (const text of lines) yield { text, torn: false };
  }
  if (rest !== "") yield { text: rest, torn: true };
}
