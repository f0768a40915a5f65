/**
 * The whole loop without a hand in between: serve, drift, alert, retrain, challenge, feedback,
 * promotion, and the server follows; and once more with labels that show no gain.
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Random } from "../../src/base/mod.ts";
import { type AlertRecord, readAlerts, readHistory } from "../../src/monitor_files/mod.ts";
import { Project } from "../integration/project.ts";
import { isInstalled } from "../program.ts";
import { Prometheus } from "../serve/prometheus.ts";
import { ServerProcess } from "../serve/server_process.ts";
import { waitUntil } from "../wait_until.ts";
import { addLoans, type Loan, loans } from "./loans.ts";

/** Runs the loop up to a retraining on rows of this world or another. */
async function withLoop(
  test: (loop: {
    readonly project: Project;
    readonly server: ServerProcess;
    readonly url: string;
    readonly log: string;
    /** Predicts loans, and tells what came of some of them. */
    readonly send: (rows: readonly Loan[], labels: number) => Promise<void>;
    readonly run: (
      name: string,
      params?: readonly string[],
      env?: Record<string, string>,
    ) => Promise<void>;
    /** Runs it and kills it: at once when something is so, or after some milliseconds. */
    readonly killed: (
      name: string,
      params: readonly string[],
      when: (() => Promise<boolean>) | number,
    ) => Promise<void>;
    readonly served: () => Promise<string>;
  }) => Promise<void>,
): Promise<void> {
  await using project = await Project.create(["serve"]);
  const models = join(project.path, "models");
  await addLoans(project.path);
  const task = async (
    name: string,
    params: readonly string[] = [],
    env: Record<string, string> = {},
  ) => {
    const args = [name, ...params.flatMap((param) => ["--param", param])];
    const { code, stdout, stderr } = await project.task("pipeline", args, env);
    assertEquals(code, 0, stdout + stderr);
  };
  await task("loans");
  const flags = ["--model", "loans", "--poll-seconds", "1"];
  await using server = new ServerProcess(models, flags, {}, undefined, [], project.path);
  const { url } = await server.logged("listening") as { url: string };
  const post = async (path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assertEquals(response.status, 200, path);
    return await response.json();
  };
  const log = join(models, "log");
  await test({
    ...{ project, server, url, log },
    async send(rows, labels) {
      for (let from = 0; from < rows.length; from += 500) {
        const batch = rows.slice(from, from + 500);
        const records = batch.map(({ default: _, ...record }) => record);
        const { request_id } = await post("/predict/batch", { records });
        for (let row = 0; row < batch.length && from + row < labels; row++) {
          const label = batch[row].default;
          await post("/feedback", { request_id: `${request_id}#${row}`, label });
        }
      }
      await new Promise((done) => setTimeout(done, 500)); // lines wait that long at the most
    },
    async killed(name, params, when) {
      const given = [`log=${log}`, `models=${models}`, ...params];
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--no-check", "src/training/main.ts", name],
          ...given.flatMap((param) => ["--param", param]),
        ],
        ...{ cwd: project.path, stdout: "null", stderr: "null" },
      }).spawn();
      let ended = false;
      const status = child.status.then(() => ended = true);
      if (typeof when === "number") await Promise.race([delay(when), status]);
      else while (!ended && !await when()) await delay(1);
      if (!ended) child.kill("SIGKILL");
      await status;
    },
    run: (name, params = [], env) => task(name, [`log=${log}`, `models=${models}`, ...params], env),
    served: async () => (await (await fetch(`${url}/version`)).json()).model_version,
  });
}

const delay = (ms: number) => new Promise((done) => setTimeout(done, ms));

const hasPrometheus = await isInstalled("prometheus");

