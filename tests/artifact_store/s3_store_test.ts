/** Values in a bucket of a real S3 server, and what may go wrong on the way to it. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { Random, ServiceError, UsageError, UserError } from "../../src/base/mod.ts";
import { currentS3Settings, LocalStore, s3Settings } from "../../src/artifact_store/mod.ts";
import { type S3Patience, S3Store } from "../../src/artifact_store/s3_store.ts";
import type { SharedValues } from "../../src/artifact_store/store.ts";
import { fetchedFile } from "../../src/pipeline/run/remote_file.ts";
import { checksKeys, s3Program, S3Server } from "./s3_server.ts";
import { freePort } from "../free_port.ts";

const full = Deno.args.includes("--full");
const bytes = (text: string) => new TextEncoder().encode(text);
const ignore = s3Program === undefined;

function open(
  env: Record<string, string>,
  address = "s3://team/some/prefix",
  patience: S3Patience = { pauseSeconds: 0.01 },
): S3Store {
  const sources = { env: (name: string) => env[name], readFile: () => undefined };
  return new S3Store(s3Settings(address, sources), patience);
}

async function keysOf(store: SharedValues, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  return found;
}

/** What every place that machines share does. */
async function checkShared(store: SharedValues): Promise<void> {
  assertEquals(await store.read("objects/ab/cd"), undefined);
  assertEquals(await store.has("objects/ab/cd"), false);
  await store.write("objects/ab/cd", bytes("one"));
  await store.write("objects/ab/cd", bytes("two"));
  assertEquals(await store.read("objects/ab/cd"), bytes("two"));
  assertEquals(await store.has("objects/ab/cd"), true);
  await store.write("empty", new Uint8Array());
  assertEquals(await store.read("empty"), new Uint8Array());
  const odd = "steps/a@b/c=d%20e/x-y_z.json";
  await store.write(odd, bytes("odd"));
  assertEquals(await store.read(odd), bytes("odd"));
  assertEquals(await keysOf(store), ["empty", "objects/ab/cd", odd]);
  assertEquals(await keysOf(store, "steps/"), [odd]);
  assertEquals(await keysOf(store, "none/"), []);
  for await (const { size, writtenAt } of store.list("steps/")) {
    assertEquals(size, 3);
    assert(Math.abs(Date.now() - writtenAt) < 600_000);
  }
  await store.remove(odd);
  await store.remove(odd);
  assertEquals(await store.has(odd), false);
  for (const key of ["../x", "a/../../x", "/x", "", "a//b", "a/"]) {
    await assertRejects(() => store.write(key, new Uint8Array()), Error, "Cannot store");
  }
  // Whatever writers do at once, a reader sees the whole value of one of them.
  const values = Array.from({ length: 25 }, (_, i) => new Uint8Array(50_000).fill(i + 1));
  await Promise.all(values.map((value) => store.write("raced", value)));
  const left = await store.read("raced");
  assertEquals([left!.length, new Set(left).size], [50_000, 1]);
}

Deno.test("shared values: a folder keeps them", async () => {
  const folder = await Deno.makeTempDir();
  await checkShared(new LocalStore(join(folder, "shared")));
  await Deno.remove(folder, { recursive: true });
});

Deno.test({ name: "shared values: a real S3 server keeps them (needs S3)", ignore }, async () => {
  await using server = await S3Server.start();
  await checkShared(open(server.env()));
  await checkShared(open(server.env(), "s3://team/some/other"));
});

Deno.test({
  name: "S3: a long list comes in pages, a large value in parts (needs S3)",
  ignore,
}, async () => {
  await using server = await S3Server.start();
  const store = open(server.env(), "s3://team/x", { partBytes: 5 << 20 });
  const names = Array.from({ length: 1010 }, (_, i) => `many/${String(i).padStart(4, "0")}`);
  for (let at = 0; at < names.length; at += 50) {
    await Promise.all(
      names.slice(at, at + 50).map((name) => store.write(name, new Uint8Array(1))),
    );
  }
  assertEquals(await keysOf(store, "many/"), names);
  const large = new Uint8Array(12 << 20).map((_, i) => i % 251);
  await store.write("large", large);
  assertEquals(await store.read("large"), large);
});

