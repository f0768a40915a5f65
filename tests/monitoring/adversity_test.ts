/** What a look meets that nobody plans: labels, clocks, files and models as they should not be. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DataError, UserError } from "../../src/base/mod.ts";
import type { AlertChannel } from "../../src/monitoring/deliver/contract.ts";
import { inFolder } from "./files.ts";
import { after, look, said, status } from "./looks.ts";
import {
  copyVersion,
  homes,
  modelsIn,
  saveClassifier,
  saveRegression,
  writeLog,
} from "./models.ts";

const statePath = (folder: string) => join(folder, "log", "monitoring", "state.json");
const state = async (folder: string) => JSON.parse(await Deno.readTextFile(statePath(folder)));

/** Feedback as a server writes it, in a file of its own. */
async function tell(log: string, labels: readonly (readonly [id: string, label: string])[]) {
  const time = new Date(Date.UTC(2026, 10, 2, 12)).toISOString();
  const file = join(
    log,
    `feedback_20261102T120000_9_${crypto.getRandomValues(new Uint8Array(1))[0]}.jsonl`,
  );
  const lines = labels.map(([request_id, label]) => JSON.stringify({ time, request_id, label }));
  await Deno.writeTextFile(file, `${lines.join("\n")}\n`);
}

Deno.test("watch: a label counts once, told twice, otherwise, late or before its prediction", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const log = join(folder, "log");
    const table = homes({ rows: 400, seed: 4 });
    await writeLog(log, model, table, (row) => {
      const { label: _, ...own } = said(table.columns.sold[row]);
      return own;
    });
    const id = (row: number) => `${model}-${row}`;
    const truth = (row: number) => String(table.columns.sold[row]);
    await tell(log, [[id(0), truth(0)], [id(1), truth(1)], [id(0), truth(0)], ["nobody", "yes"]]);
    const now = new Date(Date.UTC(2026, 10, 2, 12, 5));
    const first = await look(folder, now);
    assertEquals(first.labels, 2);
    // Told again and otherwise after the look, and one that nobody has asked yet.
    await tell(log, [[id(0), truth(0) === "yes" ? "no" : "yes"], [id(400), "no"]]);
    assertEquals((await look(folder, now)).labels, 0);
    const more = homes({ rows: 1, seed: 5 });
    await writeLog(log, model, more, () => ({ ...said("no"), label: undefined }), 400);
    assertEquals((await look(folder, now)).labels, 1);
    const { repeated, unmatched, early } = await state(folder);
    assertEquals([repeated, early.length, unmatched], [2, 1, 0]);
    // What nobody knows is waited for some minutes, and then no more.
    await look(folder, new Date(now.getTime() + 3_600_000));
    const later = await state(folder);
    assertEquals([later.early.length, later.unmatched], [0, 1]);
    const [{ quality }] = (await status(folder)).models;
    assertEquals([quality.accuracy!.rows, quality.accuracy!.value], [3, 1]);
  }));

Deno.test("watch: a clock that was ahead, or goes back, loses no row and stops no window", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const log = join(folder, "log");
    const table = homes({ rows: 300, seed: 4 });
    const answer = (row: number) => said(table.columns.sold[row]);
    const years = 3 * 365 * 24 * 60;
    await writeLog(log, model, table, answer, years); // ahead by three years
    await look(folder, after(60));
    await writeLog(log, model, table, answer, 0); // and back
    await look(folder, after(300));
    const [{ predictions, history }] = (await status(folder)).models;
    assertEquals(predictions, 600);
    assert(history.every(({ from }) => from <= after(300).getTime()), JSON.stringify(history));
    assertEquals(history.reduce((sum, { rows }) => sum + rows, 0), 600);
  }));

