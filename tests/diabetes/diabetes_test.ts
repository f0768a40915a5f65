/** The diabetes pipeline: a search over three learners, held to gates of parameters or the environment. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import declared from "../../pipelines/diabetes.ts";
import { madeUpPeople } from "../../pipelines/diabetes/generate.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { publicData } from "../integration/project.ts";
import { runInFolder } from "../training/run_in_folder.ts";

const gates = { min_accuracy: 0.7, min_roc_auc: 0.75, min_f1: 0.55 };
const quick = { trees: 10, folds: 2, trials: 8 };

Deno.test("diabetes: trained and published, a 0 that cannot be is missing", () =>
  runInFolder(declared, madeUpPeople(600, 42), async ({ status, exitCode, error, models }) => {
    assertEquals([status, exitCode, error], ["succeeded", 0, ""]);
    const { metadata } = await latestBundle(models, "diabetes");
    const missing = (name: string) => metadata.reference_statistics[name].missing;
    assert(missing("Insulin") > 200 && missing("SkinThickness") > 100);
    assertEquals([missing("Pregnancies"), missing("Age")], [0, 0]);
  }, { ...gates, trees: 20, trials: 8 }));

const people = await publicData("pima/diabetes.csv");
Deno.test({
  name: "diabetes: the public table",
  ignore: people === undefined,
  fn: async () =>
    await runInFolder(
      declared,
      await Deno.readTextFile(people!),
      ({ status, exitCode, error }) =>
        assertEquals([status, exitCode, error], ["succeeded", 0, ""]),
      { ...gates, trees: 40, trials: 12 },
    ),
});

Deno.test("diabetes: a gate of the environment out of reach is exit code 3, the published model stays", () =>
  runInFolder(declared, madeUpPeople(600, 42), async (first) => {
    assertEquals([first.exitCode, first.error], [0, ""]);
    const before = (await latestBundle(first.models, "diabetes")).metadata.version;
    const { min_f1: _, ...others } = { ...gates, ...quick, models: first.models };
    Deno.env.set("MIN_MODEL_F1", "1");
    try {
      await runInFolder(declared, madeUpPeople(300, 7), async ({ exitCode, lines, tracked }) => {
        assertEquals(exitCode, 3);
        assertMatch(lines, /f1 is 0\.\d{4} on the mean of 2 folds, wanted at least 1/);
        const { version } = (await latestBundle(first.models, "diabetes")).metadata;
        assertEquals(version, before);
        const files = [...await tracked()];
        const tagged = files.filter(([path]) => path.endsWith("tags/gate"));
        assertEquals(tagged.map(([, text]) => text), ["failed"]);
      }, others);
    } finally {
      Deno.env.delete("MIN_MODEL_F1");
    }
  }, { ...gates, ...quick }));
