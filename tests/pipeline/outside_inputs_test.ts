/** What a step reads from outside of the pipeline: files, the environment, what deno.json says. */

import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { FileDigests } from "../../src/base/file_digest.ts";
import { readProjectConfig } from "../../src/pipeline/cache/config.ts";
import { declaredInputs, fileInput, pathsRead } from "../../src/pipeline/cache/outside_inputs.ts";

Deno.test("outside inputs: what is read from outside counts by content, place and name", async () => {
  const holding = (files: Record<string, string>) => (path: string) =>
    Promise.resolve(files[path] ?? "none");
  const file = (path: string) => ({ kind: "file", name: "f", path }) as const;
  const one = await fileInput(file("a"), holding({ a: "1", b: "1" }));
  assertEquals(one, await fileInput(file("a"), holding({ a: "1" })));
  assertNotEquals(one, await fileInput(file("a"), holding({ a: "2" })));
  assertNotEquals(one, await fileInput(file("b"), holding({ b: "1" })));
  const node = (permissions?: object, inputs = {}) =>
    ({ inputs, options: { permissions } }) as never;
  assertEquals(await declaredInputs(node(), holding({})), {});
  Deno.env.set("STEP_CACHE_ONE", "1");
  Deno.env.set("STEP_CACHE_TWO", "2");
  try {
    const named = (env: unknown) => declaredInputs(node({ env, read: ["a"] }), holding({ a: "1" }));
    const before = await named(["STEP_CACHE_ONE", "STEP_CACHE_*"]);
    const all = await named(true);
    assertEquals(Object.keys(before), ["read a", "env STEP_CACHE_ONE", "env STEP_CACHE_*"]);
    assertEquals(Object.keys(all), ["read a", "env *"]);
    assertEquals(before["read a"], "file:1");
    Deno.env.set("STEP_CACHE_TWO", "3");
    const changed = await named(["STEP_CACHE_ONE", "STEP_CACHE_*"]);
    assertEquals(changed["env STEP_CACHE_ONE"], before["env STEP_CACHE_ONE"]);
    assertNotEquals(changed["env STEP_CACHE_*"], before["env STEP_CACHE_*"]);
    assertNotEquals((await named(true))["env *"], all["env *"]);
    Deno.env.set("STEP_CACHE_ONCE", "1"); // another name
    const [one] = Object.values(await named(["STEP_CACHE_ONE"])).slice(-1);
    assertEquals(one, before["env STEP_CACHE_ONE"]);
    Deno.env.delete("STEP_CACHE_ONCE");
    Deno.env.delete("STEP_CACHE_ONE");
    const gone = await named(["STEP_CACHE_ONE"]);
    // Neither others nor their order.
    const some = (await named(["STEP_CACHE_*"]))["env STEP_CACHE_*"];
    Deno.env.set("STEP_CACHED", "1");
    assertEquals((await named(["STEP_CACHE_*"]))["env STEP_CACHE_*"], some);
    Deno.env.delete("STEP_CACHED");
    Deno.env.set("STEP_CACHE_ONE", "1");
    Deno.env.set("STEP_CACHE_TWO", "2");
    assertEquals(await named(["STEP_CACHE_ONE", "STEP_CACHE_*"]), before);
    Deno.env.delete("STEP_CACHE_TWO");
    Deno.env.set("STEP_CACHE_TWO", "2");
    assertEquals(await named(["STEP_CACHE_ONE", "STEP_CACHE_*"]), before);
    assertNotEquals(gone["env STEP_CACHE_ONE"], before["env STEP_CACHE_ONE"]);
  } finally {
    Deno.env.delete("STEP_CACHE_ONE");
    Deno.env.delete("STEP_CACHE_TWO");
  }
  const files = new Map([["f", file("given.txt")]]);
  assertEquals(pathsRead(node(undefined, { x: "f", y: "step" }), files), ["given.txt"]);
  const both = { read: ["in.txt", "out", ".", "outer.txt"], write: ["out", "made"] };
  assertEquals(pathsRead(node(both), files), ["in.txt", "outer.txt"]);
});

Deno.test("outside inputs: of deno.json counts what may change what code does", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const counts = async (config: unknown) => {
      const text = typeof config === "string" ? config : JSON.stringify(config);
      await Deno.writeTextFile(join(folder, "deno.json"), text);
      return (await readProjectConfig(folder, new FileDigests(), undefined)).counts;
    };
    const plain = await counts({ compilerOptions: { jsx: "react" }, unstable: ["x"] });
    assertEquals(
      await counts({
        ...{ tasks: { a: "b" }, fmt: {}, lint: {}, version: "2", imports: {} },
        ...{
          unstable: ["x"],
          compilerOptions: { strict: true, noImplicitAny: true, jsx: "react" },
        },
      }),
      plain,
    );
    assertNotEquals(await counts({ compilerOptions: { jsx: "other" }, unstable: ["x"] }), plain);
    assertNotEquals(await counts({ compilerOptions: { jsx: "react" }, unstable: ["y"] }), plain);
    assertEquals(await counts({ compilerOptions: null }), await counts({}));
    // With comments no more is certain than the text.
    const noted = '// note\n{ "unstable": ["x"] }';
    assertNotEquals(await counts(noted), await counts(noted.replace("note", "another")));
    assertNotEquals(await counts({ scopes: { "./a/": { b: "./c.ts" } } }), await counts({}));
    // What was known is taken while the files are as they were.
    const now = await readProjectConfig(folder, new FileDigests(), undefined);
    const known = { ...now, counts: "known" };
    assertEquals((await readProjectConfig(folder, new FileDigests(), known)).counts, "known");
    // What was found out from other files counts for nothing.
    const other = await readProjectConfig(folder, new FileDigests(), { ...known, files: {} });
    assertEquals(other, now);
    await Deno.writeTextFile(join(folder, "deno.json"), '{"unstable":["z"]}');
    assertNotEquals((await readProjectConfig(folder, new FileDigests(), known)).counts, "known");
    // Beside it count the files that it names.
    const scopes = (to: string) =>
      Deno.writeTextFile(join(folder, "map.json"), `{"scopes":{"./a/":{"b":"./${to}.ts"}}}`);
    await scopes("c");
    await counts({ importMap: "./map.json" });
    const mapped = await readProjectConfig(folder, new FileDigests(), undefined);
    const again = () => readProjectConfig(folder, new FileDigests(), mapped);
    assertEquals(await again(), mapped);
    await scopes("d");
    assertNotEquals((await again()).counts, mapped.counts);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
