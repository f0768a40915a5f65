/** What a step reads beside its code: configuration, environment, files, values; and its borders. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import denoConfig from "../../deno.json" with { type: "json" };
import { Project } from "../pipeline/project.ts";
import { Session } from "../pipeline/session.ts";
import { edited, type Files, Versions } from "./versions.ts";

const head = `import { codec, pipeline, savedFile } from "@pipeline"; import { z } from "zod";
void codec; void savedFile;\n`;
const piped = (body: string, top = "", options = "") =>
  `${head}${top}
export default pipeline("p", { description: "", params: z.object({ path: z.string().default("a.txt") }) ${options}},
  ({ step, each, file, params }) => {\n${body}\n});\n`;

/** A project with its own configuration, which lies above its pipelines. */
async function configured(files: Files, config: Record<string, unknown>): Promise<Project> {
  const project = await Project.create(files);
  await configure(project, config);
  return project;
}

async function configure(project: Project, config: Record<string, unknown>): Promise<void> {
  const { imports, compilerOptions } = denoConfig;
  await Deno.writeTextFile(
    project.path("deno.json"),
    JSON.stringify({
      nodeModulesDir: "none",
      lock: false,
      ...config,
      imports: { ...imports, ...config.imports as object },
      compilerOptions: { ...compilerOptions, ...config.compilerOptions as object },
    }),
  );
}

const main = fromFileUrl(import.meta.resolve("../../src/pipeline_cli/main.ts"));

/** Runs the command line with the project's own configuration. */
async function run(project: Project, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--config", project.path("deno.json"), main, ...args],
    cwd: project.folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(code, 0, text(stderr));
  return text(stdout);
}

const versions = { old: "npm:string-width@7.2.0", new: "npm:string-width@8.3.0" };

Deno.test("configuration: another version behind a name of the import map, without a lockfile", async () => {
  const source = piped(
    `step("told", ({ log }) => log(import.meta.resolve("one") + one("a")));`,
    `import one from "one";`,
  );
  await using project = await configured({ "pipelines/p.ts": source }, {
    imports: { one: versions.old },
  });
  assertMatch(await run(project, "p"), /7\.2\.0/);
  await configure(project, { imports: { one: versions.old, unused: versions.new } });
  assertMatch(await run(project, "p", "--plan"), /^CACHED/);
  await configure(project, { imports: { one: versions.new } });
  assertMatch(await run(project, "p", "--plan"), /^RUN +told +CODE pipelines\/p\.ts changed/);
  assertMatch(await run(project, "p"), /8\.3\.0/);
});

Deno.test("configuration: two names of two versions that change places, and versions written out", async () => {
  const source = piped(
    `step("told", ({ log }) => log(String(one("a") + two("b"))));`,
    `import one from "one"; import two from "two";`,
  );
  await using project = await configured({ "pipelines/p.ts": source }, {
    imports: { one: versions.old, two: versions.new },
  });
  await run(project, "p");
  await configure(project, { imports: { one: versions.new, two: versions.old } });
  assertMatch(await run(project, "p", "--plan"), /^RUN/);
  await run(project, "p");
  await project.edit("pipelines/p.ts", `from "one"`, `from "${versions.new}"`);
  assertMatch(await run(project, "p", "--plan"), /^CACHED/); // the same under another name
  await project.edit("pipelines/p.ts", versions.new, versions.old);
  assertMatch(await run(project, "p", "--plan"), /^RUN/);
});

Deno.test("configuration: what deno.json says of compiling counts, what it says beside does not", async () => {
  const source = piped(`step("told", ({ log }) => log("told"));`);
  await using project = await configured({ "pipelines/p.ts": source }, {});
  await run(project, "p");
  await configure(project, {
    tasks: { x: "echo" },
    fmt: { lineWidth: 80 },
    compilerOptions: { strict: false },
  });
  assertMatch(await run(project, "p", "--plan"), /^CACHED/);
  await configure(project, { compilerOptions: { jsx: "react" } });
  assertMatch(await run(project, "p", "--plan"), /^RUN +told +ENVIRONMENT deno\.json changed/);
});

