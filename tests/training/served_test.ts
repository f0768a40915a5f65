/**
 * Models of three declarations, two tasks, on made-up tables and on public ones where they
 * are: trained, served, explained, watched and trained again over HTTP by the same code.
 */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { TrainJobs } from "../../serve/jobs/train_jobs.ts";
import { numberAnswer } from "../../serve/predict/answers/regression.ts";
import { jobSchema, trainRoutes } from "../../serve/routes/train.ts";
import { driftVerdict } from "../../src/monitoring/mod.ts";
import { openModel, openRegression } from "../../src/onnx_runtime/mod.ts";
import { type Pipeline, runPipeline } from "../../src/pipeline/mod.ts";
import denoConfig from "../../deno.json" with { type: "json" };
import { type Bundle, latestBundle, readModel } from "../../src/registry/mod.ts";
import { find } from "../monitoring/files.ts";
import { byLabel, classAnswer } from "../serve/answers.ts";
import { type Observed, withObserved } from "../serve/observed.ts";
import creditRisk from "../fixtures/training/credit_risk.ts";
import housePrice from "../fixtures/training/house_price.ts";
import pima from "../fixtures/training/pima.ts";
import { publicData } from "../integration/project.ts";
import { giveKnownCode, keepKnownCode } from "../known_code.ts";
import { waitUntil } from "../wait_until.ts";
import { creditRiskTable, houseTable, pimaTable } from "./tables.ts";

/** A record with gaps, and a category that training never saw. */
type RawRecord = Readonly<Record<string, string | number | null>>;

/** Probability of class "1", or the number that is predicted. */
const scoreOf = (answer: unknown) => {
  const classes = classAnswer.safeParse(answer);
  return classes.success ? byLabel(classes.data)["1"] : numberAnswer.parse(answer).prediction;
};

const root = fromFileUrl(new URL("../../", import.meta.url));
/** The pipeline task as users have it, its entry by its whole path. */
const [, , ...task] = denoConfig.tasks.pipeline.command
  .replace("--allow-ffi=node_modules", "--allow-ffi").split(" ");

interface Case {
  /** Name of the model. */
  readonly name: string;
  /** The file of the declaration. */
  readonly file: string;
  /** Rows to train on. */
  readonly table: string;
  /** Rows of the same kind, to watch. */
  readonly fresh?: string;
  readonly record: RawRecord;
  readonly params?: Readonly<Record<string, unknown>>;
}

async function takeAllTheWay<P>(
  declared: Pipeline<P>,
  { name, file, table, fresh, record, params = {} }: Case,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "served-" }));
  const [data, pipelines] = [join(folder, "data.csv"), join(folder, "pipelines")];
  const jobs = new TrainJobs({
    command: [
      ...[Deno.execPath(), "run", "--config", join(root, "deno.json")],
      ...[...task.slice(1, -1), join(root, task.at(-1)!)],
    ],
    folder,
  });
  try {
    await giveKnownCode(folder);
    await Deno.writeTextFile(data, table);
    const source = await Deno.readTextFile(join(root, "tests/fixtures/training", file));
    await Deno.mkdir(pipelines);
    await Deno.writeTextFile(
      join(pipelines, file),
      source.replaceAll("../../../src/", new URL("../../src/", import.meta.url).href),
    );
    await withObserved(async ({ call, folder: models }) => {
      const bundle = await latestBundle(models, name);
      await checkAnswers(call, bundle, record);

      const request = { params: { seed: 7 } };
      const started = await call("/train", request);
      assertEquals(started.status, 202, await started.clone().text());
      const { id } = jobSchema.parse(await started.json());
      await waitUntil(() => jobs.get(id)!.status !== "running", "the training has ended");
      const { status, error } = jobs.get(id)!;
      assertEquals([status, error], ["succeeded", null]);
      const newest = await latestBundle(models, name);
      assertNotEquals(newest.metadata.version, bundle.metadata.version);
      assertEquals(newest.metadata.pipeline?.params, {
        ...bundle.metadata.pipeline?.params,
        seed: 7,
      });
      const loaded = await call("/model/load", { version: "latest" });
      assertEquals(loaded.status, 200, await loaded.clone().text());
      await checkAnswers(call, newest, record);

      await checkWatched(data, models, name, fresh);
    }, {
      flags: ["--model", name],
      more: [trainRoutes(jobs, { folders: [folder], project: folder })],
      models: async (models) => {
        const { status } = await runPipeline(declared, {
          params: {
            ...{ data, models, reports: folder, folds: 3, tracking: join(folder, "mlruns") },
            ...params,
          },
        });
        assertEquals(status, "succeeded");
      },
    });
  } finally {
    await jobs.close();
    await keepKnownCode(folder);
    await Deno.remove(folder, { recursive: true });
  }
}

