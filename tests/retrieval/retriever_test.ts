import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../src/base/mod.ts";
import {
  corpusDigest,
  fuseRankings,
  hybridRetriever,
  type KnowledgeDocument,
  type PassageEncoder,
  SqlitePassageStore,
  updateStore,
} from "../../src/retrieval/mod.ts";

/** Meanings that words do not show: each text lies where its first known word says. */
const meanings: Record<string, number[]> = {
  loan: [1, 0, 0],
  borrowing: [0.9, 0.43, 0],
  deposit: [0, 1, 0],
  password: [0, 0, 1],
};

class CountingEncoder implements PassageEncoder {
  readonly size = 3;
  readonly seen: string[] = [];
  constructor(readonly name = "counting@1") {}
  encode(texts: readonly string[], { signal }: { signal?: AbortSignal } = {}) {
    signal?.throwIfAborted();
    this.seen.push(...texts);
    const place = (text: string) =>
      meanings[text.toLowerCase().match(/[a-z]+/g)?.find((word) => word in meanings) ?? ""] ??
        [0.577, 0.577, 0.577];
    return Promise.resolve(Float32Array.from(texts.flatMap(place)));
  }
}

const document = (source: string, ...paragraphs: string[]): KnowledgeDocument => ({
  ...{ source, title: source, digest: paragraphs.join() },
  blocks: paragraphs.map((text, i) => ({
    ...{ headings: [`part ${i + 1}`], unit: "line" as const, from: i + 1, to: i + 1, text },
  })),
});

const documents = [
  document("a.md", "A loan is repaid in parts.", "Interest grows."),
  document("b.md", "A deposit is kept at a bank."),
  document("c.md", "Tell nobody the password."),
];

