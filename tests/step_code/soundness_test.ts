/** What a step reads beside its code: environment, files, time; and its borders. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Project } from "../pipeline/project.ts";
import { Session } from "../pipeline/session.ts";
import { type Files } from "./versions.ts";
import { main, piped } from "./configured.ts";

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