Deno.test("what cannot be followed runs every time and says so", async (t) => {
  const ways: Record<string, [string, RegExp]> = {
    "a template": [
      'const name = "h"; return await import(`../lib/${name}.ts`).then(({ h }) => h);',
      /import/,
    ],
    "createRequire": [`return createRequire(import.meta.url)("node:path").sep;`, /createRequire/],
    "eval": [`return (0, eval)("1 + 1");`, /eval/],
    "new Function": [`return new Function("return 1")();`, /new Function/],
    "a worker of a computed name": [
      `const url = new URL("../lib/" + "h.ts", import.meta.url); return String(() => new Worker(url, { type: "module" }));`,
      /new Worker/,
    ],
  };
  for (const [way, [body, what]] of Object.entries(ways)) {
    await t.step(way, async () => {
      await using project = await Project.create({
        "pipelines/p.ts": piped(
          `step("told", async ({ log }) => log(String(await work())));`,
          `import { createRequire } from "node:module"; void createRequire;
async function work(): Promise<unknown> { ${body} }`,
        ),
        "lib/h.ts": "export const h = 1;",
      });
      assertEquals((await project.run("p")).stderr.match(/error/), null);
      const { told } = await project.plan("p");
      assertMatch(told, /^RUN CODE UNKNOWN pipelines\/p\.ts: .* cannot be followed$/);
      assertMatch(told, what);
    });
  }
  await t.step("unless it says that it is seen otherwise", async () => {
    await using project = await Project.create({
      "pipelines/p.ts": piped(
        `step("told", ({ log }) => log(String(/* @__FOLLOWED__ */ new Function("return 1")())));`,
      ),
    });
    await project.run("p");
    assertEquals((await project.plan("p")).told, "CACHED");
  });
});

Deno.test("environment variables count where the step declares them, platforms where it says so", async () => {
  await using project = await Project.create({
    "pipelines/p.ts": piped(`const a = step("a", {}, () => Deno.env.get("REGION"), {
      permissions: { env: ["REGION", "AWS_*"] }, platform: true });
    step("told", { a }, ({ a }, { log }) => log(String(a)));`),
  });
  const at = async (env: Record<string, string>) => {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        "--config",
        fromFileUrl(import.meta.resolve("../../deno.json")),
        main,
        "p",
      ],
      cwd: project.folder,
      env: { NO_COLOR: "1", ...env },
    }).output();
    return [
      new TextDecoder().decode(stdout).trim(),
      /a: CACHED/.test(new TextDecoder().decode(stderr)),
    ];
  };
  assertEquals(await at({ REGION: "eu" }), ["eu", false]);
  assertEquals(await at({ REGION: "eu", OTHER: "1" }), ["eu", true]);
  assertEquals(await at({ REGION: "us" }), ["us", false]);
  assertEquals(await at({ REGION: "us", AWS_X: "1" }), ["us", false]);
});

Deno.test("the path of a file counts, not only its content", async () => {
  await using project = await Project.create({
    "pipelines/p.ts": piped(`const text = file("text", params.path);
    step("told", { text }, ({ text }, { log }) => log(text));`),
    "a.txt": "same",
    "b.txt": "same",
  });
  assertEquals((await project.run("p", "--quiet")).stdout, "a.txt\n");
  assertEquals((await project.run("p", "--quiet", "--param", "path=b.txt")).stdout, "b.txt\n");
});

Deno.test("time: code that a later step loads is not kept under the code before", async () => {
  await using project = await Project.create({
    "pipelines/p.ts": piped(
      `const wait = step("wait", async ({ log }) => {
      log("waiting");
      for (let i = 0; i < 9000 && !await Deno.stat("go").catch(() => undefined); i++) await new Promise((r) => setTimeout(r, 20));
      return 1;
    });
    const a = step("a", { wait }, () => h(), { timeout: 60 });
    step("told", { a }, ({ a }, { log }) => log("is " + a));`,
      `import { h } from "../lib/h.ts";`,
    ),
    "lib/h.ts": `export const h = () => "old";\n`,
  });
  await using session = new Session(project.command("p"));
  await session.until("waiting\n");
  await project.edit("lib/h.ts", "old", "new");
  await project.write("go", "");
  await session.until("lib/h.ts was changed meanwhile: it is not kept");
  await session.until("is new");
  await session.until("finished");
  await project.edit("lib/h.ts", "new", "old");
  assertStringIncludes((await project.run("p", "--quiet")).stdout, "is old");
  assertEquals((await project.plan("p")).a, "CACHED");
});

