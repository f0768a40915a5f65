import { assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { adasyn, borderlineSmote, smote } from "../../src/samplers/mod.ts";

Deno.test("samplers: refuse a number of neighbours that is none", () => {
  for (const k of [0, -1, 2.5, NaN]) {
    const message = `with ${k} neighbours`;
    assertThrows(() => smote({ kNeighbors: k }), UsageError, `SMOTE ${message}`);
    assertThrows(() => adasyn({ nNeighbors: k }), UsageError, `ADASYN ${message}`);
    assertThrows(() => borderlineSmote({ kNeighbors: k }), UsageError, message);
    assertThrows(() => borderlineSmote({ mNeighbors: k }), UsageError, message);
  }
});
