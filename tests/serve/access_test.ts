/** Who may do what, as callers see it: by keys, by names of keys, by if a request comes from. */

import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import {
  type ChangingSecrets,
  secretFollower,
  useSecrets,
} from "../../serve/config/follow_secrets.ts";
import { Access } from "../../serve/http/access.ts";
import { Admission, type AppContext } from "../../serve/http/admission.ts";
import { Caller, Proxies } from "../../serve/http/caller.ts";
import { Deadlines } from "../../serve/http/deadlines.ts";
import { Problem } from "../../serve/http/problem.ts";
import { records, type Served, withApp } from "./fixture.ts";

const [api, other, admin] = ["a-key-for-predicting", "another-key-to-predict", "a-key-for-changes"];
const key = (text: string) => ({ "x-api-key": text });
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

/** How a request is refused; who hears that there is no model was let through. */
const refusalOf = ({ status }: Response): number => [401, 403, 429].includes(status) ? status : 200;
const predict = async ({ call }: Served, headers: Record<string, string> = {}) =>
  refusalOf(await call("/predict", records[0], headers));
const reload = async ({ call }: Served, headers: Record<string, string> = {}) =>
  refusalOf(await call("/model/reload", {}, headers));

/** An application without a model, with these settings. */
const withSettings = (flags: readonly string[], test: (served: Served) => Promise<void>) =>
  withApp(test, { flags, empty: true });

Deno.test("access: each of several keys opens, in either header; nothing but a whole key does", () =>
  withSettings(["--api-keys", `${api},${other}`, "--admin-keys", admin], async (served) => {
    for (const given of [api, other, admin]) {
      assertEquals(await predict(served, key(given)), 200);
      assertEquals(await predict(served, bearer(given)), 200);
      assertEquals(await predict(served, { authorization: `bearer ${given}` }), 200);
    }
    for (
      const wrong of [
        {},
        key(""),
        key(api.slice(0, -1)),
        key(`${api}x`),
        key("no-such-key-at-all"),
        bearer("no-such-key-at-all"),
        { authorization: api },
        { authorization: `Basic ${api}` },
        { authorization: `x Bearer ${api}` },
      ]
    ) {
      assertEquals(await predict(served, wrong as Record<string, string>), 401);
      assertEquals(await reload(served, wrong as Record<string, string>), 401);
    }
    assertEquals(await reload(served, key(api)), 403);
    assertEquals(await reload(served, bearer(other)), 403);
    assertEquals(await reload(served, key(admin)), 200);
    // The header for keys alone counts before the other.
    assertEquals(await predict(served, { ...key("wrong"), ...bearer(api) }), 401);
    assertEquals(await predict(served, { ...key(api), ...bearer("wrong") }), 200);
  }));

Deno.test("access: who is refused is told what is wanted", () =>
  withSettings(["--api-keys", api, "--admin-keys", admin], async ({ call }) => {
    const refused = async (path: string, headers: Record<string, string>) => {
      const response = await call(path, path === "/predict" ? records[0] : {}, headers);
      const { detail, title } = await response.json();
      return [response.headers.get("www-authenticate"), detail ?? title];
    };
    assertEquals(await refused("/predict", {}), ['Bearer realm="dinoflow"', "A key is wanted"]);
    assertEquals(await refused("/predict", key("wrong")), [
      ...['Bearer realm="dinoflow"', "The key is wrong"],
    ]);
    assertEquals(await refused("/model/reload", key(api)), [
      ...[null, "The key may predict, not change the server"],
    ]);
  }));

Deno.test("access: admin keys alone leave predictions open and close changes", () =>
  withSettings(["--admin-keys", admin, "--host", "0.0.0.0"], async (served) => {
    assertEquals(await predict(served), 200);
    assertEquals(await predict(served, key("whatever-key-it-is")), 200);
    assertEquals(await reload(served), 401);
    assertEquals(await reload(served, key(admin)), 200);
  }));

