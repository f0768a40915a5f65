/** Models of three declarations, two tasks: served, explained and watched by the same code. */

import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { numberAnswer } from "../../serve/predict/answers/regression.ts";
import { verdict } from "../../src/monitoring/parts.ts";
import { openModel, openRegression } from "../../src/onnx/session.ts";
import { type Pipeline, runPipeline } from "../../src/pipeline/mod.ts";
import { latestBundle, readModel } from "../../src/registry/mod.ts";
import { find } from "../monitoring/files.ts";
import { byLabel, classAnswer } from "../serve/answers.ts";
import { withObserved } from "../serve/observed.ts";
import creditRisk from "../fixtures/training/credit_risk.ts";
import housePrice from "../fixtures/training/house_price.ts";
import pima from "../fixtures/training/pima.ts";
import { creditRiskTable, houseTable, pimaTable } from "./tables.ts";

/** A record with gaps, and a category that training never saw. */
type RawRecord = Readonly<Record<string, string | number | null>>;

/** Probability of class "1", or the number that is predicted. */
const scoreOf = (answer: unknown) => {
  const classes = classAnswer.safeParse(answer);
  return classes.success ? byLabel(classes.data)["1"] : numberAnswer.parse(answer).prediction;
};

async function takeAllTheWay<P>(
  declared: Pipeline<P>,
  { name, table, record, params = {} }: {
    name: string;
    table: string;
    record: RawRecord;
    params?: Record<string, unknown>;
  },
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "served-" });
  try {
    const [data, models] = [join(folder, "data.csv"), join(folder, "models")];
    await Deno.writeTextFile(data, table);
    const { status } = await runPipeline(declared, {
      params: {
        data,
        models,
        reports: folder,
        folds: 3,
        tracking: join(folder, "mlruns"),
        ...params,
      },
    });
    assertEquals(status, "succeeded");
    const bundle = await latestBundle(models, name);
    const expected = await scoreByOnnx(bundle, record);
    await withObserved(async ({ call }) => {
      const response = await call("/predict", record);
      assertEquals(response.status, 200, await response.clone().text());
      const answer = await response.json();
      assertAlmostEquals(scoreOf(answer), expected, 1e-5 * Math.max(1, Math.abs(expected)));
      const { decision, interval } = bundle.metadata;
      assert(decision !== undefined || answer.interval.coverage === interval!.coverage);
      const explained = await call("/explain", record);
      assertEquals(explained.status, 200, await explained.clone().text());
      for (const one of Object.values<Explained>((await explained.json()).explanations)) {
        const sum = Object.values(one.columns).reduce((total, value) => total + value, one.base);
        assertAlmostEquals(sum, one.score, 1e-4 * Math.max(1, Math.abs(one.score)));
      }
    }, {
      flags: ["--model", name],
      models: async (into) => {
        for await (const { name } of Deno.readDir(models)) {
          await Deno.copyFile(join(models, name), join(into, name));
        }
      },
    });
    assertMatch(verdict(await find({ current: data, models, model: name })), /^No drift/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Explained {
  readonly score: number;
  readonly base: number;
  readonly columns: Record<string, number>;
}

async function scoreByOnnx(
  bundle: Awaited<ReturnType<typeof latestBundle>>,
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

Deno.test("served: a credit risk, monotone and by costs", () =>
  takeAllTheWay(creditRisk, {
    name: "credit-risk",
    table: creditRiskTable(600).replaceAll(
      /^(\d+),.*,(?=[01]$)/gm,
      (line, age) => Number(age) > 40 ? line + "0;" : line,
    ).replaceAll(/0;./g, "0"), // the old are no risk, whatever else: trees win
    params: { rounds: 20 },
    record: {
      person_age: 30,
      person_income: null,
      person_home_ownership: "IGLOO",
      loan_grade: "C",
      loan_int_rate: 15.5,
      loan_percent_income: 0.4,
    },
  }));

Deno.test("served: diabetes, where 0 is missing", () =>
  takeAllTheWay(pima, {
    name: "pima",
    table: pimaTable(),
    record: { Glucose: 150, BloodPressure: 0, BMI: 38.2, Age: 44 },
  }));

Deno.test("served: a price, with its interval", () =>
  takeAllTheWay(housePrice, {
    name: "house-price",
    // A step, so that trees win: they are what can be explained.
    table: houseTable().replaceAll(
      /(-\d\d,1\d\d,.*,)(\d+)/g,
      (_, before, price) => before + (500 + Number(price)),
    ),
    record: { area: null, rooms: 3, place: "town" },
  }));
