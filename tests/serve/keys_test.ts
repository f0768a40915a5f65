/** Keys: their names, how often they may ask, what is closed to who has none, and files that change. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { readServerConfig } from "../../serve/config/read.ts";
import { parseKey } from "../../src/base/mod.ts";
import { Problem } from "../../serve/http/problem.ts";
import { Rate } from "../../serve/http/rate.ts";
import { records, save, withApp } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";

const [first, second] = ["the-first-key-0001", "the-second-key-002"];
const key = (text: string) => ({ "x-api-key": text });

Deno.test("keys: a name stands before the key; what ends in = is a key alone", () => {
  assertEquals(parseKey(`shop=${first}`), { name: "shop", secret: first });
  for (const secret of ["c2VjcmV0LW9mLXNpeHRlZW4=", "c2VjcmV0LW9mLXNpeHRlZQ==", first]) {
    assertEquals(parseKey(secret), { secret });
  }
});

Deno.test("keys: a key has its rate, with a second's worth at once, in all threads", () => {
  const times = new BigInt64Array(new SharedArrayBuffer(16));
  const rates = [new Rate(6, times), new Rate(6, times)];
  const [one, other] = [0, 1];
  const start = Date.UTC(2026, 0, 1);
  for (let i = 0; i < 6; i++) rates[i % 2].take(one, start, "key");
  const refused = assertThrows(() => rates[0].take(one, start, "key"), Problem);
  assertEquals([refused.status, refused.headers?.["Retry-After"]], [429, "1"]);
  rates[0].take(other, start, "key");
  rates[1].take(one, start + 167, "key");
  assertThrows(() => rates[1].take(one, start + 167, "key"), Problem);
  for (let i = 0; i < 6; i++) rates[0].take(one, start + 60_000, "key");
  assertThrows(() => rates[0].take(one, start + 60_000, "key"), Problem);
});

Deno.test("keys: who asks too often is refused, others are not", () =>
  withApp(async ({ call }) => {
    const status = async (text: string) => (await call("/predict", records[0], key(text))).status;
    const found: number[] = [];
    for (let i = 0; i < 40 && !found.includes(429); i++) found.push(await status(first));
    assertEquals(found[0], 200);
    assertEquals(found.at(-1), 429);
    assertEquals(await status(second), 200);
  }, { flags: ["--api-keys", `${first},${second}`, "--rate-limit", "1"] }));

Deno.test("keys: who guesses keys is slowed down, who has one is not", () =>
  withApp(async ({ call }) => {
    const status = async (text: string) => (await call("/predict", records[0], key(text))).status;
    const found: number[] = [];
    for (let i = 0; i < 40 && !found.includes(429); i++) found.push(await status(second));
    assertEquals([...new Set(found)], [401, 429]);
    assertEquals(await status(first), 200);
  }, { flags: ["--api-keys", first, "--rate-limit", "1"] }));

Deno.test("keys: what is protected asks for a key, and whether the server is well does not", () =>
  withApp(async ({ call }) => {
    for (const path of ["/version", "/openapi.json"]) {
      assertEquals((await call(path)).status, 401, path);
      assertEquals((await call(path, undefined, key(first))).status, 200, path);
    }
    assertEquals(await (await call("/health")).json(), { status: "healthy" });
    const told = await (await call("/health", undefined, key(first))).json();
    assertEquals(told.models.length, 1);
    assertEquals((await call("/readyz")).status, 200);
  }, { flags: ["--api-keys", first, "--protect", "health,version,openapi,metrics"] }));

Deno.test("keys: a lock for which there are no keys is refused", () => {
  const read = (args: string[]) =>
    readServerConfig({ args, env: () => undefined, readFile: () => "" });
  assertThrows(() => read(["--protect", "metrics"]), Error, "there are no API_KEYS");
  assertThrows(() => read(["--protect", "metric", "--api-keys", first]), Error, "--protect");
  assertThrows(() => read(["--api-keys", "shop=short-key"]), Error, "16 characters");
});

for (const workers of [1, 2]) {
  Deno.test(`keys: a file that changes is read again, its names are logged (${workers})`, async () => {
    const folder = await Deno.makeTempDir();
    const file = join(folder, "keys");
    try {
      await save(folder, 0);
      await Deno.writeTextFile(file, `shop=${first}\n`);
      const flags = ["--workers", `${workers}`, "--poll-seconds", "1", "--access-log", "info"];
      const env = { API_KEYS_FILE: file };
      await using server = new ServerProcess(folder, [...flags, "--protect", "metrics"], env);
      const { url } = await server.logged("listening") as { url: string };
      const ask = async (text: string, path = "/predict") => {
        const response = await fetch(url + path, {
          method: path === "/predict" ? "POST" : "GET",
          headers: { "content-type": "application/json", ...key(text) },
          body: path === "/predict" ? JSON.stringify(records[0]) : undefined,
        });
        await response.body?.cancel();
        return response.status;
      };
      assertEquals([await ask(first), await ask(second)], [200, 401]);
      assertEquals([await ask(first, "/metrics"), await ask(second, "/metrics")], [200, 401]);
      await Deno.writeTextFile(file, "short\n");
      const { reason } = await server.logged("keys not changed");
      assert(String(reason).includes("16 characters") && !String(reason).includes('"short"'));
      assertEquals(await ask(first), 200);
      await Deno.writeTextFile(file, `bank=${second}\n`);
      await server.logged("keys changed");
      assertEquals([await ask(first), await ask(second)], [401, 200]);
      assertEquals(await server.stop(), 0);
      const names = server.lines.filter(({ message, status }) =>
        message === "request" && status === 200
      ).map((line) => line.key);
      assertEquals(names.sort(), ["bank", "shop", "shop", "shop"]);
      const log = JSON.stringify(server.lines);
      assert(!log.includes(first) && !log.includes(second));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