Deno.test({
  name: "S3: what the server refuses is told with what to do (needs S3)",
  ignore,
}, async () => {
  await using server = await S3Server.start();
  const none = open(server.env(), "s3://nobody-made-it/x");
  for (const use of [() => none.read("a"), () => none.write("a", bytes("a"))]) {
    const error = await assertRejects(use, UserError, "there is no bucket nobody-made-it");
    assertEquals(error.next, "create it, or correct DINOFLOW_STORE");
  }
  if (!checksKeys) return;
  const stranger = open({ ...server.env(), AWS_SECRET_ACCESS_KEY: "wrong" });
  for (const use of [() => stranger.read("a"), () => stranger.write("a", bytes("a"))]) {
    const error = await assertRejects(use, UserError, "it refuses (SignatureDoesNotMatch)");
    assert(error.next?.startsWith("check the keys"));
  }
  const unknown = open({ ...server.env(), AWS_ACCESS_KEY_ID: "nobody" });
  for (const use of [() => unknown.read("a"), () => unknown.write("a", bytes("a"))]) {
    const error = await assertRejects(use, UserError, "it refuses (");
    assert(error.next?.startsWith("check the keys"), error.next);
  }
});

Deno.test({
  name: "S3: a machine whose clock is off is told so (needs S3 that looks at signatures)",
  ignore: ignore || !checksKeys,
}, async () => {
  await using server = await S3Server.start();
  const store = open(server.env());
  const { Date: right } = globalThis;
  class Late extends right {
    constructor() {
      super(right.now() - 60 * 60 * 1000);
    }
  }
  globalThis.Date = Late as DateConstructor;
  const error = await assertRejects(() => store.read("a"), UserError, "it refuses (RequestTime")
    .finally(() => globalThis.Date = right);
  assert(error.next?.startsWith("set this machine's clock: the server's says "), error.next);
});

Deno.test("S3: a server that is away is told after some attempts", async () => {
  const keys = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const store = open({ ...keys, AWS_ENDPOINT_URL: `http://127.0.0.1:${freePort()}` });
  await assertRejects(() => store.read("a"), ServiceError, "(tried 5 times)");
});

Deno.test("S3: a server that never answers ends with the limit, or with the run", async () => {
  using silent = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const keys = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const env = { ...keys, AWS_ENDPOINT_URL: `http://127.0.0.1:${silent.addr.port}` };
  const store = open(env, "s3://team", { requestSeconds: 0.05, pauseSeconds: 0.001 });
  await assertRejects(() => store.read("a"), ServiceError, "(tried 5 times)");
  const stop = new AbortController();
  const stopped = open(env, "s3://team", { signal: stop.signal }).read("a");
  stop.abort(new Error("interrupted"));
  await assertRejects(() => stopped, Error, "interrupted");
});

/** A way to the server on which every `nth` answer is lost, late or cut. */
function faultyWay(target: string, random: Random): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname, search, port } = new URL(request.url);
    const body = await request.bytes();
    const headers = new Headers(request.headers);
    headers.set("host", `127.0.0.1:${port}`); // signed, and not looked at again
    const fault = random.next();
    if (fault < 0.05) return new Response("busy", { status: 503 });
    if (fault < 0.1) return new Response("slow down", { status: 429 });
    const answer = await sendOn(target, request.method, pathname + search, headers, body);
    if (fault < 0.15) return new Response("the answer was lost", { status: 500 });
    if (fault < 0.2) await new Promise((done) => setTimeout(done, 20));
    return answer;
  });
}

/** A request with the headers as they were signed. */
async function sendOn(
  target: string,
  method: string,
  path: string,
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const { hostname, port } = new URL(target);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = [...headers].filter(([name]) => !/^(connection|content-length)$/.test(name));
  const head = [
    `${method} ${path} HTTP/1.1`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
    "connection: close",
  ].join("\r\n");
  const writer = connection.writable.getWriter();
  await writer.write(bytes(`${head}\r\n\r\n`));
  await writer.write(body);
  const whole = await new Response(connection.readable).bytes();
  const text = new TextDecoder("latin1").decode(whole);
  const end = text.indexOf("\r\n\r\n");
  const status = Number(text.split(" ")[1]);
  const found = new Headers(
    text.slice(0, end).split("\r\n").slice(1).map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as [string, string];
    }),
  );
  const chunked = found.get("transfer-encoding") === "chunked";
  for (const name of ["connection", "transfer-encoding", "content-length"]) found.delete(name);
  const content = whole.subarray(end + 4);
  const empty = method === "HEAD" || status === 204 || status === 304;
  return new Response(empty ? null : chunked ? joinChunks(content) : content, {
    status,
    headers: found,
  });
}

