/** What `deploy/` and the workflows hold passes the validators of those who read it. */

import { assert, assertEquals } from "@std/assert";
import { parse, parseAll } from "@std/yaml";
import { fromFileUrl, join } from "@std/path";
import denoConfig from "../../deno.json" with { type: "json" };
import { listPipelines, loadPipeline, wiringOf } from "../../src/pipeline/mod.ts";
import { isInstalled } from "../program.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));
const venv = join(root, ".venv/bin");
const deploy = join(root, "deploy");

/** Runs a program, and gives what it said. */
async function check(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ success: boolean; text: string }> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

const has = (name: string) => isInstalled(join(venv, name));
const hadolint = await has("hadolint");
const compose = await has("docker-compose");
const kubernetes = await has("kubernetes-validate");
const ownLint = join(root, ".dinoflow/bin/actionlint");
const actionlint = await isInstalled(ownLint)
  ? ownLint
  : await isInstalled("actionlint") && "actionlint";
const terraform = await isInstalled("terraform");
const promtool = await isInstalled("promtool");
const amtool = await isInstalled("amtool");

const composeFile = join(deploy, "compose/compose.yml");
const template = await Deno.readTextFile(join(deploy, "compose/.env.template"));
const variables = Object.fromEntries(
  [...template.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
);
const filled = Object.fromEntries(
  Object.entries(variables).map(([name, value]) => [name, value || `a-secret-for-${name}`]),
);
const names = async (folder: string, end: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .filter((name) => name.endsWith(end)).sort();

Deno.test({ name: "deploy: Dockerfiles (needs hadolint)", ignore: !hadolint }, async () => {
  const files = (await names(join(deploy, "docker"), "Dockerfile"))
    .map((name) => join(deploy, "docker", name));
  assertEquals(files.length, 3);
  const { success, text } = await check(join(venv, "hadolint"), files);
  assert(success, text);
});

Deno.test({ name: "deploy: compose file (needs docker-compose)", ignore: !compose }, async () => {
  const program = join(venv, "docker-compose");
  for (const profile of ["core", "logs", "vault", "airflow"]) {
    const args = ["-f", composeFile, "--profile", profile, "config", "-q"];
    const { success, text } = await check(program, args, filled);
    assert(success && text === "", `${profile}: ${text}`);
  }
  // What has no value is named, with what to do.
  for (const name of ["API_KEYS", "POSTGRES_PASSWORD", "S3_SECRET_KEY", "REDIS_PASSWORD"]) {
    const args = ["-f", composeFile, "--profile", "core", "config", "-q"];
    const { success, text } = await check(program, args, { ...filled, [name]: "" });
    assert(!success && text.includes(`set ${name} in deploy/compose/.env`), text);
  }
});

interface Compose {
  readonly services: Readonly<
    Record<string, {
      readonly image: string;
      readonly profiles: readonly string[];
      readonly healthcheck?: unknown;
      readonly ports?: readonly string[];
      readonly command?: unknown;
    }>
  >;
}

Deno.test("deploy: services have pinned images, profiles, health, and no port beyond this machine", async () => {
  const text = await Deno.readTextFile(composeFile);
  const { services } = parse(text, { schema: "default" }) as Compose;
  assert(Object.keys(services).length >= 12);
  const once = new Set(["volumes", "elasticsearch-setup", "airflow-setup"]);
  const quiet = new Set(["airflow-scheduler", "airflow-dag-processor", "airflow-worker"]);
  for (const [name, { image, profiles, healthcheck, ports = [] }] of Object.entries(services)) {
    assert(
      /^\$\{\w+_IMAGE:-(dinoflow-[a-z]+|[\w./-]+:v?\d[\w.-]*|debian:bookworm-slim)\}$/.test(image),
      image,
    );
    assert(profiles.length > 0, name);
    assert(once.has(name) || quiet.has(name) || healthcheck !== undefined, `${name} has no health`);
    for (const port of ports) assert(port.startsWith("127.0.0.1:"), `${name}: ${port}`);
  }
  const used = new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name));
  const missing = [...used].filter((name) => !name.endsWith("_IMAGE") && !(name in variables));
  assertEquals(missing, [], "the template names what the file reads");
  assertEquals(Object.keys(variables).filter((name) => !used.has(name)), []);
});

