/** A side from the server's prediction log. */

import { DataError } from "../../src/base/mod.ts";
import { type LoggedPrediction, readPredictions } from "../../src/prediction_log/mod.ts";
import type { Cell, Table } from "../../src/table/mod.ts";
import { cleanedSide } from "./model_side.ts";
import type { Side } from "./side.ts";
import type { WatchedModel } from "./watched_model.ts";
import { type Window, windowText } from "./window.ts";

/**
 * The requests that a model answered in a window. Columns that a request left
 * out are missing values.
 *
 * @throws {DataError} where there is no log, or nothing of the model in the window.
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
  const cells = (value: (record: LoggedPrediction) => Cell | undefined) =>
    records.map((record) => value(record) ?? null);
  const table: Table = {
    rows: records.length,
    columns: Object.fromEntries(
      model.state.columns.map(({ name }) => [name, cells(({ inputs }) => inputs[name])]),
    ),
  };
  const { data: _, ...side } = cleanedSide(
    `prediction log ${folder}, ${windowText(window)}`,
    table,
    model,
  );
  const codes = new Map(model.classes.map((label, code) => [label, code]));
  const codeOf = (label: string | number = "") => codes.get(String(label)) ?? -1;
  const labels = Int32Array.from(records, ({ label }) => codeOf(label));
  return {
    ...side,
    times: Float64Array.from(records, ({ time }) => Date.parse(time)),
    predictions: {
      classes: model.classes.length,
      predicted: Int32Array.from(records, ({ prediction }) => codeOf(prediction)),
      probabilities: Float64Array.from(
        model.classes.flatMap((label) =>
          records.map(({ probabilities }) => probabilities?.[label] ?? 0)
        ),
      ),
    },
    ...(labels.some((label) => label >= 0) ? { labels } : {}),
  };
}

function nothingFound(
  folder: string,
  window: Window,
  model: WatchedModel,
  others: ReadonlyMap<string, number>,
): DataError {
  const [name, count] = [...others].sort((a, b) => b[1] - a[1])[0] ?? [];
  return new DataError(
    `Cannot compare: ${folder} holds no predictions of ${model.name} (${windowText(window)})`,
    {
      next: name === undefined
        ? "choose a longer window, or send requests to the server first"
        : `--param model=${name} has ${count} predictions there`,
    },
  );
}
