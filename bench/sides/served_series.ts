/**
 * What servers of forecasts and of unusual transactions serve and are asked: both models, trained by
 * their pipelines on made-up users; each series; and transactions that came after the training.
 */

import anomaly from "../../pipelines/anomaly.ts";
import { madeUpTransactions } from "../../pipelines/anomaly/generate.ts";
import spending from "../../pipelines/spending.ts";
import { madeUpSpending } from "../../pipelines/spending/generate.ts";
import { type Pipeline, runPipeline } from "../../src/pipeline/mod.ts";
import { latestBundle, readModel } from "../../src/registry/mod.ts";
import { decodeForecasts } from "../../src/series/mod.ts";
import { writeCommands } from "./server_commands.ts";
import { sideArguments } from "./side.ts";

const ASKED = 256;
const SEED = 42;

const { folder, rows: users } = sideArguments();
const models = `${folder}/models`;

await train(spending, madeUpSpending({ users, months: 60, seed: SEED }), { max_mase: 2 });
const { series } = decodeForecasts(await readModel(await latestBundle(models, "spending")));
await writeJson("learned_spending", series);
await writeJson(
  "asked_spending",
  series.map(({ entity: user, category }) => ({
    record: { user, horizon: 12, ...category !== "" && { category } },
  })),
);

const lines = madeUpTransactions({ users, days: 120, seed: SEED }).trim().split("\n");
const known = lines.slice(0, -ASKED);
await train(anomaly, `${known.join("\n")}\n`, { min_roc_auc: 0.5 });
await writeJson("learned_anomaly", known.slice(1).map(recordOf));
await writeJson("asked_anomaly", lines.slice(-ASKED).map((line) => ({ record: recordOf(line) })));

await writeCommands(folder, ["--access-log", "info", "--prediction-cache", "off"]);

async function train<P>(
  pipeline: Pipeline<P>,
  csv: string,
  gates: Readonly<Record<string, number>>,
): Promise<void> {
  const data = `${folder}/${pipeline.name}.csv`;
  await Deno.writeTextFile(data, csv);
  const [reports, tracking] = [`${folder}/reports`, `${folder}/mlruns`];
  const { failure } = await runPipeline(pipeline, {
    params: { data, models, reports, tracking, ...gates },
  });
  if (failure) throw failure.error;
}

function recordOf(line: string): Readonly<Record<string, string | number>> {
  const [user, time, amount, currency, merchant, category, latitude, longitude] = line.split(",");
  return {
    ...{ user, time, amount: Number(amount), currency, merchant, category },
    ...{ latitude: Number(latitude), longitude: Number(longitude) },
  };
}

async function writeJson(name: string, content: unknown): Promise<void> {
  await Deno.writeTextFile(`${folder}/${name}.json`, JSON.stringify(content));
}
