import { assertEquals } from "@std/assert";
import { differenceOf } from "./difference.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const between = (one: string, other: string) => differenceOf("a.json", bytes(one), bytes(other));

Deno.test("difference: numbers may be rounded otherwise, and files laid out otherwise", () => {
  assertEquals(between('{"a": [1.0, NaN]}', '{"a":[1.0000000000001,NaN]}\n'), undefined);
  assertEquals(between("[0.5]", "[0.500001]"), "$.0 was 0.5 and is 0.500001");
  // What a solver ends at is as near to zero as its largest number is known.
  assertEquals(between("[2, 0.000003121009613]", "[2, 0.000003121009262]"), undefined);
  const apart = between('{"a": 2, "b": 0.0031}', '{"a": 2, "b": 0.003100001}');
  assertEquals(apart, "$.b was 0.0031 and is 0.003100001");
});

Deno.test("difference: another word, length, key or kind is told with its place", () => {
  assertEquals(between('{"a": "x"}', '{"a": "y"}'), '$.a was "x" and is "y"');
  assertEquals(between('{"a": [1]}', '{"a": [1, 2]}'), "$.a had 1 entries and has 2, or others");
  assertEquals(between('{"a": 1}', '{"b": 1}'), "$ had 1 entries and has 1, or others");
  assertEquals(between("[[1]]", '[{"0": 1}]'), '$.0 was [1] and is {"0":1}');
  assertEquals(between("[NaN]", "[null]"), '$.0 was "NaN" and is null');
});

Deno.test("difference: other files are compared byte by byte, and new ones are told", () => {
  assertEquals(differenceOf("a.onnx", bytes("ab"), bytes("ac")), "its bytes differ");
  assertEquals(differenceOf("a.onnx", bytes("ab"), bytes("ab")), undefined);
  assertEquals(differenceOf("a.json", undefined, bytes("1")), "it is new");
});
