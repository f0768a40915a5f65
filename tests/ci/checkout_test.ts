/** What `.ci/run` looks at before and after the tests, so that they leave nothing behind. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { inFolder } from "../in_folder.ts";
import { printed, root } from "../tree_copy.ts";

const checkout = fromFileUrl(import.meta.resolve("../../.ci/checkout"));

Deno.test("checkout: what is left, changed or taken away in users' folders or tracked files is seen", () =>
  inFolder(async (folder) => {
    const write = async (path: string, text: string) => {
      await Deno.mkdir(join(folder, dirname(path)), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    };
    const kept = ["data", "models", "mlruns", "reports", "notebooks", ".dinoflow"];
    await write("src/tracked.ts", "one\n");
    await write(".gitignore", kept.map((name) => `${name}/\n`).join(""));
    const git = (...args: string[]) => printed(folder, "git", ...args);
    await git("init", "--quiet");
    await git("add", ".");
    const user = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    await git(...user, "commit", "--quiet", "--message", "one");
    for (const name of kept.slice(1)) await write(`${name}/a/old`, "one\n");
    const looked = () => printed(folder, checkout);
    let before = await looked();
    const isSeen = async (what: string, change: () => Promise<unknown>) => {
      await change();
      const after = await looked();
      assertNotEquals(after, before, what);
      before = after;
      assertEquals(await looked(), before, "what rests is the same");
    };
    const path = (name: string) => join(folder, name);
    for (const name of kept) {
      await isSeen(`a file in ${name}`, () => write(`${name}/b/new`, "one\n"));
      await isSeen(`another content in ${name}`, () => write(`${name}/b/new`, "two\n"));
      await isSeen(`a file less in ${name}`, () => Deno.remove(path(`${name}/b/new`)));
    }
    for (const name of kept.slice(0, 4)) {
      await isSeen(`an empty folder in ${name}`, () => Deno.mkdir(path(`${name}/empty`)));
      await isSeen(`no ${name}`, () => Deno.remove(path(name), { recursive: true }));
    }
    await isSeen("a tracked file", () => write("src/tracked.ts", "two\n"));
    await isSeen("a file beside them", () => write("src/left", ""));
    await Deno.mkdir(path("data/encoders/own"), { recursive: true });
    before = await looked();
    await write("data/encoders/own/vectors_1", "kept by content\n");
    assertEquals(await looked(), before);
  }));

Deno.test("checkout: it is looked at before the first test and after the last check", async () => {
  const run = await Deno.readTextFile(join(root, ".ci/run"));
  const looks = [...run.matchAll(/^\.ci\/checkout .*$/gm)].map(({ index }) => index);
  const work = [...run.matchAll(/^ *(?:DENO_JOBS=1 )?run_tests --|^wait /gm)].map(({ index }) =>
    index
  );
  assertEquals([looks.length, work.length], [2, 5]);
  assert(work.every((at) => looks[0] < at && at < looks[1]));
});
