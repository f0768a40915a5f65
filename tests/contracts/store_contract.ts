/** What every store does; a new store runs this suite. */

import { assertEquals } from "@std/assert";
import type { ArtifactStore } from "../../src/artifact_store/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function keys(store: ArtifactStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  return found;
}

/** Runs the suite; `open` gives an empty store and what takes it away, `signs` says whether it has signs. */
export function testStore(
  name: string,
  { signs }: { readonly signs: boolean },
  open: () => Promise<{ store: ArtifactStore; close: () => Promise<void> }>,
): void {
  const test = (what: string, body: (store: ArtifactStore) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      const { store, close } = await open();
      try {
        await body(store);
      } finally {
        await close();
      }
    });

  test("gives back what was written, the newest value of a key", async (store) => {
    assertEquals(await store.read("objects/ab/cd"), undefined);
    await store.write("objects/ab/cd", bytes("one"));
    await store.write("objects/ab/cd", bytes("two"));
    assertEquals(await store.read("objects/ab/cd"), bytes("two"));
    await store.write("empty", new Uint8Array());
    assertEquals(await store.read("empty"), new Uint8Array());
  });

  test("does not see later changes to an array that was written or read", async (store) => {
    const value = bytes("one");
    await store.write("key", value);
    value[0] = 0;
    (await store.read("key"))![0] = 0;
    assertEquals(await store.read("key"), bytes("one"));
  });

  test("lists keys below a prefix in order, with their sizes", async (store) => {
    for (const key of ["a/2", "a/1", "a/b/c", "ab", "b/1"]) await store.write(key, bytes(key));
    assertEquals(await keys(store, "a/"), ["a/1", "a/2", "a/b/c"]);
    assertEquals((await keys(store, "")).length, 5);
    assertEquals(await keys(store, "none/"), []);
    for await (const { key, size } of store.list("")) assertEquals(size, key.length);
  });

  test("forgets what was removed; removing twice is no error", async (store) => {
    await store.write("a/1", bytes("1"));
    await store.write("a/2", bytes("2"));
    await store.remove("a/1");
    await store.remove("a/1");
    assertEquals(await store.read("a/1"), undefined);
    assertEquals(await keys(store, ""), ["a/2"]);
    await store.remove("a/2");
    await store.write("a/3", bytes("3"));
    assertEquals(await keys(store, ""), ["a/3"]);
  });

  test("a reader beside many writers sees whole values only", async (store) => {
    const values = Array.from({ length: 8 }, (_, i) => new Uint8Array(50_000).fill(i + 1));
    await store.write("key", values[0]);
    const writers = values.map(async (value) => {
      for (let i = 0; i < 5; i++) await store.write("key", value);
    });
    const readers = Array.from({ length: 40 }, async () => {
      const found = await store.read("key");
      assertEquals(found!.length, 50_000);
      assertEquals(new Set(found).size, 1);
    });
    await Promise.all([...writers, ...readers]);
    assertEquals(await keys(store, ""), ["key"]);
  });

  test("a lock has one holder, who is told; let go, it is free and leaves nothing", async (store) => {
    const first = store.tryLock("locks/a/b", "the first");
    if (!("lock" in first)) throw new Error("the lock is not free");
    const second = store.tryLock("locks/a/b", "the second");
    if (!("holder" in second)) throw new Error("two have the lock");
    const { what, pid, host, since } = second.holder;
    assertEquals([what, pid, host], ["the first", Deno.pid, Deno.hostname()]);
    assertEquals(Math.abs(Date.now() - Date.parse(since)) < 60_000, true);
    assertEquals("lock" in store.tryLock("locks/a/c", "another"), true);
    assertEquals((await keys(store, "locks/")).includes("locks/a/b"), true);
    first.lock[Symbol.dispose]();
    assertEquals((await keys(store, "locks/")).includes("locks/a/b"), false);
    assertEquals("lock" in store.tryLock("locks/a/b", "the third"), true);
  });

  test(`has ${signs ? "" : "no "}signs`, (store) => {
    assertEquals(typeof store.sign, signs ? "function" : "undefined");
    return Promise.resolve();
  });

  if (!signs) return;
  test("a sign stands for one value of one key", async (store) => {
    if (store.sign === undefined) throw new Error("the store has no signs");
    assertEquals(store.sign("objects/ab/cd"), undefined);
    await store.write("objects/ab/cd", bytes("one"));
    assertEquals(store.sign("objects/ab/cd"), undefined, "the value may change unseen");
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const sign = store.sign("objects/ab/cd");
    assertEquals(typeof sign, "string");
    assertEquals(store.sign("objects/ab/cd"), sign);
    await store.write("objects/ab/cd", bytes("two"));
    assertEquals(store.sign("objects/ab/cd") === sign, false);
  });
}
