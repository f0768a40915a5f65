/** A regression is watched: inputs, predictions, errors, interval. */

import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type DriftFindings, driftPage, driftVerdict } from "../../src/monitoring/mod.ts";
import { driftJson, driftJsonOf } from "../../src/monitoring/report/drift_json.ts";
import { inFolder, now } from "./files.ts";
import { homes, modelsIn, saveRegression, watchRows, writeTable } from "./models.ts";

const json = (found: DriftFindings) =>
  driftJson.parse(JSON.parse(JSON.stringify(driftJsonOf(found, now))));

Deno.test("regression: rows like those of training are no drift, and errors are as expected", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder));
    const found = await watchRows(folder, homes({ rows: 1000, seed: 5 }));
    assertMatch(
      driftVerdict(found),
      /^No drift: 5 columns are as the reference was\. Not compared: /,
    );
    assertMatch(driftVerdict(found), /home_id, sold \(the model does not read it\)/);
    assertMatch(
      driftVerdict(found),
      /RMSE .* on 1,000 rows whose true value is known .* as expected/,
    );
    const data = json(found);
    assertEquals([data.task, data.estimated, data.realized], ["regression", null, null]);
    assertEquals(data.outputs.map(({ column }) => column), ["target", "prediction", "error"]);
    assertEquals([data.drifted, data.labelled_rows, data.interval?.alert], [false, 1000, false]);
    for (const name of ["rmse", "mae", "r2"]) assertEquals(data.errors![name].change, "none");
    assertEquals(data.errors!.median_absolute_error.reference, null);
    const rmse = data.errors!.rmse;
    assert(rmse.low! < rmse.value! && rmse.value! < rmse.high!);
    assertAlmostEquals(rmse.value!, 10_000, 1000);
  }));

Deno.test("regression: a world that became dearer shows in target and errors, not in the columns", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder));
    const found = await watchRows(folder, homes({ rows: 1000, seed: 5, dearer: 15_000 }));
    assertEquals(found.inputs.drifted, false);
    const moved = found.outputs!.columns.filter((one) => one.drifted).map(({ column }) => column);
    assertEquals(moved, ["target", "error"]);
    assertMatch(driftVerdict(found), /worse than usual\. \d+\.\d % of the true values lie within/);
    const { errors, interval } = json(found);
    assertEquals([errors!.rmse.change, errors!.r2.change, interval?.alert], [
      "worse",
      "worse",
      true,
    ]);
    const page = await driftPage(found, now);
    for (const words of ["RMSE by row of the file", "Errors over predictions", "worse"]) {
      assert(page.includes(words), words);
    }
  }));

Deno.test("regression: other homes show in the columns and the predictions", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder));
    const found = await watchRows(folder, homes({ rows: 1000, seed: 5, larger: 20 }));
    assertMatch(driftVerdict(found), /^High drift in 1 of 5 columns: area\. /);
    assertMatch(driftVerdict(found), /Drift in what the model says: target, prediction\./);
  }));

Deno.test("regression: without true values there are no errors, and a few of them are enough", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder));
    const { columns, rows } = homes({ rows: 500, seed: 5 });
    const { price, ...unknown } = columns;
    const none = await watchRows(folder, { rows, columns: unknown });
    assertEquals([none.quality, none.outputs!.columns.map(({ column }) => column)], [
      undefined,
      ["prediction"],
    ]);
    const some = price.map((value, row) => row % 100 === 0 ? value : null);
    const few = await watchRows(folder, { rows, columns: { ...unknown, price: some } });
    const { labelled_rows, errors } = json(few);
    assertEquals([labelled_rows, errors!.rmse.change], [5, "none"]);
    assert(few.outputs!.columns.every(({ missing_drifted }) => !missing_drifted));
  }));

Deno.test("regression: a reference file stands for training, errors included", () =>
  inFolder(async (folder) => {
    await saveRegression(modelsIn(folder));
    const reference = join(folder, "reference.csv");
    await writeTable(reference, homes({ rows: 800, seed: 9, dearer: 15_000 }));
    const found = await watchRows(folder, homes({ rows: 800, seed: 5, dearer: 15_000 }), {
      reference,
    });
    const { errors, drifted, reference: side } = json(found);
    assertEquals([drifted, side.rows, errors!.rmse.change], [false, 800, "none"]);
    assertAlmostEquals(errors!.rmse.reference!, 18_000, 1500);
  }));
