/** What a request may send for columns of integer codes, truth values and written numbers. */

import { assertEquals } from "@std/assert";
import {
  boolean,
  clean,
  featureSet,
  fit,
  inputSchema,
  number,
  oneHot,
} from "../../src/features/mod.ts";
import type { Fault } from "../../serve/http/problem.ts";
import { RecordParser } from "../../serve/model/record_parser.ts";

const set = featureSet({
  target: { column: "y", classes: ["a", "b"] },
  columns: { code: oneHot(), word: oneHot(), flag: boolean(), price: number() },
});
const table = {
  rows: 2,
  columns: { code: [7, 8], word: ["a", "b"], flag: ["yes", "no"], price: ["27,5", "1.200,00"] },
};
const state = fit(set, clean(set, table, { target: "none" }));
const parser = new RecordParser(inputSchema(state), { feature_state: state }, {
  unknownFields: "refuse",
  routingKey: "key",
});

function parse(record: object) {
  const faults: Fault[] = [];
  return parser.parse(record, "", faults)?.values ?? faults.map(({ detail }) => detail);
}

Deno.test("record: codes and truth values come as text, number or truth value", () => {
  assertEquals(parse({ code: 7, flag: true }), ["7", "", "true", NaN]);
  assertEquals(parse({ code: "7.0", flag: 0 }), ["7.0", "", "0", NaN]);
  assertEquals(parse({ word: 7 }), ["a number is no text: wanted text or null"]);
  assertEquals(parse({ code: [7] }), ["a list is no text: wanted text or null"]);
});

Deno.test("record: numbers in text are written as in training", () => {
  assertEquals(parse({ price: "1.234,5 €" }), ["", "", "", 1234.5]);
  assertEquals(parse({ price: 12.5 }), ["", "", "", 12.5]);
});
