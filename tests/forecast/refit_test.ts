/** A model that was chosen is brought up to date without choosing again. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  automaticInterval,
  type AutomaticModel,
  fitAutomatic,
  forecastAutomatic,
  refitAutomatic,
} from "../../src/forecast/mod.ts";

const y = Float64Array.from(
  { length: 60 },
  (_, t) => 200 + 3 * t + 40 * Math.sin(2 * Math.PI * t / 12) + 7 * Math.sin(t * 12.9898),
);
const known = y.subarray(0, 54);
const model = await fitAutomatic(known, { horizon: 6, seasons: [12], origins: 4 });

Deno.test("forecast: a model refitted to its own series says the same", () => {
  const again = refitAutomatic(model, known);
  assertEquals(again.members.map(({ name }) => name), model.members.map(({ name }) => name));
  const [was, is] = [forecastAutomatic(model, 6), forecastAutomatic(again, 6)];
  was.forEach((value, h) => assertAlmostEquals(is[h], value, 1e-6 * Math.abs(value)));
});

Deno.test("forecast: a refitted model goes on from the new end, as sure as before", () => {
  const later = refitAutomatic(model, y.subarray(0, 57));
  const [was, is] = [forecastAutomatic(model, 6), forecastAutomatic(later, 3)];
  // Three months on, the same months are ahead.
  is.forEach((value, h) => assert(Math.abs(value - was[3 + h]) < 40, `${value} ${was[3 + h]}`));
  assertEquals(later.past, model.past);
  assert(automaticInterval(later, is, 0.8) !== undefined);
});

Deno.test("forecast: months that are few go on where they go", () => {
  const few = refitAutomatic(model, Float64Array.of(200, 205, 210, 215, 220));
  const said = forecastAutomatic(few, 2);
  assert(said[0] > 215 && said[1] >= said[0] && said[1] < 235, `${said}`);
});

Deno.test("forecast: each method can be refitted, and what does not suit is left out", () => {
  for (const name of ["ets", "theta", "decomposed", "harmonic", "drift", "seasonalNaive"]) {
    const short: AutomaticModel = {
      ...model,
      members: [{
        name: `${name} log`,
        scale: { kind: "log" },
        model: { method: name, form: { error: "A", trend: "A", season: "N" } } as never,
        weight: 1,
      }],
    };
    const fitted = refitAutomatic(short, y);
    assertEquals(fitted.members.map(({ model }) => model.method), [name]);
    assert(forecastAutomatic(fitted, 4).every(Number.isFinite), name);
    // Neither logarithms nor two values are anything for it: the last one again.
    const bare = refitAutomatic(short, Float64Array.of(-1, -2));
    assertEquals(bare.members.map((one) => one.name), ["seasonalNaive raw"]);
    assertEquals([...forecastAutomatic(bare, 3)], [-2, -2, -2]);
  }
});
