/** The credit-risk pipeline: monotone, fair by age, gated, decided at the business's threshold. */

import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import declared from "../../pipelines/credit_risk.ts";
import { madeUpLoans } from "../../pipelines/credit_risk/generate.ts";
import { openModel } from "../../src/onnx_runtime/mod.ts";
import { latestBundle, readModel } from "../../src/registry/mod.ts";
import { publicData } from "../integration/project.ts";
import { runInFolder, type Trained } from "../training/run_in_folder.ts";

/** Forty rising values of each constrained column, and where they move the risk. */
const rising: Record<string, { values: (i: number) => number | string; direction: 1 | -1 }> = {
  loan_grade: { values: (i) => "ABCDEFG"[Math.floor(i * 7 / 40)], direction: 1 },
  loan_percent_income: { values: (i) => i / 40, direction: 1 },
  loan_int_rate: { values: (i) => 5 + i / 2, direction: 1 },
  person_income: { values: (i) => 10_000 + 4000 * i, direction: -1 },
};
/** Loans that are swept, and values of a column. */
const LOANS = 60;
const STEPS = 40;

function parseLoans(csv: string): { rows: number; columns: Record<string, string[]> } {
  const [header, ...lines] = csv.trim().split("\n").map((line) => line.split(","));
  return {
    rows: lines.length,
    columns: Object.fromEntries(header.map((name, j) => [name, lines.map((line) => line[j])])),
  };
}

async function checkTrained({ status, exitCode, error, models, tracked }: Trained): Promise<void> {
  assertEquals([status, exitCode, error], ["succeeded", 0, ""]);
  const bundle = await latestBundle(models, "credit-risk");
  const { metrics, decision, pipeline } = bundle.metadata;
  // The business's threshold is the deployment's: the model and its metadata know nothing of it.
  assertEquals(decision, undefined);
  assertEquals(bundle.deployment?.threshold, { threshold: 0.4542, label: "1" });
  assertEquals(pipeline?.params.n_estimators, 30);
  assert(metrics.roc_auc > 0.75 && metrics.ks > 0.3, JSON.stringify(metrics));
  assertAlmostEquals(metrics.favoured_rate, 1 - metrics.decision_selected, 1e-9);
  for (const name of ["disparate_impact", "demographic_parity_difference"]) {
    assert(metrics[`${name}_low`] <= metrics[name] && metrics[name] <= metrics[`${name}_high`]);
  }
  // A promotion computes the same figure again, on other rows.
  const [kept] = bundle.metadata.acceptance?.fairness ?? [];
  assertEquals([kept.metric, kept.group, kept.favourable], [
    ...["disparate_impact", "person_age", "0"],
  ]);
  assertAlmostEquals(kept.value, metrics.disparate_impact, 1e-12);
  assertEquals(kept.edges?.[0], 25);
  const model = await openModel(await readModel(bundle));
  try {
    const { rows, columns } = parseLoans(madeUpLoans(LOANS, 7));
    for (const [column, { values, direction }] of Object.entries(rising)) {
      // Each loan forty times, one column moved.
      const places = Array.from({ length: rows * STEPS }, (_, at) => at);
      const inputs = Object.fromEntries(bundle.metadata.input_schema.map(({ name, kind }) => [
        name,
        places.map((at) => {
          if (name === column) return values(at % STEPS);
          const text = columns[name][Math.floor(at / STEPS)];
          return kind !== "number" ? text : text === "" ? NaN : Number(text);
        }),
      ])) as Record<string, number[] | string[]>;
      const { probabilities } = await model.predict(inputs);
      const risk = [...probabilities.data.subarray(places.length)].map((one) => direction * one);
      const falls = places.filter((at) => at % STEPS > 0 && risk[at] < risk[at - 1]);
      assertEquals(falls.length, 0, `${column} of loan ${Math.floor(falls[0] / STEPS)}`);
      const moved = places.filter((at) => at % STEPS > 0 && risk[at] > risk[at - 1]);
      assert(moved.length > 0, `${column} moves nothing`);
    }
  } finally {
    await model.close();
  }
  const files = [...await tracked()];
  const text = (end: RegExp) => files.filter(([path]) => end.test(path)).map(([, text]) => text);
  assert(text(/tags\/mlflow\.runName$/).includes("lgb_credit_risk"));
  assert(text(/tags\/gate$/).includes("passed"));
  const aucs = text(/metrics\/roc_auc$/).flatMap((lines) => lines.trim().split("\n"));
  assertEquals(aucs.length, 3, "one step for each fold");
  for (const part of ["train", "validation"]) {
    const [lines] = text(new RegExp(`metrics/${part}_logloss$`));
    const losses = lines.trim().split("\n").map((line) => line.split(" ").map(Number));
    assertEquals(losses.map(([, , step]) => step), Array.from({ length: 30 }, (_, i) => i));
    assert(losses.at(-1)![1] < losses[0][1], `${part} loss rises`);
  }
  assert(files.some(([path]) => /model_card\/lift\.json$/.test(path)));
  const [fairness] = text(/model_card\/fairness\.json$/);
  assertMatch(fairness, /25 to 40/);
}

Deno.test("credit risk: trained, monotone, fair enough and published", () =>
  runInFolder(declared, madeUpLoans(1500, 42), checkTrained, { n_estimators: 30 }));

const loans = await publicData("credit-risk/credit_risk_dataset.csv");
Deno.test({
  name: "credit risk: rows of the public table",
  ignore: loans === undefined,
  fn: async () => {
    const table = (await Deno.readTextFile(loans!)).split("\n").slice(0, 4000).join("\n");
    const params = { n_estimators: 30, min_disparate_impact: 0.5 };
    await runInFolder(declared, table, checkTrained, params);
  },
});

Deno.test("credit risk: a model that is unfair is tracked, not published; exit code 3", () =>
  runInFolder(declared, madeUpLoans(800, 42), async ({ exitCode, lines, models, tracked }) => {
    assertEquals(exitCode, 3);
    assertMatch(lines, /disparate_impact is 0\.\d{4} on groups of person_age, wanted at least 1/);
    assertEquals(await Array.fromAsync(Deno.readDir(models)), []);
    const tags = [...await tracked()].filter(([path]) => path.endsWith("tags/gate"));
    assertEquals(tags.map(([, text]) => text), ["failed"]);
  }, { n_estimators: 30, threshold: 0.25, min_disparate_impact: 1, folds: 2 }));
