/** What is told of a run: events whatever a step prints, logs, secrets, parameters from files. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { RunEvent } from "../../src/pipeline/mod.ts";
import { runEventSchema } from "../../src/run_events/mod.ts";
import { keepSecret } from "../../src/base/mod.ts";
import { Project } from "../pipeline/project.ts";

function events(stdout: string): RunEvent[] {
  return stdout.trimEnd().split("\n").map((line) => {
    const checked = runEventSchema.safeParse(JSON.parse(line));
    if (!checked.success) throw new Error(`not an event: ${line}`);
    return checked.data;
  });
}

const printing = `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("prints", { description: "", params: z.object({ big: z.bigint().default(5n), nan: z.nan().default(NaN) }) },
  ({ step, each }) => {
  const a = step("a", async ({ metric, progress, log, warn }) => {
    metric("nan", NaN); metric("inf", Infinity); metric("text", "1" as never); metric("fine", 2);
    progress(NaN); progress(0.5, 7 as never); progress(Infinity);
    log(undefined as never); log({ a: 1 } as never); warn(new Map([[1, 2]]) as never);
    console.log("plain %s", "text", { x: 1 }); console.error("to stderr"); console.table([{ q: 1 }]);
    Deno.stdout.writeSync(new TextEncoder().encode('{"type":"fake"}\\n'));
    await Deno.stderr.write(new TextEncoder().encode("half "));
    await Deno.stderr.write(new TextEncoder().encode("line"));
    process.stdout.write("from node\\n");
    const child = new Deno.Command("git", { args: ["--version"] }).spawn();
    await child.status;
    await new Deno.Command("git", { args: ["--version"], stdout: "inherit" }).output();
    const writer = Deno.stdout.writable.getWriter();
    await writer.write(new TextEncoder().encode("through a stream\\n"));
    return 1;
  });
  const b = step("b", { a }, () => { console.log("in a thread"); return 2; }, { timeout: 60 });
  const c = step("c", { b }, () => { console.log("alone"); return 3; }, { permissions: {} });
  each("d", ["x", "y"], { c }, async (item) => {
    for (let i = 0; i < 3; i++) { console.log(item + i); await new Promise((r) => setTimeout(r, 5)); }
    if (item === "y") throw new Error("outer", { cause: new TypeError("inner") });
  });
});`;

Deno.test("told: every line of --json is an event, whatever steps print, each by its step", async () => {
  await using project = await Project.create({ "pipelines/prints.ts": printing });
  const { code, stdout, stderr } = await project.run("prints", "--json", "--jobs", "2");
  assertEquals([code, stderr], [1, ""]);
  const told = events(stdout);
  const printed = told.flatMap((event) =>
    event.type === "output"
      ? [`${event.step}${event.item ?? ""} ${event.stream} ${event.text}`]
      : []
  );
  for (
    const line of [
      "a stdout plain text { x: 1 }",
      "a stderr to stderr",
      'a stdout {"type":"fake"}',
      "a stderr half line",
      "a stdout from node",
      "a stdout through a stream",
      "b stdout in a thread",
      ...[0, 1, 2].flatMap((i) => [`dx stdout x${i}`, `dy stdout y${i}`]),
    ]
  ) assert(printed.includes(line), `${line} is not among\n${printed.join("\n")}`);
  assertEquals(printed.filter((line) => line.startsWith("a stdout git version")).length, 2);
  const metrics = told.filter((event) => event.type === "metric");
  assertEquals(metrics.map(({ name, value }) => [name, value]), [["fine", 2]]);
  const warnings = told.flatMap((event) => event.type === "warning" ? [event.text] : []);
  for (const name of ["nan", "inf", "text"]) {
    assert(warnings.some((text) => text.startsWith(`Cannot record the metric ${name}: it is`)));
  }

  // The same is kept with the run.
  const { stdout: shown } = await project.run("runs", "show");
  assertMatch(shown, /LOG a\n(?: .*\n)* {2}plain text \{ x: 1 \}\n/);
  assertMatch(
    shown,
    /LOG d\[y\]\n {2}y0\n {2}y1\n {2}y2\n {2}error: outer\n(?:.*\n)*? +caused by: TypeError: inner\n/,
  );
  const { stdout: path } = await project.run("show", "--html");
  const page = await Deno.readTextFile(project.path(path.trim()));
  assertStringIncludes(page, "<summary>d[y]</summary>");
  assertStringIncludes(page, "caused by: TypeError: inner");
  const { stdout: json } = await project.run("show", "--json");
  assertEquals(JSON.parse(json).logs.length, 5);
});

Deno.test("told: what is wrong with a call or a file is an event too", async () => {
  await using project = await Project.create({
    "pipelines/broken.ts": "export default 5 +;",
    "pipelines/prints.ts": printing,
  });
  const calls: [number, string[]][] = [
    [2, ["nothing"]],
    [2, ["prints", "--param", "other=1"]],
    [2, ["prints", "--no-such-option"]],
    [2, ["prints", "--only", "nowhere"]],
    [1, ["broken"]],
    [2, ["runs", "rerun", "none"]],
  ];
  for (const [exitCode, args] of calls) {
    const { code, stdout, stderr } = await project.run(...args, "--json");
    const [event, ...more] = events(stdout);
    if (event.type !== "error" || more.length > 0) throw new Error(stdout);
    assertEquals([code, event.exitCode], [exitCode, exitCode], args.join(" "));
    assertStringIncludes(stderr, `error: ${event.error.message.split("\n")[0]}`);
  }
});

const SECRET = 'hunter2-ä/+"x';

Deno.test("secrets: shown nowhere, counted by digest, asked for again", async () => {
  await using project = await Project.create({
    "pipelines/hidden.ts": `
import { pipeline, secret } from "@pipeline";
import { z } from "zod";
export default pipeline("hidden", { description: "", params: z.object({
  token: secret(z.string()).describe("Access"), keys: secret(z.array(z.string()).default(["alpha-key-1"])), n: z.number().default(1),
}) }, ({ step, params }) => {
  step("use", ({ log, warn }) => {
    log("token " + params.token); warn(JSON.stringify({ t: params.token }));
    console.log(encodeURIComponent(params.token), btoa(unescape(encodeURIComponent(params.token))), params.keys[0]);
    return params.token.length;
  });
  step("fails", () => { if (params.n > 1) throw new Error("refused " + params.token, { cause: new Error(params.token) }); });
});`,
  });
  const texts: string[] = [];
  const call = async (...args: string[]) => {
    const ended = await project.run(...args);
    texts.push(ended.stdout, ended.stderr);
    return ended;
  };
  const token = ["--param", `token=${SECRET}`];
  assertEquals((await call("hidden", ...token)).code, 0);
  assertStringIncludes((await call("hidden", ...token)).stderr, "use: CACHED");
  assertMatch(
    (await call("hidden", "--plan", "--param", "token=other-token")).stdout,
    /^RUN +use/m,
  );
  const failed = await call("hidden", ...token, "--param", "n=2", "--trace");
  assertStringIncludes(failed.stderr, "error: refused ***");
  await call("hidden", ...token, "--json", "--force");
  await call("hidden", "--help");
  await call("hidden", ...token, "--param", "m=2");
  await call("runs");
  await call("show");
  await call("show", "--json");
  const { stdout: path } = await call("show", "--html");
  texts.push(await Deno.readTextFile(project.path(path.trim())));
  for (const text of await everyFile(project.path(".dinoflow"))) texts.push(text);
  const forms = [
    SECRET,
    JSON.stringify(SECRET).slice(1, -1),
    encodeURIComponent(SECRET),
    "alpha-key-1",
  ];
  for (const form of forms) {
    for (const text of texts) {
      // What the step itself gave to keep would be there; this one gives a number.
      assert(!text.includes(form), `${form} is shown in\n${text.slice(0, 2000)}`);
    }
  }
  const again = await call("runs", "rerun", "latest");
  assertEquals(again.code, 2);
  assertStringIncludes(
    again.stderr,
    'its secret "token" is not kept\nnext: give it again: --param token=…',
  );
  assertEquals((await call("runs", "rerun", "latest", ...token)).code, 0);
});

async function everyFile(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await everyFile(`${folder}/${name}`));
    else found.push(await Deno.readTextFile(`${folder}/${name}`));
  }
  return found;
}

const given = `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("given", { description: "", params: z.object({
  folds: z.int().default(5), names: z.array(z.string()).default([]),
  weights: z.record(z.string(), z.number()).default({}), tree: z.object({ depth: z.int(), kind: z.enum(["a", "b"]) }).optional(),
}) }, ({ step, params }) => {
  step("tell", ({ log }) => log(JSON.stringify(params)));
});`;

Deno.test("params: from YAML or JSON with profiles, lists and objects; the call has the last word", async () => {
  await using project = await Project.create({
    "pipelines/given.ts": given,
    "p.yaml":
      "folds: 3\nnames: [x, 'y, z']\nweights:\n  good: 0.5\nprofiles:\n  quick:\n    folds: 2\n    tree: {depth: 4, kind: a}\n",
    "p.json": '{"folds": 9, "profiles": {"long": {"names": ["n"]}}}',
    "bad.yaml": "- just\n- a list\n",
    "wrong.yaml": "tree: {depth: 1.5, kind: c}\n",
  });
  const told = async (...args: string[]) => {
    const { code, stdout, stderr } = await project.run("given", "--quiet", ...args);
    assertEquals(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const file = { folds: 3, names: ["x", "y, z"], weights: { good: 0.5 } };
  assertEquals(await told("--params", "p.yaml"), file);
  assertEquals(
    await told("--params", "p.yaml", "--profile", "quick", "--param", "names=q"),
    { ...file, folds: 2, names: ["q"], tree: { depth: 4, kind: "a" } },
  );
  assertEquals(
    await told("--params", "p.json", "--profile", "long"),
    { folds: 9, names: ["n"], weights: {} },
  );
  assertEquals(
    await told("--param", 'weights={"a":1}', "--param", 'names=["a,b"]'),
    { folds: 5, names: ["a,b"], weights: { a: 1 } },
  );
  // A run again has what that run had, also where the file is another now.
  await project.run("given", "--params", "p.yaml", "--profile", "quick");
  await project.write("p.yaml", "folds: 7\n");
  const again = await project.run("runs", "rerun", "latest", "--quiet");
  assertEquals(JSON.parse(again.stdout), { ...file, folds: 2, tree: { depth: 4, kind: "a" } });
  const other = await project.run("runs", "rerun", "latest", "--quiet", "--param", "folds=4");
  assertEquals(JSON.parse(other.stdout).folds, 4);
  const wrong: [string[], string][] = [
    [["--params", "none.yaml"], "Cannot read the parameters in none.yaml: there is no such file"],
    [["--params", "bad.yaml"], "it holds no names with values"],
    [
      ["--params", "p.json", "--profile", "lang"],
      'it has no profile "lang", there are long\nnext: did you mean "long"?',
    ],
    [["--profile", "long"], "Cannot tell where the profile"],
    [
      ["--params", "wrong.yaml"],
      'parameter "tree" is {"depth":1.5,"kind":"c"}, wanted object (at depth: ',
    ],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr } = await project.run("given", ...args);
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, message);
  }
});

Deno.test("secrets: what is logged to MLflow has none of them", async () => {
  keepSecret("mlflow-secret-1");
  const { openTracker } = await import("../../src/tracking/mod.ts");
  const root = await Deno.makeTempDir();
  const tracker = await openTracker({ uri: root, env: () => undefined });
  const run = await tracker.startRun(await tracker.experiment("e"), { name: "r mlflow-secret-1" });
  await run.logParams({ token: "mlflow-secret-1", url: "https://u:mlflow-secret-1@host" });
  await run.end();
  const texts = await everyFile(root);
  assert(texts.some((text) => text.includes("***")));
  assert(texts.every((text) => !text.includes("mlflow-secret-1")));
  await Deno.remove(root, { recursive: true });
});

Deno.test("secrets: a reference stands for what its file holds, which is shown nowhere", async () => {
  await using project = await Project.create({
    "pipelines/refers.ts": `
import { pipeline, secret } from "@pipeline";
import { z } from "zod";
export default pipeline("refers", { description: "", params: z.object({ token: secret(z.string()) }) },
  ({ step, params }) => { step("use", ({ log }) => { log("length " + params.token.length); console.log(params.token); return params.token; }); });`,
    "token": "sesame-of-the-file\n",
  });
  const given = ["refers", "--param", "token=file:token"];
  const first = await project.run(...given);
  assertStringIncludes(first.stdout + first.stderr, "length 18");
  assertStringIncludes((await project.run(...given, "--plan")).stdout, "CACHED");
  const texts = [first.stdout, first.stderr, ...await everyFile(project.path(".dinoflow/runs"))];
  for (const text of texts) assert(!text.includes("sesame-of-the-file"), text);
  await Deno.writeTextFile(project.path("token"), "another\n");
  assertMatch((await project.run(...given, "--plan")).stdout, /^RUN +use/m);
  await Deno.remove(project.path("token"));
  const failed = await project.run(...given);
  assertEquals(failed.code, 2);
  assertStringIncludes(failed.stderr, "Cannot read file:token for parameter token");
});
