/** The pipeline of anomalies: trained, gated, exported, served, watched. */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import declared from "../../pipelines/anomaly.ts";
import { madeUpTransactions } from "../../pipelines/anomaly/generate.ts";
import { anomalyAnswer } from "../../serve/predict/answers/anomaly.ts";
import { driftVerdict } from "../../src/monitoring/mod.ts";
import { openRegression } from "../../src/onnx_runtime/mod.ts";
import { latestBundle, readModel } from "../../src/registry/mod.ts";
import { newRowsOf, writeRetrainFiles } from "../../src/retraining/new_rows.ts";
import { knownEntities } from "../../src/retraining/retrain.ts";
import { readTable } from "../../src/table/mod.ts";
import { loadData } from "../../src/training/mod.ts";
import { transactionProfile } from "../../pipelines/anomaly/columns.ts";
import { find } from "../monitoring/files.ts";
import { withObserved } from "../serve/observed.ts";
import { runInFolder } from "../training/run_in_folder.ts";

const table = madeUpTransactions({ users: 20, days: 60, seed: 5, stolen: 0.025 });
/** Someone who is known, and what they would do and not do after the last row. */
const [, ...rows] = table.trim().split("\n").map((line) => line.split(","));
const user = "u0007";
const own = rows.filter(([name, , , , , , , , fraud]) => name === user && fraud === "0");
const [, , amount, , merchant, category, latitude, longitude] = own.at(-1)!;
const hours = own.map(([, time]) => Number(time.slice(11, 13))).sort((a, b) => a - b);
const hour = String(hours[hours.length >> 1]).padStart(2, "0");
const usual = {
  ...{ user, time: `2026-03-04T${hour}:20:00Z`, amount: Number(amount), currency: "INR" },
  ...{ merchant, category, latitude: Number(latitude), longitude: Number(longitude) },
};
const strange = {
  ...{ user, time: "2026-03-04T03:20:00Z", amount: 96_000, currency: "INR" },
  ...{ merchant: "travel-99", category: "travel", latitude: 55.76, longitude: 37.62 },
};

