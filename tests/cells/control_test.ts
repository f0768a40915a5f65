import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { control } from "../../src/cells/mod.ts";

Deno.test("control: a front end sets what is among the values, all else is left", () => {
  const rows = control.slider("rows", { min: 1, max: 9, value: 3 });
  assertEquals([10, 0, "5", NaN, null].map((given) => rows.set(given)), [3, 3, 3, 3, 3]);
  assertEquals([rows.set(9), rows.value], [9, 9]);
  const kind = control.choice("kind", ["plain", "rich"]);
  assertEquals([kind.set("none"), kind.set("rich"), kind.value], ["plain", "rich", "rich"]);
  const again = control.button("again");
  assertEquals([again.set(1), again.set(undefined), again.value], [1, 2, 2]);
});

Deno.test("control: it is drawn with its value, and still elsewhere", () => {
  const show = Symbol.for("Jupyter.display");
  const kind = control.choice("<kind>", ["plain", "rich"], "rich");
  const media = (kind as unknown as Record<symbol, () => Record<string, unknown>>)[show]();
  assertEquals(media["text/plain"], "<kind>: rich");
  assertEquals(media["text/html"], "<p>&lt;kind&gt;: rich</p>");
  assertEquals(media["application/vnd.dinoflow.control+json"], {
    ...{ name: "<kind>", value: "rich", kind: "select", choices: ["plain", "rich"] },
  });
});

Deno.test("control: values that cannot be are refused", () => {
  const wrong = [
    () => control.slider("rows", { min: 3, max: 3 }),
    () => control.slider("rows", { min: 1, max: 3, step: 0 }),
    () => control.slider("rows", { min: 1, max: 3, value: 4 }),
    () => control.choice("kind", []),
    () => control.choice<string>("kind", ["a"], "b"),
  ];
  for (const make of wrong) {
    const { message, next } = assertThrows(make, UsageError);
    assertStringIncludes(message, "Cannot make the ");
    assertStringIncludes(String(next), "give ");
  }
});
