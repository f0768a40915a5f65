import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { ModelError, ServiceError, UsageError } from "../../src/base/mod.ts";
import {
  openPassageStore,
  sharedStoreSettings,
  SqlitePassageStore,
} from "../../src/retrieval/mod.ts";
import { PgvectorPassageStore } from "../../src/retrieval/stores/pgvector_store.ts";
import { QdrantPassageStore } from "../../src/retrieval/stores/qdrant_store.ts";
import { storedDocument, testPassageStore } from "../contracts/passage_store_contract.ts";
import { freePort } from "../free_port.ts";
import { FakeQdrant } from "./fake_qdrant.ts";
import { PgvectorServer, postgresPrograms } from "./pgvector_server.ts";

const folder = await Deno.makeTempDir();
const file = join(folder, "passages.sqlite");
const noPostgres = postgresPrograms === undefined;
let postgres: PgvectorServer | undefined;
const qdrant = new FakeQdrant();

Deno.test.afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]();
  await qdrant[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

testPassageStore({
  name: "passages in SQLite",
  open: () => new SqlitePassageStore(file),
  clear: () => Deno.remove(file).catch(() => {}),
});

testPassageStore({
  name: `passages in PostgreSQL${noPostgres ? " (needs pgserver)" : ""}`,
  ignore: noPostgres,
  open: () => new PgvectorPassageStore(postgres!.url),
  async clear() {
    postgres ??= await PgvectorServer.start();
    const { default: connect } = await import("postgres");
    const sql = connect(postgres.url, { onnotice: () => {} });
    await sql`drop schema if exists dinoflow_passages cascade`;
    await sql.end();
  },
});

testPassageStore({
  name: "passages in a fake of Qdrant",
  open: () => new QdrantPassageStore(qdrant.url, { apiKey: "sesame" }),
  async clear() {
    await using store = new QdrantPassageStore(qdrant.url, { apiKey: "sesame" });
    // Leaves the collections as if nobody had made them.
    for (const name of ["dinoflow_passages", "dinoflow_passages_documents"]) {
      await (await fetch(`${qdrant.url}/collections/${name}`, {
        method: "DELETE",
        headers: { "api-key": "sesame" },
      })).body?.cancel();
    }
    assertEquals(await store.size(), { documents: 0, chunks: 0 });
  },
});

Deno.test("passages in SQLite: a file that is none is told, and is left as it is", async () => {
  const path = join(folder, "none.sqlite");
  const text = "this is a letter, and long enough to be no header of SQLite at all".repeat(20);
  await Deno.writeTextFile(path, text);
  for (const readOnly of [true, false]) {
    assertThrows(() => new SqlitePassageStore(path, { readOnly }), ModelError, "not a database");
  }
  assertEquals(await Deno.readTextFile(path), text);
  assertThrows(
    () => new SqlitePassageStore(join(folder, "missing.sqlite"), { readOnly: true }),
    ServiceError,
    "unable to open",
  );
});

Deno.test("passages in SQLite: damaged pages are told, not answered from", async () => {
  const path = join(folder, "damaged.sqlite");
  {
    await using store = new SqlitePassageStore(path);
    await store.prepare({ encoder: "three@1", size: 3 });
    for (let i = 0; i < 200; i++) {
      const document = storedDocument("loans.md");
      const source = `loans_${i}.md`;
      await store.write({
        ...{ ...document, source },
        chunks: document.chunks.map((chunk, n) => ({ ...chunk, source, id: `${source}#${n}` })),
      });
    }
  }
  const bytes = await Deno.readFile(path);
  bytes.fill(0xa5, 4096 * 3, bytes.length - 4096);
  await Deno.writeFile(path, bytes);
  await using store = new SqlitePassageStore(path, { readOnly: true });
  const error = await assertRejects(async () => {
    await store.byVector(Float32Array.of(1, 0, 0), 5);
    await store.byWords("loan", 5);
  }, ModelError);
  assert(error.message.includes("malformed"), error.message);
});

Deno.test("passages in SQLite: of many entries the rarest words are read, and say the same", async () => {
  await using store = new SqlitePassageStore(join(folder, "many.sqlite"));
  await store.prepare(undefined);
  // "loan" stands in 9,000 passages, more than a question may read, "rare" in one of them.
  await store.write({
    ...{ source: "many.md", title: "Many", digest: "1" },
    chunks: Array.from({ length: 9000 }, (_, i) => ({
      ...{ id: `many.md#${i}`, source: "many.md", title: "", heading: "", position: "" },
      text: i === 4321 ? "a rare loan" : "a loan",
    })),
  });
  assertEquals((await store.byWords("rare loan", 3)).map(({ id }) => id), ["many.md#4321"]);
  assertEquals((await store.byWords("loan", 3)).length, 3);
});

Deno.test("passages in Qdrant: refusals and a server that is away are told", async () => {
  const wrong = new QdrantPassageStore(qdrant.url, { apiKey: "wrong" });
  const refused = await assertRejects(() => wrong.documents(), ServiceError, "401");
  assertEquals((refused as ServiceError).next, "check QDRANT_API_KEY");
  const away = new QdrantPassageStore(`http://127.0.0.1:${freePort()}`);
  await assertRejects(() => away.byWords("loan", 5), ServiceError, "Cannot work with");
  try {
    const store = new QdrantPassageStore(qdrant.url, { apiKey: "sesame" });
    for (
      const broken of [
        () => new Response("<html>", { status: 502 }),
        () => new Response("not json"),
        () => Response.json({ status: { error: "out of memory" } }, { status: 500 }),
      ]
    ) {
      qdrant.broken = broken;
      await assertRejects(() => store.byWords("loan", 5), ServiceError);
    }
    qdrant.broken = () =>
      new Promise<Response>((resolve) => setTimeout(() => resolve(Response.json({})), 300));
    const signal = AbortSignal.timeout(50);
    await assertRejects(() => store.byWords("loan", 5, signal), DOMException);
    await new Promise((resolve) => setTimeout(resolve, 400));
  } finally {
    delete qdrant.broken;
  }
});

Deno.test("stores: settings name one, by reference if they like; passwords are not told", async () => {
  const path = join(folder, "url");
  await Deno.writeTextFile(path, "postgres://ada:secret-word@db.example:5432/money\n");
  const settings = await sharedStoreSettings((name) =>
    name === "PGVECTOR_URL" ? `file:${path}` : undefined
  );
  await using store = await openPassageStore("", settings);
  assertEquals(store.place, "postgres://db.example:5432/money");
  await assertRejects(
    () => sharedStoreSettings((name) => name.endsWith("_URL") ? "http://x" : undefined),
    UsageError,
    "PGVECTOR_URL and QDRANT_URL are set",
  );
  assertThrows(() => new PgvectorPassageStore("mysql://x"), UsageError, "no address of PostgreSQL");
  assertThrows(() => new QdrantPassageStore("qdrant"), UsageError, "no http or https address");
  await using plain = await openPassageStore(
    join(folder, "plain.sqlite"),
    await sharedStoreSettings(() => undefined),
  );
  assert(plain instanceof SqlitePassageStore);
});

Deno.test({
  name: `passages in PostgreSQL: a server that goes away is told${
    noPostgres ? " (needs pgserver)" : ""
  }`,
  ignore: noPostgres,
  async fn() {
    await using server = await PgvectorServer.start();
    await using store = new PgvectorPassageStore(server.url);
    await store.prepare(undefined);
    await store.write(storedDocument("loans.md", false));
    await server.kill();
    const error = await assertRejects(() => store.byWords("loan", 5), ServiceError);
    assert(!error.message.includes("unused"), error.message);
  },
});
