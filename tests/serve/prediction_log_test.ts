/** The prediction log of a server whose disk fails, and columns that it must not hold. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../src/base/mod.ts";
import { neverRead } from "../../serve/config/redacted_columns.ts";
import { records, save } from "./fixture.ts";
import { waitUntil } from "../wait_until.ts";
import { mayMount } from "../small_disk.ts";
import { ServerProcess } from "./server_process.ts";

Deno.test("redaction: a column of nearly that name is meant, another is never logged", () => {
  const columns = ["Age", "Annual_Income"];
  assertEquals(neverRead(["Age", "Name:drop"], columns), ["Name"]);
  const { next } = assertThrows(() => neverRead(["Anual_Income:drop"], columns), UsageError);
  assert(next?.includes('"Annual_Income"'));
});

for (const workers of [1, 2]) {
  Deno.test(`prediction log: without a disk the server is degraded, and says so (${workers})`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await save(folder, 0);
      await Deno.writeTextFile(join(folder, "log"), "no folder");
      const flags = ["--workers", `${workers}`, "--redact", "Nobody_Has_This"];
      await using server = new ServerProcess(folder, flags);
      const { url } = await server.logged("listening") as { url: string };
      await server.logged("redacted columns that no model reads are never logged");
      const response = await fetch(`${url}/predict`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(records[0]),
      });
      await response.body?.cancel();
      assertEquals(response.status, 200);
      await server.logged("the prediction log cannot be written; lines wait");
      const health = await (await fetch(`${url}/health`)).json();
      assertEquals([health.status, health.troubles.length], ["degraded", 1]);
      assertEquals(await server.stop(), 0);
      await server.logged("lines of the prediction log are lost");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

for (const workers of [1, 2]) {
  Deno.test({
    name: `prediction log: a full disk keeps lines waiting until there is room again (${workers}) ${
      mayMount ? "" : "(may not mount a disk)"
    }`,
    ignore: !mayMount,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        await save(folder, 0);
        await using server = new ServerProcess(
          folder,
          ["--workers", `${workers}`],
          {},
          "small disk",
        );
        const { url } = await server.logged("listening") as { url: string };
        // The disk that the server sees; it is nobody else's.
        const disk = `/proc/${server.pid}/root${join(folder, "log")}`;
        await Deno.writeFile(join(disk, "filler"), new Uint8Array(60 << 10));
        const most = 40;
        for (let n = 0; n < most; n++) {
          const response = await fetch(`${url}/predict`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(records[n % records.length]),
          });
          await response.body?.cancel();
          assertEquals(response.status, 200);
        }
        await server.logged("the prediction log cannot be written; lines wait");
        const state = async () => (await (await fetch(`${url}/health`)).json()).status;
        assertEquals(await state(), "degraded");
        await Deno.remove(join(disk, "filler"));
        await waitUntil(async () => await state() === "healthy", "what waits is written");
        const texts = async () => {
          const names = await logFiles(disk);
          return await Promise.all(names.map((name) => Deno.readTextFile(join(disk, name))));
        };
        const lines = async () => (await texts()).join("").split("\n").slice(0, -1);
        await waitUntil(async () => (await lines()).length >= most, "each line is written");
        const ids = (await lines()).flatMap((line) => {
          try {
            return [JSON.parse(line).request_id];
          } catch {
            return []; // a line that was torn is written again to the next file
          }
        });
        assertEquals([new Set(ids).size, ids.length], [most, most]);
        for (const text of await texts()) assert(text !== "", "no file is empty");
        assertEquals(await server.stop(), 0);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Files of predictions in a folder. */
async function logFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith("predictions_")) names.push(name);
  }
  return names;
}

Deno.test("redaction: a server does not start with a typing error", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await save(folder, 0);
    const root = new URL("../..", import.meta.url);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--unstable-net",
        "serve/main.ts",
        "--port",
        "0",
        "--models-folder",
        folder,
      ]
        .concat("--prediction-log", "off", "--redact", "Dept"),
      cwd: root,
    }).output();
    assertEquals(code, 2);
    assert(new TextDecoder().decode(stderr).includes('next: write "Debt"'));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
