/** Trainings by an Airflow of several processes, whose two workers share an S3 store alone. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Grouping } from "../../src/airflow/mod.ts";
import { sha256File } from "../../src/base/mod.ts";
import { Project } from "../integration/project.ts";
import { s3Program, S3Server } from "../artifact_store/s3_server.ts";
import { waitUntil } from "../wait_until.ts";
import { AirflowCluster, canRunCluster, type TaskInstance } from "./cluster.ts";

const full = Deno.args.includes("--full") && canRunCluster && s3Program !== undefined;
const small = { trees: 5, rounds: 5 };
const onCommandLine = Object.entries(small).flatMap(([name, n]) => ["--param", `${name}=${n}`]);

const many = `
import { z } from "zod";
import { pipeline } from "../src/pipeline/mod.ts";
export default pipeline("many", {
  description: "Many items", params: z.object({ count: z.int().default(200) }),
}, ({ step, each, params }) => {
  const items = Array.from({ length: params.count }, (_, i) => i);
  const doubled = each("double", items, {}, (n) => 2 * n);
  step("sum", { doubled }, ({ doubled }, { log }) =>
    log("sum " + doubled.reduce((sum, n) => sum + n, 0)));
});
`;

/** How many instances of each task were in a state. */
function count(instances: readonly TaskInstance[], state: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const one of instances) {
    if (one.state === state) found[one.task_id] = (found[one.task_id] ?? 0) + 1;
  }
  return found;
}

interface Made {
  readonly digest: string;
  readonly metrics: unknown;
}

async function madeIn(project: Project, name: string): Promise<Made> {
  const path = join(project.path, "models", name);
  const { metrics } = JSON.parse(
    await Deno.readTextFile(path.replace(/\.onnx$/, "_metadata.json")),
  );
  return { digest: await sha256File(path), metrics };
}

/** The models of working copies, each once. */
async function modelsOf(...projects: readonly Project[]): Promise<Made[]> {
  const made: Made[] = [];
  for (const project of projects) {
    for (const name of await project.names("models")) {
      if (name.endsWith(".onnx")) made.push(await madeIn(project, name));
    }
  }
  return made;
}

