import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { LocalStore, MemoryStore } from "../../src/artifact_store/mod.ts";
import { testStore } from "../contracts/store_contract.ts";

testStore(
  "memory store",
  { signs: false },
  () => Promise.resolve({ store: new MemoryStore(), close: () => Promise.resolve() }),
);

testStore("local store", { signs: true }, async () => {
  const folder = await Deno.makeTempDir();
  return {
    store: new LocalStore(join(folder, "home")),
    close: () => Deno.remove(folder, { recursive: true }),
  };
});

Deno.test("local store: a key cannot lead out of the folder", async () => {
  const folder = await Deno.makeTempDir();
  const store = new LocalStore(folder);
  for (const key of ["../x", "a/../../x", "/x", "", "a//b", "a/"]) {
    await assertRejects(() => store.write(key, new Uint8Array()), Error, "Cannot store");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("local store: what a killed writer left is not listed, and goes when it is old", async () => {
  const folder = await Deno.makeTempDir();
  const store = new LocalStore(folder);
  await store.write("key", new Uint8Array(1));
  const fresh = join(folder, "key.tmp-11111111");
  const old = join(folder, "key.tmp-22222222");
  await Deno.writeTextFile(fresh, "half");
  await Deno.writeTextFile(old, "half");
  await Deno.utime(old, 0, 0);
  const listed: string[] = [];
  for await (const { key } of store.list("")) listed.push(key);
  assertEquals(listed, ["key"]);
  const left = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  assertEquals(left, ["key", "key.tmp-11111111"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("local store: damage in place, of the same size and dated back, has another sign", async () => {
  const folder = await Deno.makeTempDir();
  const now = Date.now;
  try {
    const store = new LocalStore(folder);
    await store.write("key", new Uint8Array(8));
    const { atime, mtime } = await Deno.stat(join(folder, "key"));
    // What was written a moment ago has no sign yet.
    Date.now = () => now() + 60_000;
    const sign = store.sign("key");
    assert(sign !== undefined);
    // Deno tells the time of a change in whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await Deno.writeFile(join(folder, "key"), new Uint8Array(8).fill(1));
    await Deno.utime(join(folder, "key"), atime!, mtime!);
    const damaged = store.sign("key");
    assert(damaged !== undefined && damaged !== sign, damaged);
  } finally {
    Date.now = now;
    await Deno.remove(folder, { recursive: true });
  }
});