Deno.test("watch: a state of the version before goes on; one that is damaged is told, by field", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const log = join(folder, "log");
    const table = homes({ rows: 1200, seed: 4 });
    const answer = (row: number) => said(table.columns.sold[row]);
    await writeLog(log, model, table, answer);
    await look(folder, after(1200));
    const current = await state(folder);
    const old = structuredClone(current);
    old.schema_version = 1;
    for (const field of ["early", "repeated", "told"]) delete old[field];
    for (const own of Object.values<Record<string, unknown>>(old.models)) {
      delete own.judged_groups;
      own.pending = (own.pending as unknown[][]).map(([id, _, ...rest]) => [id, ...rest]);
      for (const start of (own.evidence as { starts: Record<string, unknown>[] }).starts) {
        delete start.moment;
      }
      for (const one of own.recent as Record<string, unknown>[]) delete one.worth;
      if (own.window) delete (own.window as Record<string, unknown>).worth;
    }
    await Deno.writeTextFile(statePath(folder), JSON.stringify(old));
    await look(folder, after(1200));
    const again = await state(folder);
    assertEquals(again.models, current.models);

    for (const damaged of ['{"schema_version":2', '{"schema_version":9}', '{"schema_version":2}']) {
      await Deno.writeTextFile(statePath(folder), damaged);
      const error = await assertRejects(() => look(folder, after(1200)), DataError);
      assert(error.message.includes("state.json") && error.next?.includes("remove it"));
    }
    const broken = structuredClone(current);
    broken.models[model].judged = "lost";
    await Deno.writeTextFile(statePath(folder), JSON.stringify(broken));
    const error = await assertRejects(() => look(folder, after(1200)), DataError);
    assert(error.message.includes(`${model}.judged`), error.message);
  }));

Deno.test("watch: of two looks at once one is refused; files that go away meanwhile stop none", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const log = join(folder, "log");
    const table = homes({ rows: 600, seed: 4, larger: 12 });
    const answer = (row: number) => said(table.columns.sold[row]);
    await writeLog(log, model, table, answer);
    // In the midst of the first: another look, and all files of the log removed.
    let refused: unknown;
    const channel: AlertChannel = {
      name: "other",
      async tell() {
        refused ??= await look(folder, after(600)).catch((error) => error);
        for await (const { name } of Deno.readDir(log)) {
          if (name.endsWith(".jsonl")) await Deno.remove(join(log, name));
        }
      },
    };
    const { predictions } = await look(folder, after(600), { channels: [channel] });
    assertEquals(predictions, 600);
    assert(refused instanceof UserError && refused.message.includes("under way"), `${refused}`);
    assertEquals((await look(folder, after(1200))).predictions, 0);
  }));

Deno.test("watch: rows of a few customers again and again are no drift; without groups they seem one", () =>
  inFolder(async (folder) => {
    const alarms: string[][] = [];
    for (const grouped of [false, true]) {
      const own = join(folder, String(grouped));
      const model = await saveClassifier(modelsIn(own));
      // Forty customers ask every hour: their homes are what they are, by chance.
      const customers = homes({ rows: 40, seed: 11 });
      const rows = 4800;
      const table = {
        rows,
        columns: Object.fromEntries(
          Object.entries(customers.columns).map(([name, cells]) =>
            [name, Array.from({ length: rows }, (_, row) => cells[row % 40])] as const
          ),
        ),
      };
      await writeLog(join(own, "log"), model, table, (row) => ({
        ...said(table.columns.sold[row]),
        ...grouped && { group: `customer ${row % 40}` },
      }));
      const { alerts } = await look(own, after(rows));
      alarms.push(alerts.map(({ alert_type }) => alert_type));
    }
    assert(alarms[0].includes("data_drift"), alarms[0].join());
    assertEquals(alarms[1].filter((type) => type === "data_drift"), []);
  }));

Deno.test("watch: a shift among many customers is found though each of them counts once", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const table = homes({ rows: 4000, seed: 4, larger: 12 });
    await writeLog(join(folder, "log"), model, table, (row) => ({
      ...said(table.columns.sold[row]),
      group: `customer ${row >> 1}`,
    }));
    const { alerts } = await look(folder, after(4000));
    const [found] = alerts.filter(({ alert_type }) => alert_type === "data_drift");
    assert(found?.drift_features?.includes("area"), JSON.stringify(alerts));
  }));

