/** What surrounds the tests decides nothing: `tests/preload.ts` lets only what programs need through. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { inFolder } from "../in_folder.ts";
import { filesIn, root } from "../tree_copy.ts";

const preload = fromFileUrl(import.meta.resolve("../preload.ts"));

/** The variables that the project may read by its tasks, and those that its sources name. */
async function variablesRead(): Promise<string[]> {
  const tasks = await Deno.readTextFile(join(root, "deno.json"));
  const allowed = [...tasks.matchAll(/--allow-env=(\S+)/g)].flatMap(([, list]) => list.split(","));
  const files = await filesIn(["src", "serve", "pipelines"], ".ts");
  const sources = await Promise.all(files.map((file) => Deno.readTextFile(join(root, file))));
  const named = [...sources.join("\n").matchAll(/\benv\.(?:get|has)\("(\w+)"\)/g)];
  return [
    ...new Set([
      ...allowed.map((name) => name.replace("*", "ANYTHING").replace(/\W+$/, "")),
      ...named.map(([, name]) => name),
      ...["MLFLOW_TRACKING_URI", "DINOFLOW_STORE"],
    ]),
  ].sort();
}

/** Runs test files as a task does, beside these variables. */
async function tested(files: readonly string[], env: Record<string, string>, folder: string) {
  const junit = join(folder, "junit.xml");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--allow-all", "--no-check", `--preload=${preload}`, `--junit-path=${junit}`],
      ...files,
    ],
    cwd: root,
    env,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, text(stdout) + text(stderr));
  // All but how long it took.
  return (await Deno.readTextFile(junit)).replaceAll(/ (time|timestamp)="[^"]*"/g, "");
}

Deno.test("surroundings: of the variables that the project reads a test sees those of the machine alone", () =>
  inFolder(async (folder) => {
    const names = await variablesRead();
    for (const name of ["API_KEYS", "RATE_LIMIT", "MLFLOW_ANYTHING", "REDIS_URL", "HOME"]) {
      assert(names.includes(name), name);
    }
    const worker = `self.postMessage(Object.keys(Deno.env.toObject())); self.close();`;
    const seen = join(folder, "seen.json");
    await Deno.writeTextFile(
      join(folder, "probe_test.ts"),
      `import process from "node:process";
Deno.test("probe", async () => {
  const child = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "console.log(JSON.stringify(Object.keys(Deno.env.toObject())))"],
  }).output();
  const worker = new Worker("data:text/javascript," + ${
        JSON.stringify(encodeURIComponent(worker))
      }, { type: "module" });
  const ofWorker = await new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
  await Deno.writeTextFile(${JSON.stringify(seen)}, JSON.stringify({
    test: Object.keys(Deno.env.toObject()),
    node: Object.keys(process.env),
    worker: ofWorker,
    child: JSON.parse(new TextDecoder().decode(child.stdout)),
  }));
});
`,
    );
    const own = Deno.env.toObject();
    const env = Object.fromEntries(names.map((name) => [name, own[name] ?? folder]));
    await tested([join(folder, "probe_test.ts")], env, folder);
    const found: Record<string, string[]> = JSON.parse(await Deno.readTextFile(seen));
    assertEquals(Object.keys(found), ["test", "node", "worker", "child"]);
    for (const [where, those] of Object.entries(found)) {
      assertEquals(names.filter((name) => those.includes(name)), [
        ...["ALL_PROXY", "APPDATA", "DENO_DIR", "HOME", "HTTPS_PROXY", "HTTP_PROXY", "LOGNAME"],
        ...["NO_PROXY", "PATH", "SYSTEMROOT", "TMPDIR", "USER", "USERNAME", "USERPROFILE"],
        ...["XDG_CACHE_HOME", "XDG_DATA_HOME", "npm_command"],
      ], where);
    }
  }));

Deno.test("surroundings: with a developer's settings tests of servers and runs give the same", () =>
  inFolder(async (folder) => {
    const files = ["tests/serve/caller_test.ts", "tests/pipeline_cli/cli_test.ts"];
    const nowhere = "http://127.0.0.1:1";
    const settings = {
      ...{ API_KEYS: "x", RATE_LIMIT: "1", PORT: "1", WORKERS: "9", MODELS_FOLDER: "/nowhere" },
      ...{ MLFLOW_TRACKING_URI: nowhere, REDIS_URL: nowhere, VAULT_ADDR: nowhere },
      ...{ DINOFLOW_STORE: "s3://nowhere", LOG_LEVEL: "none", HTTP_PROXY: nowhere },
    };
    const bare = await tested(files, {}, folder);
    assert(/tests="[1-9]/.test(bare), bare);
    assertEquals(await tested(files, settings, folder), bare);
  }));
