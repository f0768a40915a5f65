import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { RedisAway, RedisLink } from "../../src/redis/mod.ts";
import { freePort } from "../free_port.ts";
import { redisInstalled, RedisServer } from "../redis_server.ts";
import { waitUntil } from "../wait_until.ts";

const redis = (name: string, test: () => Promise<void>) =>
  Deno.test({
    name: `redis: ${name}${redisInstalled ? "" : " (needs redis-server)"}`,
    ignore: !redisInstalled,
    fn: test,
  });

Deno.test("redis: an address that is none is refused without its password", () => {
  for (const url of ["", "localhost:6379", "http://:secret@host:1", "redis://"]) {
    const { message } = assertThrows(() => new RedisLink(url), UsageError);
    assert(!message.includes("secret"));
  }
});

redis("one that is away at the start is asked once it is there, without a restart", async () => {
  const port = freePort();
  const told: (string | undefined)[] = [];
  const onTrouble = (reason: string | undefined) => void told.push(reason);
  await using link = new RedisLink(`redis://127.0.0.1:${port}`, { onTrouble });
  await assertRejects(() => link.ask((client) => client("PING")), RedisAway, "not connected yet");
  await link.tried;
  assert(link.trouble!.includes(`127.0.0.1:${port}`), link.trouble);
  await using _ = await RedisServer.start(port);
  await waitUntil(() => link.trouble === undefined, "it is connected");
  assertEquals(String(await link.ask((client) => client("PING"))), "PONG");
  assertEquals(told.at(-1), undefined);
});

redis("one that is killed fails who waits and those after, and comes back", async () => {
  await using server = await RedisServer.start();
  await using link = new RedisLink(server.url);
  await link.tried;
  await link.ask((client) => client("SET", "a", "1"));
  const waiting = link.ask((client) => client("BLPOP", "nothing", "0"));
  const failed = assertRejects(() => waiting, RedisAway);
  await server.kill();
  await failed;
  await waitUntil(() => link.trouble !== undefined, "it is known to be away");
  await assertRejects(() => link.ask((client) => client("GET", "a")), RedisAway);
  await server.start();
  await waitUntil(() => link.trouble === undefined, "it is connected");
  assertEquals(await link.ask((client) => client("GET", "a")), null);
});

redis("one that does not answer is left, and asked again once it does", async () => {
  await using server = await RedisServer.start();
  await using link = new RedisLink(server.url, { limitMs: 50 });
  await link.tried;
  server.freeze(true);
  const all = Array.from({ length: 20 }, () => link.ask((client) => client("GET", "a")));
  const settled = await Promise.allSettled(all);
  assert(settled.every((one) => one.status === "rejected" && one.reason instanceof RedisAway));
  await assertRejects(() => link.ask((client) => client("GET", "a")), RedisAway);
  server.freeze(false);
  await waitUntil(() => link.trouble === undefined, "it is connected");
  assertEquals(await link.ask((client) => client("GET", "a")), null);
});

redis("a refused command says nothing of the connection; a wrong password does", async () => {
  await using server = await RedisServer.start(undefined, "--requirepass", "secret");
  const url = (password: string) => `redis://:${password}@127.0.0.1:${server.port}/0`;
  await using link = new RedisLink(url("secret"));
  await link.tried;
  await link.ask((client) => client("SET", "text", "x"));
  const error = await assertRejects(() => link.ask((client) => client("HGETALL", "text")), Error);
  assert(!(error instanceof RedisAway), String(error));
  assertEquals(link.trouble, undefined);

  await using wrong = new RedisLink(url("guess"));
  await wrong.tried;
  await waitUntil(() => wrong.trouble!.includes("WRONGPASS"), "the password is refused");
  assert(!wrong.trouble!.includes("guess"), wrong.trouble);
});

redis("a changed password counts without a request that fails", async () => {
  await using server = await RedisServer.start(undefined, "--requirepass", "first");
  const url = (password: string) => `redis://:${password}@127.0.0.1:${server.port}/0`;
  await using link = new RedisLink(url("first"));
  await using admin = new RedisLink(url("first"));
  await Promise.all([link.tried, admin.tried]);
  await link.ask((client) => client("SET", "a", "1"));
  await admin.ask((client) => client("CONFIG", "SET", "requirepass", "second"));

  // An address that does not work leaves the connection that does, and says so.
  link.renew(url("guess"));
  await waitUntil(() => link.trouble?.includes("WRONGPASS") ?? false, "the password is refused");
  assertEquals(String(await link.ask((client) => client("GET", "a"))), "1");
  assertThrows(() => link.renew("nowhere"), UsageError);

  link.renew(url("second"));
  let asked = 0;
  await waitUntil(async () => {
    assertEquals(String(await link.ask((client) => client("GET", "a"))), "1");
    return ++asked > 20 && link.trouble === undefined;
  }, "it is connected anew");
  // The same from now on: connections that break come back with the new password.
  await admin.ask((client) => client("CLIENT", "KILL", "TYPE", "normal"));
  await waitUntil(async () => {
    const answer = await link.ask((client) => client("GET", "a")).catch(() => undefined);
    return String(answer) === "1";
  }, "it is back");
  assertEquals(link.trouble, undefined);
});

redis("one that is away is looked for at its new address", async () => {
  await using server = await RedisServer.start();
  await using link = new RedisLink(`redis://127.0.0.1:${freePort()}`);
  await link.tried;
  assert(link.trouble !== undefined);
  link.renew(server.url);
  await waitUntil(() => link.trouble === undefined, "it is connected");
  assertEquals(await link.ask((client) => client("GET", "a")), null);
});