Deno.test("watch: a model that becomes unsure is told of before any label, and that it is over", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const log = join(folder, "log");
    const write = (rows: number, first: number, sure: number) => {
      const table = homes({ rows, seed: 4 + first });
      return writeLog(log, model, table, (row) => {
        const yes = table.columns.sold[row] === "yes" ? sure : 1 - sure;
        return {
          prediction: yes > 0.5 ? "yes" : "no",
          probabilities: { no: 1 - yes, yes },
        };
      }, first);
    };
    await write(1000, 0, 0.9);
    const calm = await look(folder, after(1000));
    assertEquals(calm.alerts.filter(({ alert_type }) => alert_type === "estimated_drop"), []);
    await write(2000, 1000, 0.55);
    const { alerts } = await look(folder, after(3000));
    const [found] = alerts.filter(({ alert_type }) => alert_type === "estimated_drop");
    assert(found.accuracy_drop! > 0.05 && found.estimated_accuracy! < 0.75, JSON.stringify(found));
    assertEquals([found.status, found.recent_accuracy], ["open", undefined]);
    assertEquals(alerts.filter(({ alert_type }) => alert_type === "concept_drift"), []);
    await write(2000, 3000, 0.9);
    const over = (await look(folder, after(5000))).alerts;
    const ended = over.find(({ alert_type }) => alert_type === "estimated_drop");
    assertEquals(ended?.status, "resolved");
  }));

Deno.test("watch: columns that are missing, not numbers or always the same end no look", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const log = join(folder, "log");
    for (
      const [first, change] of [
        [0, { area: () => null, floor: () => "NaN" }],
        [1, { area: () => "many", district: () => null, extras: () => "" }],
        [2, { area: () => 1e308, state: () => "sha256:0123456789abcdef" }],
      ] as const
    ) {
      const table = homes({ rows: 1, seed: first });
      const columns = {
        ...table.columns,
        ...Object.fromEntries(Object.entries(change).map(([name, cell]) => [name, [cell()]])),
      };
      await writeLog(log, model, { rows: 1, columns }, () => said("yes"), first);
      await look(folder, after(3));
    }
    const [{ predictions, words, drift }] = (await status(folder)).models;
    assertEquals([predictions, drift.rows], [3, 3]);
    assert(words[0].startsWith("Nothing has changed"), words.join());
    // Of three rows nothing is known, and of a thousand equal answers that they are equal.
    const table = homes({ rows: 1500, seed: 4 });
    await writeLog(log, model, table, () => ({
      prediction: "yes",
      probabilities: { no: 0, yes: 1 },
      label: "yes",
    }), 3);
    const { alerts } = await look(folder, after(1503));
    assert(alerts.some(({ alert_type }) => alert_type === "prediction_drift"), "constant");
  }));

Deno.test("watch: of many versions the champions and the latest stay; alerts of one that goes end", () =>
  inFolder(async (folder) => {
    const champion = await saveRegression(
      modelsIn(folder),
      (metadata) => ({ ...metadata, name: "homes" }),
    );
    const log = join(folder, "log");
    const table = homes({ rows: 1200, seed: 4, larger: 12 });
    const answer = (row: number) => ({ prediction: String(table.columns.price[row]) });
    await writeLog(log, champion, table, answer);
    const { alerts } = await look(folder, after(1200));
    assert(alerts.length > 0);
    // Forty others answer after it, in the role of shadows.
    for (let n = 0; n < 40; n++) {
      const version = `20261101_09${String(n).padStart(4, "0")}`;
      const name = await copyVersion(modelsIn(folder), champion, version);
      const one = homes({ rows: 1, seed: n });
      await writeLog(log, name, one, () => ({ prediction: "200000", role: "shadow" }), 1200 + n);
    }
    await look(folder, after(1240));
    const { models, open_alerts } = await status(folder);
    assertEquals(models.length, 12);
    assert(models.some(({ model_version }) => champion.endsWith(model_version)), "the champion");
    assertEquals(open_alerts.length, alerts.length);
    // The champion's files go: nobody watches it, and its alerts end.
    const kept = models.find(({ model_version }) => !champion.endsWith(model_version))!;
    await Deno.writeTextFile(
      join(modelsIn(folder), "latest_homes.json"),
      (await Deno.readTextFile(join(modelsIn(folder), "latest_homes.json")))
        .replaceAll(champion, `homes_v_${kept.model_version}`)
        .replaceAll(champion.slice(8), kept.model_version),
    );
    await Deno.remove(join(modelsIn(folder), `${champion}_metadata.json`));
    await Deno.remove(join(modelsIn(folder), `${champion}.onnx`));
    const ended = (await look(folder, after(1240))).alerts;
    assertEquals(ended.map((one) => one.status), alerts.map(() => "resolved"));
  }));
