/** Where requests come from: who is believed, and what hangs on it. */

import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { readServerConfig } from "../../serve/config/read.ts";
import { Caller, Proxies } from "../../serve/http/caller.ts";
import { placeOf } from "../../serve/http/rate.ts";
import { records } from "./fixture.ts";
import { withServer } from "./server_process.ts";

const of = (networks: string[], hostname: string, headers: Record<string, string>) =>
  new Caller(new Proxies(networks), { remoteAddr: { hostname } }, new Headers(headers));

Deno.test("caller: only trusted proxies tell where a request comes from", () => {
  const forwarded = { "x-forwarded-for": "203.0.113.9" };
  assertEquals(of([], "10.0.0.1", forwarded).address, "10.0.0.1");
  assertEquals(of(["192.168.0.0/16"], "10.0.0.1", forwarded).address, "10.0.0.1");
  assertEquals(of(["10.0.0.0/8"], "10.0.0.1", forwarded).address, "203.0.113.9");
  assertEquals(of(["10.0.0.0/8"], "::ffff:10.0.0.1", forwarded).address, "203.0.113.9");
  const cases: [string, Record<string, string>][] = [
    // What the caller wrote himself stands further left.
    ["203.0.113.9", { "x-forwarded-for": "127.0.0.1, 203.0.113.9, 10.9.9.9" }],
    ["203.0.113.9", { "x-forwarded-for": "203.0.113.9:4711" }],
    ["2001:db8::1", { "x-forwarded-for": "[2001:db8::1]:80" }],
    ["2001:db8::1", { forwarded: 'for=192.0.2.1;proto=http, For="[2001:DB8::1]:4711";by=_x' }],
    ["203.0.113.9", { forwarded: "for=203.0.113.9", "x-forwarded-for": "203.0.113.9" }],
    // Nobody knows: the proxy's own.
    ["10.0.0.1", { forwarded: "for=127.0.0.1", "x-forwarded-for": "203.0.113.9" }],
    ["10.0.0.1", { forwarded: "for=unknown" }],
    ["10.9.9.9", { "x-forwarded-for": "nonsense, 10.9.9.9" }],
    ["10.0.0.1", {}],
  ];
  for (const [wanted, headers] of cases) {
    assertEquals(of(["10.0.0.0/8"], "10.0.0.1", headers).address, wanted, JSON.stringify(headers));
  }
});

Deno.test("caller: local is who is on this machine, and whom a trusted proxy forwards from it", () => {
  const local = (networks: string[], peer: string, headers: Record<string, string>) =>
    of(networks, peer, headers).local;
  const from = (address: string) => ({ "x-forwarded-for": address });
  assert(local([], "127.0.0.1", {}) && local([], "::1", {}) && local([], "::ffff:127.0.0.1", {}));
  assert(!local([], "10.0.0.1", {}));
  assert(!local([], "127.0.0.1", from("127.0.0.1")));
  assert(local(["127.0.0.1"], "127.0.0.1", from("127.0.0.1")));
  assert(local(["127.0.0.1"], "127.0.0.1", { ...from("127.0.0.1"), via: "1.1 nginx" }));
  const betraying = [
    ["x-forwarded-host", "evil.example"],
    ["x-real-ip", "127.0.0.1"],
    ["x-original-url", "/model/reload"],
    ["forwarded", "for=10.0.0.1"],
  ];
  for (const [name, value] of betraying) {
    const headers = { ...from("127.0.0.1"), [name]: value };
    assert(!local(["127.0.0.1"], "127.0.0.1", headers), name);
  }
  assert(!local(["127.0.0.1"], "127.0.0.1", from("203.0.113.9")));
  assert(!local(["127.0.0.1"], "127.0.0.1", from("_hidden")));
  assert(!local(["127.0.0.1"], "127.0.0.1", { via: "1.1 nginx" }));
});

Deno.test("caller: of IPv6 a network of 64 bits has one place, others have their own", () => {
  const place = (address: string) => placeOf(address, 7);
  assertEquals(place("2001:db8:1:2:3:4:5:6"), place("2001:db8:1:2:9:9:9:9"));
  assertNotEquals(place("2001:db8:1:2:3:4:5:6"), place("2001:db8:1:3:3:4:5:6"));
  assertNotEquals(place("10.0.0.1"), place("20.0.0.1"));
  const addresses = Array.from({ length: 200 }, (_, n) => `10.0.${n}.1`);
  const places = new Set(addresses.map((address) => place(address) % 65_536));
  // Of 200 addresses in 65,536 places 0.3 are expected to share one.
  assert(places.size > 195, `${places.size}`);
});

Deno.test("caller: places of addresses are spread, and differ from server to server", () => {
  const addresses = Array.from({ length: 2000 }, (_, i) => `10.1.${i >> 8}.${i & 255}`);
  const placesOf = (seed: number) => addresses.map((address) => placeOf(address, seed) & 0xffff);
  const [one, other] = [placesOf(7), placesOf(8)];
  // Of 2,000 balls in 65,536 boxes some 30 share one; a weak hash loses many more.
  assert(new Set(one).size > 1940, `${new Set(one).size} places`);
  assert(one.filter((place, i) => place === other[i]).length < 20);
  const buckets = new Map<number, number>();
  for (const place of one) buckets.set(place >> 12, (buckets.get(place >> 12) ?? 0) + 1);
  assertEquals(buckets.size, 16);
  assert(Math.max(...buckets.values()) < 200, JSON.stringify([...buckets]));
});

Deno.test("caller: a proxy is an address or a network", () => {
  const read = (proxy: string) =>
    readServerConfig({ args: ["--trust-proxy", proxy], env: () => undefined, readFile: () => "" });
  assert(read("10.0.0.0/8,::1,fd00::/8") !== "help");
  for (const proxy of ["nginx", "10.0.0.0/33", "10.0.0", "10.0.0.0/"]) {
    assertThrows(() => read(proxy), Error, "wanted addresses or networks");
  }
});

for (const workers of ["1", "2"]) {
  Deno.test(`caller: rate limit, access log and admin guard go by the caller's address (--workers ${workers})`, () =>
    withServer(
      [
        ...["--workers", workers, "--trust-proxy", "127.0.0.1", "--rate-limit", "3"],
        ...["--access-log", "info"],
      ],
      async (server, url) => {
        const status = async (path: string, headers: Record<string, string>) => {
          const response = await fetch(url + path, {
            method: "POST",
            headers: { "content-type": "application/json", ...headers },
            body: JSON.stringify(records[0]),
          });
          await response.body?.cancel();
          return response.status;
        };
        const one = { "x-forwarded-for": "203.0.113.1" };
        const found: number[] = [];
        for (let n = 0; n < 40 && !found.includes(429); n++) {
          found.push(await status("/predict", one));
        }
        assertEquals([found[0], found.at(-1)], [200, 429]);
        assertEquals(await status("/predict", { "x-forwarded-for": "203.0.113.2" }), 200);
        assertEquals(await status("/predict", { forwarded: "for=203.0.113.3" }), 200);
        assertEquals(await status("/model/reload", one), 403);
        assertEquals(await status("/model/reload", { "x-forwarded-for": "127.0.0.1" }), 200);
        assertEquals(await server.stop(), 0);
        const logged = server.lines.filter(({ message }) => message === "request");
        const addresses = new Set(logged.map(({ address }) => address));
        const wanted = ["203.0.113.1", "203.0.113.2", "203.0.113.3", "127.0.0.1"];
        assertEquals(addresses, new Set(wanted));
      },
    ));
}
