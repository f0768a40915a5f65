/** Rows of which a model knows what their columns mean. */

import { sha256File } from "../../base/mod.ts";
import { clean, type CleanColumn, type CleanData, unknownIn } from "../../features/mod.ts";
import { onnxInputs } from "../../onnx_runtime/mod.ts";
import { eventColumns } from "../../profile/mod.ts";
import { type Table } from "../../dataset/mod.ts";
import { readTable } from "../../table/mod.ts";
import { answerKindOf } from "../answers/kinds.ts";
import { describedRows, driftSample } from "../../registry/mod.ts";
import { columnsMissing, type WatchedModel } from "../model/watched_model.ts";
import { countDuplicates } from "./duplicates.ts";
import { rowTextsOf } from "./meaning.ts";
import { timesOf } from "./moments.ts";
import { learnedRows, type Side, without } from "./side.ts";

/** A file with the columns of a model, or those of them that it lacks. */
export type ModelFile = { readonly side: Side } | { readonly missing: readonly string[] };

/** Reads a file, cleans it as the model's training did and predicts its rows. */
export async function modelFile(
  path: string,
  time: string,
  model: WatchedModel,
): Promise<ModelFile> {
  const raw = await readTable(path);
  const { profiles } = model.metadata;
  // Files that are of other things lack columns of the model too: that is told below.
  const events = profiles && eventColumns(profiles.spec).every((name) => name in raw.columns);
  const table = events ? describedRows(model.metadata, raw) : raw;
  const missing = columnsMissing(model, table.columns);
  if (missing.length > 0) return { missing };
  const { data, sample, ...cleaned } = cleanedRows(table, model);
  const { metadata, declared } = model;
  const learned = await sha256File(path) === metadata.data_digest;
  const answers = await answerKindOf(metadata.task)?.predicted(
    {
      rows: data.rows,
      inputs: (from, to) =>
        onnxInputs(
          declared.state,
          data,
          Int32Array.from({ length: to - from }, (_, i) => from + i),
        ),
    },
    table.columns[declared.target ?? ""],
    model,
    data.groups,
  );
  const unread = Object.keys(table.columns).filter((name) =>
    !Object.hasOwn(sample.columns, name) && name !== declared.target && name !== time
  );
  const side: Side = {
    name: path,
    sample,
    ...cleaned,
    leftOut: unread.map((column) => ({ column, why: "the model does not read it" })),
    answers,
    learned,
    ...(time === "" ? {} : { times: timesOf(table.columns[time], time, path) }),
  };
  const known = learned ? Object.keys(declared.set.columns).map(unknownIn) : [];
  return { side: without(side, known.map((column) => ({ column, why: learnedRows }))) };
}

/** The rows of a table, cleaned as the model's training did. */
export function cleanedRows(
  table: Table,
  model: WatchedModel,
): Pick<Side, "sample" | "duplicates" | "unreadable" | "texts"> & { readonly data: CleanData } {
  const { declared } = model;
  const data = clean(declared.set, table, { target: "none", state: declared.state });
  const compared = Object.values(data.columns).map(comparable);
  const unread = data.notices?.filter(({ what }) => what === "unread");
  return {
    data,
    sample: driftSample(declared.set, data, declared.state),
    texts: rowTextsOf(model, data),
    duplicates: countDuplicates(compared, data.rows),
    unreadable: Object.fromEntries(unread?.map(({ column, count }) => [column, count]) ?? []),
  };
}

/** A cleaned column as rows are told apart by it: equal lists have equal codes. */
function comparable(column: CleanColumn) {
  return column.kind === "numbers"
    ? { kind: "number" as const, values: column.values }
    : { kind: "category" as const, codes: column.codes, vocabulary: [] };
}
