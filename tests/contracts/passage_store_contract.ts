/** What every store of passages must do. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import type { Chunk, PassageStore, StoredDocument } from "../../src/retrieval/mod.ts";

/** A store to try. */
export interface PassageStoreCase {
  /** Its name, at the start of the tests' names. */
  readonly name: string;
  /** Whether it cannot be tried here. */
  readonly ignore?: boolean;
  /** Opens the store at the place of this case. */
  readonly open: () => PassageStore;
  /** Makes the place empty. */
  readonly clear: () => Promise<void>;
}

const kind = { encoder: "three@1", size: 3 };

const texts: Record<string, [text: string, vector: number[]][]> = {
  "loans.md": [
    ["A loan is repaid by instalments, each with interest.", [1, 0, 0]],
    ["The bureau reports every loan to the lender.", [0.6, 0.8, 0]],
  ],
  "saving.md": [["A deposit earns interest; an emergency fund is a deposit.", [0, 1, 0]]],
  "safety.md": [["Never tell the one-time password to a caller.", [0, 0, 1]]],
};

/** A document of the contract, with vectors unless they are left out. */
export function storedDocument(source: string, vectors = true): StoredDocument {
  const chunks = texts[source].map(([text], i): Chunk => ({
    ...{ id: `${source}#${i + 1}`, source, title: `About ${source}` },
    ...{ heading: "Basics", position: `Basics, line ${i + 1}`, text },
  }));
  return {
    ...{ source, title: `About ${source}`, digest: `digest of ${source}`, chunks },
    ...vectors && { vectors: Float32Array.from(texts[source].flatMap(([, vector]) => vector)) },
  };
}

/** Runs the contract's tests. */
export function testPassageStore({ name, ignore = false, open, clear }: PassageStoreCase): void {
  const test = (what: string, run: (store: PassageStore) => Promise<void>) =>
    Deno.test({
      name: `${name}: ${what}`,
      ignore,
      async fn() {
        await clear();
        await using store = open();
        await run(store);
      },
    });
  const fill = async (store: PassageStore) => {
    await store.prepare(kind);
    for (const source of Object.keys(texts)) await store.write(storedDocument(source));
  };
  const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);

  test("what was never prepared holds nothing", async (store) => {
    assertEquals(await store.vectors(), undefined);
    assertEquals(await store.size(), { documents: 0, chunks: 0 });
    assertEquals([...await store.documents()], []);
    assertEquals(await store.byWords("loan", 5), []);
    assertEquals(await store.chunks(["loans.md#1"]), []);
  });

  test("documents are written, listed, replaced and removed as a whole", async (store) => {
    await fill(store);
    assertEquals(await store.vectors(), kind);
    assertEquals(await store.size(), { documents: 3, chunks: 4 });
    assertEquals([...await store.documents()], [
      ["loans.md", "digest of loans.md"],
      ["safety.md", "digest of safety.md"],
      ["saving.md", "digest of saving.md"],
    ]);
    const shorter = storedDocument("loans.md");
    await store.write({
      ...{ ...shorter, digest: "new", chunks: shorter.chunks.slice(0, 1) },
      vectors: shorter.vectors!.slice(0, 3),
    });
    assertEquals(await store.size(), { documents: 3, chunks: 3 });
    assertEquals((await store.documents()).get("loans.md"), "new");
    assertEquals(ids(await store.byWords("bureau", 5)), []);
    await store.remove(["loans.md", "not/there.md"]);
    assertEquals(await store.size(), { documents: 2, chunks: 2 });
    assertEquals(ids(await store.byWords("loan", 5)), []);
    assert(!ids(await store.byVector(Float32Array.of(1, 0, 0), 5)).includes("loans.md#1"));
  });

  test("words are found whatever their ending, rare ones first", async (store) => {
    await fill(store);
    const found = await store.byWords("Which loans do bureaus report?", 5);
    assertEquals(ids(found)[0], "loans.md#2");
    assertEquals(ids(found).sort(), ["loans.md#1", "loans.md#2"]);
    assert(found[0].score > found[1].score);
    assertEquals(ids(await store.byWords("deposits", 1)), ["saving.md#1"]);
    assertEquals(await store.byWords("zeppelin", 5), []);
  });

  test("questions are no queries: their marks do no harm", async (store) => {
    await fill(store);
    const marks = [`"loan" AND (NOT`, "loan* OR ^bureau", "loan & | ! <-> :* '", "loan); drop --"];
    for (const question of marks) {
      const found = await store.byWords(question, 5);
      assert(ids(found).includes("loans.md#1"), `${question}: ${ids(found)}`);
    }
    for (const question of ["", "   ", "?!", "'\"", "\u0000"]) {
      assertEquals(await store.byWords(question, 5), [], JSON.stringify(question));
    }
  });

  test("vectors are found by their cosine", async (store) => {
    await fill(store);
    const found = await store.byVector(Float32Array.of(0.8, 0.6, 0), 3);
    assertEquals(ids(found), ["loans.md#2", "loans.md#1", "saving.md#1"]);
    // Vectors are kept in Float32.
    [0.96, 0.8, 0.6].forEach((score, i) => assertAlmostEquals(found[i].score, score, 1e-6));
    assertEquals((await store.byVector(Float32Array.of(0, 0, 1), 1)).length, 1);
  });

  test("passages come in the order in which they are asked for", async (store) => {
    await fill(store);
    const chunks = await store.chunks(["saving.md#1", "gone#1", "loans.md#2"]);
    assertEquals(ids(chunks), ["saving.md#1", "loans.md#2"]);
    assertEquals(chunks[1], storedDocument("loans.md").chunks[1]);
  });

  test("vectors of another encoder empty it, those of the same do not", async (store) => {
    await fill(store);
    await store.prepare(kind);
    assertEquals((await store.size()).documents, 3);
    await store.prepare({ encoder: "three@2", size: 3 });
    assertEquals(await store.size(), { documents: 0, chunks: 0 });
    await store.prepare(undefined);
    assertEquals(await store.vectors(), undefined);
    await store.write(storedDocument("loans.md", false));
    assertEquals(ids(await store.byWords("bureau", 5)), ["loans.md#2"]);
  });

  test("a document with too few vectors is a defect, and changes nothing", async (store) => {
    await fill(store);
    const { vectors: _, ...without } = storedDocument("loans.md");
    await assertRejects(() => store.write(without), RangeError, "0 numbers for 2 passages");
    assertEquals(await store.size(), { documents: 3, chunks: 4 });
  });

  test("what was written is there for whoever opens it next", async (store) => {
    await fill(store);
    await using other = open();
    assertEquals(await other.vectors(), kind);
    assertEquals(ids(await other.byVector(Float32Array.of(0, 0, 1), 1)), ["safety.md#1"]);
    await store.remove(["safety.md"]);
    assert(!ids(await other.byVector(Float32Array.of(0, 0, 1), 4)).includes("safety.md#1"));
    assertEquals(ids(await other.byWords("password", 1)), []);
  });

  test("a signal that was aborted ends a search", async (store) => {
    await fill(store);
    const signal = AbortSignal.abort(new Error("nobody waits"));
    await assertRejects(() => store.byWords("loan", 5, signal), Error, "nobody waits");
    await assertRejects(
      () => store.byVector(Float32Array.of(0, 0, 1), 5, signal),
      Error,
      "nobody waits",
    );
  });
}
