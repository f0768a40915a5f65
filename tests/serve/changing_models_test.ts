/** What a change of the model costs the requests that are under way. */

import { assert } from "@std/assert";
import { load, postRequest } from "../../bench/sides/http_load.ts";
import { records, save, saveBig } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";

const CONNECTIONS = 50;
/** Phases of each kind, in turns, so that what else the machine does meets both alike. */
const PHASES = 5;
const SECONDS = 1;
const ROUNDS = 3;

/** The middle one of an odd number of values. */
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

/**
 * Longest answers of a phase without changes and of one with them, each the median over phases: on
 * a machine that does other things too, the longest answer of a single phase tells of these.
 */
async function longest(url: string, versions: readonly string[]) {
  const port = Number(new URL(url).port);
  const requests = records.map((record) => postRequest(port, "/predict", record));
  const phase = async () => {
    const { latencies } = await load({
      ...{ port, requests },
      ...{ connections: CONNECTIONS, seconds: SECONDS },
    });
    return latencies[latencies.length - 1];
  };
  await phase(); // what compiles late belongs to neither
  const found = { still: [] as number[], changing: [] as number[], changes: 0 };
  let next = 0;
  for (let n = 0; n < PHASES; n++) {
    found.still.push(await phase());
    let over = false;
    const changes = (async () => {
      while (!over) {
        const response = await fetch(`${url}/model/load`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ version: versions[next++ % versions.length] }),
        });
        assert(response.ok, await response.text());
        found.changes++;
        await new Promise((done) => setTimeout(done, 50));
      }
    })();
    found.changing.push(await phase());
    over = true;
    await changes;
  }
  return { ...found, still: median(found.still), changing: median(found.changing) };
}

for (const workers of ["1", "2"]) {
  for (
    const [size, saved] of [["small", save], ["2 MiB", saveBig]] as const
  ) {
    Deno.test(`serve: changing ${size} models under 50 connections keeps the longest answer within three times (--workers ${workers})`, async () => {
      const folder = await Deno.makeTempDir();
      try {
        const versions: string[] = [];
        // Three, since the model before the last is kept and would not be loaded again.
        for (const which of [0, 1, 2] as const) {
          versions.push((await saved(folder, which)).metadata.version);
        }
        await using server = new ServerProcess(folder, ["--workers", workers]);
        const { url } = await server.logged("listening") as { url: string };
        const told: string[] = [];
        // What a change costs shows in each round, what else the machine does in some of them.
        for (let round = 0; round < ROUNDS; round++) {
          const { still, changing, changes } = await longest(url, versions);
          told.push(`${changing} ms with ${changes} changes, ${still} ms without`);
          assert(changes >= PHASES, told.join("; "));
          if (changing <= 3 * still) return;
        }
        assert(false, told.join("; "));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
  }
}

Deno.test("serve: models that have a thread of their own leave no descriptor behind", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const versions: string[] = [];
    for (const which of [2, 2, 2] as const) {
      versions.push((await saveBig(folder, which)).metadata.version);
    }
    await using server = new ServerProcess(folder, []);
    const { url } = await server.logged("listening") as { url: string };
    const change = async (times: number) => {
      for (let n = 0; n < times; n++) {
        const response = await fetch(`${url}/model/load`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ version: versions[n % versions.length] }),
        });
        assert(response.ok, await response.text());
      }
      return [...Deno.readDirSync(`/proc/${server.pid}/fd`)].length;
    };
    // A model's way back and the one that is loaded meanwhile have threads too.
    const before = await change(6);
    const after = await change(12);
    assert(after <= before + 2, `${after} descriptors after 12 more changes, ${before} before`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
