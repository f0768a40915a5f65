import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { MemoryStore, readArtifact } from "../../src/pipeline/mod.ts";
import { ArtifactMissing, Artifacts, objectKey } from "../../src/pipeline/store/artifacts.ts";
import { Remembered } from "../../src/pipeline/store/remembered.ts";
import { Project } from "./project.ts";

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
  const memory = project.path(".dinoflow", "state", "draw.memory.json");
  const kept = await Deno.readTextFile(memory);
  const second = await drawn("--force");
  assertNotEquals(second, first);
  await Deno.writeTextFile(memory, kept); // as if it had not come to its end
  assertEquals(await drawn(), second);
});
