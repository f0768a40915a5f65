/** Fingerprints of steps, and how what is different in them is told. */

import { assertEquals } from "@std/assert";
import { sameFingerprint } from "../../src/pipeline/cache/fingerprint.ts";
import { itemChanges, itemText } from "../../src/pipeline/cache/item_changes.ts";
import { differences, reasonText } from "../../src/pipeline/cache/reasons.ts";

Deno.test("fingerprints are the same in every part or not at all", () => {
  const one = {
    ...{ schema: 2, code: { a: "1", b: "2" }, params: { n: "1" }, inputs: { x: "1" }, item: "i" },
    ...{ deno: "2", platform: "p", config: "c", lock: "l" },
  } as const;
  const other = (part: object) => ({ ...one, ...part }) as never;
  assertEquals(sameFingerprint(one as never, other({ code: { b: "2", a: "1" } })), true);
  for (
    const part of [
      ...[{ schema: 3 }, { code: { a: "1" } }, { code: { a: "1", c: "2" } }, {
        code: { a: "1", b: "3" },
      }],
      ...[{ params: { n: "2" } }, { inputs: { x: "2" } }, { inputs: {} }, { item: "j" }],
      ...[{ deno: "3" }, { platform: "q" }, { config: "d" }, { lock: "m" }],
    ]
  ) {
    assertEquals(sameFingerprint(one as never, other(part)), false, JSON.stringify(part));
    assertEquals(sameFingerprint(other(part), one as never), false, JSON.stringify(part));
  }
  const told = (wanted: object, kept: object = {}) =>
    differences(other(wanted), other(kept), [undefined, undefined]).map(reasonText);
  assertEquals(told({}), []);
  assertEquals(told({ deno: "3" }), ["ENVIRONMENT Deno changed"]);
  assertEquals(told({ schema: 3 }), ["ENVIRONMENT Deno changed"]);
  assertEquals(told({ platform: undefined }), ["ENVIRONMENT platform changed"]);
  assertEquals(told({ inputs: { x: undefined } }), ["INPUT x runs first"]);
  assertEquals(told({ inputs: {} }), ["INPUT x changed"]);
  assertEquals(told({ item: "j" }), ["ITEM changed"]);
  const long = "1".repeat(100);
  assertEquals(told({ params: { n: long } }, { params: { n: long + "2" } }), ["PARAMS n changed"]);
  assertEquals(told({ params: { n: long } }, { params: { n: `${long.slice(1)}2` } }), [
    `PARAMS n ${long.slice(1)}2 → ${long}`,
  ]);
});

Deno.test("items are told part by part, long ones not at all", () => {
  assertEquals(itemText({ a: 1 }), '{"a":1}');
  assertEquals(itemText("x".repeat(998))?.length, 1000);
  assertEquals(itemText("x".repeat(999)), undefined);
  assertEquals([itemText(undefined), itemText(1n)], [undefined, undefined]);
  assertEquals(itemChanges(undefined, "1"), []);
  assertEquals(itemChanges("1", undefined), []);
  assertEquals(itemChanges("1", "2"), [{ name: "", from: "1", to: "2" }]);
  assertEquals(itemChanges("[1]", "[2]"), [{ name: "", from: "[1]", to: "[2]" }]);
  assertEquals(itemChanges("null", "{}"), [{ name: "", from: "null", to: "{}" }]);
  assertEquals(itemChanges('{"a":1,"b":{"c":1}}', '{"b":{"c":1,"d":2}}'), [
    { name: "a", from: "1", to: undefined },
    { name: "b.d", from: undefined, to: "2" },
  ]);
});
