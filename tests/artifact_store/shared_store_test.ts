/** Outputs that machines share: what is taken, what is refused, what happens if the store is away. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ServiceError, sha256 } from "../../src/base/mod.ts";
import { LocalStore } from "../../src/artifact_store/mod.ts";
import { RecordSignature } from "../../src/artifact_store/record_signature.ts";
import { SharedStore } from "../../src/artifact_store/shared_store.ts";
import type { SharedValues } from "../../src/artifact_store/store.ts";
import { Project } from "../pipeline/project.ts";
import { s3Program, S3Server } from "./s3_server.ts";
import { testStore } from "../contracts/store_contract.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const RECORD = "steps/train/fit/step/abc.json";

/** The key and content of an object. */
function object(text: string): [key: string, content: Uint8Array<ArrayBuffer>] {
  const digest = sha256(text);
  return [`objects/${digest.slice(0, 2)}/${digest.slice(2)}`, bytes(text)];
}

testStore("store with a shared one behind it", { signs: true }, async () => {
  const folder = await Deno.makeTempDir();
  const [own, shared] = ["own", "shared"].map((name) => new LocalStore(join(folder, name)));
  const store = new SharedStore(own, shared, { writes: true, address: "file:///shared" });
  return {
    store,
    close: async () => {
      await store.write(RECORD, bytes("{}")); // waits until all outputs have been shared
      await Deno.remove(folder, { recursive: true });
    },
  };
});

