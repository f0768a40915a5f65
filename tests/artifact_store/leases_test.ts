/** Clean-up of a store that machines share, and what each keeps of it. */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { sha256, UsageError, UserError } from "../../src/base/mod.ts";
import { collectGarbage } from "../../src/run_history/mod.ts";
import { Leases } from "../../src/artifact_store/leases.ts";
import { LocalStore } from "../../src/artifact_store/mod.ts";
import { FetchedValues, sizeInBytes } from "../../src/artifact_store/fetched_values.ts";
import { RecordSignature } from "../../src/artifact_store/record_signature.ts";
import { SharedStore } from "../../src/artifact_store/shared_store.ts";
import { Project } from "../pipeline/project.ts";

const MINUTE = 60_000;

async function inStore(test: (store: LocalStore, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(new LocalStore(folder), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Makes a value of a store look older. */
async function age(store: LocalStore, key: string, milliseconds: number): Promise<void> {
  const moment = new Date(Date.now() - milliseconds);
  await Deno.utime(store.path(key), moment, moment);
}

Deno.test("leases: a clean-up waits for no run, a run waits for a clean-up", () =>
  inStore(async (store) => {
    const run = await new Leases(store).begin("train_1");
    const refused = await assertRejects(() => new Leases(store).clean(), UserError, "train_1");
    assertStringIncludes(refused.next!, "10 minutes");
    await using _other = await new Leases(store).begin("train_2");
    await run[Symbol.asyncDispose]();
    await assertRejects(() => new Leases(store).clean(), UserError, "train_2");
    await _other[Symbol.asyncDispose]();

    const cleaning = await new Leases(store).clean();
    await assertRejects(() => new Leases(store).clean(), UserError, "another clean-up");
    let begun = false;
    const waiting = new Leases(store).begin("train_3").then((lease) => {
      begun = true;
      return lease;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assertEquals(begun, false);
    await cleaning[Symbol.asyncDispose]();
    await (await waiting)[Symbol.asyncDispose]();
    const stop = new AbortController();
    await using _cleaning = await new Leases(store).clean();
    const stopped = new Leases(store).begin("train_4", stop.signal);
    stop.abort(new Error("enough"));
    await assertRejects(() => stopped, Error, "enough");
  }));

Deno.test("leases: what a lost machine left runs out", () =>
  inStore(async (store) => {
    await store.write("leases/runs/lost", new Uint8Array());
    await age(store, "leases/runs/lost", 9 * MINUTE);
    await assertRejects(() => new Leases(store).clean(), UserError, "lost");
    await age(store, "leases/runs/lost", 11 * MINUTE);
    await using _cleaning = await new Leases(store).clean();
    assertEquals(await store.has("leases/runs/lost"), false);
  }));

const steps = `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("sizes", {
  description: "Makes something", params: z.object({ size: z.int().default(1) }),
}, ({ step, params }) => {
  const made = step("make", () => "x".repeat(params.size));
  step("tell", { made }, ({ made }, { log }) => log(made.length + " letters"));
});
`;

Deno.test("leases: gc of a shared store leaves what is young, needed or in use", async () => {
  const files = { "pipelines/sizes.ts": steps, "deno.json": "{}" };
  await using first = await Project.create(files);
  await using second = await Project.create(files);
  await inStore(async (store, folder) => {
    const env = { DINOFLOW_STORE: `file://${folder}` };
    const call = async (project: Project, ...args: string[]) => {
      const { code, stdout, stderr } = await project.commandBehind('"$@"', env, ...args).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    };
    for (const size of ["10", "20", "30"]) {
      assertEquals((await call(first, "sizes", "--param", `size=${size}`)).code, 0);
    }
    const objects = async () => (await Array.fromAsync(store.list("objects/"))).length;
    const all = await objects();
    const gc = (...args: string[]) => call(second, "gc", "--shared", "--keep", "1", ...args);
    const young = await gc();
    assertEquals([young.code, await objects()], [0, all], young.stderr);
    for (const prefix of ["objects/", "steps/"]) {
      for await (const { key } of store.list(prefix)) await age(store, key, 3 * 24 * 60 * MINUTE);
    }
    {
      await using _run = await new Leases(store).begin("elsewhere");
      const refused = await gc("--older-than", "2d");
      assertEquals([refused.code, await objects()], [1, all]);
      assertStringIncludes(refused.stderr, "while elsewhere is under way");
    }
    const done = await gc("--older-than", "2d");
    assertEquals(done.code, 0, done.stderr);
    assert(await objects() < all, done.stdout);
    // The newest run is whole: another machine takes it; the others are made anew.
    const kept = await call(second, "sizes", "--param", "size=30");
    assertStringIncludes(kept.stderr, "make: CACHED");
    const anew = await call(second, "sizes", "--param", "size=10");
    assertStringIncludes(anew.stdout, "10 letters");
    assert(!anew.stderr.includes("make: CACHED"), anew.stderr);
    assertEquals(await Array.fromAsync(store.list("leases/")), []);
    for (
      const [args, message] of [
        [["gc", "--older-than", "2d"], "gc --shared --older-than 7d"],
        [["gc", "--shared", "--older-than", "2w"], "write days, as 7d"],
        [["sizes", "--shared"], "gc --shared"],
      ] as const
    ) {
      const { code, stderr } = await call(second, ...args);
      assertEquals(code, 2);
      assertStringIncludes(stderr, message);
    }
  });
  const { code, stderr } = await second.run("gc", "--shared");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "set DINOFLOW_STORE");
  assertEquals(await collectGarbage(new LocalStore(second.path("nothing")), 1), {
    ...{ removed: 0, freed: 0, kept: 0 },
  });
});

Deno.test("fetched values: kept within a size, the oldest go first, what was made here stays", () =>
  inStore(async (_, folder) => {
    const [local, shared] = ["local", "shared"].map((name) => new LocalStore(join(folder, name)));
    const values = Array.from({ length: 6 }, (_, i) => new Uint8Array(100).fill(i));
    const keys = values.map((value) => {
      const digest = sha256(value);
      return `objects/${digest.slice(0, 2)}/${digest.slice(2)}`;
    });
    for (const [i, key] of keys.entries()) await shared.write(key, values[i]);
    const own = `objects/ab/${"c".repeat(62)}`;
    await local.write(own, new Uint8Array(1000));
    const open = () =>
      new SharedStore(local, shared, {
        ...{ writes: true, address: "file:///shared", signature: new RecordSignature() },
        fetched: new FetchedValues(local, 350),
      });
    const here = async () => (await Promise.all(keys.map((key) => local.has(key)))).map(Number);
    const early = open();
    for (const key of keys.slice(0, 3)) assert(await early.read(key));
    assertEquals(await here(), [1, 1, 1, 0, 0, 0]);
    for (const [i, key] of keys.slice(0, 3).entries()) {
      await age(local, `fetched/${key}`, (10 - i) * MINUTE);
    }
    const later = open();
    assert(await later.read(keys[3]));
    assertEquals(await here(), [0, 1, 1, 1, 0, 0]);
    assert(await later.read(keys[0])); // it is there still, and is fetched again
    assertEquals(await here(), [1, 0, 1, 1, 0, 0]);
    // A run that needs more than the bound has it.
    for (const key of keys) assert(await later.read(key));
    assertEquals(await here(), [1, 1, 1, 1, 1, 1]);
    assert(await local.has(own));
    assertEquals(["500MB", "1.5 gb"].map(sizeInBytes), [5e8, 1.5e9]);
    assertThrows(() => sizeInBytes("many"), UsageError, "the size many");
  }));
