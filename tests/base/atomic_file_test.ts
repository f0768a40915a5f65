import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { mayMount, onSmallDisk } from "../small_disk.ts";
import { removeIfPresent, temporaryPath, writeFileAtomic } from "../../src/base/mod.ts";

async function inTemporaryFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("writeFileAtomic: writes text and bytes, makes folders, replaces, leaves nothing beside", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "a", "b.json");
    await writeFileAtomic(path, "old");
    await writeFileAtomic(path, new TextEncoder().encode("new"));
    assertEquals(await Deno.readTextFile(path), "new");
    assertEquals(names(join(folder, "a")), ["b.json"]);
  });
});

Deno.test("writeFileAtomic: a write that fails leaves neither a part nor a temporary file", async () => {
  await inTemporaryFolder(async (folder) => {
    // A file cannot be renamed over a folder that holds something.
    const path = join(folder, "target");
    await Deno.mkdir(join(path, "kept"), { recursive: true });
    await assertRejects(() => writeFileAtomic(path, "content"));
    assertEquals(names(folder), ["target"]);
    assertEquals(names(path), ["kept"]);
  });
});

Deno.test("writeFileAtomic: readers see the old file or the new one, never a part", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "file");
    const contents = ["a", "b", "c"].map((letter) => letter.repeat(3_000_000));
    await writeFileAtomic(path, contents[0]);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 12; i++) await writeFileAtomic(path, contents[i % 3]);
      writing = false;
    })();
    const seen = new Set<string>();
    while (writing) seen.add(await Deno.readTextFile(path));
    await writer;
    assert(seen.size > 0);
    for (const content of seen) assert(contents.includes(content), `saw ${content.length} letters`);
  });
});

Deno.test("temporaryPath: beside the target, and never the same twice", () => {
  const first = temporaryPath("models/a.onnx");
  assert(first.startsWith("models/a.onnx.tmp-"));
  assert(first !== temporaryPath("models/a.onnx"));
});

Deno.test("removeIfPresent: removes folders whole, and minds nothing that is not there", async () => {
  await inTemporaryFolder(async (folder) => {
    await Deno.mkdir(join(folder, "a", "b"), { recursive: true });
    await removeIfPresent(join(folder, "a"));
    assertEquals(names(folder), []);
    await removeIfPresent(join(folder, "a"));
  });
});

Deno.test({
  name:
    `writeFileAtomic: a full disk and a read-only one are told in words, nothing is left of the file ${
      mayMount ? "" : "(may not mount a disk)"
    }`.trim(),
  ignore: !mayMount,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const disk = join(folder, "disk");
      const program = join(folder, "write.ts");
      await Deno.writeTextFile(
        program,
        `import { isReadOnly, writeFileAtomic, writeNewFileAtomic } from ${
          JSON.stringify(import.meta.resolve("../../src/base/mod.ts"))
        };
for (const write of [writeFileAtomic, writeNewFileAtomic]) {
  for (const size of [60_000, 1_000_000]) {
    await write(Deno.args[0] + "/kept", new Uint8Array(size)).then(
      () => console.log("written"),
      (error) => console.log(error.name, error.message, "|", error.next),
    );
  }
}
console.log(Array.from(Deno.readDirSync(Deno.args[0]), ({ name }) => name).join());
await new Deno.Command("mount", { args: ["-o", "remount,ro", Deno.args[0]] }).output();
await writeFileAtomic(Deno.args[0] + "/kept", "x").catch((error) =>
  console.log(error.name, error.message, "|", error.next, isReadOnly(error))
);`,
      );
      const [first, ...args] = onSmallDisk(disk, [
        ...[Deno.execPath(), "run", "--allow-all", "--no-check", program, disk],
      ]);
      const { stdout } = await new Deno.Command(first, { args, env: { NO_COLOR: "1" } }).output();
      const told = `UserError Cannot write ${disk}/kept: No space left on device (os error 28) | ` +
        "make room on its disk, or write elsewhere, then do it again";
      const lines = new TextDecoder().decode(stdout).trim().split("\n");
      const readOnly = [
        `UserError Cannot write ${disk}/kept: Read-only file system (os error 30) | `,
        "write elsewhere, or have its disk mounted for writing true",
      ].join("");
      assertEquals(lines, ["written", told, told, told, "kept", readOnly]);
    }),
});
