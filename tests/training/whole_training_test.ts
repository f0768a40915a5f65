/** Whole trainings of other tasks than the credit score's: trained, tracked, exported, read back. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { openModel, openRegression } from "../../src/onnx_runtime/mod.ts";
import { latestBundle, namedModels, readModel } from "../../src/registry/mod.ts";
import creditRisk from "../fixtures/training/credit_risk.ts";
import housePrice from "../fixtures/training/house_price.ts";
import pima from "../fixtures/training/pima.ts";
import sales from "../fixtures/training/sales.ts";
import { runInFolder, type Trained } from "./run_in_folder.ts";
import { creditRiskTable, houseTable, pimaTable, salesTable } from "./tables.ts";

/** What the runs of a training say of its gates. */
async function gateOf(tracked: Trained["tracked"]): Promise<string[]> {
  return [...await tracked()].filter(([path]) => path.endsWith("tags/gate")).map(([, text]) =>
    text
  );
}

Deno.test("training: a binary risk with monotone columns, costs, a test part and a gate", async () => {
  await runInFolder(
    creditRisk,
    creditRiskTable(),
    async ({ status, lines, error, models, tracked }) => {
      assertEquals([status, error], ["succeeded", ""]);
      assertMatch(lines, /^LogisticRegression - ROC AUC: 0\.\d{4}$/m);
      assertMatch(lines, /Test part: +80 of them/);
      const bundle = await latestBundle(models);
      assertEquals(await namedModels(models), ["credit-risk"]);
      const { metadata } = bundle;
      assertEquals(metadata.task, { kind: "binary", classes: ["0", "1"], positive: "1" });
      assertEquals(metadata.decision?.costs, { falsePositive: 1, falseNegative: 5 });
      assert(metadata.metrics.test_roc_auc > 0.7 && metadata.metrics.decision_recall > 0.5);
      assertEquals([metadata.name, metadata.pipeline?.name], ["credit-risk", "credit_risk"]);
      assertEquals(metadata.declared_features?.target.column, "loan_status");
      const model = await openModel(await readModel(bundle));
      assertEquals(model.classes, ["0", "1"]);
      await model.close();
      assertEquals(await gateOf(tracked), ["passed"]);
    },
    { rounds: 20 },
  );
});

Deno.test("training: a missed gate is tracked, publishes nothing and is exit code 3", async () => {
  await runInFolder(pima, pimaTable(), async ({ status, exitCode, lines, models, tracked }) => {
    assertEquals([status, exitCode], ["succeeded", 3]);
    assertMatch(
      lines,
      /Not published: roc_auc is 0\.\d{4} on the mean of 3 folds, wanted at least 1/,
    );
    assertEquals(await Array.fromAsync(Deno.readDir(models)), []);
    assertEquals(await gateOf(tracked), ["failed"]);
    assert([...(await tracked()).keys()].some((path) => path.endsWith("MLmodel")));
  }, { auc: 1 });
});

Deno.test("training: a candidate that cannot be fitted is left out, the others go on", async () => {
  // Four rows of a class in three folds: too few neighbours for SMOTE.
  await runInFolder(pima, pimaTable(200, 4), ({ status, lines, error }) => {
    assertEquals([status, error], ["succeeded", ""]);
    assertMatch(lines, /SMOTE_RandomForest is left out: .*SMOTE/);
    assertMatch(lines, /^Baseline_RandomForest - ROC AUC/m);
  }, { auc: 0 });
});

Deno.test("training: a price with an interval, plain and along time", async () => {
  await runInFolder(housePrice, houseTable(), async ({ status, lines, error, models }) => {
    assertEquals([status, error], ["succeeded", ""]);
    assertMatch(lines, /299, 1 without a value left out/);
    const bundle = await latestBundle(models, "house-price");
    const { task, interval, reference_performance, metrics } = bundle.metadata;
    assertEquals(task, { kind: "regression", column: "price" });
    assertEquals(interval?.coverage, 0.8);
    assert(interval!.half_width > 0 && interval!.half_width < 200);
    assertEquals(reference_performance?.kind, "numbers");
    assert(metrics.r2 > 0.5);
    const model = await openRegression(await readModel(bundle));
    const inputs = { area: [100, NaN], rooms: [3, 2], place: ["town", "moon"] };
    const [price] = await model.predict(inputs);
    assert(price > 300 && price < 520, `${price}`);
    await model.close();
  });
  await runInFolder(housePrice, houseTable(), ({ status, lines, error }) => {
    assertEquals([status, error], ["succeeded", ""]);
    assertMatch(lines, /Test part: +60 of them/);
  }, { split: "time" });
  await runInFolder(housePrice, houseTable().replace("2024-02-03", "soon"), ({ error }) => {
    assertMatch(
      error,
      /1 of 299 rows of column "sold" hold no date or number \(row \d+ holds "soon"\)/,
    );
  }, { split: "time" });
});

Deno.test("training: a task of another kind is a file of its own", async () => {
  await runInFolder(sales, salesTable(), async ({ status, error, models, lines }) => {
    assertEquals([status, error], ["succeeded", ""]);
    assertMatch(lines, /^LinearRegression - MAE: /m);
    const { metadata } = await latestBundle(models, "sales");
    assertEquals(metadata.task, { kind: "next_value", column: "sales", horizon: 1 } as never);
    assert(metadata.metrics.skill > 0.5, `${metadata.metrics.skill}`);
  });
});

Deno.test("training: what cannot be trained is told before anything is", async () => {
  const refused = (table: string, message: RegExp) =>
    runInFolder(housePrice, table, ({ status, error }) => {
      assertEquals(status, "failed");
      assertMatch(error, message);
    });
  await refused(houseTable().replaceAll("price", "cost"), /column "price" is missing/);
  await refused(
    "sold,area,rooms,place,price\n2024-01-01,3,1,a,inf\n",
    /1 of 1 rows are wrong: "inf" 1×/,
  );
  await refused(
    "sold,area,rooms,place,price\n2024-01-01,3,1,a,-5\n2024-01-02,3,1,a,7\n",
    /row 1 holds "-5", wanted 0 to 10000 \(1 of 2 rows are wrong/,
  );
});