Deno.test("access: keys for predictions alone leave changes to nobody, and health says why", () =>
  withSettings(["--api-keys", api], async (served) => {
    assertEquals(await reload(served, key(api)), 403);
    assertEquals(await reload(served), 403);
    const response = await served.call("/model/reload", {}, key(api));
    assertMatch((await response.json()).detail, /Nobody may change the server: .*no ADMIN_KEYS/);
    const { admin_closed } = await (await served.call("/health", undefined, key(api))).json();
    assertEquals(admin_closed, "there are API_KEYS but no ADMIN_KEYS");
  }));

Deno.test("access: on loopback without keys, this machine may change the server", async () => {
  for (const host of ["127.0.0.1", "127.8.9.1", "localhost", "::1"]) {
    await withSettings(["--host", host], async (served) => {
      const { admin_closed } = await (await served.call("/health")).json();
      assertEquals([await reload(served), admin_closed ?? null], [200, null], host);
    });
  }
  for (const host of ["0.0.0.0", "10.0.0.1", "::", "127.0.0.1.example", "1127.0.0.1"]) {
    await withSettings(["--host", host], async (served) => {
      assertEquals([await reload(served), await predict(served)], [403, 200], host);
    });
  }
});

Deno.test("access: without keys, each sign of another sender closes changes", () =>
  withSettings([], async ({ app }) => {
    const status = async (url: string, headers: Record<string, string> = {}) =>
      refusalOf(await app.request(url, { method: "POST", headers }));
    const local = "http://localhost/model/reload";
    assertEquals(await status(local), 200);
    assertEquals(await status("http://[::1]:5000/model/reload"), 200);
    assertEquals(await status(local, { origin: "http://localhost:3000" }), 200);
    for (
      const name of [
        ...["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
        ...["x-real-ip"],
      ]
    ) assertEquals(await status(local, { [name]: "127.0.0.1" }), 403, name);
    for (
      const headers of [{ origin: "null" }, { origin: "http://evil.example" }, { host: "a b" }, {
        host: "evil.example",
      }] as Record<string, string>[]
    ) assertEquals(await status(local, headers), 403, JSON.stringify(headers));
  }));

Deno.test("access: what asks for no key stays open, what is protected does not", () => {
  const flags = ["--api-keys", api, "--admin-keys", admin, "--protect", "version"];
  return withSettings(flags, async ({ call }) => {
    const refusal = async (path: string, headers = {}) =>
      refusalOf(await call(path, undefined, headers));
    for (const open of ["/livez", "/readyz", "/openapi.json", "/health"]) {
      assertEquals(await refusal(open), 200, open);
    }
    assertEquals(await refusal("/version"), 401);
    for (const given of [api, admin]) assertEquals(await refusal("/version", key(given)), 200);
  });
});

Deno.test("access: an answer that tells less without a key is no refusal, one that is over its rate is", () =>
  withSettings(
    ["--api-keys", api, "--protect", "health", "--rate-limit", "5"],
    async ({ call }) => {
      assertEquals(await (await call("/health")).json(), { status: "unhealthy" });
      assertEquals(await (await call("/health", undefined, key("wrong"))).json(), {
        status: "unhealthy",
      });
      const asked: number[] = [];
      for (let i = 0; i < 9; i++) asked.push((await call("/health", undefined, key(api))).status);
      // Five at once, and perhaps one more as time goes on; then no second answer hides the refusal.
      assert(asked.slice(0, 5).every((status) => status === 200), asked.join());
      assert(asked.includes(429), asked.join());
      // Who has no key is told less, however often it asks.
      for (let i = 0; i < 9; i++) assertEquals((await call("/health")).status, 200);
    },
  ));

/** Admission under these keys, for one request at a time, and a request that it lets in or not. */
function admission(request: Request, life = { stopping: false }) {
  const options = { host: "127.0.0.1", apiKeys: [api], adminKeys: [admin], rateLimit: 0 };
  const deadlines = new Deadlines(1, 60_000);
  const caller = new Caller(new Proxies([]), undefined, request.headers);
  const c = { req: { raw: request }, get: () => caller } as unknown as AppContext;
  return { gate: new Admission(new Access(options), deadlines, 1000, life), deadlines, c };
}

Deno.test("access: what a key may is told with it; other keys open once they have replaced these", () => {
  const access = new Access({ host: "0.0.0.0", apiKeys: [api], adminKeys: [admin], rateLimit: 0 });
  const rightsOf = (text: string) => {
    const request = new Request("http://localhost/", { headers: key(text) });
    const caller = new Caller(new Proxies([]), undefined, request.headers);
    access.check(request, "predict", caller);
    return caller.rights;
  };
  assertEquals([rightsOf(api), rightsOf(admin)], ["predict", "admin"]);
  access.replace({ apiKeys: [other], adminKeys: [api] });
  assertEquals([rightsOf(other), rightsOf(api)], ["predict", "admin"]);
  assertThrows(() => rightsOf(admin), Problem, "The key is wrong");
});

Deno.test("access: without keys each address has its rate", () => {
  const access = new Access({ host: "0.0.0.0", apiKeys: [], adminKeys: [], rateLimit: 2 });
  const ask = (hostname: string) => {
    const request = new Request("http://localhost/");
    const caller = new Caller(new Proxies([]), { remoteAddr: { hostname } }, request.headers);
    access.check(request, "predict", caller);
  };
  ask("10.0.0.1");
  ask("10.0.0.1");
  assertThrows(() => ask("10.0.0.1"), Problem, "The address has asked too often");
  ask("20.0.0.1");
});

Deno.test("access: a right is one that the key has, a wrong key has none", () => {
  const may = (given: Record<string, string>, right: "predict" | "admin") => {
    const { gate, c } = admission(new Request("http://localhost/", { headers: given }));
    return gate.may(c, right);
  };
  assertEquals([may(key(api), "predict"), may(key(api), "admin")], [true, false]);
  assertEquals([may(key("no-such-key-at-all"), "admin"), may(key(admin), "admin")], [false, true]);
});

Deno.test("access: a request counts among those under way once its body is there, or it has none", async () => {
  const { gate, deadlines, c } = admission(
    new Request("http://localhost/", { method: "POST", body: "some text" }),
  );
  using _stopped = deadlines;
  const bare = deadlines.enter();
  assertEquals(deadlines.open, 0);
  gate.admit(bare);
  assertEquals(deadlines.open, 1);
  deadlines.leave(bare);
  const ticket = deadlines.enter();
  assertEquals([await gate.text(c, ticket), deadlines.open], ["some text", 1]);
  deadlines.leave(ticket);
});

Deno.test("access: a body that ends too early is the caller's fault, or a server's that stops", async () => {
  for (const [stopping, status, later] of [[false, 400, undefined], [true, 503, "5"]] as const) {
    const body = new ReadableStream({ start: (out) => out.error(new Error("cut off")) });
    const request = new Request("http://localhost/", { method: "POST", body });
    const { gate, deadlines, c } = admission(request, { stopping });
    using _stopped = deadlines;
    const ticket = deadlines.enter();
    const problem = await assertRejects(() => gate.bytes(c, ticket), Problem);
    assertEquals([problem.status, problem.headers?.["Retry-After"]], [status, later]);
    deadlines.leave(ticket);
  }
});

Deno.test("access: keys that changed count from the next request on", async () => {
  const redisUrl = "redis://:secret@127.0.0.1:6379/0";
  const started = { apiKeys: [api], adminKeys: [admin], redactKey: [other], redisUrl };
  let found: ChangingSecrets = started;
  let problem: unknown;
  const used: unknown[] = [];
  const logged: unknown[] = [];
  const follow = secretFollower(
    started,
    () => problem === undefined ? Promise.resolve(found) : Promise.reject(problem),
    async (keys) => {
      await Promise.resolve();
      used.push(keys);
    },
    { log: (...line) => void logged.push(line) },
  );
  await follow();
  assertEquals([used, logged], [[], []], "nothing has changed");
  found = { ...started, apiKeys: [api, other] };
  await follow();
  await follow();
  assertEquals(used, [found]);
  const fields = { changed: ["apiKeys"], api_keys: 2, admin_keys: 1 };
  assertEquals(logged.splice(0), [["info", "keys changed", fields]]);
  found = { ...found, adminKeys: ["a-new-key-for-changes"] };
  await follow();
  assertEquals([used.length, logged.splice(0).length], [2, 1]);
  found = { ...found, redactKey: [api], redisUrl: redisUrl.replace("secret", "another") };
  await follow();
  assertEquals(used.at(-1), found);
  const [[, , told]] = logged.splice(0) as [string, string, Record<string, unknown>][];
  assertEquals(told.changed, ["redactKey", "redisUrl"]);

  // What cannot be read, and kinds of keys that come or go, change nothing and are told once.
  for (const trouble of [new Error("no such file"), "a word"]) {
    problem = trouble;
    await follow();
    await follow();
    const reason = trouble instanceof Error ? trouble.message : trouble;
    assertEquals(logged.splice(0), [["error", "keys not changed", { reason }]]);
  }
  problem = undefined;
  for (const kind of ["apiKeys", "adminKeys", "redisUrl"] as const) {
    const before = found;
    found = { ...before, [kind]: kind === "redisUrl" ? undefined : [] };
    await follow();
    await follow();
    const reason = `${kind} came or went altogether: start the server anew`;
    assertEquals(logged.splice(0), [["error", "keys not changed", { reason }]]);
    found = before;
    await follow();
    assertEquals(logged, [], "they are as they were");
    // The same trouble after a time without is told again.
    found = { ...before, [kind]: kind === "redisUrl" ? undefined : [] };
    await follow();
    assertEquals(logged.splice(0).length, 1);
    found = before;
  }
  await follow();
  assertEquals(used.length, 3);
});

Deno.test("access: who hears of requests is told the key's name, or the start of its digest, never the key", () =>
  withSettings(["--api-keys", `shop=${api},${other}`], async ({ call, observer }) => {
    const seen: string[] = [];
    observer.httpRequest = (...told: unknown[]) => void seen.push(JSON.stringify(told));
    await call("/predict", records[0], key(api));
    await call("/predict", records[0], key(other));
    await call("/predict", records[0], key("no-such-key-at-all"));
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(other));
    const start = Array.from(
      new Uint8Array(digest).subarray(0, 4),
      (byte) => byte.toString(16).padStart(2, "0"),
    ).join("");
    assertEquals(seen.map((told) => told.includes('"shop"')), [true, false, false]);
    assertEquals(seen.map((told) => told.includes(`"#${start}"`)), [false, true, false]);
    assert(seen.every((told) => !told.includes(api) && !told.includes(other)));
  }));