function joinChunks(content: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const pieces: number[] = [];
  for (let at = 0; at < content.length;) {
    const end = content.indexOf(0x0a, at);
    const length = parseInt(new TextDecoder().decode(content.subarray(at, end)), 16);
    if (!(length > 0)) break;
    pieces.push(...content.subarray(end + 1, end + 1 + length));
    at = end + 1 + length + 2;
  }
  return Uint8Array.from(pieces);
}

const operations = full ? 1000 : 150;

Deno.test({
  name: `S3: ${operations} operations over a faulty way lose and tear nothing (needs S3)`,
  ignore,
}, async () => {
  await using server = await S3Server.start();
  const random = new Random(7);
  await using way = faultyWay(server.address, random);
  const store = open(server.env(`http://127.0.0.1:${way.addr.port}`));
  const expected = new Map<string, string>();
  for (let i = 0; i < operations; i++) {
    const key = `keys/${random.int(12)}`;
    const kind = random.int(4);
    if (kind === 0) {
      const text = `${i} `.repeat(1 + random.int(2000));
      await store.write(key, bytes(text));
      expected.set(key, text);
    } else if (kind === 1) {
      await store.remove(key);
      expected.delete(key);
    } else if (kind === 2) {
      const found = await store.read(key);
      assertEquals(found && new TextDecoder().decode(found), expected.get(key));
    } else assertEquals(await keysOf(store), [...expected.keys()].sort());
  }
});

Deno.test("S3 settings: the environment counts, else a profile", () => {
  const files: Record<string, string> = {
    "/h/me/.aws/credentials":
      "# mine\n[default]\naws_access_key_id = one\naws_secret_access_key=two\n" +
      "[team]\naws_access_key_id=three\naws_secret_access_key = four # no comment\naws_session_token=five\n",
    "/h/me/.aws/config": "[default]\nregion = eu-central-1\n[profile team]\nregion=ap-south-1\n",
  };
  const read = (env: Record<string, string>, address = "s3://team/x/") =>
    s3Settings(address, {
      env: (name) => ({ HOME: "/h/me", ...env })[name],
      readFile: (path) => files[path],
    });
  const plain = read({});
  assertEquals([plain.accessKeyId, plain.secretAccessKey, plain.region, plain.prefix], [
    "one",
    "two",
    "eu-central-1",
    "x/",
  ]);
  const team = read({ AWS_PROFILE: "team", AWS_ACCESS_KEY_ID: "other" });
  assertEquals([team.accessKeyId, team.sessionToken, team.region], ["three", "five", "ap-south-1"]);
  const given = read({
    AWS_ACCESS_KEY_ID: "six",
    AWS_SECRET_ACCESS_KEY: "seven",
    AWS_REGION: "us-west-2",
    AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9000/",
  });
  assertEquals([given.accessKeyId, given.sessionToken, given.region, given.endpoint], [
    "six",
    undefined,
    "us-west-2",
    "http://127.0.0.1:9000",
  ]);
  assertThrows(() => read({ AWS_PROFILE: "nobody" }), UsageError, "there are no keys");
  assertThrows(() => read({ AWS_ENDPOINT_URL: "nowhere" }), UsageError, "it is no address");
  for (const address of ["s3://", "s3://UPPER", "s3://team/a b", "s3://team//a", "s3:/team"]) {
    assertThrows(() => read({}, address), UsageError, "Cannot understand the store");
  }
});