Deno.test(
  { name: "deploy: compose's Prometheus (needs prometheus)", ignore: !promtool },
  async () => {
    const folder = await Deno.makeTempDir();
    for (const name of ["compose/prometheus.yml", "prometheus/rules.yml"]) {
      await Deno.copyFile(join(deploy, name), join(folder, name.replace(/.*\//, "")));
    }
    const { success, text } = await check("promtool", [
      "check",
      "config",
      `${folder}/prometheus.yml`,
    ]);
    assert(success, text);
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test({ name: "deploy: Alertmanager's files (needs amtool)", ignore: !amtool }, async () => {
  const files = ["compose/alertmanager.yml", "alertmanager/alertmanager.yml"];
  const args = ["check-config", ...files.map((name) => join(deploy, name))];
  const { success, text } = await check("amtool", args);
  assert(success, text);
});

Deno.test(
  { name: "deploy: manifests (needs kubernetes-validate)", ignore: !kubernetes },
  async () => {
    const folder = join(deploy, "kubernetes/base");
    const { resources } = parse(await Deno.readTextFile(join(folder, "kustomization.yaml"))) as {
      resources: string[];
    };
    const files = (await names(folder, ".yaml")).filter((name) => name !== "kustomization.yaml");
    assertEquals(resources.toSorted(), files);
    const paths = files.map((name) => join(folder, name));
    const { success, text } = await check(join(venv, "kubernetes-validate"), [
      "--strict",
      ...paths,
    ]);
    assert(success && !text.includes("ERROR"), text);
  },
);

interface PodSpec {
  readonly securityContext: Record<string, unknown>;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly {
    readonly args?: readonly string[];
    readonly securityContext: Record<string, unknown>;
    readonly resources: { readonly limits: Record<string, string> };
  }[];
}

Deno.test("deploy: pods are not root, bounded, and drain before they are ended", async () => {
  const folder = join(deploy, "kubernetes/base");
  const pods: PodSpec[] = [];
  for (const name of ["server.yaml", "trainer.yaml"]) {
    for (const found of parseAll(await Deno.readTextFile(join(folder, name))) as unknown[]) {
      const { kind, spec } = found as { kind: string; spec: Record<string, never> };
      if (kind === "Deployment") pods.push(spec.template["spec"]);
      if (kind === "CronJob") pods.push(spec.jobTemplate["spec"]["template"]["spec"]);
    }
  }
  assertEquals(pods.length, 3);
  for (const { securityContext, containers: [container] } of pods) {
    assertEquals(securityContext.runAsNonRoot, true);
    const { readOnlyRootFilesystem, allowPrivilegeEscalation } = container.securityContext;
    assertEquals([readOnlyRootFilesystem, allowPrivilegeEscalation], [true, false]);
    assert(container.resources.limits.memory !== undefined);
    if (container.args === undefined) continue;
    const [task, pipeline] = container.args;
    assert(task in denoConfig.tasks);
    assert(await Deno.stat(join(root, "pipelines", `${pipeline}.ts`)).then(() => true));
  }
  const settings = await Deno.readTextFile(join(folder, "kustomization.yaml"));
  const drain = Number(/DRAIN_SECONDS=(\d+)/.exec(settings)![1]);
  // The drain, five seconds for what was let in, one to leave.
  assert(pods[0].terminationGracePeriodSeconds! > drain + 6);
});

Deno.test(
  { name: "deploy: Terraform is formatted (needs terraform)", ignore: !terraform },
  async () => {
    const { success, text } = await check(
      "terraform",
      ["fmt", "-check", "-recursive", join(deploy, "terraform")],
    );
    assert(success, text);
  },
);

const workflows = join(root, ".github/workflows");

Deno.test({ name: "deploy: workflows (needs actionlint)", ignore: !actionlint }, async () => {
  const { success, text } = await check(actionlint as string, ["-no-color"]);
  assert(success, text);
});

Deno.test("deploy: what workflows call are tasks and pipelines that there are", async () => {
  const called: string[] = [];
  for (const name of await names(workflows, ".yml")) {
    const text = await Deno.readTextFile(join(workflows, name));
    for (const [, task, word] of text.matchAll(/deno@[\d.]+ task (\S+) (\S+)/g)) {
      assert(task in denoConfig.tasks, `${name}: ${task}`);
      if (task === "pipeline" && word !== '"$PIPELINE"') {
        await Deno.stat(join(root, "pipelines", `${word}.ts`));
        called.push(`${name} ${word}`);
      }
    }
  }
  for (
    const wanted of [
      ...["train_model.yml register", "monitoring.yml drift"],
      ...["monitoring.yml monitor", "monitoring.yml retrain"],
    ]
  ) assert(called.includes(wanted), wanted);
  const text = await Deno.readTextFile(join(workflows, "monitoring.yml"));
  assert(text.includes('cron: "0 2 * * *"'), "daily at two");
});

Deno.test("deploy: the workflow trains each model of the project, by pipelines, steps and tests that there are", async () => {
  const listed: { pipeline: string; model: string; data: string; tests: string }[] = JSON.parse(
    await Deno.readTextFile(join(root, ".github/models.json")),
  );
  const folder = join(root, "pipelines");
  const training: string[] = [];
  for (const name of await listPipelines(folder)) {
    const text = await Deno.readTextFile(join(folder, `${name}.ts`));
    const [, model] = /\b(?:training|forecasting)\(builder, \{\s+name: "(.+)"/.exec(text) ?? [];
    if (model === undefined) continue;
    training.push(name);
    const one = listed.find(({ pipeline }) => pipeline === name);
    assertEquals(one?.model, model, name);
    const { params, graph } = await loadPipeline(folder, name);
    const defaults = params.safeParse({});
    if (!defaults.success) throw new Error(`${name} has parameters without defaults`);
    const steps = wiringOf(graph(defaults.data)).map((step) => step.name);
    assert(steps.includes(one!.data), `${name} has no step ${one!.data}: ${steps}`);
    assert((await Deno.stat(join(root, "tests", one!.tests))).isDirectory);
  }
  assertEquals(listed.map(({ pipeline }) => pipeline).sort(), training);
});

Deno.test("deploy: the dashboard is one as Grafana's schema has it", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "dashboard.ts");
  const dashboard = await Deno.readTextFile(join(deploy, "grafana/dinoflow.json"));
  const program = (text: string) =>
    `import type { Dashboard } from "@grafana/schema";
type Plain<T> = T extends string ? \`\${T}\` : T extends (infer E)[] ? Plain<E>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
export const dashboard: Plain<Dashboard> = ${text};\n`;
  const args = ["check", "--config", join(root, "deno.json"), file];
  await Deno.writeTextFile(file, program(dashboard));
  const { success, text } = await check(Deno.execPath(), args);
  assert(success, text);
  await Deno.writeTextFile(file, program(dashboard.replace('"schemaVersion"', '"schema"')));
  assert(!(await check(Deno.execPath(), args)).success, "what is wrong is found");
  await Deno.remove(folder, { recursive: true });
});
