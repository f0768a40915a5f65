/** More requests than the server takes: some are refused, the others answered as ever. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Connection, postRequest } from "../../bench/sides/http_load.ts";
import { problemSchema } from "../../serve/openapi/schemas.ts";
import { records, save } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";

const full = Deno.args.includes("--full");
const CAPACITY = 16;
const WAVE = 10_000;
const WAVES = full ? 100 : 8;
const TIMEOUT_MS = 2000;

/** What became of a wave of requests. */
interface Wave {
  readonly answered: number;
  readonly refused: number;
}

/** Sends a wave from four times as many connections as there is room for. */
async function wave(port: number): Promise<Wave> {
  const requests = records.map((record) => postRequest(port, "/predict", record));
  const counts = { answered: 0, refused: 0 };
  let next = 0;
  await Promise.all(Array.from({ length: 4 * CAPACITY }, async () => {
    using connection = await Connection.open(port);
    while (next < WAVE) {
      const { status, head, text } = await connection.send(requests[next++ % requests.length]);
      if (status === 200) {
        counts.answered++;
        continue;
      }
      // Nothing else, not even a 504: whoever is let in is answered within the time for it.
      assertEquals(status, 429, text());
      assertMatch(head(), /^retry-after: \d+\r$/im);
      assertEquals(problemSchema.parse(JSON.parse(text())).status, 429);
      counts.refused++;
    }
  }));
  return counts;
}

for (const workers of ["1", "2"]) {
  Deno.test(`serve: at four times its capacity it answers or refuses, stays small and recovers (--workers ${workers})`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      // One that queues its records for ONNX Runtime.
      await save(folder, 2);
      const flags = [
        "--concurrency",
        String(CAPACITY),
        "--timeout-ms",
        String(TIMEOUT_MS),
        "--workers",
        workers,
        // The same records again and again would be no work.
        ...["--prediction-cache", "off"],
      ];
      await using server = new ServerProcess(folder, flags);
      const { url } = await server.logged("listening") as { url: string };
      const port = Number(new URL(url).port);
      const metric = async (pattern: RegExp) => {
        const text = await (await fetch(`${url}/metrics`)).text();
        return Number(pattern.exec(text)?.[1]);
      };
      const memory = () => metric(/^process_resident_memory_bytes (\S+)$/m);

      const waves: Wave[] = [];
      // The least of what it takes after the last waves: garbage makes it go up and down.
      const least = async (count: number) => {
        const sizes: number[] = [];
        for (let n = 0; n < count; n++) {
          waves.push(await wave(port));
          sizes.push(await memory());
        }
        return Math.min(...sizes.slice(-4));
      };
      // Each worker remembers as many predictions as one alone, and a heap grows to its size: what
      // is kept of each request goes on growing, which half a kilobyte would show.
      let before = await least(WAVES * Number(workers));
      const growths: number[] = [];
      do {
        const after = await least(WAVES);
        growths.push(after - before);
        before = after;
      } while (growths.length < 5 && growths.at(-1)! >= 500 * WAVES * WAVE);
      assert(growths.at(-1)! < 500 * WAVES * WAVE, `${before} bytes after growing by ${growths}`);
      for (const { answered, refused } of waves) assert(answered > 0 && refused > 0);

      // Every one of them is told, and the room is free again at once.
      const answered = waves.reduce((sum, { answered }) => sum + answered, 0);
      const refused = waves.reduce((sum, { refused }) => sum + refused, 0);
      const counted = (status: number) =>
        metric(
          new RegExp(
            `^http_requests_total\\{.*route="/predict",status="${status}"\\} (\\d+)$`,
            "m",
          ),
        );
      assertEquals([await counted(200), await counted(429)], [answered, refused]);
      assertEquals(await metric(/^dinoflow_requests_in_flight (\d+)$/m), 0);
      using connection = await Connection.open(port);
      for (let n = 0; n < CAPACITY; n++) {
        const { status } = await connection.send(postRequest(port, "/predict", records[n]));
        assertEquals(status, 200);
      }
      assertEquals(await server.stop(), 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
