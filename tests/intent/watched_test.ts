/** A model of texts is watched by the words that it is asked. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import declared from "../../pipelines/intent.ts";
import { madeUpMessages } from "../../pipelines/intent/generate.ts";
import { driftPage, driftVerdict } from "../../src/monitoring/mod.ts";
import { withoutDigits } from "../../src/text/mod.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import { Random } from "../../src/base/mod.ts";
import type { Embed } from "../../src/monitoring/sides/meaning.ts";
import { find, now } from "../monitoring/files.ts";
import { after, look, status } from "../monitoring/looks.ts";
import { writeLog } from "../monitoring/models.ts";
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
      ["unknown in text", false],
    ], driftVerdict(same));
    const [head, ...lines] = madeUpMessages(400, 8).trim().split("\n");
    const other = lines.map((line, i) =>
      i % 2 === 0 ? line.replace('"', '"crypto wallet staking token ') : line
    );
    await Deno.writeTextFile(current, [head, ...other].join("\n"));
    const found = await find({ current, models });
    assertEquals(found.inputs.columns.map(({ drifted }) => drifted), [true, true]);
    const page = await driftPage(found, now);
    assertStringIncludes(page, "most gained by wallet");
    assertStringIncludes(driftVerdict(found), "drift in 2 of 2 columns: unknown in text, text");
    const learned = await find({ current: join(folder, "data.csv"), models });
    assertEquals(learned.inputs.columns.map(({ column }) => column), ["text"]);
    assertStringIncludes(await driftPage(learned, now), "the model was fitted to these rows");
  }, quick));

Deno.test("intent: the monitor is calm over masked messages of the same kind, and tells of unknown words", () =>
  runInFolder(declared, madeUpMessages(600, 42), async ({ folder, models }) => {
    const { metadata } = await latestBundle(models, "intent");
    const model = `${metadata.model_name}_v_${metadata.version}`;
    const ask = async (
      rows: number,
      seed: number,
      change: (text: string, row: number) => string,
    ) => {
      const path = join(folder, "asked.csv");
      await Deno.writeTextFile(path, madeUpMessages(rows, seed));
      const { columns: { text, intent } } = await readTable(path);
      const texts = text.map((one, row) => change(one as string, row));
      await writeLog(join(folder, "log"), model, { rows, columns: { text: texts } }, (row) => ({
        prediction: intent[row] as string,
        probabilities: { [intent[row] as string]: 1 },
      }), 1000 * (seed - 7));
    };
    const inputs = async (rows: number) =>
      (await look(folder, after(rows))).alerts
        .filter(({ alert_type }) => alert_type === "data_drift")
        .flatMap(({ drift_features }) => drift_features);
    await ask(1000, 7, withoutDigits);
    assertEquals(await inputs(1000), []);
    // Foreign words in a fifth of the messages, no two of which are the same.
    await ask(1000, 8, (text, row) => row % 5 === 0 ? `${foreign(row)} ${foreign(row + 1)}` : text);
    assertEquals(await inputs(2000), ["unknown in text"]);
  }, quick));

Deno.test("intent: the monitor tells what messages mean from those of a file, look by look", () =>
  runInFolder(declared, madeUpMessages(600, 42), async ({ folder, models }) => {
    const { metadata } = await latestBundle(models, "intent");
    const reference = join(folder, "data.csv");
    let encoded = 0;
    const told: string[] = [];
    // Whether a message asks is all that it reads.
    const embed: Embed = (_, texts) => {
      encoded += texts.length;
      const vectors = new Float32Array(new SharedArrayBuffer(8 * texts.length));
      texts.forEach((text, i) => {
        vectors[2 * i] = Number(text.includes("zzz")) + new Random(i).normal() / 10;
        vectors[2 * i + 1] = new Random(i + text.length).normal();
      });
      return Promise.resolve({ size: 2, vectors });
    };
    let asked = 0;
    const ask = async (rows: number, strange: (row: number) => boolean, more = {}) => {
      const path = join(folder, "asked.csv");
      await Deno.writeTextFile(path, madeUpMessages(rows, asked));
      const { columns: { text, intent } } = await readTable(path);
      const texts = text.map((one, row) => strange(row) ? `${one} zzz` : one);
      const model = `${metadata.model_name}_v_${metadata.version}`;
      await writeLog(join(folder, "log"), model, { rows, columns: { text: texts } }, (row) => ({
        prediction: intent[row] as string,
        probabilities: { [intent[row] as string]: 1 },
      }), asked);
      asked += rows;
      const { alerts } = await look(folder, after(asked), {
        texts: { reference, embed },
        warn: (text) => told.push(text),
        ...more,
      });
      return alerts.filter(({ alert_type }) => alert_type === "data_drift")
        .flatMap(({ drift_features = [] }) => drift_features);
    };
    assertEquals(await ask(300, () => false), []);
    assertEquals(encoded, 0); // no block is full
    assertEquals(await ask(300, () => false), []);
    assert(encoded > 400);
    assertEquals((await ask(500, (row) => row % 3 === 0)).includes("meaning of text"), true);
    const { models: [{ drift, words }] } = await status(folder);
    const [own] = drift.columns.filter(({ column }) => column === "meaning of text");
    assert(own.log10_odds > 2, `${own.log10_odds}`);
    assertStringIncludes(words.join(". "), "by what they mean (text) with a ROC AUC of 0.");
    for (let calm = 0; calm < 4; calm++) await ask(500, () => false);
    const { open_alerts } = await status(folder);
    assertEquals(open_alerts.filter(({ alert_type }) => alert_type === "data_drift"), []);
    assertEquals(told, []);
    await ask(500, () => false, { texts: { reference, embed: () => Promise.resolve(undefined) } });
    await ask(500, () => false, { texts: { reference: join(folder, "none.csv"), embed } });
    assertMatch(told.join("\n"), /was not fetched: deno task encoder\n.*none\.csv/);
    // Nobody looks at texts any more: nothing of them is kept.
    await ask(10, () => false, { texts: undefined });
    assert(!(await Deno.readTextFile(join(folder, "log/monitoring/state.json"))).includes("zzz"));
  }, quick));

/** A word that no message has, of letters alone. */
const foreign = (row: number) => `zqx${row.toString(26).replaceAll(/\d/g, "j")}vwk`;