/** A bucket that knows one key at a time, and refuses others as Amazon does; some answer 404. */
function bucketOf(known: () => string, status = 403) {
  const asked: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: freePort(), onListen() {} },
    (request) => {
      const [, id] = /Credential=([^/]+)\//.exec(request.headers.get("authorization") ?? "") ?? [];
      asked.push(id);
      const code = request.headers.has("x-amz-security-token")
        ? "ExpiredToken"
        : "InvalidAccessKeyId";
      return id === known()
        ? new Response("value")
        : new Response(`<Error><Code>${code}</Code></Error>`, { status });
    },
  );
  const { hostname, port } = server.addr;
  return { asked, server, endpoint: `http://${hostname}:${port}` };
}

Deno.test("S3 store: keys that references name may change while it is used", async () => {
  const folder = await Deno.makeTempDir();
  let known = "first";
  const { asked, server, endpoint } = bucketOf(() => known);
  const env: Record<string, string> = {
    AWS_ACCESS_KEY_ID: `file:${folder}/id`,
    AWS_SECRET_ACCESS_KEY: `file:${folder}/key`,
    AWS_ENDPOINT_URL_S3: endpoint,
  };
  const rotate = async (id: string) => {
    await Deno.writeTextFile(`${folder}/id`, `${id}\n`);
    await Deno.writeTextFile(`${folder}/key`, `a-secret-of-${id}\n`);
  };
  await rotate("first");
  const renew = () => currentS3Settings("s3://team/cache", (name) => env[name]);
  const store = new S3Store(await renew(), { pauseSeconds: 0.01, renew });
  assertEquals(await store.read("a"), bytes("value"));
  await rotate("second");
  assertEquals(await store.read("a"), bytes("value"), "the old key still counts");
  known = "second";
  // All at once: whoever was refused takes what the first of them read.
  const all = await Promise.all(Array.from({ length: 5 }, () => store.read("a")));
  assert(all.every((one) => one?.length === 5));
  const count = asked.length;
  assertEquals(await store.has("a"), true);
  assertEquals(asked.slice(count), ["second"]);
  // A refusal that no other key helps is one.
  known = "third";
  await assertRejects(() => store.read("a"), UserError, "it refuses (InvalidAccessKeyId)");
  assertEquals(asked.slice(count + 1), ["second"]);
  await server.shutdown();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("S3 store: what is missing may be more than the object: nothing is taken for written", async () => {
  let [known, id] = ["", "first"];
  const { server, endpoint } = bucketOf(() => known, 404);
  const renew = () =>
    Promise.resolve({ ...settings, accessKeyId: id, secretAccessKey: `a-secret-of-${id}` });
  const settings = await currentS3Settings(
    "s3://team/cache",
    (name) =>
      ({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: "k", AWS_ENDPOINT_URL_S3: endpoint })[name],
  );
  const store = new S3Store(settings, { pauseSeconds: 0.01, renew });
  const large = new S3Store(settings, { pauseSeconds: 0.01, partBytes: 1 });
  for (
    const use of [
      () => store.read("a"),
      () => store.write("a", bytes("a")),
      () => large.write("a", bytes("large")),
      () => store.remove("a"),
      () => Array.fromAsync(store.list("")),
    ]
  ) {
    const error = await assertRejects<UserError>(use, UserError, "it refuses (InvalidAccessKeyId)");
    assert(error.next?.startsWith("check the keys"), error.next);
  }
  // Keys that have changed since count here too.
  known = id = "second";
  assertEquals(await store.read("a"), bytes("value"));
  await server.shutdown();
});

Deno.test("files in a bucket: keys may be references", async () => {
  const folder = await Deno.makeTempDir();
  const { asked, server, endpoint } = bucketOf(() => "the-id");
  await Deno.writeTextFile(`${folder}/id`, "the-id");
  await Deno.writeTextFile(`${folder}/key`, "the-key-of-it");
  const env: Record<string, string> = {
    AWS_ACCESS_KEY_ID: `file:${folder}/id`,
    AWS_SECRET_ACCESS_KEY: `file:${folder}/key`,
    AWS_ENDPOINT_URL_S3: endpoint,
  };
  const path = await fetchedFile("s3://team/rows.csv", { env: (name) => env[name], folder });
  assertEquals(await Deno.readTextFile(path), "value");
  assertEquals(new Set(asked), new Set(["the-id"]));
  await server.shutdown();
  await Deno.remove(folder, { recursive: true });
});