Deno.test("loop: a shift raises an alert, labels a challenger, and its gain a champion that the server follows", () =>
  withLoop(async ({ project, server, url, log, send, run, killed, served }) => {
    const first = await served();
    const random = new Random(2);
    const told: AlertRecord[] = [];
    await using hook = Deno.serve({ port: 0, onListen() {} }, async (request) => {
      told.push(await request.json());
      return new Response();
    });
    await send(loans(random, 5000, true), 600);
    await run("monitor", [], { MONITOR_WEBHOOK: `http://localhost:${hook.addr.port}/` });
    const types = (await readAlerts(log)).map(({ alert_type }) => alert_type);
    assert(types.includes("data_drift") && types.includes("concept_drift"), types.join());
    assertEquals(told.map(({ id }) => id), (await readAlerts(log)).map(({ id }) => id));
    if (hasPrometheus) {
      const rules = new URL("../../deploy/prometheus/rules.yml", import.meta.url).pathname;
      const text = `rule_files: ["${rules}"]
global: { scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 250ms }
scrape_configs:
  - job_name: dinoflow
    metrics_path: /monitoring/drift/metrics
    static_configs: [{ targets: ["${new URL(url).host}"] }]
`;
      await using prometheus = await Prometheus.start(server.folder, "", text);
      await waitUntil(
        async () =>
          (await prometheus.firing().catch((): string[] => [])).includes("DatasetDriftDetected"),
        "the rule fires",
      );
    }

    // Killed once the new version is there, once it is decided, and in the long form anywhere.
    const versions = async () =>
      (await Array.fromAsync(Deno.readDir(join(log, ".."))))
        .filter(({ name }) => name.endsWith("_metadata.json")).length;
    const deciding = join(log, "monitoring", "deciding_loans.json");
    const isThere = (path: string) => Deno.stat(path).then(() => true, () => false);
    const moments = Deno.args.includes("--full")
      ? Array.from({ length: 30 }, (_, i) => 400 * (i + random.next()))
      : [];
    for (const when of [async () => await versions() > 1, () => isThere(deciding), ...moments]) {
      await killed("retrain", ["model=loans"], when);
    }
    await run("retrain", ["model=loans"]);
    const decided = (await readHistory(log)).filter(({ decision }) => decision !== "waits");
    assertEquals(decided.map(({ decision }) => decision), ["challenger"], JSON.stringify(decided));
    const [named] = decided;
    assertEquals([await versions(), await isThere(deciding)], [2, false]);
    // Each decision is a run of MLflow too, with its reasons.
    const { stdout } = await project.task("runs", [
      ...["list", "--experiment", "retraining", "--json"],
    ]);
    assert(stdout.includes('"challenger"') && stdout.includes("Inputs have moved"), stdout);
    assertEquals(await served(), first);
    // Too early: twice the same changes nothing.
    await run("retrain", ["model=loans"]);
    assertEquals((await readHistory(log)).at(-1)!.decision, "waits");

    await send(loans(random, 500, true), 500);
    await run("retrain", ["model=loans"]);
    const promoted = (await readHistory(log)).at(-1)!;
    assertEquals(promoted.decision, "promoted", promoted.reasons.join("; "));
    assertEquals(promoted.candidate, named.candidate);
    await waitUntil(
      async () => `loans_v_${await served()}` === named.candidate,
      "the server follows",
    );
  }));

Deno.test("loop: labels that show no gain promote nobody, and the reason is kept", () =>
  withLoop(async ({ log, send, run, served }) => {
    const first = await served();
    const random = new Random(3);
    await send(loans(random, 400), 400);
    await run("monitor");
    await run("retrain", ["model=loans"]);
    const [calm] = await readHistory(log);
    assertEquals(calm.decision, "waits");
    assert(calm.reasons.join().includes("have changed"), calm.reasons.join());
    await run("retrain", ["model=loans", "force=true"]);
    if ((await readHistory(log)).at(-1)!.decision === "challenger") {
      await send(loans(random, 400), 400);
      await run("retrain", ["model=loans"]);
    }
    const last = (await readHistory(log)).at(-1)!;
    assert(["rejected", "dropped"].includes(last.decision), JSON.stringify(last));
    assert(/roc_auc 0\.\d+ against 0\.\d+ on \d+/.test(last.reasons.join()), last.reasons.join());
    assertEquals(await served(), first);
  }));