Deno.test("anomaly: trained without labels in the threshold, served with reasons, and watched", () =>
  runInFolder(
    declared,
    table,
    async ({ status, error, lines, models, folder }) => {
      assertEquals([status, error], ["succeeded", ""]);
      assertMatch(lines, /^Alerts: \d/m);
      const bundle = await latestBundle(models, "anomaly");
      const { task, class_labels, alert, profiles, metrics, acceptance, reference_performance } =
        bundle.metadata;
      assertEquals(task, { kind: "anomaly", column: "is_fraud", positive: "1" });
      assertEquals([class_labels, alert!.share], [[], 0.02]);
      assert(metrics.alert_share <= 0.02 && metrics.alert_precision > 0.3, JSON.stringify(metrics));
      assert(metrics.roc_auc > 0.9 && acceptance!.gates![0].value > 0.9);
      assertEquals(reference_performance?.kind, "scores");
      assertEquals(Object.keys(profiles!.states).length, 20);
      for await (const { name } of Deno.readDir(folder)) {
        if (!name.endsWith(".html")) continue;
        assertStringIncludes(await Deno.readTextFile(join(folder, name)), "Share of all 1 found");
      }
      await withObserved(async ({ call, flush, folder: served }) => {
        const ask = async (record: unknown) => {
          const response = await call("/predict?model=anomaly", record);
          assertEquals(response.status, 200, await response.clone().text());
          return anomalyAnswer.parse(await response.json());
        };
        const [good, bad] = [await ask(usual), await ask(strange)];
        assertEquals([good.is_anomaly, bad.is_anomaly], [false, true]);
        assertEquals((await ask(strange)).columns, bad.columns); // not lost in a cache
        assert(bad.percentile > 99 && good.percentile < bad.percentile);
        assertEquals([bad.score, bad.threshold], [bad.prediction, alert!.threshold]);
        const named = bad.columns!.map(({ column }) => column);
        const wrong = ["distance", "speed", "night", "hour_surprise", "round_amount", "amount_z"];
        wrong.push("over_largest", "spent_24h", "spent_24h_share", "new_merchant", "amount_log");
        assert(named.filter((name) => wrong.includes(name)).length >= 3, `${named}`);
        await checkScore(await readModel(bundle), call, bad.score);
        const info = await (await call("/model/info?model=anomaly")).json();
        assertEquals([info.profiles, info.events.entity], [undefined, "user"]);

        const refused = await call("/predict", { ...usual, time: "2026-01-01T00:00:00Z" });
        assertEquals(refused.status, 422);
        assertStringIncludes(await refused.text(), "the clock goes back");
        const never = await ask({ ...usual, user: "somebody" });
        assertStringIncludes(never.warnings![0].done, "never seen");
        const explained = await (await call("/explain", strange)).json();
        assertEquals(Object.keys(explained.explanations), ["anomaly"]);

        // Reviews come back as labels.
        const told = await call("/feedback", { request_id: bad.request_id, label: "1" });
        assertEquals(told.status, 200, await told.clone().text());
        await flush();
        const log = join(served, "log");
        const found = await find({ current: log, models: served, model: "anomaly" });
        assert(found.outputs!.columns.some(({ column }) => column === "prediction"));
        // Reviewed predictions join the rows of the training, described as they were scored.
        const name = `anomaly_v_${bundle.metadata.version}`;
        const fresh = await newRowsOf(bundle.metadata, new Set([name]), log);
        const files = await writeRetrainFiles(bundle.metadata, fresh, served);
        assertEquals([files.addedRows, files.newestRows, files.oldRows], [1, 0, rows.length]);
        const { columns } = await readTable(files.joined);
        const { inputs } = fresh.records[0];
        for (const column of ["amount_log", "distance", "is_fraud"]) {
          assertEquals(Number(columns[column].at(-1)), Number(inputs[column] ?? 1), column);
        }
        const data = await loadData(files.joined, transactionProfile);
        assertEquals(data.table.rows, rows.length + 1);
        // Rows that are described already tell of nobody: who was known stays so.
        assertEquals(data.profiles!.states, {});
        assertEquals(knownEntities(data, bundle.metadata), { profiles });
        assertEquals(knownEntities(bundle.metadata, bundle.metadata), {});
      }, {
        flags: ["--model", "anomaly", "--prediction-cache", "memory"],
        models: async (folder) => {
          for await (const { name } of Deno.readDir(models)) {
            await Deno.copyFile(join(models, name), join(folder, name));
          }
        },
      });
      // Raw transactions are described before they are compared.
      const current = join(folder, "fresh.csv");
      await Deno.writeTextFile(
        current,
        madeUpTransactions({ users: 20, days: 60, seed: 6, stolen: 0.025 }),
      );
      const verdict = driftVerdict(await find({ current, models, model: "anomaly" }));
      assertMatch(verdict, /reviewed rows: average precision/);
    },
    { folds: 2, trees: 30, alerts: 0.02, min_roc_auc: 0.8 },
  ));

/** The score of an event is that of the model's columns, which a caller may send itself. */
async function checkScore(
  onnx: Uint8Array,
  call: (path: string, body?: unknown) => Promise<Response>,
  score: number,
): Promise<void> {
  const { explanations: _, ...__ } = await (await call("/explain", strange)).json();
  const model = await openRegression(onnx);
  const columns = Object.fromEntries(model.inputs.map(({ name }) => [name, [NaN]]));
  const [unknown] = await model.predict(columns);
  await model.close();
  const blank = await (await call("/predict", { amount_log: null })).json();
  assertAlmostEquals(blank.prediction, unknown, 1e-6);
  assert(score > unknown);
}
