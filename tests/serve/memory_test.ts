/** What is done again and again keeps no memory. */

import { assert, assertEquals } from "@std/assert";
import { save, saveBig } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";

const full = Deno.args.includes("--full");
const CONNECTIONS = 8;
const begun = new TextEncoder().encode(
  "POST /nothing/here HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{",
);
/** Rounds until garbage is collected as often as it is made. */
const WARM_UPS = 3;
/** Rounds in one of which memory has to be as it was; a leak grows in each of them. */
const ROUNDS = 3;
/** Times that a big model is loaded in a round: memory is warm after some fifty. */
const LOADS = 17;
/** Size of the big model: several times what comes and goes as often as it is loaded. */
const MEBIBYTES = 8;

/**
 * Does `work` so often in each round: once all is warm, memory must not grow by so many bytes a time.
 * What the collector has not freed yet comes and goes: one of a few rounds shows what stays.
 */
async function staysSmall(
  url: string,
  times: number,
  most: number,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const memory = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)![1]);
  };
  const again = async () => {
    let left = times;
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
      while (left-- > 0) await work(url);
    }));
    return await memory();
  };
  for (let round = 1; round < WARM_UPS; round++) await again();
  const warm = await again();
  let [round, grown] = [0, Infinity];
  do grown = await again() - warm; while (++round < ROUNDS && grown >= round * times * most);
  assert(grown < round * times * most, `${warm} bytes grew by ${grown} in ${round} rounds`);
}

for (const workers of ["1", "2"]) {
  for (const which of [1, 2] as const) {
    const by = which === 1 ? "trees" : "ONNX Runtime";
    // Deno takes a second to start a thread from a thread.
    const slow = which === 2 && workers === "2" && !full;
    Deno.test({
      name: `serve: a big model that is loaded again and again (${by}, --workers ${workers})` +
        (slow ? " (needs --full)" : ""),
      ignore: slow,
      fn: async () => {
        const folder = await Deno.makeTempDir();
        try {
          const { modelPath } = await saveBig(folder, which, undefined, MEBIBYTES);
          assert((await Deno.stat(modelPath)).size > MEBIBYTES << 20);
          await using server = new ServerProcess(folder, ["--workers", workers]);
          const { url } = await server.logged("listening") as { url: string };
          // A model that is kept is over 8 MB; what a thread of its own leaves behind is less than 1 MB.
          await staysSmall(url, LOADS, 2e6, async () => {
            const response = await fetch(`${url}/model/reload`, { method: "POST" });
            assertEquals(response.status, 200, await response.text());
          });
          assertEquals(await server.stop(), 0);
        } finally {
          await Deno.remove(folder, { recursive: true });
        }
      },
    });
  }
  // Workers see no bodies.
  const slow = workers === "2" && !full;
  const name = `serve: bodies that nobody reads (--workers ${workers})` +
    (slow ? " (needs --full)" : "");
  Deno.test({ name, ignore: slow }, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await save(folder);
      await using server = new ServerProcess(folder, ["--workers", workers]);
      const { url } = await server.logged("listening") as { url: string };
      const { hostname, port } = new URL(url);
      await staysSmall(url, 4000, 8000, async () => {
        const body = new Blob(["{}"]).stream();
        const response = await fetch(`${url}/nothing/here`, { method: "POST", body });
        assertEquals(response.status, 404, await response.text());
        // Its caller hangs up in the middle.
        using torn = await Deno.connect({ hostname, port: Number(port) });
        await torn.write(begun);
      });
      assertEquals(server.lines.filter(({ level }) => level === "error"), []);
      assertEquals(await server.stop(), 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
