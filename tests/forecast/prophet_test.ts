/** Prophet's Stan program under Deno, against Prophet; see tests/python/make_forecast_fixtures.py. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { optimizer } from "@bsull/augurs-prophet-wasmstan";
import { UsageError } from "../../src/base/mod.ts";
import { fitAutomatic, forecastAutomatic, prophet } from "../../src/forecast/mod.ts";
import fixture from "./fixtures/prophet.json" with { type: "json" };

const y = Float64Array.from(fixture.y);

Deno.test("prophet: a trend that bends and a week go on as in Prophet", () => {
  const model = prophet(optimizer).fit(y, 7)!;
  const said = prophet().forecast(JSON.parse(JSON.stringify(model)), 28);
  const off = said.map((value, h) => Math.abs(value - fixture.mean[h]));
  // The same program stops elsewhere on a flat top: values are about 70, their noise 2.
  assert(Math.max(...off) < 0.3, `${off}`);
});

Deno.test("prophet: short series, one without a season, and one that is 0", () => {
  const line = Float64Array.from({ length: 40 }, (_, t) => 3 + 2 * t);
  const said = prophet(optimizer).forecast(prophet(optimizer).fit(line, 1)!, 3);
  said.forEach((value, h) => assert(Math.abs(value - (83 + 2 * h)) < 0.1, `${value}`));
  const failing = { optimize: () => fail() };
  const fail = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  assertEquals(prophet(failing).fit(line, 1), undefined);
  assertEquals(prophet(optimizer).fit(new Float64Array(40), 7), undefined);
  assertEquals(prophet(optimizer).fit(line.subarray(0, 9), 1), undefined);
  assertEquals(prophet().fit(y, 7), undefined);
});

Deno.test("prophet: an automatic choice tries it where it is handed", async () => {
  const options = { horizon: 14, seasons: [7], origins: 3, methods: ["theta", "prophet"] };
  const model = await fitAutomatic(y, { ...options, stan: optimizer });
  assert("prophet raw" in model.errors && "prophet log" in model.errors);
  assert(forecastAutomatic(model, 14).every((value) => value > 50 && value < 100));
  await assertRejects(() => fitAutomatic(y, options), UsageError, "by prophet without");
});
