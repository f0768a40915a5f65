/** A server whose log is shipped: all lines arrive, and nobody waits for them. */

import { assert, assertEquals } from "@std/assert";
import { FakeEngine } from "../log_shipping/fake_engine.ts";
import { waitUntil } from "../wait_until.ts";
import { records, save } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";

Deno.test("logs: requests of all threads are shipped, and the engine may go away", async () => {
  const folder = await Deno.makeTempDir();
  await save(folder, 0);
  await using engine = new FakeEngine();
  await engine.end();
  const key = "the-first-key-0001";
  await using server = new ServerProcess(
    folder,
    ["--access-log", "info", "--workers", "2", "--api-keys", `shop=${key}`],
    {
      ELASTICSEARCH_URL: engine.url,
      ELASTICSEARCH_UNSENT_FOLDER: `${folder}/log/unsent`,
      ELASTICSEARCH_PASSWORD: "open-sesame-of-logs",
      ELASTICSEARCH_USERNAME: "elastic",
    },
  );
  const { url } = await server.logged("listening") as { url: string };
  for (let n = 0; n < 20; n++) {
    const answer = await fetch(`${url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      body: JSON.stringify(records[0]),
    });
    await answer.body?.cancel();
    assertEquals(answer.status, 200);
  }
  const health = async () => await (await fetch(`${url}/health`)).json();
  await waitUntil(async () => (await health()).status === "degraded", "it is told to be away");
  engine.begin();
  const requests = () =>
    [...engine.documents.values()].filter((document) => document["url.path"] === "/predict");
  await waitUntil(() => requests().length === 20, "all requests have arrived");
  const [first] = requests();
  assertEquals([first["http.response.status_code"], first["user.name"]], [200, "shop"]);
  assert(Number(first["event.duration"]) > 0);
  await waitUntil(async () => (await health()).status === "healthy", "the server is well");
  assertEquals(await server.stop(), 0);
  const texts = [...engine.documents.values()].map((document) => JSON.stringify(document));
  assert(texts.some((text) => text.includes('"stopped"')), "the last line too");
  for (const text of [...texts, JSON.stringify(server.lines)]) {
    assert(!text.includes(key) && !text.includes("sesame"), text);
  }
  await Deno.remove(folder, { recursive: true });
});
