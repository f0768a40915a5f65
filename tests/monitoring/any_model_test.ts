/** What columns are comes from a model's metadata, whatever they are called. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import pl from "nodejs-polars";
import { DataError, UsageError } from "../../src/base/mod.ts";
import { type DriftFindings, driftPage, driftVerdict } from "../../src/monitoring/mod.ts";
import { driftJsonOf } from "../../src/monitoring/report/drift_json.ts";
import type { ColumnSample } from "../../src/drift/mod.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import { find, inFolder, now } from "./files.ts";
import {
  homes,
  type LoggedRow,
  modelsIn,
  saveClassifier,
  saveRegression,
  watchRows,
  writeLog,
  writeTable,
} from "./models.ts";

/** What was found in each column, without if it came from. */
const scores = ({ inputs }: DriftFindings) =>
  inputs.columns.map(({ column, kind, score, drifted, current_missing }) =>
    [column, kind, score, drifted, current_missing] as const
  );

/** What the model said about the rows of a file, as a server logs it. */
function saidBy({ current }: DriftFindings): (row: number) => LoggedRow {
  const { prediction, ...others } = current.answers!.columns;
  const values = (column: ColumnSample) => "values" in column ? column.values as Float64Array : [];
  if ("codes" in prediction) {
    const shares = Object.entries(others).flatMap(([name, column]) => {
      const label = /^probability of (.*)$/.exec(name)?.[1];
      return label === undefined ? [] : [[label, values(column)] as const];
    });
    return (row) => ({
      prediction: prediction.vocabulary[prediction.codes[row]],
      probabilities: Object.fromEntries(shares.map(([label, own]) => [label, own[row]])),
    });
  }
  return (row) => ({ prediction: String(values(prediction)[row]) });
}

for (
  const [task, saveModel, target] of [
    ["regression", saveRegression, "price"],
    ["binary", saveClassifier, "sold"],
  ] as const
) {
  Deno.test(`drift: a ${task} model's rows give one verdict as CSV, Parquet and log`, () =>
    inFolder(async (folder) => {
      const model = await saveModel(modelsIn(folder));
      const table = homes({ rows: 600, seed: 4, larger: 6 });
      const csv = await watchRows(folder, table);
      const parquet = join(folder, "current.parquet");
      pl.DataFrame(table.columns).writeParquet(parquet);
      const log = join(folder, "predictions");
      const said = saidBy(csv);
      await writeLog(log, model, table, (row) => ({
        ...said(row),
        label: String(table.columns[target][row]),
      }));
      const models = modelsIn(folder);
      const others = [
        await find({ current: parquet, models }),
        await find({ current: log, models }),
      ];
      assertMatch(driftVerdict(csv), /drift in 1 of 5 columns: area\./);
      for (const found of others) {
        assertEquals(scores(found), scores(csv));
        assertEquals(found.outputs, csv.outputs);
        assertEquals(found.quality!.words, csv.quality!.words);
      }
      assertEquals(others[1].slices.timed, true);
    }));
}

Deno.test("drift: rows are cleaned by the rules that travel with the model", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder), (metadata) => {
      const declared = metadata.declared_features!;
      const area = { ...declared.columns.area, max: 80 } as typeof declared.columns.area;
      return {
        ...metadata,
        declared_features: { ...declared, columns: { ...declared.columns, area } },
      };
    });
    const { inputs } = await watchRows(folder, homes({ rows: 500, seed: 4 }));
    const { current_missing, missing_drifted } = inputs.columns[0];
    assert(current_missing > 0.4 && missing_drifted, `${current_missing} are missing`);
  }));

/** Metadata as files of older versions have them. */
function older(metadata: ModelMetadata): ModelMetadata {
  const { declared_features: _, task: __, ...kept } = metadata;
  return kept as ModelMetadata;
}

Deno.test("drift: a model of an older version is watched by what its features learned, and told", () =>
  inFolder(async (folder) => {
    const table = homes({ rows: 600, seed: 4, larger: 6 });
    await saveClassifier(modelsIn(folder));
    const now_ = await watchRows(folder, table);
    const before = join(folder, "older");
    await saveClassifier(join(before, "models"), older);
    const found = await watchRows(before, table);
    assertEquals(scores(found), scores(now_));
    assertEquals(found.model!.metadata.task.kind, "binary");
    assertEquals(found.outputs!.columns.map(({ column }) => column), [
      "prediction",
      "probability of no",
      "probability of yes",
    ]);
    assertMatch(driftJsonOf(found, now).remarks!.join(" "), /older version.*column of the labels/);
    assert((await driftPage(found, now)).includes("metadata are of an older version"));
  }));

Deno.test("drift: a fitted column that tells nothing of its cleaning is compared as it is", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder), (metadata) => {
      const { declared_features: _, ...kept } = metadata;
      const columns = metadata.feature_state.columns.map((state) =>
        ["area", "extras"].includes(state.name)
          ? { ...state, kind: "unheardOf" as "number" }
          : state
      );
      return { ...kept, feature_state: { ...metadata.feature_state, columns } } as ModelMetadata;
    });
    const found = await watchRows(folder, homes({ rows: 400, seed: 4 }));
    assertMatch(
      driftVerdict(found),
      /^No drift: 4 columns .* extras \(the model does not tell how/,
    );
    // Rows against rows can be compared all the same.
    const reference = join(folder, "current.csv");
    const rows = await watchRows(folder, homes({ rows: 400, seed: 4 }), { reference });
    assertMatch(driftVerdict(rows), /^No drift: 5 columns/);
    assertMatch(found.remarks.join(" "), /as the data have them, without cleaning: area, extras\./);
  }));