Deno.test("access: a request that was answered, or refused, gives its place to the next", () =>
  withSettings(["--concurrency", "1"], async ({ call }) => {
    for (let i = 0; i < 5; i++) {
      assertEquals((await call("/predict", records[0])).status, 503, "no model, but a place");
      assertEquals((await call("/predict", "{")).status, 400);
    }
  }));

Deno.test("access: changed secrets reach all who use them, and none of them is logged", () => {
  const told: unknown[] = [];
  const tell = (who: string) => (given: unknown) => void told.push([who, given]);
  const secrets: ChangingSecrets = {
    apiKeys: [`shop=${api}`],
    adminKeys: [admin],
    redactKey: ["a-key-to-redact-with"],
    redisUrl: "redis://a",
  };
  const observation = { observer: { hide: tell("hide") }, useRedactKey: tell("redact") };
  const users = {
    access: { replace: tell("access") },
    observation,
    redis: { renew: tell("redis") },
  };
  useSecrets(secrets, users);
  assertEquals(told, [
    ["hide", [api, admin, "a-key-to-redact-with"]],
    ["access", secrets],
    ["redact", "a-key-to-redact-with"],
    ["redis", "redis://a"],
  ]);
  told.length = 0;
  useSecrets({ ...secrets, redactKey: [], redisUrl: undefined }, { ...users, redis: undefined });
  assertEquals(told.slice(2), [["redact", undefined]]);
});

Deno.test("access: a body that ends too early is the caller's fault", () =>
  withSettings([], async ({ app }) => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("{"));
        controller.error(new Error("the connection is lost"));
      },
    });
    const headers = { "content-type": "application/json" };
    const response = await app.request("/predict", { method: "POST", body, headers });
    assertEquals(response.status, 400);
    assertEquals((await response.json()).detail, "The body ended too early");
  }));
