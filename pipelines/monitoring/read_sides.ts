/** Finds what is compared with what. */

import { DataError, ModelError } from "../../src/base/mod.ts";
import type { DriftParams } from "./params.ts";
import { logSide } from "./log_side.ts";
import { cleanedFile, trainingSide } from "./model_side.ts";
import type { Side } from "./side.ts";
import { typedSides } from "./typed_side.ts";
import { type WatchedModel, watchedModel } from "./watched_model.ts";
import { windowOf } from "./window.ts";

/** Both sides, and the model where they are its inputs. */
export interface Sides {
  readonly reference: Side;
  readonly current: Side;
  readonly model?: WatchedModel;
}

/**
 * Reads both sides. Files with the columns of the model are cleaned as training
 * does and predicted; two other files are compared as they are.
 *
 * @param now When the run started.
 * @throws {UserError} where something cannot be found or read, saying what to do next.
 */
export async function readSides(params: DriftParams, now: Date): Promise<Sides> {
  const model = await watchedModel(params);
  const ofModel = params.reference === "model";
  if (model === undefined) {
    if (ofModel) throw noModel(params);
    return await readTyped(params);
  }
  if (await isFolder(params.current)) {
    await checkLog(params.current);
    const current = await logSide(params.current, windowOf(params, now), model);
    const reference = ofModel ? trainingSide(model) : await cleaned(params.reference, "", model);
    return { reference, current, model };
  }
  const current = await cleanedFile(params.current, params.time, model);
  if (current === undefined) {
    // Nobody asked for the newest model: two files without its columns do not need it.
    if (!ofModel && params.model === "latest") return await readTyped(params);
    throw unfit(params.current, model);
  }
  const reference = ofModel
    ? trainingSide(model)
    : await cleaned(params.reference, params.time, model);
  return { reference, current, model };
}

async function readTyped({ reference, current, time }: DriftParams): Promise<Sides> {
  if (await isFolder(current)) {
    throw new ModelError(`Cannot read the predictions in ${current}: there is no model`, {
      next: "train a model first: deno task pipeline train, or give a file as current",
    });
  }
  const [was, is] = await typedSides([reference, current], time);
  return { reference: was, current: is };
}

async function cleaned(path: string, time: string, model: WatchedModel): Promise<Side> {
  const side = await cleanedFile(path, time, model);
  if (side === undefined) throw unfit(path, model);
  return side;
}

/** Whether the path is a folder, and so a prediction log; a log that is not there yet counts. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return !/\.(csv|tsv|txt|parquet)$/i.test(path);
    throw error;
  }
}

async function checkLog(folder: string): Promise<void> {
  try {
    for await (const _ of Deno.readDir(folder)) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  throw new DataError(`Cannot compare: there is no prediction log in ${folder}`, {
    next: "start the server with deno task serve and send it requests, or name a file with " +
      "--param current=FILE",
  });
}

function noModel({ model, models }: DriftParams): ModelError {
  return new ModelError(
    model === "none"
      ? "Cannot compare with a model's training data: model=none"
      : `Cannot compare with a model's training data: ${models} holds no model`,
    {
      next: "train one with deno task pipeline train, or name a file with --param reference=FILE",
    },
  );
}

function unfit(path: string, { name, state }: WatchedModel): DataError {
  return new DataError(
    `Cannot compare ${path} with ${name}: it has not all ${state.columns.length} columns that ` +
      "the model reads",
    { next: "give a file with the model's columns, or two files with --param model=none" },
  );
}
