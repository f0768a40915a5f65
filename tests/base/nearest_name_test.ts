import { assertEquals } from "@std/assert";
import { nearestName, nearestNames } from "../../src/base/mod.ts";

Deno.test("nearest name: a swap, a missing, a doubled and a wrong letter are one mistake each", () => {
  const flags = ["port", "model", "host"];
  for (const typed of ["prot", "pot", "portt", "pott", "PORT"]) {
    assertEquals(nearestName(typed, flags), "port", typed);
  }
});

Deno.test("nearest name: a third of the longer name may differ, and no more", () => {
  assertEquals(nearestName("mdl", ["model"]), undefined);
  assertEquals(nearestName("modles", ["model"]), "model");
  assertEquals(nearestName("occ", ["Occupation"]), undefined);
  assertEquals(nearestName("Ocupatoin", ["Occupation"]), "Occupation");
});

Deno.test("nearest name: a name that shares no letter is no suggestion, however short", () => {
  assertEquals(nearestName("x", ["a", "b"]), undefined);
  assertEquals(nearestName("", ["a"]), undefined);
  assertEquals(nearestName("a", []), undefined);
});

Deno.test("nearest name: the nearest comes first, the given order where two are as near", () => {
  assertEquals(nearestNames("trian", ["trial", "train", "trains"]), ["trial", "train", "trains"]);
  assertEquals(nearestNames("trains", ["trial", "train", "trains"]), ["trains", "train"]);
});
