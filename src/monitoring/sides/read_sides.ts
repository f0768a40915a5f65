/** Finds what is compared with what. */

import { DataError, folderEntries, ifPresent, ModelError } from "../../base/mod.ts";
import type { DriftParams } from "../params.ts";
import { answerKindOf } from "../answers/kinds.ts";
import { type WatchedModel, watchedModel } from "../model/watched_model.ts";
import { logSide } from "./log_side.ts";
import { modelFile } from "./model_side.ts";
import { columnsLeftOut } from "./left_out.ts";
import { learnedRows, type Side, type Sides, without } from "./side.ts";
import { trainingSide } from "./training_side.ts";
import { typedSides } from "./typed_side.ts";
import { windowOf } from "./window.ts";

/** Columns that an error names. */
const NAMED = 8;

/**
 * Reads both sides. Files with the columns of the model are cleaned as its
 * training did and predicted; two other files are compared as they are.
 *
 * @param now When the run started.
 * @throws {UserError} if something cannot be found or read, saying what to do next.
 */
export async function readSides(params: DriftParams, now: Date): Promise<Sides> {
  const sides = await foundSides(params, now);
  const { reference, current } = sides.model ? heldOutAnswers(sides, sides.model) : sides;
  const leftOut = columnsLeftOut(params.ignore, sides);
  return { ...sides, reference: without(reference, leftOut), current: without(current, leftOut) };
}

/**
 * Holds what a model says of other rows against what it said of rows held out from it,
 * never against what it says of the rows that it was fitted to: those flatter it.
 */
function heldOutAnswers(
  { reference, current }: Sides,
  model: WatchedModel,
): Pick<Sides, "reference" | "current"> {
  const kept = trainingSide(model).answers;
  const was = reference.learned ? { ...reference, answers: kept } : reference;
  const { answers } = current;
  if (!current.learned || answers === undefined) return { reference: was, current };
  const { target, ...said } = answers.columns;
  return {
    reference: was,
    current: {
      ...current,
      answers: { columns: target ? { target } : {}, quality: () => undefined },
      leftOut: [
        ...current.leftOut,
        ...Object.keys(said).map((column) => ({ column, why: learnedRows })),
      ],
    },
  };
}

async function foundSides(params: DriftParams, now: Date): Promise<Sides> {
  const { reference, current, time } = params;
  const model = await watchedModel(params);
  const ofModel = reference === "model";
  if (model === undefined) {
    if (ofModel) throw noModel(params);
    return await readTyped(params, []);
  }
  const { kind } = model.metadata.task;
  const remarks = [
    ...model.declared.remarks,
    ...answerKindOf(model.metadata.task) === undefined
      ? [`What the model says is not compared: its task "${kind}" is not known here.`]
      : [],
  ];
  if (await isFolder(current)) {
    await checkLog(current);
    const found = await logSide(current, windowOf(params, now), model);
    const was = ofModel ? trainingSide(model) : await fitting(reference, "", model);
    return { reference: was, current: found, model, remarks };
  }
  const found = await modelFile(current, time, model);
  if ("missing" in found) {
    if (ofModel || params.model !== "latest") throw unfit(current, model, found.missing);
    // Nobody asked for the newest model: two files without its columns do not need it.
    return await readTyped(params, [
      `The model ${model.name} was not used: ${current} has not all of its columns.`,
    ]);
  }
  const was = ofModel ? trainingSide(model) : await fitting(reference, time, model);
  return { reference: was, current: found.side, model, remarks };
}

async function readTyped(params: DriftParams, remarks: readonly string[]): Promise<Sides> {
  const { reference, current, time } = params;
  if (await isFolder(current)) {
    throw new ModelError(`Cannot read the predictions in ${current}: there is no model`, {
      next: "train a model first: deno task pipeline train, or give a file as current",
    });
  }
  return { ...await typedSides(reference, current, time), remarks };
}

async function fitting(path: string, time: string, model: WatchedModel): Promise<Side> {
  const found = await modelFile(path, time, model);
  if ("missing" in found) throw unfit(path, model, found.missing);
  return found.side;
}

/** Whether the path is a folder, and so a prediction log; a log that is not there yet counts. */
async function isFolder(path: string): Promise<boolean> {
  const found = await ifPresent(Deno.stat(path));
  return found?.isDirectory ?? !/\.(csv|tsv|txt|parquet)$/i.test(path);
}

async function checkLog(folder: string): Promise<void> {
  if ((await folderEntries(folder)).length > 0) return;
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

function unfit(path: string, { name }: WatchedModel, missing: readonly string[]): DataError {
  const named = missing.slice(0, NAMED).join(", ");
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : "";
  return new DataError(
    `Cannot compare ${path} with ${name}: it lacks columns that the model reads: ${named}${more}`,
    {
      next: "give a file with the model's columns, name another model with --param model=NAME, " +
        "or compare two files with --param model=none",
    },
  );
}
