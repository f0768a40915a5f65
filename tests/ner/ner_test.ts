/** The pipeline of entities: trained, gated, exported, watched and served as any other. */

import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import declared from "../../pipelines/ner.ts";
import { madeUpPayments } from "../../pipelines/ner/generate.ts";
import { openSpans } from "../../src/onnx_runtime/mod.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { spansAnswer } from "../../serve/predict/answers/spans.ts";
import { explainAnswer } from "../../serve/routes/explain.ts";
import { withObserved } from "../serve/observed.ts";
import { runInFolder } from "../training/run_in_folder.ts";

const quick = { folds: 2, quick: true, min_span_f1: 0.5 };

Deno.test("ner: trained, with mistakes in the report, exported and served with values", () =>
  runInFolder(
    declared,
    madeUpPayments(300, 42),
    async ({ status, error, models, folder }) => {
      assertEquals([status, error], ["succeeded", ""]);
      const { metadata, modelPath } = await latestBundle(models, "ner");
      assertEquals(metadata.task, {
        kind: "spans",
        column: "entities",
        labels: ["MONEY", "DATE", "CATEGORY", "MERCHANT", "ACCOUNT"],
        values: { MONEY: "money", DATE: "date", ACCOUNT: "account" },
      });
      assert(metadata.metrics.span_f1 > 0.9, `${metadata.metrics.span_f1}`);
      const kept = metadata.reference_performance!;
      assertEquals(kept.kind, "spans");
      const page = (await Array.fromAsync(Deno.readDir(folder)))
        .find(({ name }) => name.endsWith(".html"))!;
      const report = await Deno.readTextFile(join(folder, page.name));
      for (const title of ["F1 in part", "Mistakes", "How sure the model is"]) {
        assertStringIncludes(report, title);
      }
      const model = await openSpans(modelPath);
      const many = Array.from({ length: 40 }, (_, i) => "paid ₹5 to Ola ".repeat(1 + 7 * i));
      const together = await model.predict({ text: many });
      const last = await model.predict({ text: [many[39]] });
      assertEquals(last.length, together.length / 40);
      last.forEach((value, k) => assertAlmostEquals(value, together[k * 40 + 39], 1e-12));
      await model.close();
      const copied = async (served: string) => {
        for await (const { name } of Deno.readDir(models)) {
          await Deno.copyFile(join(models, name), join(served, name));
        }
      };
      await withObserved(async ({ call }) => {
        const asked = async (text: unknown) => {
          const response = await call("/predict", { text });
          assertEquals(response.status, 200, String(text));
          return spansAnswer.parse(await response.json());
        };
        const text = "😀 Paid Rs. 2.5 lakh to Swiggy on 05/11/2026 from a/c XX4521";
        const { entities } = await asked(text);
        assertEquals(entities.map(({ label, text }) => `${label} ${text}`), [
          ...["MONEY Rs. 2.5 lakh", "MERCHANT Swiggy", "DATE 05/11/2026", "ACCOUNT XX4521"],
        ]);
        assertEquals(entities.map(({ value }) => value), [
          ...[{ amount: 250000, currency: "INR" }, undefined, { date: "2026-11-05" }],
          { number: "XX4521" },
        ]);
        for (const { text: covered, start, end, start_code_point, end_code_point } of entities) {
          assertEquals(text.slice(start, end), covered);
          assertEquals([...text].slice(start_code_point, end_code_point).join(""), covered);
          assertEquals(start - start_code_point, 1); // the emoji is one code point of two units
        }
        const none = await asked("");
        assertEquals([none.entities, none.confidence], [[], 1]);
        for (
          const odd of ["\ud800 paid ₹5", "a\u0000b", "💳💳", "карта 漢字", "मैंने ₹500 दिए", null]
        ) {
          await asked(odd);
        }
        // Long ones are read by another thread, short ones meanwhile here.
        const [long, longToo, short] = await Promise.all(
          [6000, 100, 3].map((times) => asked("paid ₹500 to Ola ".repeat(times))),
        );
        assertStringIncludes(long.warnings![0].done, "10,000 characters");
        for (const [answer, times] of [[long, 588], [longToo, 100], [short, 3]] as const) {
          const found = answer.entities.map(({ label, text }) => `${label} ${text}`);
          const wanted = ["MONEY ₹500", "MERCHANT Ola"];
          assertEquals(found.slice(0, 2 * times), Array(times).fill(wanted).flat());
        }
        const wrong = await call("/predict", { text: 5 });
        assertEquals(wrong.status, 422);
        await wrong.body?.cancel();
        const explained = async (query: string, text: string) =>
          explainAnswer.parse(await (await call(`/explain${query}`, { text })).json());
        const all = await explained("", text);
        assertEquals(Object.keys(all.explanations), [
          ...["MONEY 8-20", "MERCHANT 24-30", "DATE 34-44", "ACCOUNT 54-60"],
        ]);
        assertEquals(all.prediction, Object.keys(all.explanations).join(", "));
        for (const { score, base, columns, features, instead } of Object.values(all.explanations)) {
          assert(score > 0 && instead !== undefined);
          assertAlmostEquals(base + columns.text, score, 1e-9);
          const sum = Object.values(features).reduce((sum, value) => sum + value, 0);
          assertAlmostEquals(sum, columns.text, 1e-6);
        }
        const { explanations } = await explained("?class=MERCHANT", text);
        assertEquals(Object.keys(explanations), ["MERCHANT 24-30"]);
        const [strongest] = Object.keys(explanations["MERCHANT 24-30"].features);
        assertStringIncludes(strongest, "text: Swiggy: ");
        assertEquals((await explained("", "")).explanations, {});
        assertEquals((await call("/explain?class=PERSON", { text })).status, 400);
      }, { models: copied, flags: ["--model", "ner"] });
    },
    quick,
  ));

