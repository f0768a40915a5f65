import { assert } from "@std/assert";
import { getRequest, load } from "../../bench/sides/http_load.ts";

const HELD_MS = 300;

Deno.test("bench: requests that are due count from then, though no connection is free", async () => {
  let answered = 0;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async () => {
      if (answered++ === 0) await new Promise((resolve) => setTimeout(resolve, HELD_MS));
      return new Response("ok");
    },
  );
  const { port } = server.addr;
  const asked = { port, connections: 1, requests: [getRequest(port, "/")] };
  const { latencies } = await load({ ...asked, seconds: 2 * HELD_MS / 1000, rate: 100 });
  // All were due while the first was held, ten milliseconds one after the other.
  const waited = latencies.filter((ms) => ms > HELD_MS / 2).length;
  assert(waited > 10, `${waited} of ${latencies.length} waited for the first`);
});

Deno.test("bench: no more requests are sent in a second than are due, until it is ended", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("ok"),
  );
  const { port } = server.addr;
  const end = AbortSignal.timeout(500);
  const startedAt = performance.now();
  const { answered } = await load({
    ...{ port, connections: 8, seconds: end, rate: 200, requests: [getRequest(port, "/")] },
  });
  const due = (performance.now() - startedAt) / 5;
  assert(answered > 0 && answered <= due + 8, `${answered} of ${due}`);
});
