import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DataError, ModelError } from "../../src/base/mod.ts";
import {
  type KnowledgeManifest,
  latestKnowledge,
  openKnowledge,
  pointKnowledge,
  publishKnowledge,
  writeIndex,
} from "../../src/retrieval/mod.ts";
import { storedDocument } from "../contracts/passage_store_contract.ts";

const kind = { encoder: "three@1", size: 3 };

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function publish(folder: string, version: string, ...sources: string[]) {
  const index = join(folder, `build_${version}.sqlite`);
  const index_digest = await writeIndex(index, kind, sources.map((name) => storedDocument(name)));
  const manifest: KnowledgeManifest = {
    ...{ schema: 1, version, created_at: "2026-01-01T00:00:00.000Z", index: `${version}.sqlite` },
    ...{ index_digest, corpus_digest: "c", prompt_version: null, encoder: kind.encoder },
    ...{ documents: sources.length, chunks: 2, metrics: { recall_at_5: 1 } },
    ...{ evaluation_digest: "e", run_id: null },
  };
  await publishKnowledge(join(folder, "knowledge"), index, manifest);
  return manifest;
}

async function found(folder: string, question: string): Promise<string[]> {
  await using knowledge = await openKnowledge({ folder });
  return (await knowledge!.retriever.search(question)).map(({ id }) => id);
}

Deno.test("knowledge: what is published is opened, and one can go back", () =>
  withFolder(async (root) => {
    const folder = join(root, "knowledge");
    assertEquals(await latestKnowledge(folder), undefined);
    assertEquals(await openKnowledge({ folder }), undefined);
    const first = await publish(root, "v1", "loans.md");
    assertEquals(await found(folder, "bureau"), ["loans.md#2"]);
    const second = await publish(root, "v2", "safety.md");
    assertEquals(await latestKnowledge(folder), second);
    assertEquals(await found(folder, "bureau"), []);
    await pointKnowledge(folder, "v1");
    assertEquals(await latestKnowledge(folder), first);
    assertEquals(await found(folder, "bureau"), ["loans.md#2"]);
    await assertRejects(() => pointKnowledge(folder, "v3"), ModelError, "is not there");
    assertEquals(await latestKnowledge(folder), first);
    await assertRejects(() => publish(root, "v2", "loans.md"), DataError, "is there already");
  }));

Deno.test("knowledge: the same documents give the same index, byte by byte", () =>
  withFolder(async (root) => {
    const write = (name: string, ...sources: string[]) =>
      writeIndex(join(root, name), kind, sources.map((source) => storedDocument(source)));
    const digest = await write("a.sqlite", "loans.md", "safety.md");
    assertEquals(await write("b.sqlite", "loans.md", "safety.md"), digest);
    assert(await write("c.sqlite", "loans.md") !== digest);
    assertEquals((await Array.fromAsync(Deno.readDir(root))).length, 3);
  }));

Deno.test("knowledge: an index that fails is not there at all", () =>
  withFolder(async (root) => {
    const { vectors: _, ...without } = storedDocument("loans.md");
    const path = join(root, "a.sqlite");
    await assertRejects(() => writeIndex(path, kind, [without]), RangeError);
    const signal = AbortSignal.abort(new Error("stopped"));
    await assertRejects(
      () => writeIndex(path, kind, [storedDocument("loans.md")], signal),
      Error,
      "stopped",
    );
    assertEquals(await Array.fromAsync(Deno.readDir(root)), []);
  }));

Deno.test("knowledge: one changed byte of the index is told, wherever it is", () =>
  withFolder(async (root) => {
    const { index } = await publish(root, "v1", "loans.md", "saving.md");
    const folder = join(root, "knowledge");
    const path = join(folder, index);
    const whole = await Deno.readFile(path);
    for (const at of [0, 100, whole.length >> 1, whole.length - 1]) {
      const broken = whole.slice();
      broken[at] ^= 1;
      await Deno.writeFile(path, broken);
      await assertRejects(() => openKnowledge({ folder }), ModelError, "the SHA-256 is");
    }
    await Deno.writeFile(path, whole.subarray(0, whole.length - 4096));
    await assertRejects(() => openKnowledge({ folder }), ModelError, "the SHA-256 is");
    await Deno.remove(path);
    await assertRejects(() => openKnowledge({ folder }), ModelError, "there is no such file");
    await Deno.writeFile(path, whole);
    assertEquals(await found(folder, "bureau"), ["loans.md#2"]);
  }));

Deno.test("knowledge: a damaged manifest or pointer is told, and points nowhere else", () =>
  withFolder(async (root) => {
    await publish(root, "v1", "loans.md");
    const folder = join(root, "knowledge");
    const manifest = join(folder, "v1.json");
    const text = await Deno.readTextFile(manifest);
    for (
      const broken of [
        ...["", "{", "null", "[]", '{"schema":1}', text.replace('"schema": 1', '"schema": 2')],
        text.replace('"v1.sqlite"', '"../../etc/passwd"'),
      ]
    ) {
      await Deno.writeTextFile(manifest, broken);
      await assertRejects(() => latestKnowledge(folder), ModelError, "damaged", broken);
    }
    await Deno.writeTextFile(manifest, text);
    const pointer = join(folder, "latest_knowledge.json");
    for (const broken of ["", "{", '{"version":7}', '{"version":"../v1"}']) {
      await Deno.writeTextFile(pointer, broken);
      await assertRejects(() => latestKnowledge(folder), ModelError, "damaged", broken);
    }
  }));

Deno.test("knowledge: an index that was changed on its way is not published", () =>
  withFolder(async (root) => {
    const manifest = await publish(root, "v1", "loans.md");
    const index = join(root, "other.sqlite");
    await writeIndex(index, kind, [storedDocument("safety.md")]);
    const folder = join(root, "knowledge");
    await assertRejects(
      () => publishKnowledge(folder, index, { ...manifest, version: "v2", index: "v2.sqlite" }),
      ModelError,
      "the SHA-256 is",
    );
    assertEquals((await latestKnowledge(folder))?.version, "v1");
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    assertEquals(names, ["latest_knowledge.json", "v1.json", "v1.sqlite"]);
  }));