Deno.test("time: a data file that is changed and changed back while a step reads it", async () => {
  await using project = await Project.create({
    "pipelines/p.ts": piped(`const text = file("text", "a.txt");
    step("told", { text }, async ({ text }, { log }) => {
      log("waiting");
      for (let i = 0; i < 9000 && !await Deno.stat("go").catch(() => undefined); i++) await new Promise((r) => setTimeout(r, 20));
      log("is " + await Deno.readTextFile(text));
      for (let i = 0; i < 9000 && !await Deno.stat("end").catch(() => undefined); i++) await new Promise((r) => setTimeout(r, 20));
    });`),
    "a.txt": "old",
  });
  await using session = new Session(project.command("p"));
  await session.until("waiting\n");
  await project.write("a.txt", "new");
  await project.write("go", "");
  await session.until("is new\n");
  await project.write("a.txt", "old");
  await project.write("end", "");
  await session.until("a.txt was changed meanwhile: it is not kept");
  await session.until("finished");
  assertStringIncludes((await project.run("p", "--quiet")).stdout, "is old");
});

/** A value that a step gives, and what the next step tells of it. */
const values: Record<string, [value: string, told: string]> = {
  "a match": [
    `"xxabc".match(/a(?<n>b)/)`,
    `[a.index, a.input, a.groups.n, Object.getPrototypeOf(a.groups)]`,
  ],
  "holes": [`[1, , 3]`, `[1 in a, a.length, Object.keys(a)]`],
  "a long list of holes": [
    `Object.assign(new Array(1000), { 7: "x" })`,
    `[a.length, a[7], 8 in a]`,
  ],
  "no prototype": [
    `Object.assign(Object.create(null), { x: 1 })`,
    `[Object.getPrototypeOf(a), a.x]`,
  ],
  "numbers that JSON has not": [
    `[NaN, -0, 1n, undefined, -Infinity]`,
    `[String(a), Object.is(a[1], -0), typeof a[2]]`,
  ],
  "a property that is undefined": [`({ x: undefined })`, `["x" in a]`],
  "a map of maps": [
    `new Map([[{ k: 1 }, new Map([["a", new Date(5)]])]])`,
    `[[...a][0][1].get("a").getTime()]`,
  ],
  "a key called __proto__": [`JSON.parse('{"__proto__": {"x": 1}}')`, `[Object.keys(a), a.x]`],
};

for (const [name, [value, told]] of Object.entries(values)) {
  Deno.test(`values: ${name} comes back as it was`, async () => {
    await using all = await Versions.create();
    const files = {
      "p.ts": piped(`const a = step("a", (): any => (${value}));
      step("told", { a }, ({ a }, { log }) => log(JSON.stringify(${told})));`),
    };
    const fresh = await (await all.load(files)).checked();
    const again = await (await all.load(edited(files, [["p.ts", `step("told"`, `step("told2"`]])))
      .run();
    assertEquals([again.units.a, again.told], ["cached", fresh.told]);
  });
}

const refused: Record<string, [value: string, message: string]> = {
  "a subclass of Array": [`new (class List extends Array {})(3)`, "is an instance of List"],
  "a subclass of Map": [
    `({ m: new (class Table extends Map {})() })`,
    "at .m is an instance of Table",
  ],
  "a subclass of Date": [`[new (class Day extends Date {})()]`, "at [0] is an instance of Day"],
  "an accessor": [`({ get x() { return 1; } })`, "at .x is an accessor"],
  "a hidden property": [
    `Object.defineProperty({}, "x", { value: 1 })`,
    "at .x is a hidden property",
  ],
  "a property of a map": [`Object.assign(new Map(), { x: 1 })`, "at .x is a property of a Map"],
  "a symbol in a list": [`Object.assign([1], { [Symbol("s")]: 1 })`, "is keyed by a symbol"],
  "a subclass of a typed array": [`new (class Bits extends Uint8Array {})(3)`, "is a Bits"],
  "a class": [`[{ model: new (class Model {})() }]`, "at [0].model is an instance of Model"],
};

