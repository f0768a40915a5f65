/** A side from the server's prediction log. */

import { DataError } from "../../base/mod.ts";
import { unknownIn } from "../../features/mod.ts";
import { type LoggedPrediction, readPredictions } from "../../prediction_log/mod.ts";
import type { Cell } from "../../dataset/mod.ts";
import type { LoggedAnswers } from "../answers/contract.ts";
import { answerKindOf } from "../answers/kinds.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import { count } from "../words.ts";
import { cleanedRows } from "./model_side.ts";
import { type Side, without } from "./side.ts";
import { type Window, windowText } from "./window.ts";

/** Models that an error names. */
const NAMED = 5;
/** What the server writes instead of a value that the log must not hold. */
const hashed = /^sha256:[0-9a-f]{16}$/;

/**
 * The requests that a model answered in a window. Columns that a request left
 * out are missing values; those that the log holds as digests are not compared.
 *
 * @throws {DataError} if there is no log, or nothing of the model in the window.
 */
export async function logSide(folder: string, window: Window, model: WatchedModel): Promise<Side> {
  const records: LoggedPrediction[] = [];
  const others = new Map<string, number>();
  for await (const record of readPredictions(folder, window)) {
    const name = `${record.model_name}_v_${record.model_version}`;
    if (name === model.name) records.push(record);
    else others.set(name, (others.get(name) ?? 0) + 1);
  }
  if (records.length === 0) throw nothingFound(folder, window, model, others);
  const read = model.metadata.feature_state.columns;
  const digests = read.map(({ name }) => name).filter((name) =>
    records.some(({ inputs }) => hashed.test(String(inputs[name])))
  );
  const cells = (name: string): Cell[] =>
    digests.includes(name)
      ? new Array<Cell>(records.length).fill(null)
      : records.map(({ inputs }) => inputs[name] ?? null);
  const { data: _, ...rows } = cleanedRows({
    rows: records.length,
    columns: Object.fromEntries(read.map(({ name }) => [name, cells(name)])),
  }, model);
  const side: Side = {
    ...rows,
    name: `prediction log ${folder}, ${windowText(window)}`,
    leftOut: [],
    times: Float64Array.from(records, ({ time }) => Date.parse(time)),
    answers: answerKindOf(model.metadata.task)?.logged(
      answersIn(records, model.metadata.class_labels),
      model,
      rows.sample.groups,
    ),
  };
  return without(
    side,
    digests.flatMap((name) => [name, unknownIn(name)])
      .map((column) => ({ column, why: "the log holds digests of its values" })),
  );
}

function answersIn(
  records: readonly LoggedPrediction[],
  classes: readonly string[],
): LoggedAnswers {
  // What is told beside a number, as the ends of an interval, is missing where a record has none.
  const missing = classes.length > 0 ? 0 : NaN;
  const told = classes.length > 0
    ? classes
    : [...new Set(records.flatMap(({ probabilities = {} }) => Object.keys(probabilities)))];
  return {
    predictions: records.map(({ prediction }) => prediction),
    probabilities: Object.fromEntries(
      told.map((label) => [
        label,
        Float64Array.from(records, ({ probabilities }) => probabilities?.[label] ?? missing),
      ]),
    ),
    labels: records.map(({ label }) => label),
  };
}

function nothingFound(
  folder: string,
  window: Window,
  model: WatchedModel,
  others: ReadonlyMap<string, number>,
): DataError {
  const found = [...others].sort((a, b) => b[1] - a[1]);
  const names = found.slice(0, NAMED).map(([name, n]) => `${name} (${count(n, "prediction")})`);
  return new DataError(
    `Cannot compare: ${folder} holds no predictions of ${model.name} (${windowText(window)})` +
      (names.length === 0 ? "" : `, but of ${names.join(", ")}`),
    {
      next: found.length === 0
        ? "choose a longer window, or send requests to the server first"
        : `watch one of them, as with --param model=${found[0][0]}`,
    },
  );
}