/** A prediction is that of ONNX Runtime, and its explanation adds up to it. */
async function checkAnswers(
  call: Observed["call"],
  bundle: Bundle,
  record: RawRecord,
): Promise<void> {
  const expected = await scoreByOnnx(bundle, record);
  const response = await call("/predict", record);
  assertEquals(response.status, 200, await response.clone().text());
  const answer = await response.json();
  assertAlmostEquals(scoreOf(answer), expected, 1e-5 * Math.max(1, Math.abs(expected)));
  const { decision, interval } = bundle.metadata;
  assert(decision !== undefined || answer.interval.coverage === interval!.coverage);
  const explained = await call("/explain", record);
  assertEquals(explained.status, 200, await explained.clone().text());
  const { model_version, explanations } = await explained.json();
  assertEquals(model_version, bundle.metadata.version);
  for (const one of Object.values<Explained>(explanations)) {
    const sum = Object.values(one.columns).reduce((total, value) => total + value, one.base);
    assertAlmostEquals(sum, one.score, 1e-4 * Math.max(1, Math.abs(one.score)));
  }
}

/** Neither the training rows nor others of their kind are told to have drifted. */
async function checkWatched(
  data: string,
  models: string,
  name: string,
  fresh: string | undefined,
): Promise<void> {
  const own = driftVerdict(await find({ current: data, models, model: name }));
  assertMatch(own, /^No drift/);
  assertMatch(own, /prediction.* \(the model was fitted to these rows/);
  assert(!own.includes("what the model says"), own);
  if (fresh === undefined) return;
  const current = join(models, "../fresh.csv");
  await Deno.writeTextFile(current, fresh);
  try {
    for (const reference of ["model", data]) {
      const found = await find({ reference, current, models, model: name });
      const told = driftVerdict(found);
      assertMatch(told, /^No drift/);
      assert(!told.includes("what the model says"), told);
      assert(found.outputs!.columns.some(({ column }) => column === "prediction"));
    }
  } finally {
    await Deno.remove(current);
  }
}

interface Explained {
  readonly score: number;
  readonly base: number;
  readonly columns: Record<string, number>;
}

async function scoreByOnnx(
  bundle: Bundle,
  record: RawRecord,
): Promise<number> {
  const inputs = Object.fromEntries(
    bundle.metadata.input_schema.map(({ name, kind }) => [
      name,
      kind === "number" ? [record[name] ?? NaN] : [record[name] ?? ""],
    ]),
  ) as Record<string, number[] | string[]>;
  const bytes = await readModel(bundle);
  if (bundle.metadata.task.kind === "regression") {
    const model = await openRegression(bytes);
    const [value] = await model.predict(inputs);
    await model.close();
    return value;
  }
  const model = await openModel(bytes);
  const { probabilities } = await model.predict(inputs);
  await model.close();
  return probabilities.data[model.classes.indexOf("1")]; // column-major: one row
}

/** The header and the rows from `from` up to `to` of a table. */
function rowsOf(table: string, from: number, to: number): string {
  const [header, ...rows] = table.trimEnd().split("\n");
  return [header, ...rows.slice(from, to)].join("\n");
}

const risk: Omit<Case, "table"> = {
  name: "credit-risk",
  file: "credit_risk.ts",
  params: { rounds: 20 },
  record: {
    person_age: 30,
    person_income: null,
    person_home_ownership: "IGLOO",
    loan_grade: "C",
    loan_int_rate: 15.5,
    loan_percent_income: 0.4,
  },
};
Deno.test("served: a credit risk, where a line wins, monotone and by costs", () => {
  const table = creditRiskTable(1200);
  return takeAllTheWay(creditRisk, {
    ...risk,
    table: rowsOf(table, 0, 600),
    fresh: rowsOf(table, 600, 1200),
  });
});

const diabetes: Omit<Case, "table"> = {
  name: "pima",
  file: "pima.ts",
  record: { Glucose: 150, BloodPressure: 0, BMI: 38.2, Age: 44 },
};
Deno.test("served: diabetes, where 0 is missing", () =>
  takeAllTheWay(pima, { ...diabetes, table: pimaTable() }));

const price: Omit<Case, "table"> = {
  name: "house-price",
  file: "house_price.ts",
  record: { area: null, rooms: 3, place: "town" },
};
Deno.test("served: a price with a step, where trees win, with its interval", () => {
  const table = houseTable(600).replaceAll(
    /(-\d\d,1\d\d,.*,)(\d+)/g,
    (_, before, price) => before + (500 + Number(price)),
  );
  return takeAllTheWay(housePrice, {
    ...price,
    table: rowsOf(table, 0, 300),
    fresh: rowsOf(table, 300, 600),
  });
});

const full = Deno.args.includes("--full");
const onlyFull = full ? "" : " (needs --full)";
const publicRisk = await publicData("credit-risk/credit_risk_dataset.csv");
Deno.test({
  name: `served: rows of the public credit-risk table${onlyFull}`,
  ignore: !full || publicRisk === undefined,
  fn: async () =>
    await takeAllTheWay(creditRisk, {
      ...risk,
      table: rowsOf(await Deno.readTextFile(publicRisk!), 0, 4000),
    }),
});

const publicDiabetes = await publicData("pima/diabetes.csv");
Deno.test({
  name: `served: the public diabetes table${onlyFull}`,
  ignore: !full || publicDiabetes === undefined,
  fn: async () =>
    await takeAllTheWay(pima, { ...diabetes, table: await Deno.readTextFile(publicDiabetes!) }),
});
