/**
 * The stack by Docker Compose from the committed file, on Podman's Docker API. The server's image is
 * built from its Dockerfile; those that a registry would give are made of this machine's own
 * programs under the names in the file.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { localImages } from "../../src/local_stack/mod.ts";
import { checksKeys, s3Program } from "../artifact_store/s3_server.ts";
import { freePort } from "../free_port.ts";
import { isInstalled } from "../program.ts";
import { redisInstalled } from "../redis_server.ts";
import { systemPrograms } from "../retrieval/pgvector_server.ts";
import { records, save } from "../serve/fixture.ts";
import { waitUntil } from "../wait_until.ts";
import { filesOf, hasPodman, Podman } from "./podman.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));
const program = join(root, ".venv/bin/docker-compose");
const file = join(root, "deploy/compose/compose.yml");
const text = await Deno.readTextFile(file);
const hasAll = hasPodman && checksKeys && redisInstalled && systemPrograms?.startsWith("/usr/") &&
  (await Promise.all([program, "prometheus", "prometheus-alertmanager"].map(isInstalled)))
    .every(Boolean);

const ports = { API: freePort(), PROMETHEUS: freePort(), ALERTMANAGER: freePort() };
/** A value for each variable that must have one. */
const secrets = Object.fromEntries(
  [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => [name, `a-secret-for-${name}`]),
);

/** Makes the images that a registry would give; what Debian's programs read lies where they know. */
async function makeImages(podman: Podman): Promise<void> {
  const make = (service: string, files: Map<string, string>, ...changes: string[]) => {
    const [, name] = RegExp(`\\$\\{${service}_IMAGE:-(.+)\\}`).exec(text)!;
    return podman.image(
      `docker.io/${name.includes("/") ? "" : "library/"}${name}`,
      files,
      ...changes,
    );
  };
  const withFolders = async (programs: readonly string[], ...folders: string[]) =>
    new Map([...await filesOf(...programs), ...folders.map((path) => [path, path] as const)]);
  await podman.bases();
  await make("REDIS", await filesOf("redis-server", "redis-cli", "grep"));
  await make("S3", await filesOf(s3Program!, "curl"));
  await make("PROMETHEUS", await filesOf("prometheus", "curl"), 'ENTRYPOINT ["prometheus"]');
  const alertmanager = ["prometheus-alertmanager", "curl"];
  await make("ALERTMANAGER", await withFolders(alertmanager, "/usr/share/prometheus/alertmanager"));

  const { entrypoint, env } = localImages.postgres;
  const [shell, option, script] = entrypoint!;
  const place = { port: 5432, folder: "", adminKey: "" };
  const given = { POSTGRES_USER: "dinoflow", POSTGRES_PASSWORD: secrets.POSTGRES_PASSWORD };
  const own = ["postgres", "initdb", "pg_ctl", "psql", "createdb", "pg_isready"];
  const home = dirname(systemPrograms!);
  await make(
    "POSTGRES",
    await withFolders(
      ["grep", "mktemp", "mv", "unshare", ...own.map((name) => join(systemPrograms!, name))],
      ...[
        home,
        home.replace("/lib/", "/share/"),
        "/usr/share/zoneinfo",
        "/etc/passwd",
      ],
    ),
    "WORKDIR /tmp",
    // It looks for its files from where its programs lie.
    `ENV PATH=${systemPrograms}:/usr/bin:/bin`,
    `ENTRYPOINT ${JSON.stringify([shell, option, script.replace("-h 127.0.0.1", "-h '*'")])}`,
    ...Object.entries(env!(place, given)).map(([name, value]) => `ENV ${name}=${value}`),
  );
}

// deno-lint-ignore no-explicit-any -- answers of several programs
async function ask(service: keyof typeof ports, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`http://127.0.0.1:${ports[service]}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json", "x-api-key": secrets.API_KEYS },
    body: JSON.stringify(body),
  });
  return { ...await response.json(), status: response.status };
}

Deno.test({
  name:
    "deploy: Docker Compose brings the stack up on Podman and takes it down (needs --full, podman, " +
    "docker-compose, PostgreSQL, Redis, versitygw, prometheus)",
  ignore: !hasAll || !Deno.args.includes("--full"),
  fn: async () => {
    await using podman = await Podman.open();
    await makeImages(podman);
    await using api = await podman.serve();
    const compose = async (...args: string[]) => {
      const { success, stdout, stderr } = await new Deno.Command(program, {
        args: ["--file", file, "--env-file=/dev/null", "--profile=core", ...args],
        env: {
          ...secrets,
          ...Object.fromEntries(
            Object.entries(ports).map(([of, port]) => [`${of}_PORT`, `${port}`]),
          ),
          DOCKER_HOST: api.address,
        },
      }).output();
      const decoder = new TextDecoder();
      assert(success, `${args.join(" ")}: ${decoder.decode(stderr)}`);
      return decoder.decode(stdout);
    };
    const services = ["alertmanager", "app", "postgres", "prometheus", "redis", "s3"];

    let isUp = false;
    const up = compose("up", "--build", "--wait", "--wait-timeout=300", ...services).finally(() =>
      isUp = true
    );
    // Podman has a service manager look at the health, as often as the file says; here is none.
    while (!isUp) {
      for (const id of (await podman.run("ps", "--quiet")).split("\n").filter(Boolean)) {
        await podman.try("healthcheck", "run", id);
      }
      await new Promise((resolve) => setTimeout(resolve, 5000));
    }
    await up;
    const healthy = await podman.run("ps", "--filter=health=healthy", "--format={{.Names}}");
    assertEquals(healthy.split("\n").sort(), services.map((name) => `dinoflow-${name}-1`));

    assertEquals((await ask("API", "/health")).status, 200);
    const models = await Deno.makeTempDir();
    await save(models, 0);
    await Deno.chmod(models, 0o755);
    await compose("cp", `${models}/.`, "app:/app/models");
    await Deno.remove(models, { recursive: true });
    await waitUntil(
      async () => (await ask("API", "/predict", records[0])).status === 200,
      "the model that was put in predicts",
    );
    const query = encodeURIComponent('sum(predictions_total{job="dinoflow",status="ok"})');
    await waitUntil(async () => {
      const { data } = await ask("PROMETHEUS", `/api/v1/query?query=${query}`);
      return data.result[0]?.value[1] === "1";
    }, "Prometheus has counted the prediction");

    // They reach each other by the names of the file.
    const { data } = await ask("PROMETHEUS", "/api/v1/alertmanagers");
    assertStringIncludes(data.activeAlertmanagers[0].url, "http://alertmanager:9093/");
    assertStringIncludes(await compose("logs", "app"), '"Redis is connected"');
    // Not by compose: of what the API runs, Podman keeps a process for five minutes.
    const databases = await podman.run("exec", "dinoflow-postgres-1", "psql", "-lqt", "mlflow");
    assertStringIncludes(databases, "airflow ", "the files for a new database were run");

    await compose("down", "--volumes");
    assertEquals(await podman.run("ps", "--all", "--quiet"), "");
    assertEquals(await podman.run("volume", "ls", "--quiet"), "");
    assertEquals(await podman.run("network", "ls", "--quiet", "--format={{.Name}}"), "podman");
  },
});
