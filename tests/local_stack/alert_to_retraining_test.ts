/**
 * The stack that `deno task up` starts, from a training to the next one with no hand in between:
 * train, serve, predict, a metric in Prometheus, its alert in Alertmanager, and a retraining that
 * Alertmanager asks for.
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Random } from "../../src/base/mod.ts";
import { freePort } from "../free_port.ts";
import { Project } from "../integration/project.ts";
import { addLoans, type Loan, loans } from "../retraining/loans.ts";
import { isInstalled } from "../program.ts";
import { waitUntil } from "../wait_until.ts";

const hasPrometheus = await isInstalled("prometheus");
const hasAlertmanager = await isInstalled("prometheus-alertmanager") ||
  await isInstalled("alertmanager");
const KEY = "the-key-of-who-may-change-it";

/** Alerts that a part tells of, as its interface lists them; none while it does not answer. */
async function alerts(url: string): Promise<{ readonly labels: Record<string, string> }[]> {
  try {
    const found = await (await fetch(url)).json();
    return Array.isArray(found) ? found : found.data.alerts.filter(
      ({ state }: { state: string }) => state === "firing",
    );
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return [];
    throw error;
  }
}

Deno.test({
  name: "up: what drifts is told by Prometheus and Alertmanager, who has it trained again" +
    `${hasPrometheus ? "" : " (needs prometheus)"}${hasAlertmanager ? "" : " (needs amtool)"}`,
  ignore: !hasPrometheus || !hasAlertmanager,
  fn: async () => {
    await using project = await Project.create(["serve", "deploy"]);
    await addLoans(project.path);
    // The files as they are, but for how long they wait.
    const hurry = async (path: string, ...changes: [RegExp, string][]) => {
      const file = join(project.path, "deploy", path);
      const text = await Deno.readTextFile(file);
      const changed = changes.reduce((text, [from, to]) => {
        assert(from.test(text), `${path} has ${from}`);
        return text.replace(from, to);
      }, text);
      await Deno.writeTextFile(file, changed);
    };
    await hurry("prometheus/prometheus.yml", [/scrape_interval: 60s/, "scrape_interval: 1s"], [
      /scrape_interval: 15s/,
      "scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 1s",
    ]);
    await hurry("alertmanager/alertmanager.yml", [/group_wait: 30s/, "group_wait: 1s"]);
    const trained = await project.task("pipeline", ["loans"]);
    assertEquals(trained.code, 0, trained.stderr);

    const [server, prometheus, alertmanager] = [freePort(), freePort(), freePort()];
    const ports = { server, prometheus, alertmanager };
    const child = project.start("up", [
      ...Object.entries(ports).flatMap(([name, port]) => ["--port", `${name}=${port}`]),
      ...["--without", "mlflow,grafana"],
    ], { MONITOR_EVERY: "1", MODEL: "loans", ADMIN_KEYS: `alerts=${KEY}` });
    let said = "";
    const hear = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) said += text;
    };
    const heard = Promise.all([hear(child.stdout), hear(child.stderr)]);
    const url = `http://127.0.0.1:${server}`;
    try {
      await waitUntil(() => said.includes('"listening"'), "the server listens");
      await assertRefused(`${url}/retrain/trigger`);
      const random = new Random(2);
      await send(url, loans(random, 3000, true), 300);

      const drifts = ({ labels }: { labels: Record<string, string> }) =>
        labels.alertname === "DatasetDriftDetected" && labels.model === "loans";
      await waitUntil(
        async () => (await alerts(`http://127.0.0.1:${prometheus}/api/v1/alerts`)).some(drifts),
        "Prometheus tells of the drift",
      );
      await waitUntil(
        async () => (await alerts(`http://127.0.0.1:${alertmanager}/api/v2/alerts`)).some(drifts),
        "Alertmanager hears of it",
      );
      let decided: { decision: string; model: string; reasons: string[] }[] = [];
      await waitUntil(async () => {
        ({ history: decided } = await (await fetch(`${url}/retrain/history`)).json());
        return decided.some(({ decision }) => decision !== "waits");
      }, "the model is trained again");
      const [{ decision, model, reasons }] = decided;
      assertEquals([decision, model], ["challenger", "loans"], reasons.join("; "));
      assert(reasons.join().includes("Inputs have moved"), reasons.join());
      const versions = (await project.names("models")).filter((name) =>
        name.endsWith("_metadata.json")
      );
      assertEquals(versions.length, 2, versions.join());
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${said.slice(-4000)}`, {
        cause: error,
      });
    } finally {
      child.kill("SIGTERM");
      await child.status;
      await heard;
    }
    assert(!said.includes(KEY), "the key is in no line");
  },
});

async function assertRefused(url: string): Promise<void> {
  const response = await fetch(url, {
    ...{ method: "POST", headers: { "content-type": "application/json" }, body: "{}" },
  });
  await response.body?.cancel();
  assertEquals(response.status, 401, "without the key nobody has anything trained");
}

/** Predicts loans, and tells what came of some of them. */
async function send(url: string, rows: readonly Loan[], labels: number): Promise<void> {
  const post = async (path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assertEquals(response.status, 200, path);
    return await response.json();
  };
  for (let from = 0; from < rows.length; from += 500) {
    const batch = rows.slice(from, from + 500);
    const records = batch.map(({ default: _, ...record }) => record);
    const { request_id } = await post("/predict/batch", { records });
    for (let row = 0; row < batch.length && from + row < labels; row++) {
      const label = batch[row].default;
      await post("/feedback", { request_id: `${request_id}#${row}`, label });
    }
  }
}
