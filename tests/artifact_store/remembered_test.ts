import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import {
  ArtifactMissing,
  Artifacts,
  MemoryStore,
  objectKey,
  readArtifact,
  Remembered,
} from "../../src/artifact_store/mod.ts";
import { Project } from "../pipeline/project.ts";

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
  const kept = JSON.parse(JSON.stringify(remembered.kept(new Set())));
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
  assertEquals(remembered.kept(new Set()), {});
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
  assertEquals([remembered.kept(new Set()), remembered.learned], [{}, true]);
  await assertRejects(() => readArtifact(store, digest), ArtifactMissing);
});

const draw = {
  "lib/range.ts": "export const widen = (share: number) => 1 + share;\n",
  "lib/deal.ts": `export { widen } from "./range.ts";\n`,
  "pipelines/draw.ts": `import { pipeline } from "@pipeline";
import { widen } from "../lib/deal.ts";

export default pipeline("draw", { description: "draws a number" }, ({ step }) => {
  const number = step("number", () => widen(Math.random()));
  step("told", { number }, ({ number }, { log }) => log(\`drew \${number}\`));
});
`,
};

/** A project that has run often enough to trust the signs of what it keeps. */
async function settled() {
  const project = await Project.create(draw);
  const drawn = async (...args: string[]) => (await project.run("draw", "--quiet", ...args)).stdout;
  const first = await drawn();
  await new Promise((resolve) => setTimeout(resolve, 2100));
  assertEquals(await drawn(), first);
  return { project, drawn, first };
}

Deno.test("remembered: damage that leaves size and time of change as they were is seen", async () => {
  const { project, drawn, first } = await settled();
  await using _ = project;
  const { units } = JSON.parse((await project.run("show", "--json")).stdout);
  const { digest } = units.find(({ step }: { step: string }) => step === "number").artifact;
  const path = project.path(".dinoflow/objects", digest.slice(0, 2), digest.slice(2));
  const { size, atime, mtime } = await Deno.stat(path);
  await Deno.writeTextFile(path, "7".repeat(size));
  await Deno.utime(path, atime!, mtime!);
  assertEquals((await project.plan("draw")).number, "RUN OUTPUT MISSING");
  assertNotEquals(await drawn(), first);
});

Deno.test("remembered: an edit of the same length is seen, in what is reached alone", async () => {
  const { project } = await settled();
  await using _ = project;
  await project.edit("lib/range.ts", "1 +", "2 +");
  assertEquals(await project.plan("draw"), {
    number: "RUN CODE lib/range.ts changed",
    told: "MAYBE INPUT number runs first: cached if it comes out the same",
  });
});

Deno.test("remembered: a run that was killed is seen, though it could not say so at its end", async () => {
  const { project, drawn, first } = await settled();
  await using _ = project;
  const memory = project.path(".dinoflow", "state", "draw.memory");
  const kept = await Deno.readTextFile(memory);
  const second = await drawn("--force");
  assertNotEquals(second, first);
  await Deno.writeTextFile(memory, kept); // as if it had not come to its end
  assertEquals(await drawn(), second);
});

Deno.test("remembered: what a clean-up removed is not trusted for parameters of before", async () => {
  await using project = await Project.create({
    "pipelines/two.ts": `import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("two", {
  description: "tells a number's sign and the number",
  params: z.object({ k: z.number().default(1) }),
}, ({ step, params }) => {
  step("sign", () => params.k > 0);
  step("text", () => "k is " + params.k);
});
`,
  });
  const run = async (k: number, ...args: string[]) =>
    (await project.run("two", "--param", `k=${k}`, "--json", ...args)).stdout;
  await run(1);
  await run(2);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  await run(2);
  const plan = () => project.plan("two", "--param", "k=1");
  await plan();
  assertEquals((await project.run("gc", "--keep", "1")).code, 0);
  const planned = await plan();
  for (const step of ["sign", "text"]) {
    assertMatch(planned[step], /^RUN /);
    assertMatch(await run(1, "--only", step), /"status":"ran"/);
  }
});

Deno.test("remembered: a forced output stands though its run was killed and another ran since", async () => {
  const { project, drawn, first } = await settled();
  await using _ = project;
  const memory = project.path(".dinoflow", "state", "draw.memory");
  const kept = await Deno.readTextFile(memory);
  const second = await drawn("--force");
  await Deno.writeTextFile(memory, kept); // as if it had not come to its end
  await project.edit("pipelines/draw.ts", "drew", "has drawn");
  await project.run("draw", "--only", "told");
  assertNotEquals(second, first);
  assertEquals(await drawn(), second.replace("drew", "has drawn"));
});

Deno.test("remembered: memory that is damaged in any way is not used", async () => {
  const { project, drawn, first } = await settled();
  await using _ = project;
  const memory = project.path(".dinoflow", "state", "draw.memory");
  const kept = await Deno.readTextFile(memory);
  for (const text of ["", "{}", "\0", kept.slice(0, -9), kept.replace('"found"', '"fuond"')]) {
    await Deno.writeTextFile(memory, text);
    assertEquals(await drawn(), first, text);
  }
});

Deno.test("remembered: what git is asked again for: files that are reached or read, a plan before", async () => {
  await using project = await Project.create({
    "data/n.txt": "1",
    "pipelines/read.ts": `import { pipeline } from "@pipeline";
export default pipeline("read", { description: "reads a number" }, ({ step, file }) => {
  const path = file("path", "data/n.txt");
  step("number", { path }, ({ path }) => Deno.readTextFileSync(path));
});
`,
  });
  const git = async (...args: string[]) => {
    const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    const command = new Deno.Command("git", { args: [...author, ...args], cwd: project.folder });
    assertEquals((await command.output()).code, 0);
  };
  const commit = async () => {
    assertEquals((await project.run("read")).code, 0);
    return JSON.parse((await project.run("show", "--json")).stdout).git as string;
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve, 2100));
  await git("init", "--quiet");
  await git("add", "data", "pipelines");
  await git("commit", "--quiet", "--message", "all");
  await commit();
  await settle();
  assertMatch(await commit(), /^[0-9a-f]{12}$/);
  await project.write("data/n.txt", "2");
  assertMatch(await commit(), /\+$/);
  await git("commit", "--quiet", "--all", "--message", "two");
  assertMatch(await commit(), /^[0-9a-f]{12}$/);
  await project.edit("pipelines/read.ts", "a number", "one number");
  await settle();
  await project.plan("read");
  assertMatch(await commit(), /\+$/);
});

Deno.test("kept outputs: a saved file that cannot be put back, or is damaged, is told", async () => {
  await using project = await Project.create({
    "pipelines/save.ts": `import { pipeline, savedFile } from "@pipeline";
export default pipeline("save", { description: "saves ./%Y.txt" }, ({ step }) => {
  step("text", async () => {
    await Deno.mkdir("out", { recursive: true });
    await Deno.writeTextFile("out/text.txt", "kept");
    return await savedFile("out/text.txt");
  });
});
`,
  });
  assertEquals((await project.run("save")).code, 0);
  await Deno.remove(project.path("out/text.txt"));
  await Deno.mkdir(project.path("out/text.txt/folder"), { recursive: true });
  const blocked = await project.run("save");
  assertEquals(blocked.code, 1);
  assertMatch(blocked.stderr, /error: Cannot put back out\/text\.txt: .*\n.*next: make room/);
  await Deno.remove(project.path("out"), { recursive: true });
  assertEquals((await project.run("save")).code, 0);
  assertEquals(await Deno.readTextFile(project.path("out/text.txt")), "kept");
});
