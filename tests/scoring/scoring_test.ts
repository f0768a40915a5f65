/** Batch scoring beside ONNX Runtime on the same rows, whatever parts and chunks they are dealt to. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import pl, { type DataFrame } from "nodejs-polars";
import { Random, UserError } from "../../src/base/mod.ts";
import { openModel } from "../../src/onnx_runtime/mod.ts";
import { runPipeline } from "../../src/pipeline/mod.ts";
import { deployedMetadata, findBundle } from "../../src/registry/mod.ts";
import { segmentsOf } from "../../src/scoring/score_pipeline.ts";
import { madeUpLoans } from "../../pipelines/credit_risk/generate.ts";
import { madeUpMessages } from "../../pipelines/intent/generate.ts";
import risk from "../../pipelines/credit_risk.ts";
import intent from "../../pipelines/intent.ts";
import score from "../../pipelines/score.ts";

Deno.test("scoring: each row belongs to one part, in its order", () => {
  const random = new Random(4);
  for (let round = 0; round < 200; round++) {
    const files = Array.from({ length: 1 + random.int(5) }, (_, i) => ({
      path: String(i),
      rows: random.int(30),
    }));
    const parts = 1 + random.int(12);
    const dealt = Array.from({ length: parts }, (_, i) => segmentsOf(files, parts, i)).flat()
      .flatMap(({ path, from, rows }) =>
        Array.from({ length: rows }, (_, i) => `${path}:${from + i}`)
      );
    const all = files.flatMap(({ path, rows }) =>
      Array.from({ length: rows }, (_, i) => `${path}:${i}`)
    );
    assertEquals(dealt, all);
  }
});

async function run(pipeline: typeof score | typeof risk | typeof intent, params: object) {
  const lines: string[] = [];
  const { failure } = await runPipeline(pipeline as typeof score, {
    params: params as Record<string, unknown>,
    jobs: 2,
    onEvent: (event) => {
      if (event.type === "log" || event.type === "warning") lines.push(event.text);
    },
  });
  if (failure) throw failure.error;
  return lines;
}

async function trained(folder: string, pipeline: typeof risk | typeof intent, params: object) {
  const at = (name: string) => join(folder, name);
  const places = { models: at("models"), reports: at("reports"), tracking: at("mlruns") };
  await run(pipeline, { ...places, folds: 2, ...params });
  return places.models;
}

async function scored(folder: string): Promise<DataFrame> {
  const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name))
    .filter((name) => name.endsWith(".parquet")).sort();
  return pl.concat(names.map((name) => pl.readParquet(join(folder, name))));
}

const numbersOf = (frame: DataFrame, name: string) => frame.getColumn(name).toArray() as number[];

Deno.test("scoring: trees predict what ONNX Runtime does, dirt and all", async () => {
  const folder = await Deno.makeTempDir();
  const data = join(folder, "loans.csv");
  await Deno.writeTextFile(data, madeUpLoans(600, 1));
  const models = await trained(folder, risk, { data, n_estimators: 15, min_roc_auc: 0.5 });

  const random = new Random(2);
  const rows = madeUpLoans(211, 9).trimEnd().split("\n").slice(1).map((line) => line.split(","));
  const [head] = madeUpLoans(1, 1).split("\n");
  const names = head.split(",").slice(0, -1);
  const isText = (name: string) => /ownership|intent|grade|on_file/.test(name);
  const columns = names.map((name, j) => {
    const cells = rows.map((row) => random.next() < 0.1 ? null : row[j] === "" ? null : row[j]);
    if (!isText(name)) {
      const values = cells.map((cell) => cell === null ? null : Number(cell));
      values[5] = -77;
      return pl.Series(name, values, pl.Float64);
    }
    cells[3] = "Never seen";
    return pl.Series(name, cells, pl.Utf8);
  });
  const frame = pl.DataFrame([
    ...columns,
    pl.Series("id", rows.map((_, i) => `loan ${i}`), pl.Utf8),
  ]);
  const table = join(folder, "table");
  await Deno.mkdir(table);
  frame.head(100).writeParquet(join(table, "a.parquet"));
  frame.tail(111).writeParquet(join(table, "b.parquet"));

  const bundle = await findBundle(models, "credit-risk");
  const { modelPath } = bundle;
  const model = await openModel(modelPath);
  const given = Object.fromEntries(model.inputs.map(({ name, kind }) => [
    name,
    frame.getColumn(name).toArray().map((cell) => cell ?? (kind === "text" ? "" : NaN)),
  ]));
  const { probabilities } = await model.predict(given as Record<string, number[]>);
  await model.close();
  const positive = Array.from(probabilities.data.subarray(211));

  const common = { data: table, models, model: "credit-risk", keep: ["id"] };
  const results: DataFrame[] = [];
  for (const [parts, chunk] of [[1, 1000], [5, 7], [300, 50]]) {
    const out = join(folder, `scored-${parts}`);
    const lines = await run(score, { ...common, out, parts, chunk });
    assertStringIncludes(lines.at(-1)!, "Scored 211 rows");
    results.push(await scored(out));
  }
  for (const result of results) {
    assertEquals(result.getColumn("id").toArray(), frame.getColumn("id").toArray());
    const found = numbersOf(result, "probability_1");
    // The trees sum Float32 in another order than ONNX Runtime.
    assert(found.every((value, i) => Math.abs(value - positive[i]) < 1e-5));
    assertEquals(found, numbersOf(results[0], "probability_1"));
    const { threshold } = deployedMetadata(bundle).decision!;
    assertEquals(
      result.getColumn("prediction").toArray(),
      found.map((value) => value >= threshold ? "1" : "0"),
    );
  }
  const summary = JSON.parse(await Deno.readTextFile(join(folder, "scored-5/summary.json")));
  const counted = summary.classes["0"].rows + summary.classes["1"].rows;
  assertEquals([summary.rows, counted], [211, 211]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("scoring: what has no trees runs in ONNX Runtime", async () => {
  const folder = await Deno.makeTempDir();
  const data = join(folder, "messages.csv");
  await Deno.writeTextFile(data, madeUpMessages(600, 3));
  const models = await trained(folder, intent, { data, strengths: [1], min_f1_macro: 0 });
  const texts = ["Please block my card", "I want a loan", "What is my balance", "Move 5 euro"];
  const all = Array.from({ length: 40 }, (_, i) => texts[i % 4]);
  const path = join(folder, "texts.parquet");
  pl.DataFrame([pl.Series("text", all, pl.Utf8)]).writeParquet(path);
  const { modelPath } = await findBundle(models, "intent");
  const model = await openModel(modelPath);
  const { labels } = await model.predict({ text: all });
  await model.close();
  const out = join(folder, "scored");
  await run(score, { data: path, models, model: "intent", out, parts: 3, chunk: 4 });
  assertEquals((await scored(out)).getColumn("prediction").toArray(), [...labels]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("scoring: drift is that of all parts together; what cannot be scored is told first", async () => {
  const folder = await Deno.makeTempDir();
  const data = join(folder, "loans.csv");
  await Deno.writeTextFile(data, madeUpLoans(300, 1));
  const models = await trained(folder, risk, { data, n_estimators: 5, min_roc_auc: 0.5 });
  const out = join(folder, "scored");
  const asked = (path: string, more = {}) =>
    run(score, { data: path, models, model: "credit-risk", out, ...more });
  const shifted = pl.readCSV(data).withColumn(pl.col("person_income").mul(3));
  const moved = join(folder, "moved.parquet");
  shifted.drop("loan_status").writeParquet(moved);
  for (const parts of [1, 6]) {
    const lines = await asked(moved, { parts });
    const drifted = lines.filter((line) => / has drifted: /.test(line)).map((l) => l.split(" ")[0]);
    assertEquals(drifted, ["person_income"]);
  }
  const narrow = join(folder, "narrow.parquet");
  pl.DataFrame([pl.Series("person_age", [40], pl.Float64)]).writeParquet(narrow);
  await assertRejects(() => asked(narrow), UserError, "it has no column person_income");
  await assertRejects(() => asked(moved, { keep: ["id"] }), UserError, "no column id");
  await assertRejects(() => asked(data), UserError, "not a whole Parquet file");
  await assertRejects(() => asked(models), UserError, "ends with .parquet");
  await assertRejects(() => asked(join(folder, "none")), UserError, "there is nothing");
  await Deno.remove(folder, { recursive: true });
});
