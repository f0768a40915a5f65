/** The compose file as `deno task up` reads it, and its services as programs of this machine. */

import { assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { UserError } from "../../src/base/mod.ts";
import { commandOf, localImages, whyAbsent } from "../../src/local_stack/mod.ts";
import { readCompose, readVariables } from "../../src/local_stack/mod.ts";
import { isInstalled } from "../program.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));
const folder = join(root, "deploy/compose");
const file = join(folder, "compose.yml");
const text = await Deno.readTextFile(file);
const template = readVariables(await Deno.readTextFile(join(folder, ".env.template")));
const filled = new Map(template.entries().map(([name, value]) => [name, value || `of-${name}`]));
const program = join(root, ".venv/bin/docker-compose");
const hasCompose = await isInstalled(program);

interface Composed {
  readonly profiles?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly published: string }[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly { readonly source: string; readonly target: string }[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly tmpfs?: readonly string[];
}

Deno.test({
  name: "up: the compose file is read as Docker Compose reads it (needs docker-compose)",
  ignore: !hasCompose,
  fn: async () => {
    for (const variables of [filled, new Map([...filled, ["API_PORT", "8080"], ["MODEL", ""]])]) {
      const profiles = ["core", "logs", "vault", "airflow"].flatMap((name) => ["--profile", name]);
      const { stdout, stderr } = await new Deno.Command(program, {
        args: ["-f", file, ...profiles, "config", "--format", "json"],
        ...{ clearEnv: true, env: Object.fromEntries(variables) },
      }).output();
      assertEquals(new TextDecoder().decode(stderr), "");
      // As a file again, in which a dollar is written twice.
      const { services, configs } = JSON.parse(
        new TextDecoder().decode(stdout).replaceAll("$$", "$"),
      ) as {
        services: Record<string, Composed>;
        configs: Record<string, { readonly file: string }>;
      };
      const read = readCompose(text, folder, (name) => variables.get(name));
      assertEquals(read.map(({ name }) => name).sort(), Object.keys(services).sort());
      for (const { name, ...service } of read) {
        const { build, ports, volumes = [], configs: mounted = [], ...given } = services[name];
        assertEquals({ name, ...service }, {
          ...{ name, profiles: given.profiles ?? [], missing: [] },
          ...build && { dockerfile: join(build.context, build.dockerfile) },
          ...given.entrypoint && { entrypoint: given.entrypoint },
          ...given.command && { command: given.command },
          ...{ environment: given.environment ?? {} },
          ...ports && { published: Number(ports[0].published) },
          ...given.healthcheck && { health: given.healthcheck.test[1] },
          ...{ needs: service.needs, tmpfs: given.tmpfs ?? [] },
          volumes: new Map(volumes.map(({ source, target }) => [target, source])),
          configs: new Map(mounted.map(({ source, target }) => [target, configs[source].file])),
        });
        assertEquals(service.needs.toSorted(), Object.keys(given.depends_on ?? {}).sort());
      }
    }
  },
});

Deno.test("up: variables of a file, what is required and missing, a file without services", () => {
  const variables = readVariables(`# A=1\nB=two words # said\nC="#3 "\n D='4'\nE=\nF=a#b\n`);
  assertEquals(
    variables,
    new Map([["B", "two words"], ["C", "#3 "], ["D", "4"], ["E", ""], ["F", "a#b"]]),
  );
  const services = readCompose(text, folder, (name) => template.get(name));
  const missing = new Map(services.map(({ name, missing }) => [name, missing]));
  assertEquals(missing.get("redis"), ["set REDIS_PASSWORD in deploy/compose/.env"]);
  assertEquals(missing.get("mlflow"), []);
  assertThrows(() => readCompose("", folder, () => undefined), UserError, "Cannot find services");
});

/** How services run where some do not. */
async function commands(names: readonly string[], home = "/kept here") {
  const services = readCompose(text, folder, (name) => filled.get(name));
  const ports = Object.fromEntries(Object.keys(localImages).map((name, n) => [name, 7001 + n]));
  const plan = {
    ...{ home, services, ports, names: new Set(names), images: localImages },
    ...{ path: "/bin", adminKey: "of=ADMIN_KEYS" },
    find: (...names: readonly string[]) => Promise.resolve(names[0] && `/bin/${names[0]}`),
  };
  const found = services.filter(({ name }) => names.includes(name)).map(async (service) => {
    assertEquals(await whyAbsent(service, plan), undefined);
    return [service.name, await commandOf(service, plan)] as const;
  });
  return { ports, of: Object.fromEntries(await Promise.all(found)) };
}

Deno.test("up: a service runs by its own command under addresses and paths of this machine", async () => {
  const { ports, of } = await commands(Object.keys(localImages));
  const at = (name: string) => `127.0.0.1:${ports[name]}`;
  assertEquals([of.app.program, of.app.args], [Deno.execPath(), ["task", "--quiet", "serve"]]);
  assertEquals(of.app.env!.PORT, String(ports.app));
  assertEquals(of.app.env!.MLFLOW_TRACKING_URI, `http://${at("mlflow")}`);
  assertEquals(of.app.env!.REDIS_URL, `redis://:of-REDIS_PASSWORD@${at("redis")}/0`);
  assertEquals(of.app.env!.VAULT_ADDR, undefined);
  assertEquals(of.trainer.needs, ["mlflow"]);
  assertEquals(of.trainer.env!.DINOFLOW_STORE, "s3://dinoflow/cache");
  assertEquals(of.mlflow.program, "/bin/mlflow");
  assertEquals(
    of.mlflow.args.join(" "),
    `server --host 127.0.0.1 --port ${ports.mlflow} --workers 1`,
  );
  assertEquals(
    of.mlflow.env!.MLFLOW_BACKEND_STORE_URI,
    `postgresql+psycopg2://dinoflow:of-POSTGRES_PASSWORD@${at("postgres")}/mlflow`,
  );
  assertEquals(of.mlflow.env!.MLFLOW_ARTIFACTS_DESTINATION, "s3://mlflow");
  assertEquals(of.mlflow.env!.MLFLOW_S3_ENDPOINT_URL, `http://${at("s3")}`);
  assertEquals(
    of.s3.args.at(-1),
    "export PATH=$PATH:/app; mkdir -p '/kept here/volumes/s3'/dinoflow '/kept here/volumes/s3'/mlflow " +
      `&& exec versitygw --port ${at("s3")} --health /health posix '/kept here/volumes/s3'`,
  );
  assertEquals(
    of.redis.health,
    `REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli -p ${ports.redis} ping | grep -q PONG`,
  );
  assertEquals(of.prometheus.args.slice(0, 2), [
    "--config.file=/kept here/prometheus/etc/dinoflow/prometheus.yml",
    "--storage.tsdb.path=/kept here/volumes/prometheus",
  ]);
  const scraped = of.prometheus.files!["/kept here/prometheus/etc/dinoflow/prometheus.yml"];
  assertEquals(
    [...scraped.matchAll(/targets: \["(.+)"\]/g)].map(([, address]) => address),
    ["alertmanager", "app", "trainer"].map(at),
  );
  const routes = of.alertmanager.files!["/kept here/alertmanager/etc/dinoflow/alertmanager.yml"];
  assertEquals(/url: (.+)/.exec(routes)![1], `http://${at("trainer")}/retrain/trigger`);
  const keyFile = "/kept here/alertmanager/tmp/admin-key";
  assertEquals(/credentials_file: (\S+ \S+) /.exec(routes)![1], keyFile);
  assertEquals(of.alertmanager.args[1].includes(`> '/kept here/alertmanager/tmp'/admin-key`), true);
});

Deno.test("up: a setting that names a service that does not run is left out", async () => {
  const { of } = await commands(["app", "trainer", "mlflow"]);
  const settings = (name: string) =>
    Object.keys(of[name].env!).filter((name) => /_UR[IL]|_STORE|S3|DEST/.test(name));
  assertEquals(settings("mlflow"), []);
  assertEquals(settings("app").sort(), [
    "ELASTICSEARCH_URL",
    "MLFLOW_TRACKING_URI",
    "OPENAI_BASE_URL",
  ]);
  assertEquals(settings("trainer"), settings("app"));
  assertEquals(of.mlflow.needs, []);
});
