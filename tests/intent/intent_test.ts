/** The intent pipeline: trained, gated, exported, served and explained by words. */

import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import declared from "../../pipelines/intent.ts";
import { madeUpMessages } from "../../pipelines/intent/generate.ts";
import { intents } from "../../pipelines/intent/columns.ts";
import { classAnswer } from "../serve/answers.ts";
import { withObserved } from "../serve/observed.ts";
import { explainAnswer } from "../../serve/routes/explain.ts";
import type { CategoryStatistics } from "../../src/drift/mod.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { runInFolder } from "../training/run_in_folder.ts";

const quick = { encoded: false, strengths: [1], folds: 2, min_f1_macro: 0.7 };

Deno.test("intent: trained, with accepted answers, mistakes in the report, and served", () =>
  runInFolder(
    declared,
    madeUpMessages(480, 42),
    async ({ status, error, models, folder, tracked }) => {
      assertEquals([status, error], ["succeeded", ""]);
      const { metadata } = await latestBundle(models, "intent");
      assertEquals(metadata.class_labels, [...intents]);
      assertEquals(metadata.input_schema, [{
        name: "text",
        kind: "text",
        required: false,
        freeText: true,
        description: "What the customer wrote",
      }]);
      const { threshold, coverage, precision, wanted } = metadata.rejection!;
      assert(threshold > 1 / 6 && threshold <= 1);
      assert(precision >= wanted && coverage > 0.5 && coverage < 1, `${precision} of ${coverage}`);
      assertAlmostEquals(metadata.metrics.rejection_precision, precision);
      // No text of a customer goes with the model, only words that several wrote.
      const kept = JSON.stringify(metadata);
      const written = madeUpMessages(480, 42).match(/^".{20,}(?=",)/gm)!;
      assert(written.length > 400 && kept.includes('"words":["'));
      assertEquals(written.filter((text) => kept.includes(text.slice(1))), []);
      const { categories } = metadata.reference_statistics.text as CategoryStatistics;
      assert(categories.some(({ name }) => name === "0000"));
      assertEquals(categories.filter(({ name }) => /[1-9]/.test(name ?? "")), []);
      for (const [path, text] of await tracked()) {
        if (/example|MLmodel|metadata/.test(path)) {
          assertEquals(written.filter((one) => text.includes(one.slice(1))), [], path);
        }
      }
      const reports = await Array.fromAsync(Deno.readDir(folder));
      const page = reports.find(({ name }) => /^intent_.*\.html$/.test(name))!;
      const report = await Deno.readTextFile(join(folder, page.name));
      for (const title of ["Accepted answers", "Mistakes", "Most confused"]) {
        assertStringIncludes(report, title);
      }
      const copied = async (served: string) => {
        for await (const { name } of Deno.readDir(models)) {
          await Deno.copyFile(join(models, name), join(served, name));
        }
      };
      await withObserved(async ({ call }) => {
        const asked = async (text: unknown) => {
          const response = await call("/predict", { text });
          assertEquals(response.status, 200, String(text));
          return classAnswer.parse(await response.json());
        };
        const sure = await asked("I lost my debit card at the airport, block it now");
        assertEquals([sure.prediction, sure.accepted], ["block_card", true]);
        assertAlmostEquals(sure.out_of_scope!, 1 - Math.max(...sure.probabilities), 1e-6);
        const strange = await asked("карта потерялась 漢字");
        assertEquals(strange.accepted, false);
        assert(strange.out_of_scope! > sure.out_of_scope!);
        const none = await asked("");
        assertEquals([none.accepted, none.warnings], [false, undefined]);
        for (const odd of ["\ud800 lost card", "block\u0000 my card", "💳💳 lost 😀"]) {
          await asked(odd);
        }
        const { warnings } = await asked("block my card ".repeat(8000));
        assertStringIncludes(warnings![0].done, "10,000 characters");
        const wrong = await call("/predict", { text: 5 });
        assertEquals(wrong.status, 422);
        await wrong.body?.cancel();
        const response = await call("/explain", { text: "I lost my card" });
        const { prediction, explanations } = explainAnswer.parse(await response.json());
        const { features, base, score } = explanations[prediction];
        assertEquals(prediction, "block_card");
        const moved = Object.entries(features).sort(([, a], [, b]) => b - a);
        assertEquals(moved.slice(0, 2).map(([name]) => name).sort(), ["text: card", "text: lost"]);
        assertAlmostEquals(moved.reduce((sum, [, value]) => sum + value, base), score, 1e-4);
      }, { models: copied, flags: ["--model", "intent"] });
    },
    quick,
  ));

Deno.test("intent: a table without an intent, or without texts, is refused in words", async () => {
  const [head, ...lines] = madeUpMessages(60, 1).trim().split("\n");
  const without = [head, ...lines.filter((line) => !line.endsWith(",loan"))].join("\n");
  await runInFolder(declared, without, ({ status, error }) => {
    assertEquals(status, "failed");
    assertStringIncludes(error, "there is no row of loan");
  }, quick);
  const empty = [head, ...lines.map((line) => `"",${line.split(",").at(-1)}`)].join("\n");
  await runInFolder(declared, empty, ({ status, error }) => {
    assertEquals(status, "failed");
    assertStringIncludes(error, "text");
  }, quick);
});