for (const [name, [value, message]] of Object.entries(refused)) {
  Deno.test(`values: ${name} is refused by name`, async () => {
    await using all = await Versions.create();
    const version = await all.load({ "p.ts": piped(`step("a", (): unknown => (${value}));`) });
    const error = await version.run().then(() => "", String);
    assertStringIncludes(error, `Cannot keep the output of step a: its value ${message}`);
  });
}

Deno.test("values: instances of a class with a codec come back, and its code counts", async () => {
  await using all = await Versions.create();
  const top =
    `class Model { constructor(readonly w: Float64Array) {} sum() { return this.w.reduce((a, b) => a + b); } }
const models = codec({ name: "Model", type: Model, encode: ({ w }) => w, decode: (w) => new Model(w as Float64Array) });`;
  const files = {
    "p.ts": piped(
      `const a = step("a", () => ({ best: new Model(new Float64Array([1, 2])) }));
    step("told", { a }, ({ a }, { log }) => log(String(a.best.sum())));`,
      top,
      ", codecs: [models]",
    ),
  };
  assertEquals((await (await all.load(files)).checked()).told, "3");
  const again = await (await all.load(edited(files, [["p.ts", `step("told"`, `step("other"`]])))
    .checked();
  assertEquals([again.told, again.units.a], ["3", "cached"]);
  const changed = edited(files, [["p.ts", "=> w, decode", "=> w.map((x) => x * 2), decode"]]);
  assertEquals((await (await all.load(changed)).run()).units.a, "ran");
});

Deno.test("values: a step cannot change what others read", async (t) => {
  const attempt = async (change: string, value: string, read: string) => {
    await using all = await Versions.create();
    const version = await all.load({
      "p.ts": piped(`const a = step("a", (): any => (${value}));
      const b = step("b", { a }, ({ a }) => { ${change}; return 1; });
      step("told", { a, b }, ({ a }, { log }) => log(JSON.stringify(${read})));`),
    });
    return await version.checked().then(({ told }) => told, String);
  };
  for (const change of ["a[0] = 99", "a.push(3)", "a.sort()", "a.length = 0"]) {
    await t.step(change, async () => {
      const told = await attempt(change, "[2, 1]", "a");
      assertStringIncludes(told, "Cannot change a value in step b that others read");
    });
  }
  const copied: Record<string, [string, string]> = {
    "a[0] = 9": ["new Float64Array([1, 2])", "[...a]"],
    "a.get('x')[0] = 9": [
      "new Map([['x', new Uint8Array(new SharedArrayBuffer(1))]])",
      "[...a.get('x')]",
    ],
    "a.d.setTime(9)": ["({ d: new Date(5) })", "a.d.getTime()"],
    "a.add(9)": ["new Set([1])", "[...a]"],
  };
  for (const [change, [value, read]] of Object.entries(copied)) {
    await t.step(`${change} on a copy`, async () => {
      assertEquals(await attempt(change, value, read), await attempt("", value, read));
    });
  }
});

