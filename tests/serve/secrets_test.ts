/** Keys that are kept in OpenBao: changed, and away, while requests run. */

import { assert, assertEquals } from "@std/assert";
import { Bao, baoProgram, rootToken } from "../base/bao.ts";
import { waitUntil } from "../wait_until.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import { followSecrets } from "../../serve/config/secret_sources.ts";
import { printable } from "../../serve/config/text.ts";
import { RedisLink } from "../../src/redis/mod.ts";
import { redisInstalled, RedisServer } from "../redis_server.ts";
import { records, save } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";

const [first, second, third] = ["the-first-key-0001", "the-second-key-002", "the-third-key-0003"];

Deno.test("secrets: flags and variables name keys one by one or all together", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/all`, `shop=${first}\n${second}\n`);
    await Deno.writeTextFile(`${folder}/one`, `${third}\n`);
    await Deno.writeTextFile(`${folder}/redis`, `redis://:${third}@127.0.0.1:6379/0\n`);
    const sources = await followSecrets({
      args: ["--api-keys", `file:${folder}/all`, `--admin-keys=ann=file:${folder}/one,${first}`],
      env: (name) =>
        ({ REDACT_KEY: `file:${folder}/one`, REDIS_URL: `file:${folder}/redis` })[name],
      readFile: () => "",
    });
    const config = readServerConfig(sources);
    if (config === "help") throw new Error("nobody asked for help");
    assertEquals(config.apiKeys, [`shop=${first}`, second]);
    assertEquals(config.adminKeys, [`ann=${third}`, first]);
    assertEquals(config.redactKey, [third]);
    assertEquals(config.redisUrl, `redis://:${third}@127.0.0.1:6379/0`);
    assert(!JSON.stringify(printable(config)).includes(third));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "secrets: keys in OpenBao change and go away while requests run",
  ignore: baoProgram === undefined,
}, async () => {
  const folder = await Deno.makeTempDir();
  await save(folder, 0);
  await using bao = await Bao.start();
  await bao.put("dinoflow/api", { shop: first });
  await bao.seal();
  // The server waits for it.
  await using server = new ServerProcess(folder, ["--poll-seconds", "1"], {
    API_KEYS: "shop=vault:secret/dinoflow/api#shop",
    VAULT_ADDR: bao.url,
    VAULT_TOKEN: rootToken,
  });
  await bao.unseal();
  const { url } = await server.logged("listening") as { url: string };
  const ask = async (key: string) => {
    const response = await fetch(`${url}/predict`, {
      method: "POST",
      headers: { "x-api-key": key, "content-type": "application/json" },
      body: JSON.stringify(records[0]),
    });
    await response.body?.cancel();
    return response.status;
  };
  const health = async () => await (await fetch(`${url}/health`)).json();
  assertEquals([await ask(first), await ask(second)], [200, 401]);

  // While the key changes, each request is let in or refused, and none fails.
  const seen = new Set<number>();
  await bao.put("dinoflow/api", { shop: second });
  await waitUntil(async () => {
    seen.add(await ask(first));
    return await ask(second) === 200;
  }, "the new key counts");
  assertEquals(await ask(first), 401);
  assert([...seen].every((status) => status === 200 || status === 401), [...seen].join());

  await bao.kill();
  await waitUntil(async () => (await health()).status === "degraded", "the server is degraded");
  assert((await health()).troubles[0].includes("does not answer"));
  assertEquals(await ask(second), 200, "predictions go on");
  await bao.begin();
  await bao.put("dinoflow/api", { shop: third });
  await waitUntil(async () => await ask(third) === 200, "the server is back without a restart");
  await waitUntil(async () => (await health()).status === "healthy", "the server is well");
  assertEquals(await server.stop(), 0);
  const log = JSON.stringify(server.lines);
  for (const secret of [first, second, third, rootToken]) assert(!log.includes(secret), secret);
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: `secrets: Redis's password and the redaction's key change while requests run${
    redisInstalled ? "" : " (needs redis-server)"
  }`,
  ignore: !redisInstalled,
}, async () => {
  const folder = await Deno.makeTempDir();
  await save(folder, 0);
  await using redis = await RedisServer.start(undefined, "--requirepass", first);
  const address = (password: string) => `redis://:${password}@127.0.0.1:${redis.port}/0`;
  await Deno.writeTextFile(`${folder}/redis`, address(first));
  await Deno.writeTextFile(`${folder}/redact`, first);
  await Deno.mkdir(`${folder}/log`);
  await using server = new ServerProcess(
    folder,
    ["--poll-seconds", "1", "--workers", "2", "--prediction-cache", "redis", "--redact", "Age"],
    { REDIS_URL: `file:${folder}/redis`, REDACT_KEY: `file:${folder}/redact` },
  );
  const { url } = await server.logged("listening") as { url: string };
  const troubles = async (): Promise<string[]> =>
    (await (await fetch(`${url}/health`)).json()).troubles ?? [];
  const ask = async () => {
    const response = await fetch(`${url}/predict`, {
      ...{ method: "POST", headers: { "content-type": "application/json" } },
      body: JSON.stringify(records[0]),
    });
    await response.body?.cancel();
    assertEquals(response.status, 200);
  };
  const digests = async () => {
    const found = new Set<string>();
    for await (const { name } of Deno.readDir(`${folder}/log`)) {
      if (!name.startsWith("predictions")) continue;
      const text = await Deno.readTextFile(`${folder}/log/${name}`);
      for (const [digest] of text.matchAll(/sha256:\w+/g)) found.add(digest);
    }
    return found;
  };
  await ask();
  await waitUntil(async () => (await digests()).size === 1, "the record is logged");

  await using admin = new RedisLink(address(first));
  await admin.tried;
  await admin.ask((client) => client("CONFIG", "SET", "requirepass", second));
  await admin.ask((client) => client("CLIENT", "KILL", "TYPE", "normal"));
  await waitUntil(async () => (await troubles()).join().includes("WRONGPASS"), "it is refused");
  await ask();
  await Deno.writeTextFile(`${folder}/redis`, address(second));
  await Deno.writeTextFile(`${folder}/redact`, second);
  await waitUntil(async () => (await troubles()).length === 0, "the new password counts");
  await waitUntil(async () => {
    await ask();
    return (await digests()).size === 2;
  }, "the new key counts");
  assertEquals(await server.stop(), 0);
  const log = JSON.stringify(server.lines);
  for (const secret of [first, second]) assert(!log.includes(secret), secret);
  await Deno.remove(folder, { recursive: true });
});
