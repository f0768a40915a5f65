/** Digests of files and folders as they are, however odd. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileDigests, MISSING_FILE, UserError } from "../../src/base/mod.ts";
import { inFolder } from "../in_folder.ts";

Deno.test("file digests: a folder counts by names and contents, links back to it end", () =>
  inFolder(async (folder) => {
    const inner = join(folder, "a/b");
    await Deno.mkdir(inner, { recursive: true });
    await Deno.writeTextFile(join(inner, "x.csv"), "1");
    const plain = await new FileDigests().of(folder);
    // Followed anew, these two would be 2^40 folders before the system refuses.
    await Deno.symlink(folder, join(inner, "up"));
    await Deno.symlink("..", join(inner, "parent"));
    await Deno.symlink("itself", join(folder, "itself"));
    const digests = new FileDigests();
    const linked = await digests.of(folder);
    assert(linked !== plain);
    assertEquals(await new FileDigests().of(folder), linked);
    assertEquals(await digests.of(join(folder, "itself")), MISSING_FILE);
    const signed = digests.sign(folder);
    await Deno.writeTextFile(join(inner, "x.csv"), "22");
    assert(await new FileDigests().of(folder) !== linked);
    assert(digests.sign(folder) !== signed);
  }));

Deno.test("file digests: a change within one tick of the file system's clock is seen", () =>
  inFolder(async (folder) => {
    const path = join(folder, "x.csv");
    const digests = new FileDigests();
    for (let i = 0; i < 300; i++) {
      Deno.writeTextFileSync(path, String(i % 10));
      assertEquals(await digests.of(path), await new FileDigests().of(path), `change ${i}`);
    }
  }));

Deno.test({
  name: "file digests: a pipe is refused by name, alone and in a folder, instead of waited for",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const pipe = join(folder, "pipe");
      assert((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
      for (const path of [pipe, folder]) {
        await assertRejects(() => new FileDigests().of(path), UserError, `Cannot read ${pipe}`);
      }
    }),
});

Deno.test("file digests: a signal stops them, in a folder and within a large file", () =>
  inFolder(async (folder) => {
    const large = join(folder, "large.bin");
    await Deno.writeFile(large, new Uint8Array(3 << 20));
    for (const path of [folder, large]) {
      const stop = new AbortController();
      const digest = new FileDigests({}, stop.signal).of(path);
      stop.abort(new Error("enough"));
      await assertRejects(() => digest, Error, "enough");
    }
  }));
