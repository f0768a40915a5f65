/** Models watched by a log that grows: evidence, alerts, what is kept between looks. */

import { Project } from "../integration/project.ts";
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { alertFile, readAlerts } from "../../src/monitor_files/alert_file.ts";
import type { AlertRecord } from "../../src/monitor_files/mod.ts";
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

Deno.test("watch: rows like those of training raise no alert, shifted ones do, once, and it ends with its cause", () =>
  inFolder(async (folder) => {
    const model = await saveRegression(modelsIn(folder));
    const log = join(folder, "log");
    let written = 0;
    const write = (rows: number, seed: number, larger = 0) => {
      const table = homes({ rows, seed, larger });
      const first = written;
      written += rows;
      return writeLog(log, model, table, (row) => ({
        prediction: String(table.columns.price[row]),
      }), first);
    };
    await write(2000, 4);
    const calm = await look(folder, after(2000));
    assertEquals([calm.predictions, calm.alerts], [2000, []]);
    assertEquals((await look(folder, after(2000))).predictions, 0);

    await write(2500, 5, 9);
    const { alerts } = await look(folder, after(4500));
    const data = alerts.find(({ alert_type }) => alert_type === "data_drift")!;
    assertEquals([data.status, data.drift_features], ["open", ["area"]]);
    assert(data.psi_scores!.area! > 0.1 && data.evidence!.odds > 100, JSON.stringify(data));
    assertEquals(data.severity, data.psi_scores!.area! >= 0.25 ? "high" : "medium");
    assertEquals((await look(folder, after(4500))).alerts, []);
    const [{ words, drift, history }] = (await status(folder)).models;
    assert(words[0].startsWith("Open:"), words[0]);
    assert(drift.calibrated?.drifted && history.length > 10);

    await write(3000, 6);
    const over = (await look(folder, after(7500))).alerts;
    assertEquals(over.map((one) => one.status), alerts.map(() => "resolved"));
    assertEquals((await status(folder)).open_alerts, []);
    const ids = (await readAlerts(log)).map(({ id }) => id);
    assertEquals(new Set(ids).size, 2 * alerts.length);
  }));

Deno.test("watch: alerts of a version end once another has answered in its place for long", () =>
  inFolder(async (folder) => {
    const champion = await saveRegression(modelsIn(folder));
    const before = await copyVersion(modelsIn(folder), champion, "20261001_080000");
    const log = join(folder, "log");
    const write = (model: string, first: number, rows: number, larger: number) => {
      const table = homes({ rows, seed: 5, larger });
      const answer = (row: number) => ({ prediction: String(table.columns.price[row]) });
      return writeLog(log, model, table, answer, first);
    };
    await write(before, 0, 2500, 9);
    const opened = (await look(folder, after(2500))).alerts.length;
    assert(opened > 0);
    await write(champion, 2500, 100, 0);
    assertEquals((await look(folder, after(2510))).alerts, []);
    const { alerts } = await look(folder, after(2700));
    assertEquals(
      alerts.map(({ status, message }) => [status, message]),
      Array(opened).fill(["resolved", `${before} does not answer any more`]),
    );
    assertEquals((await look(folder, after(2800))).alerts, []);
    assertEquals((await status(folder)).open_alerts, []);
  }));

Deno.test("watch: labels that come later tell of a quality that drops, with how far", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const table = homes({ rows: 3000, seed: 4 });
    // As often right as in training, then no more than by chance.
    await writeLog(
      join(folder, "log"),
      model,
      table,
      (row) => said(table.columns.sold[row], row < 1000 ? row % 10 !== 0 : row % 2 === 0),
    );
    const { alerts, models: [{ quality, labels }] } = await look(folder, after(3000));
    assertEquals(labels, 3000);
    const concept = alerts.find(({ alert_type }) => alert_type === "concept_drift")!;
    assertEquals(concept.severity, "high");
    const { recent_accuracy: recent, expected_accuracy: expected, accuracy_drop } = concept;
    assert(Math.abs(recent! - 0.5) < 0.05 && expected! > 0.7, JSON.stringify(concept));
    assertEquals(accuracy_drop, expected! - recent!);
    assert(quality.accuracy!.low < 0.5 && quality.accuracy!.high > 0.5);
    assert(quality.estimated!.accuracy.value! > 0.7, "labels alone tell");
  }));