Deno.test("drift: of several models in a log, one's records count, and others are named", () =>
  inFolder(async (folder) => {
    const models = modelsIn(folder);
    const sales = await saveClassifier(models);
    const prices = await saveRegression(models);
    const log = join(folder, "predictions");
    const table = homes({ rows: 300, seed: 4 });
    await writeLog(log, sales, table, () => ({
      prediction: "no",
      probabilities: { no: 0.9, yes: 0.1 },
    }));
    // The newest model of the folder has answered nothing yet.
    const error = await assertRejects(() => find({ current: log, models }), DataError);
    assertMatch(error.message, new RegExp(`no predictions of ${prices}.*of ${sales} \\(300 pred`));
    assertMatch(error.next!, new RegExp(`--param model=${sales}`));
    await writeLog(log, prices, homes({ rows: 100, seed: 5 }), () => ({ prediction: "200000.5" }));
    const own = await find({ current: log, models });
    assertEquals([own.model!.name, own.inputs.current_rows], [prices, 100]);
    const other = await find({ current: log, models, model: "sales" });
    assertEquals([other.model!.name, other.inputs.current_rows], [sales, 300]);
  }));

Deno.test("drift: a file that does not fit the model is told by its columns, with what to do", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder));
    const { columns: { area, floor, ...rest }, rows } = homes({ rows: 60, seed: 4 });
    const table = { rows, columns: { Area: area, ...rest } };
    const error = await assertRejects(() => watchRows(folder, table), DataError);
    assertMatch(error.message, /lacks columns that the model reads: area, floor$/);
    assertMatch(error.next!, /--param model=NAME.*--param model=none/);
    // Nobody asked for a model: two such files are compared as they are.
    const reference = join(folder, "reference.csv");
    await writeTable(reference, { rows, columns: { Area: floor, ...rest } });
    const found = await watchRows(folder, table, { reference });
    assertEquals(found.model, undefined);
    assertMatch(found.remarks.join(" "), /homes_v_\d+_\d+ was not used: .* has not all of its col/);
  }));

Deno.test("drift: columns whose values the log hides are left out and told", () =>
  inFolder(async (folder) => {
    const models = modelsIn(folder);
    const model = await saveRegression(models);
    const { columns, rows } = homes({ rows: 300, seed: 4 });
    const hidden = columns.district.map((_, row) => `sha256:${String(row % 3).padStart(16, "0")}`);
    const table = { rows, columns: { ...columns, area: hidden, district: hidden } };
    const log = join(folder, "predictions");
    await writeLog(log, model, table, () => ({ prediction: "200000" }));
    assertMatch(
      driftVerdict(await find({ current: log, models })),
      /3 columns .*Not compared: area, district \(the log holds digests of its values\)/,
    );
  }));

Deno.test("drift: ignored columns are left out and told; an unknown one is refused", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder));
    const table = homes({ rows: 500, seed: 4, larger: 20 });
    const found = await watchRows(folder, table, { ignore: "area, home_id" });
    assertEquals(found.inputs.columns.map(({ column }) => column), [
      "floor",
      "district",
      "state",
      "extras",
    ]);
    assertEquals(driftJsonOf(found, now).not_compared, [
      { column: "area", why: "ignored" },
      { column: "home_id", why: "the model does not read it" },
      { column: "sold", why: "the model does not read it" },
    ]);
    const error = await assertRejects(
      () => watchRows(folder, table, { ignore: "flor" }),
      UsageError,
    );
    assertEquals(error.next, 'did you mean "floor"?');
  }));

Deno.test("drift: statistics and the classifier over all columns are there to choose", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder));
    const table = homes({ rows: 500, seed: 4, larger: 20 });
    const tested = async (more: Readonly<Record<string, unknown>>) =>
      (await watchRows(folder, table, more)).inputs.columns.map(({ test }) => test);
    assertEquals(await tested({ tests: "psi,district:hellinger" }), [
      "psi",
      "psi",
      "hellinger",
      "psi",
      "psi",
    ]);
    for (const tests of ["district:psj", "distrct:psi", "area:wasserstein", "ks"]) {
      await assertRejects(() => tested({ tests }), UsageError, "statistic");
    }
    const reference = join(folder, "reference.csv");
    await writeTable(reference, homes({ rows: 500, seed: 9 }));
    const found = await watchRows(folder, table, { reference, multivariate: true });
    assertEquals([found.inputs.multivariate?.drifted], [true]);
    assertMatch(
      driftVerdict(found),
      /A classifier tells the two sides apart by all columns together/,
    );
    assertEquals(driftJsonOf(found, now).multivariate?.test, "domain_classifier");
    assert((await driftPage(found, now)).includes("All columns together"));
    // Without rows of the reference it cannot, which is told.
    const without = await watchRows(folder, table, { multivariate: true });
    assert((await driftPage(without, now)).includes("All columns together were not tested"));
  }));
