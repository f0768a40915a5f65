/** What predictions are kept under, how many of them, and how long. */

import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { Lru } from "../../serve/cache/lru.ts";
import { hiddenKey, recordKey, shortKey } from "../../serve/cache/record_key.ts";

Deno.test("cache: a record's key is the same exactly if the model reads the same", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "1", "-0", ',1"', '2"ab', "NaN", "\0", "\ud800", "\udc00", "é", "e\u0301"),
  );
  const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, NaN, 1e21, 5e-324), text);
  const row = fc.array(value, { maxLength: 4 });
  const same = (a: readonly unknown[], b: readonly unknown[]) =>
    a.length === b.length && a.every((one, at) => Object.is(one, b[at]));
  fc.assert(
    fc.property(row, row, (a, b) => {
      assertEquals(recordKey(a), recordKey([...a]));
      assertEquals(recordKey(a) === recordKey(b), same(a, b));
    }),
    {
      numRuns: 500,
      examples: [[[1, 2], [12]], [["1"], [1]], [["a", ""], ["", "a"]], [[0], [-0]]],
    },
  );
});

Deno.test("cache: long keys become digests that tell half surrogates apart", () => {
  const long = "x".repeat(600);
  assertEquals(shortKey("short"), "short");
  assertEquals(shortKey(long).length, 44);
  assertNotEquals(shortKey(`${long}\ud800`), shortKey(`${long}\ud801`));
  assertNotEquals(hiddenKey("a\ud800"), hiddenKey("a\ud801"));
  assertNotEquals(hiddenKey("a"), hiddenKey("a", "a secret"));
});

Deno.test("cache: what was used last stays, within the bytes and the time that it has", () => {
  const bytes = 4 * (160 + 2 + 100);
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.constantFrom(..."abcdefgh"), fc.boolean(), fc.nat(400)), {
      maxLength: 60,
    }),
    (steps) => {
      let now = 0;
      const lru = new Lru<number>({ bytes, ttlMs: 1000, now: () => now });
      let wanted: { key: string; value: number; until: number }[] = [];
      steps.forEach(([key, write, pause], at) => {
        now += pause;
        const known = wanted.find((one) => one.key === key);
        if (write) {
          lru.set(key, at, 100);
          wanted = [...wanted.filter((one) => one !== known), {
            key,
            value: at,
            until: now + 1000,
          }];
          wanted = wanted.slice(-4);
        } else {
          const alive = known !== undefined && known.until > now;
          assertEquals(lru.get(key), alive ? known.value : undefined);
          wanted = [...wanted.filter((one) => one !== known), ...alive ? [known] : []];
        }
        assertEquals([lru.size, lru.bytes], [wanted.length, wanted.length * bytes / 4]);
      });
      assertEquals(lru.clear(), wanted.length);
      assertEquals([lru.size, lru.bytes, lru.get("a")], [0, 0, undefined]);
    },
  ));
  const lru = new Lru<string>({ bytes: 1000, ttlMs: 1000 });
  lru.set("small", "x", 10);
  lru.set("huge", "x", 2000);
  assertEquals([lru.get("huge"), lru.get("small")], [undefined, "x"]);
});

Deno.test("cache: the clock of the day does not matter", () => {
  const real = Date.now;
  try {
    const lru = new Lru<number>({ bytes: 1000, ttlMs: 60_000 });
    lru.set("a", 1, 8);
    Date.now = () => real() + 1e9;
    assertEquals(lru.get("a"), 1);
    Date.now = () => real() - 1e9;
    assertEquals(lru.get("a"), 1);
  } finally {
    Date.now = real;
  }
});
