/** What deno.json says: versions behind names, compiling, scopes and members. */

import { assertMatch } from "@std/assert";
import { configure, configured, piped, run } from "./configured.ts";

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
