/** A model of spans is watched by words, labels and how sure it is; promotions compare its spans. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import declared from "../../pipelines/ner.ts";
import { madeUpPayments } from "../../pipelines/ner/generate.ts";
import { driftPage, driftVerdict } from "../../src/monitoring/mod.ts";
import { compareOnRows } from "../../src/promotion/mod.ts";
import { predictRows } from "../../src/promotion/predictions.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import { find, now } from "../monitoring/files.ts";
import { runInFolder } from "../training/run_in_folder.ts";

const quick = { quick: true, folds: 2, min_span_f1: 0.5 };

Deno.test("ner: other words and labels are drift, new messages of the same kind are none", () =>
  runInFolder(declared, madeUpPayments(400, 42), async ({ status, models, folder }) => {
    assertEquals(status, "succeeded");
    const current = join(folder, "current.csv");
    await Deno.writeTextFile(current, madeUpPayments(300, 7));
    const same = await find({ current, models });
    assertEquals(same.inputs.columns.map(({ column, drifted }) => [column, drifted]), [
      ["text", false],
      ["unknown in text", false],
    ], driftVerdict(same));
    const [head, ...lines] = madeUpPayments(300, 8).trim().split("\n");
    const other = lines.map((line, i) =>
      i % 2 === 0 ? '"crypto wallet staking token moved","[]"' : line
    );
    await Deno.writeTextFile(current, [head, ...other].join("\n"));
    const found = await find({ current, models });
    assertEquals(found.inputs.columns.map(({ drifted }) => drifted), [true, true]);
    const page = await driftPage(found, now);
    assertStringIncludes(page, "wallet");
    assertStringIncludes(page, "confidence");

    const { metadata, modelPath } = await latestBundle(models, "ner");
    const model = { metadata, file: await Deno.readFile(modelPath) };
    const { inputs, predictions } = metadata.acceptance!.probe;
    const rows = Object.values(inputs)[0].length;
    assertEquals([...await predictRows(model, inputs, rows)].length, predictions.length);
    const table = await readTable(current);
    const compared = await compareOnRows(model, model, table);
    assertEquals([compared.metric, compared.gain, compared.rows], ["span_f1", 0, 300]);
    assert(compared.candidate > 0.9, `${compared.candidate}`);
  }, quick));