const train = (rows: readonly string[]) =>
  `text,entities\n${rows.map((row) => `${row}\n`).join("")}`;
const cell = (text: string, spans: string) => `"${text}","${spans.replaceAll('"', '""')}"`;

for (
  const [what, row, wanted] of [
    [
      "a label that is not declared",
      cell("paid ₹5", '[{"start":5,"end":7,"label":"SUM"}]'),
      '"SUM" is none of',
    ],
    [
      "spans that overlap",
      cell("paid ₹5", '[{"start":0,"end":7,"label":"DATE"},{"start":5,"end":7,"label":"MONEY"}]'),
      "overlap",
    ],
    [
      "a span beyond the text",
      cell("paid ₹5", '[{"start":5,"end":70,"label":"MONEY"}]'),
      "ends beyond the text",
    ],
    [
      "a span that cuts a word",
      cell("paid ₹5", '[{"start":2,"end":4,"label":"MONEY"}]'),
      'cuts "paid" in two',
    ],
    [
      "a span of blanks",
      cell("paid  ₹5", '[{"start":4,"end":5,"label":"MONEY"}]'),
      "holds no token",
    ],
    ["what is no list", cell("paid ₹5", "MONEY"), "it holds MONEY"],
    [
      "an empty span",
      cell("paid ₹5", '[{"start":5,"end":5,"label":"MONEY"}]'),
      "has no start and end",
    ],
  ] as const
) {
  Deno.test(`ner: ${what} is refused by its row`, () =>
    runInFolder(
      declared,
      train([...madeUpPayments(30, 1).trimEnd().split("\n").slice(1), row]),
      ({ status, error }) => {
        assertEquals(status, "failed");
        assertStringIncludes(error, wanted);
        assertStringIncludes(error, "row 31");
      },
      quick,
    ));
}

Deno.test("ner: a label without an example is told, with the counts of all", () =>
  runInFolder(
    declared,
    train([cell("paid ₹5", '[{"start":5,"end":7,"label":"MONEY"}]'), cell("hello", "[]")]),
    ({ status, error }) => {
      assertEquals(status, "failed");
      assertStringIncludes(error, "no text has DATE, CATEGORY, MERCHANT, ACCOUNT");
      assertStringIncludes(error, "MONEY 1, DATE 0");
    },
    quick,
  ));