Deno.test("borders: a step cannot have the run read what it may not", async (t) => {
  const sealed = (body: string, permissions = "{}") => ({
    "pipelines/p.ts": piped(
      `const a = step("a", {}, async (): Promise<unknown> => { ${body} }, { permissions: ${permissions} });
    step("told", { a }, ({ a }, { log }) => log(JSON.stringify(a)));`,
    ),
    "secret.txt": "secret",
    "out/old.txt": "old",
  });
  const fails = async (files: Files) => {
    await using project = await Project.create(files);
    const { code, stderr } = await project.run("p", "--force");
    assertEquals(code, 1);
    return stderr;
  };
  await t.step("a saved file that it has not made", async () => {
    const body =
      `Deno.readFileSync = () => new Uint8Array(); return savedFile(Deno.args[0] ?? "secret.txt");`;
    assertStringIncludes(
      await fails(sealed(body)),
      "Cannot save secret.txt in step a: it is not declared",
    );
    const beside =
      `Deno.readFileSync = () => new Uint8Array(); return savedFile("out/../secret.txt");`;
    assertStringIncludes(
      await fails(sealed(beside, `{ write: ["out"] }`)),
      "Cannot save out/../secret.txt",
    );
  });
  await t.step("an import of a file, by a name that is written out", async () => {
    const body = `return (await import("../secret.txt", { with: { type: "text" } })).default;`;
    assertStringIncludes(
      await fails(sealed(body)),
      "Cannot import secret.txt in step a: it is not declared",
    );
  });
  await t.step("the same without a cache", async () => {
    const files = sealed(
      `return (await import("../secret.txt", { with: { type: "text" } })).default;`,
    );
    const text = files["pipelines/p.ts"].replace('a.txt") }) ', 'a.txt") }), cache: false ');
    assertStringIncludes(
      await fails({ ...files, "pipelines/p.ts": text }),
      "Cannot import secret.txt in step a: it is not declared",
    );
  });
  await t.step("a module from the network", async () => {
    const server = Deno.serve({ port: 0, onListen() {} }, () => {
      reached = true;
      return new Response("export const x = 1;", {
        headers: { "content-type": "text/javascript" },
      });
    });
    let reached = false;
    const body = `return (await import("http://localhost:${server.addr.port}/x.js")).x;`;
    try {
      await fails(sealed(body));
      assert(!reached);
    } finally {
      await server.shutdown();
    }
  });
  await t.step("what it declares it may", async () => {
    await using project = await Project.create(sealed(
      `await Deno.writeTextFile("out/new.txt", (await import("../secret.txt", { with: { type: "text" } })).default);
       return savedFile("out/new.txt");`,
      `{ read: ["secret.txt"], write: ["out"] }`,
    ));
    assertStringIncludes((await project.run("p")).stdout, "out/new.txt");
  });
});

Deno.test("configuration: what a name stands for in a part of the project alone", async () => {
  const source = piped(
    `step("told", ({ log }) => log(plain() + h()));`,
    `import { v as plain } from "v"; import { h } from "../lib/h.ts";`,
  );
  const scopes = { "./lib/": { v: "./lib/b.ts" } };
  await using project = await configured({
    "pipelines/p.ts": source,
    "lib/h.ts": `import { v } from "v"; export const h = () => v();`,
    "lib/a.ts": `export const v = () => "a";`,
    "lib/b.ts": `export const v = () => "b";`,
    "lib/c.ts": `export const v = () => "c";`,
  }, { imports: { v: "./lib/a.ts" }, scopes });
  assertMatch(await run(project, "p", "--quiet"), /^ab$/m);
  assertMatch(await run(project, "p", "--plan"), /^CACHED/);
  await project.edit("lib/b.ts", `"b"`, `"B"`);
  assertMatch(await run(project, "p", "--quiet"), /^aB$/m);
  await configure(project, {
    imports: { v: "./lib/a.ts" },
    scopes: { "./lib/": { v: "./lib/c.ts" } },
  });
  assertMatch(await run(project, "p", "--quiet"), /^ac$/m);
  await project.edit("lib/c.ts", `"c"`, `"C"`);
  assertMatch(await run(project, "p", "--quiet"), /^aC$/m);
});

Deno.test("configuration: an address that stands for another, a map of its own, a workspace", async () => {
  const source = piped(
    `step("told", ({ log }) => log(h() + w()));`,
    `import { h } from "../lib/h.ts"; import { w } from "../part/w.ts";`,
  );
  await using project = await configured({
    "pipelines/p.ts": source,
    "lib/h.ts": `export const h = () => "h";`,
    "lib/i.ts": `export const h = () => "i";`,
    "part/deno.json": `{ "imports": { "own": "./one.ts" } }`,
    "part/w.ts": `import { v } from "own"; export const w = () => v;`,
    "part/one.ts": `export const v = 1;`,
    "part/two.ts": `export const v = 2;`,
  }, { imports: { "./lib/h.ts": "./lib/i.ts" }, workspace: ["./part"] });
  assertMatch(await run(project, "p", "--quiet"), /^i1$/m);
  await project.edit("lib/i.ts", `"i"`, `"I"`);
  assertMatch(await run(project, "p", "--quiet"), /^I1$/m);
  await project.edit("part/one.ts", "1", "3");
  assertMatch(await run(project, "p", "--quiet"), /^I3$/m);
  await project.write("part/deno.json", `{ "imports": { "own": "./two.ts" } }`);
  assertMatch(await run(project, "p", "--quiet"), /^I2$/m);
  await project.edit("part/two.ts", "2", "4");
  assertMatch(await run(project, "p", "--quiet"), /^I4$/m);
});