/** Two machines and what they share. */
async function machines(
  test: (
    parts: {
      readonly shared: LocalStore;
      /** Opens a machine's store. */
      readonly open: (
        name: string,
        options?: { writes?: boolean; key?: string; through?: SharedValues },
      ) => SharedStore;
      readonly notes: string[];
    },
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const shared = new LocalStore(join(folder, "shared"));
  const notes: string[] = [];
  try {
    await test({
      shared,
      notes,
      open: (name, { writes = true, key, through = shared } = {}) =>
        new SharedStore(new LocalStore(join(folder, name)), through, {
          writes,
          address: "file:///shared",
          signature: new RecordSignature(...key === undefined ? [] : key.split(",")),
          note: (text) => notes.push(text),
        }),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Keeps an output and its record, as a step does. */
async function keep(store: SharedStore, text = "output", record = RECORD): Promise<void> {
  await store.write(...object(text));
  await store.write(record, bytes(`record of ${text}`));
}

/** A shared store that is away. */
const away: SharedValues = {
  read: () => Promise.reject(new ServiceError("Cannot reach it")),
  has: () => Promise.reject(new ServiceError("Cannot reach it")),
  write: () => Promise.reject(new ServiceError("Cannot reach it")),
  remove: () => Promise.reject(new ServiceError("Cannot reach it")),
  list: () => {
    throw new ServiceError("Cannot reach it");
  },
};

Deno.test("shared store: what one machine has made another takes, and keeps", () =>
  machines(async ({ open, shared }) => {
    await keep(open("first"));
    const second = open("second", { writes: false });
    assertEquals(await second.read(RECORD), bytes("record of output"));
    assertEquals(await second.read(object("output")[0]), bytes("output"));
    for (const key of [RECORD, object("output")[0]]) await shared.remove(key);
    assertEquals(await second.read(RECORD), bytes("record of output"));
    assertEquals(await second.read(object("output")[0]), bytes("output"));
  }));

Deno.test("shared store: only what says the same everywhere is shared, by who may", () =>
  machines(async ({ open, shared }) => {
    const store = open("first");
    const own = ["state/train.memory", "steps/train/@generation.json", "claims/a.json", "pins/a"];
    for (const key of own) await store.write(key, bytes("mine"));
    await keep(open("reader", { writes: false }), "another", "steps/train/fit/step/def.json");
    for await (const { key } of shared.list("")) throw new Error(`${key} is shared`);
    for (const key of own) await shared.write(key, bytes("theirs"));
    assertEquals(await open("second").read("state/train.memory"), undefined);
  }));

Deno.test("shared store: what code says is shared, and ends no run where it cannot be", () =>
  machines(async ({ open }) => {
    const store = open("first");
    await store.write("facts/train.json", bytes("{}"));
    await keep(store); // what is under way has arrived then
    const second = open("second");
    assertEquals(await second.read("facts/train.json"), bytes("{}"));
    const alone = open("alone", { through: away });
    await alone.write("facts/train.json", bytes("{}"));
    await alone.write("runs/a.json", bytes("{}")); // waits for what is under way, and only notes
    assertEquals(await alone.read("facts/train.json"), bytes("{}"));
  }));

Deno.test("shared store: runs of all machines are listed, and not kept here", () =>
  machines(async ({ open }) => {
    const [first, second] = [open("first"), open("second")];
    await first.write("runs/a.json", bytes("{}"));
    await second.write("runs/b.json", bytes("{}"));
    const listed: string[] = [];
    for await (const { key } of second.list("runs/")) listed.push(key);
    assertEquals(listed, ["runs/a.json", "runs/b.json"]);
    assertEquals(await second.read("runs/a.json"), bytes("{}"));
    const others: string[] = [];
    for await (const { key } of open("second", { through: away }).list("steps/")) others.push(key);
    assertEquals(others, []);
  }));

Deno.test("shared store: an output that was tampered with or torn is not taken, and replaced", () =>
  machines(async ({ open, shared, notes }) => {
    const [key] = object("output");
    for (const wrong of ["0utput", "out", ""]) {
      await keep(open("first"));
      await shared.write(key, bytes(wrong));
      const second = open(`second ${wrong}`.replace(" ", "-"));
      assertEquals(await second.read(key), undefined);
      assertStringIncludes(notes.pop()!, "is not what its digest says");
      await keep(second); // as the step that runs again does
      assertEquals(await shared.read(key), bytes("output"));
    }
  }));

Deno.test("shared store: with a key, records of strangers do not count", () =>
  machines(async ({ open, shared, notes }) => {
    const team = { key: "of the team" };
    await keep(open("first", team));
    assertEquals(await open("second", team).read(RECORD), bytes("record of output"));
    // A reader without the key takes what is there.
    assertEquals(await open("third").read(RECORD), bytes("record of output"));
    assertEquals(notes, []);
    const refused = async (text: string) => {
      const name = `machine-${text}`;
      assertEquals(await open(name, team).read(RECORD), undefined);
      assertStringIncludes(notes.pop()!, "not signed with DINOFLOW_CACHE_KEY");
    };
    assertEquals(await open("fourth", { key: "another" }).read(RECORD), undefined);
    notes.length = 0;
    const signed = (await shared.read(RECORD))!;
    const other = "steps/train/fit/step/def.json";
    await shared.write(other, signed); // signed for another name
    assertEquals(await open("fifth", team).read(other), undefined);
    notes.length = 0;
    const changed = signed.slice();
    changed[changed.length - 1] ^= 1;
    await shared.write(RECORD, changed);
    await refused("changed");
    await shared.write(RECORD, bytes("record of a stranger"));
    await refused("unsigned");
  }));

Deno.test("shared store: while a key changes, what either signed counts", () =>
  machines(async ({ open, shared }) => {
    await keep(open("first", { key: "old" }));
    const changing = { key: "new,old" };
    assertEquals(await open("second", changing).read(RECORD), bytes("record of output"));
    await keep(open("third", changing), "another", "steps/train/fit/step/def.json");
    const other = "steps/train/fit/step/def.json";
    assertEquals(await open("fourth", { key: "new" }).read(other), bytes("record of another"));
    assertEquals(await open("fifth", { key: "old" }).read(other), undefined, "the first signs");
    assertEquals(await open("sixth", { key: "new" }).read(RECORD), undefined);
    assert(await shared.has(RECORD));
  }));

Deno.test("shared store: away, it is asked once, and what it holds is made anew", () =>
  machines(async ({ open, notes }) => {
    let asked = 0;
    const through: SharedValues = {
      ...away,
      read: () => Promise.reject(new ServiceError(`Cannot reach it (${++asked})`)),
    };
    const store = open("first", { writes: false, through });
    for (const key of [RECORD, ...Object.keys([1, 2]).map((name) => `objects/ab/${name}`)]) {
      assertEquals(await store.read(key), undefined);
    }
    assertEquals(notes, ["Cannot reach it (1); what it holds is made anew"]);
  }));

Deno.test("shared store: what could not be shared is kept here, and shared by the next run", () =>
  machines(async ({ open, shared }) => {
    const store = open("first", { through: away });
    await store.write(...object("output"));
    await assertRejects(() => store.write(RECORD, bytes("record of output")), ServiceError);
    // It may name what has not arrived.
    const next = "steps/train/next/step/abc.json";
    await assertRejects(() => store.write(next, bytes("next")), ServiceError);
    assertEquals(await store.read(RECORD), bytes("record of output"));
    await assertRejects(() => open("first", { through: away }).catchUp(), ServiceError);
    await open("first", { writes: false }).catchUp();
    assertEquals(await shared.read(RECORD), undefined);
    await open("first").catchUp();
    const [key] = object("output");
    assertEquals(await Promise.all([RECORD, next, key].map((key) => shared.has(key))), [
      true,
      true,
      true,
    ]);
    await open("first", { through: away }).catchUp(); // nothing is left to share
  }));

Deno.test("shared store: a record arrives after the output that it names", () =>
  machines(async ({ open, shared }) => {
    const arrived: string[] = [];
    const through: SharedValues = {
      read: (key) => shared.read(key),
      has: (key) => shared.has(key),
      remove: (key) => shared.remove(key),
      list: (prefix) => shared.list(prefix),
      write: async (key, value) => {
        if (key.startsWith("objects/")) await new Promise((done) => setTimeout(done, 20));
        arrived.push(key);
        await shared.write(key, value);
      },
    };
    const store = open("first", { through });
    const objects = Array.from({ length: 9 }, (_, i) => object(`output ${i}`));
    for (const each of objects) await store.write(...each);
    await store.write(RECORD, bytes("record"));
    assertEquals(arrived.at(-1), RECORD);
    assertEquals(arrived.length, 10);
  }));

const sums = `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("sums", {
  description: "Sums", params: z.object({ factor: z.number().default(2) }),
}, ({ step, each, file, params }) => {
  const source = file("source", "rows.txt");
  const rows = step("rows", { source }, async ({ source }) =>
    (await Deno.readTextFile(source)).trim().split("\\n").map(Number));
  const scaled = each("scaled", [1, 2, 3], { rows }, (n, { rows }) =>
    rows.map((row) => row * n * params.factor));
  step("total", { scaled }, ({ scaled }, { log }) =>
    log("total " + Object.values(scaled).flat().reduce((sum, one) => sum + one, 0)));
});
`;

async function copies(count: number): Promise<Project[]> {
  const files = { "pipelines/sums.ts": sums, "rows.txt": "1\n2\n3\n", "deno.json": "{}" };
  return await Promise.all(Array.from({ length: count }, () => Project.create(files)));
}

/** Runs the command line of a copy with settings of the environment. */
async function runIn(project: Project, env: Record<string, string>, ...args: string[]) {
  const { code, stdout, stderr } = await project.commandBehind('"$@"', env, ...args).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** How often a line tells that something was taken from the cache. */
const cached = (text: string) => text.match(/: CACHED/g)?.length ?? 0;

/** Two copies of a project with one store between them. */
async function tryCopies(env: Record<string, string>): Promise<void> {
  const [first, second, third, fourth] = await copies(4);
  await using _first = first;
  await using _second = second;
  await using _third = third;
  await using _fourth = fourth;
  const made = await runIn(first, env, "sums");
  assertEquals([made.code, cached(made.stderr)], [0, 0], made.stderr);
  const read = await runIn(second, env, "sums", "--cache", "read");
  assertEquals([read.code, cached(read.stderr)], [0, 6], read.stderr);
  assertStringIncludes(read.stdout, "total 72");
  // What the code says came along, instead of being read from it again.
  const facts = (project: Project) =>
    Deno.readTextFile(`${project.folder}/.dinoflow/facts/sums.json`);
  assertEquals(await facts(second), await facts(first));
  const other = await runIn(second, env, "sums", "--cache", "read", "--param", "factor=3");
  assertEquals([other.code, cached(other.stderr)], [0, 1], other.stderr);
  // What a reader has made is nobody else's.
  const plan = await runIn(third, env, "sums", "--plan", "--param", "factor=3");
  assertStringIncludes(plan.stdout, "NEW");
  const off = await runIn(fourth, env, "sums", "--cache", "off");
  assertEquals([off.code, cached(off.stderr)], [0, 0], off.stderr);
  const runs = await runIn(fourth, env, "runs", "--json");
  assert(JSON.parse(runs.stdout).length >= 2, runs.stdout + runs.stderr);
}

Deno.test("command line: copies of a project share a folder", async () => {
  const folder = await Deno.makeTempDir();
  await tryCopies({ DINOFLOW_STORE: `file://${folder}`, DINOFLOW_CACHE_KEY: "of the team" });
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "command line: copies of a project share a bucket (needs S3)",
  ignore: s3Program === undefined,
}, async () => {
  await using server = await S3Server.start();
  await tryCopies({ ...server.env(), DINOFLOW_STORE: "s3://team/project" });
});

Deno.test("command line: settings of the store that do not fit are told", async () => {
  const [project] = await copies(1);
  await using _project = project;
  const refused = async (env: Record<string, string>, args: string[], message: string) => {
    const { code, stderr } = await runIn(project, env, "sums", ...args);
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, message);
  };
  await refused({}, ["--cache", "read"], "no store is shared");
  await refused({}, ["--cache", "reed"], "write one of off, read, read-write");
  await refused({ DINOFLOW_STORE: "ftp://x" }, [], "Cannot use the store ftp://x");
  await refused({ DINOFLOW_STORE: "s3://team" }, [], "there are no keys");
  const env = {
    DINOFLOW_STORE: "s3://team",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "a-secret-key",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  };
  const failed = await runIn(project, env, "sums");
  assertEquals(failed.code, 1, failed.stderr);
  assertStringIncludes(failed.stderr, "Cannot reach s3://team/ on http://127.0.0.1:1");
  assert(!failed.stderr.includes("a-secret-key"));
});
