/** The credit-risk pipeline: monotone, fair by age, gated, decided at the business's threshold. */

import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import declared from "../../pipelines/credit_risk.ts";
import { madeUpLoans } from "../../pipelines/credit_risk/generate.ts";
import { openModel } from "../../src/onnx/session.ts";
import { latestBundle, readModel } from "../../src/registry/mod.ts";
import { publicData } from "../integration/project.ts";
import { runInFolder, type Trained } from "../training/run_in_folder.ts";

/** Forty rising values of each constrained column that is a number, and where they move the risk. */
const rising: Record<string, { values: (i: number) => number; direction: 1 | -1 }> = {
  loan_percent_income: { values: (i) => i / 40, direction: 1 },
  loan_int_rate: { values: (i) => 5 + i / 2, direction: 1 },
  person_income: { values: (i) => 10_000 + 4000 * i, direction: -1 },
};
const loan: Record<string, number> = {
  ...{ person_age: 30, person_income: 50_000, loan_amnt: 12_000, loan_int_rate: 11 },
  loan_percent_income: 0.24,
};

async function checkTrained({ status, exitCode, error, models, tracked }: Trained): Promise<void> {
  assertEquals([status, exitCode, error], ["succeeded", 0, ""]);
  const bundle = await latestBundle(models, "credit-risk");
  const { metrics, decision, pipeline } = bundle.metadata;
  assertEquals(decision, { threshold: 0.4542, label: "1" });
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
    for (const [column, { values, direction }] of Object.entries(rising)) {
      const steps = Array.from({ length: 40 }, (_, i) => i);
      const inputs = Object.fromEntries(bundle.metadata.input_schema.map(({ name, kind }) => [
        name,
        steps.map((i) => name === column ? values(i) : kind === "number" ? loan[name] ?? NaN : ""),
      ])) as Record<string, number[] | string[]>;
      const { probabilities } = await model.predict(inputs);
      const risk = [...probabilities.data.subarray(steps.length)].map((value) => direction * value);
      assert(risk.every((value, i) => i === 0 || value >= risk[i - 1]), `${column}: ${risk}`);
      assert(risk.at(-1)! > risk[0], `${column}: ${risk}`);
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