Deno.test("watch: what is kept is the same by one look as by many", () =>
  inFolder(async (folder) => {
    const table = homes({ rows: 1500, seed: 4, larger: 4 });
    const found: unknown[] = [];
    for (const parts of [1, 5]) {
      const own = join(folder, `${parts}`);
      const model = await saveClassifier(modelsIn(own));
      const log = join(own, "log");
      for (let part = 0; part < parts; part++) {
        const rows = table.rows / parts;
        const columns = Object.fromEntries(
          Object.entries(table.columns).map((
            [name, cells],
          ) => [name, cells.slice(part * rows, (part + 1) * rows)]),
        );
        const answer = (row: number) => said(columns.sold[row]);
        await writeLog(log, model, { rows, columns }, answer, part * rows);
        await look(own, after(1500));
      }
      const [{ predictions, labels, drift, quality }] = (await status(own)).models;
      const evidence = drift.columns.map(({ column, psi, missing, log10_odds }) =>
        [column, psi, missing, log10_odds.toFixed(6)] as const
      );
      found.push({ predictions, labels, evidence, quality: quality.accuracy?.value });
    }
    assertEquals(found[0], found[1]);
  }));

Deno.test("watch: a channel that fails is tried again after a restart; a silenced alert is not told", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const log = join(folder, "log");
    const table = homes({ rows: 2000, seed: 4, larger: 12 });
    await writeLog(log, model, table, (row) => said(table.columns.sold[row]));
    const told: AlertRecord[] = [];
    const warnings: string[] = [];
    const channel = (works: boolean): AlertChannel => ({
      name: "test",
      tell(alert) {
        if (!works) return Promise.reject(new Error("nobody there"));
        told.push(alert);
        return Promise.resolve();
      },
    });
    await Deno.mkdir(join(log, "monitoring"), { recursive: true });
    await Deno.writeTextFile(
      join(log, "monitoring", "silences.json"),
      JSON.stringify([{ alert_type: "prediction_drift", until: "2027-01-01T00:00:00Z" }]),
    );
    const warn = (text: string) => void warnings.push(text);
    const { alerts } = await look(folder, after(2000), { channels: [channel(false)], warn });
    assertEquals(told, []);
    assert(warnings[0].includes("nobody there"), warnings.join());
    assertEquals((await status(folder)).waiting_deliveries > 0, true);
    // Not at once, but once the pause is over.
    await look(folder, after(2000), { channels: [channel(true)] });
    assertEquals(told, []);
    const path = join(log, "monitoring", "state.json");
    const state = JSON.parse(await Deno.readTextFile(path));
    for (const one of state.outbox) one.next = 0;
    await Deno.writeTextFile(path, JSON.stringify(state));
    await look(folder, after(2000), { channels: [channel(true)] });
    const loud = alerts.filter(({ silenced }) => !silenced);
    assertEquals(told.map(({ id }) => id), loud.map(({ id }) => id));
    assert(loud.some(({ alert_type }) => alert_type === "data_drift"));
    assert(
      alerts.every(({ alert_type, silenced }) =>
        (alert_type === "prediction_drift") === (silenced === true)
      ),
    );
  }));

Deno.test("watch: a look that was killed anywhere is gone on with; alerts are there once", () =>
  inFolder(async (folder) => {
    const model = await saveClassifier(modelsIn(folder));
    const log = join(folder, "log");
    const table = homes({ rows: 1500, seed: 4, larger: 12 });
    await writeLog(log, model, table, (row) => said(table.columns.sold[row]));
    await using project = await Project.create(); // for a run is kept where it is made
    const start = (log: string) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--no-check", "src/training/main.ts", "monitor"],
          ...["--param", `log=${log}`, "--param", `models=${modelsIn(folder)}`],
        ],
        ...{ cwd: project.path, stdout: "null", stderr: "null" },
      }).spawn();
    // One on a copy of the log tells how long a look takes; the others are killed in the midst of it.
    const copy = join(folder, "copy");
    await Deno.mkdir(copy);
    for await (const { name } of Deno.readDir(log)) {
      await Deno.copyFile(join(log, name), join(copy, name));
    }
    const began = performance.now();
    assertEquals((await start(copy).status).code, 0);
    const whole = performance.now() - began;
    const times = Deno.args.includes("--full") ? 30 : 6;
    for (let n = 0; n < times; n++) {
      const child = start(log);
      await new Promise((done) => setTimeout(done, whole * (n + 0.5) / times));
      try {
        child.kill("SIGKILL");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // it has ended
      }
      await child.status;
    }
    assertEquals((await start(log).status).code, 0);
    const [{ predictions, labels }] = (await status(folder)).models;
    assertEquals([predictions, labels], [1500, 1500]);
    const ids = (await readAlerts(log)).map(({ id }) => id);
    assertEquals(new Set(ids).size, ids.length);
    const types = (await readAlerts(log)).map(({ alert_type }) => alert_type);
    assertEquals(types.filter((type) => type === "data_drift").length, 1);
    for (const line of (await Deno.readTextFile(alertFile(log))).trim().split("\n")) {
      JSON.parse(line);
    }
  }));
