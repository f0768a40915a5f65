import { assertEquals, assertRejects } from "@std/assert";
import { MemoryStore, readArtifact } from "../../src/pipeline/mod.ts";
import { ArtifactMissing, Artifacts, objectKey } from "../../src/pipeline/store/artifacts.ts";
import { Remembered } from "../../src/pipeline/store/remembered.ts";

/** Counts what is read; signs are what the test says. */
class SignedStore extends MemoryStore {
  reads = 0;
  signs: Record<string, string | undefined> = {};

  sign(key: string): string | undefined {
    return this.signs[key];
  }

  override read(key: string) {
    this.reads++;
    return super.read(key);
  }
}

/** A store with one output of two objects, and what a first look remembers of it. */
async function lookedAt(newest?: string) {
  const store = new SignedStore();
  const { digest } = await new Artifacts(store).put({ numbers: new Float64Array(1000) });
  for await (const { key } of store.list("objects/")) store.signs[key] = "1";
  if (newest !== undefined) store.signs[objectKey(digest)] = undefined;
  const remembered = new Remembered(store);
  await new Artifacts(store, remembered).whole(digest);
  const kept = JSON.parse(JSON.stringify(remembered.used));
  store.reads = 0;
  return {
    store,
    digest,
    kept,
    blob: Object.keys(store.signs).find((key) => key !== objectKey(digest))!,
  };
}

Deno.test("remembered: what was whole is not read again while its signs are the same", async () => {
  const { store, digest, kept, blob } = await lookedAt();
  const remembered = new Remembered(store, kept);
  assertEquals((await new Artifacts(store, remembered).whole(digest))?.blobs.length, 1);
  assertEquals([store.reads, remembered.learned], [0, false]);
  store.signs[blob] = "2";
  await store.write(blob, new Uint8Array(1));
  assertEquals(await new Artifacts(store, remembered).whole(digest), undefined);
  assertEquals(remembered.used, {});
});

Deno.test("remembered: what is too new to have a sign is read each time", async () => {
  const { store, digest, kept } = await lookedAt("document");
  assertEquals(kept, {});
  assertEquals((await new Artifacts(store, new Remembered(store, kept)).whole(digest))?.files, []);
  assertEquals(store.reads, 2);
});

Deno.test("remembered: an output that turns out damaged when it is read is forgotten", async () => {
  const { store, digest, kept, blob } = await lookedAt();
  await store.write(blob, new Uint8Array(1)); // a bad disk: the sign has not changed
  const remembered = new Remembered(store, kept);
  const artifacts = new Artifacts(store, remembered);
  assertEquals((await artifacts.whole(digest))?.files, []);
  await assertRejects(() => artifacts.get(digest), ArtifactMissing);
  assertEquals([remembered.used, remembered.learned], [{}, true]);
  await assertRejects(() => readArtifact(store, digest), ArtifactMissing);
});