/** Units of runs that a copy itself carried out. */
async function carriedOut(project: Project): Promise<number> {
  const runs = join(project.path, ".dinoflow/runs");
  try {
    return (await Array.fromAsync(Deno.readDir(runs))).length;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Working copies, their shared store, and an Airflow of workers on them. */
async function withCluster(
  names: readonly string[],
  test: (parts: {
    readonly cluster: AirflowCluster;
    readonly projects: readonly Project[];
    readonly env: Readonly<Record<string, string>>;
    /** Carries a DAG out, with what happens meanwhile; its task instances and seconds. */
    readonly run: (
      dag: string,
      id: string,
      conf: unknown,
      meanwhile?: () => Promise<void>,
    ) => Promise<{ readonly seconds: number; readonly instances: readonly TaskInstance[] }>;
  }) => Promise<void>,
  group?: Grouping,
): Promise<void> {
  await using store = await S3Server.start();
  await using first = await Project.create();
  await using second = await Project.create();
  const projects = [first, second];
  for (const project of projects) {
    await Deno.writeTextFile(join(project.path, "pipelines/many.ts"), many);
  }
  const command = { DINOFLOW_COMMAND: "deno task --quiet pipeline" };
  const env = { ...store.env(), DINOFLOW_STORE: "s3://team/cache", ...command };
  const copies = projects.map(({ path }) => ({ folder: path, env }));
  const folder = join(first.path, "pipelines");
  await using cluster = await AirflowCluster.start(copies, {
    names,
    folder,
    ...group && { group },
  });
  await test({
    ...{ cluster, projects, env },
    run: async (dag, id, conf, meanwhile) => {
      const begun = performance.now();
      await cluster.trigger(dag, id, conf);
      await meanwhile?.();
      const state = await cluster.ended(dag, id);
      const seconds = (performance.now() - begun) / 1000;
      assertEquals(state, "success", await cluster.told());
      return { seconds, instances: await cluster.instances(dag, id) };
    },
  });
}

const tell = (what: string, seconds: number) =>
  void Deno.stdout.writeSync(new TextEncoder().encode(`  ${what}: ${seconds.toFixed(1)} s\n`));

/** The training on the command line: its model and seconds. */
async function alone(project: Project, ...more: string[]) {
  const begun = performance.now();
  const { code, stderr } = await project.task("pipeline", ["train", ...onCommandLine, ...more]);
  assertEquals(code, 0, stderr);
  const seconds = (performance.now() - begun) / 1000;
  const pointer = join(project.path, "models/latest_model.json");
  const { model_path } = JSON.parse(await Deno.readTextFile(pointer));
  return { seconds, made: await madeIn(project, model_path) };
}

const quiet = { ignore: !full, sanitizeResources: false, sanitizeOps: false };

Deno.test({
  name: "Airflow on two workers: the model of one machine, whichever worker is lost (--full)",
  ...quiet,
}, async (t) => {
  await using single = await Project.create();
  await alone(single, "--param", "combinations=Over_RandomForest"); // data, and what is compiled
  const expected = await alone(single, "--force");
  tell("train on the command line", expected.seconds);
  await withCluster(["train"], async ({ cluster, projects, env, run }) => {
    await t.step("the model is that of one machine, and both workers took tasks", async () => {
      const done = await run("train", "first", small);
      tell("train on Airflow", done.seconds);
      assertEquals(count(done.instances, "success").train, 10);
      assertEquals(await modelsOf(...projects), [expected.made]);
      for (const project of projects) assert(await carriedOut(project) > 0);
    });

    await t.step("a second run is one task, the rest is skipped", async () => {
      const done = await run("train", "again", small);
      tell("train again on Airflow", done.seconds);
      assertEquals(count(done.instances, "success"), { plan: 1, done: 1 });
      assertEquals((await modelsOf(...projects)).length, 1);
    });

    await t.step("a worker is lost in the middle: the run completes", async () => {
      const done = await run("train", "lost", { ...small, seed: 7 }, async () => {
        await waitUntil(
          async () => {
            const instances = await cluster.instances("train", "lost");
            return (count(instances, "success").train ?? 0) >= 2;
          },
          "two candidates are scored",
          300,
        );
        await cluster.workers[1].kill();
      });
      tell("train with a lost worker", done.seconds);
      assertEquals(count(done.instances, "success").train, 10);
      const { stdout } = await projects[0].task("pipeline", ["runs", "--json"], env);
      const found = JSON.parse(stdout).find(({ run }: { run: string }) => run === "lost");
      const units: { step: string; item?: string; status: string }[] = found.units;
      const ran = units.filter(({ status }) => status === "ran")
        .map(({ step, item }) => item === undefined ? step : `${step}[${item}]`);
      assertEquals(new Set(ran).size, ran.length);
      const { made } = await alone(single, "--param", "seed=7");
      const models = await modelsOf(...projects);
      assert(models.some(({ digest }) => digest === made.digest));
    });
  });
});

Deno.test({
  name: "Airflow on two workers: 200 items are mapped, and survive a lost scheduler (--full)",
  ...quiet,
}, async () => {
  await withCluster(["many"], async ({ cluster, run }) => {
    const done = await run("many", "items", { count: 200 }, async () => {
      await waitUntil(
        async () => {
          const instances = await cluster.instances("many", "items");
          return (count(instances, "success").double ?? 0) >= 10;
        },
        "ten items are done",
        300,
      );
      await cluster.restartScheduler();
    });
    tell("200 items", done.seconds);
    const items = done.instances.filter(({ task_id }) => task_id === "double");
    assertEquals(items.length, 200);
    assertEquals(new Set(items.map(({ state }) => state)), new Set(["success"]));
    assertEquals(new Set(items.map(({ rendered_map_index }) => rendered_map_index)).size, 200);
  });
});

Deno.test({
  name: "Airflow on two workers: what a training costs there as one task (--full)",
  ...quiet,
}, async () => {
  await using single = await Project.create();
  await alone(single, "--param", "combinations=Over_RandomForest");
  const expected = await alone(single, "--force");
  await withCluster(["train"], async ({ projects, run }) => {
    const done = await run("train", "first", small);
    tell("train on the command line", expected.seconds);
    tell("train on Airflow as one task", done.seconds);
    for (const { task_id, start_date, end_date } of done.instances) {
      if (start_date === null || end_date === null) continue;
      tell(`  of it in ${task_id}`, (Date.parse(end_date) - Date.parse(start_date)) / 1000);
    }
    assertEquals(await modelsOf(...projects), [expected.made]);
  }, "all");
});