async function withStore(run: (store: SqlitePassageStore) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await using store = new SqlitePassageStore(join(folder, "k.sqlite"));
    await run(store);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("update: what did not change is not encoded again", () =>
  withStore(async (store) => {
    const encoder = new CountingEncoder();
    assertEquals(await updateStore(store, documents, { encoder }), {
      ...{ added: 3, changed: 0, removed: 0, unchanged: 0, written: 4 },
    });
    assertEquals(encoder.seen.length, 4);
    assertEquals((await updateStore(store, documents, { encoder })).unchanged, 3);
    assertEquals(encoder.seen.length, 4);
    const [a, b] = documents;
    const after = [a, document("b.md", "A deposit is safe."), document("d.md", "New.")];
    assertEquals(await updateStore(store, after, { encoder }), {
      ...{ added: 1, changed: 1, removed: 1, unchanged: 1, written: 2 },
    });
    assertEquals(encoder.seen.slice(4), ["b.md\npart 1\nA deposit is safe.", "d.md\npart 1\nNew."]);
    assertEquals([...(await store.documents()).keys()], ["a.md", "b.md", "d.md"]);
    assert(b.digest !== "A deposit is safe.");
  }));

Deno.test("update: another encoder or other passages make all anew", () =>
  withStore(async (store) => {
    const [first, second] = [new CountingEncoder(), new CountingEncoder("counting@2")];
    await updateStore(store, documents, { encoder: first });
    assertEquals((await updateStore(store, documents, { encoder: second })).added, 3);
    assertEquals(second.seen.length, 4);
    const cut = { encoder: second, mostWords: 20 };
    assertEquals((await updateStore(store, documents, cut)).changed, 3);
    assertEquals((await updateStore(store, documents)).added, 3);
    assertEquals(await store.vectors(), undefined);
  }));

Deno.test("update: an interrupted one keeps whole documents and goes on where it ended", () =>
  withStore(async (store) => {
    const stop = new AbortController();
    class Stopping extends CountingEncoder {
      override encode(texts: readonly string[], options: { signal?: AbortSignal } = {}) {
        if (this.seen.length >= 2) stop.abort(new Error("stopped"));
        return super.encode(texts, options);
      }
    }
    const { signal } = stop;
    await assertRejects(
      () => updateStore(store, documents, { encoder: new Stopping(), signal }),
      Error,
      "stopped",
    );
    assertEquals(await store.size(), { documents: 1, chunks: 2 });
    const encoder = new CountingEncoder();
    const update = await updateStore(store, documents, { encoder });
    assertEquals([update.added, update.unchanged, encoder.seen.length], [2, 1, 2]);
  }));

Deno.test("retriever: words and meaning find what either alone does not", () =>
  withStore(async (store) => {
    const encoder = new CountingEncoder();
    await updateStore(store, documents, { encoder });
    const sources = async (mode: "hybrid" | "words" | "vectors", question: string) => {
      const retriever = await hybridRetriever(store, { encoder, mode });
      return (await retriever.search(question, { limit: 2 })).map(({ id }) => id);
    };
    // "borrowing" is no word of any passage; "grows" has no meaning for the encoder.
    assertEquals(await sources("words", "borrowing"), []);
    assertEquals((await sources("vectors", "borrowing"))[0], "a.md#1");
    assertEquals((await sources("hybrid", "borrowing"))[0], "a.md#1");
    assertEquals(await sources("words", "grows"), ["a.md#2"]);
    assertEquals((await sources("hybrid", "grows"))[0], "a.md#2");
  }));

Deno.test("retriever: a passage tells where it stands and what was said of it", () =>
  withStore(async (store) => {
    const encoder = new CountingEncoder();
    await updateStore(store, documents, { encoder });
    const retriever = await hybridRetriever(store, { encoder });
    const [first, ...others] = await retriever.search("Is the password safe?", { limit: 9 });
    const { score, words, similarity, ...place } = first;
    assertEquals(place, {
      ...{ id: "c.md#1", source: "c.md", title: "c.md", heading: "part 1" },
      ...{ position: "part 1, line 1", text: "Tell nobody the password." },
    });
    assertEquals(score, 2 / 61);
    assert(words! > 0);
    assertEquals(similarity, 1);
    assertEquals(others.length, 3);
    assert(others.every((other) => other.score < score && !("words" in other)));
  }));

Deno.test("retriever: without an encoder it finds by words and says why, once", () =>
  withStore(async (store) => {
    const notices: string[] = [];
    const onNotice = (text: string) => void notices.push(text);
    await updateStore(store, documents);
    const encoder = new CountingEncoder();
    const plain = await hybridRetriever(store, { encoder, onNotice });
    assertEquals((await plain.search("loan")).map(({ id }) => id), ["a.md#1"]);
    await updateStore(store, documents, { encoder });
    await hybridRetriever(store, { onNotice });
    await hybridRetriever(store, { encoder: new CountingEncoder("counting@2"), onNotice });
    await hybridRetriever(store, { encoder, onNotice });
    assertEquals(notices.length, 3);
    assert(notices[0].includes("holds no vectors"));
    assert(notices[1].includes("the encoder is not there"));
    assert(notices[2].includes("holds vectors of counting@1, the encoder is counting@2"));
    await assertRejects(
      () => hybridRetriever(store, { mode: "vectors" }),
      UsageError,
      "Cannot find passages by meaning",
    );
  }));

Deno.test("retriever: limits, empty and endless questions, signals", () =>
  withStore(async (store) => {
    const encoder = new CountingEncoder();
    await updateStore(store, documents, { encoder });
    const retriever = await hybridRetriever(store, { encoder });
    assertEquals(await retriever.search("  \n"), []);
    assertEquals((await retriever.search("loan ".repeat(100_000), { limit: 1 }))[0].id, "a.md#1");
    assert(encoder.seen.at(-1)!.length <= 4000);
    for (const limit of [0, -1, 1.5, 1001, NaN]) {
      await assertRejects(() => retriever.search("loan", { limit }), UsageError, "Cannot give");
    }
    const signal = AbortSignal.abort(new Error("gone"));
    await assertRejects(() => retriever.search("loan", { signal }), Error, "gone");
    for (const depth of [0, 1001, 2.5]) {
      await assertRejects(() => hybridRetriever(store, { depth }), UsageError, "Cannot join");
    }
  }));

Deno.test("fusion: places count, not scores; a name counts once in a ranking", () => {
  const one = fuseRankings([["a", "b", "a"], ["b"]]);
  assertEquals(one.map(({ id }) => id), ["b", "a"]);
  assertEquals(one[0].score, 1 / 62 + 1 / 61);
  assertEquals(one[1].score, 1 / 61);
  assertEquals(fuseRankings([]), []);
  // Equal scores keep the order in which they were named.
  assertEquals(fuseRankings([["a"], ["b"]]).map(({ id }) => id), ["a", "b"]);
});

Deno.test("corpus digest: the order of documents does not count, their contents and names do", () => {
  const digest = corpusDigest(documents);
  assertEquals(corpusDigest([...documents].reverse()), digest);
  const [first, ...others] = documents;
  for (const change of [{ digest: "x" }, { source: "x.md" }]) {
    assert(corpusDigest([{ ...first, ...change }, ...others]) !== digest);
  }
});
