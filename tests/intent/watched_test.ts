/** A model of texts is watched by the words that it is asked. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import declared from "../../pipelines/intent.ts";
import { madeUpMessages } from "../../pipelines/intent/generate.ts";
import { driftPage, driftVerdict } from "../../src/monitoring/mod.ts";
import { find, now } from "../monitoring/files.ts";
import { runInFolder } from "../training/run_in_folder.ts";

const quick = { encoded: false, strengths: [1], folds: 2, min_f1_macro: 0.7 };

Deno.test("intent: words that come more often are drift, and new messages of the same kind are none", () =>
  runInFolder(declared, madeUpMessages(600, 42), async ({ status, models, folder }) => {
    assertEquals(status, "succeeded");
    const current = join(folder, "current.csv");
    await Deno.writeTextFile(current, madeUpMessages(400, 7));
    const same = await find({ current, models });
    assertEquals(same.inputs.columns.map(({ column, drifted }) => [column, drifted]), [
      ["text", false],
    ], driftVerdict(same));
    const [head, ...lines] = madeUpMessages(400, 8).trim().split("\n");
    const other = lines.map((line, i) =>
      i % 2 === 0 ? line.replace('"', '"crypto wallet staking token ') : line
    );
    await Deno.writeTextFile(current, [head, ...other].join("\n"));
    const found = await find({ current, models });
    const [text] = found.inputs.columns;
    assertEquals(text.drifted, true);
    const page = await driftPage(found, now);
    assertStringIncludes(page, "most gained by wallet");
    assert(/drift in 1 of 1 column: text/.test(driftVerdict(found)), driftVerdict(found));
  }, quick));
