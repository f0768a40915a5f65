/** Values between steps: they come back as they were or are refused, and nobody changes them. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { edited, Versions } from "./versions.ts";
import { piped } from "./configured.ts";

const values: Record<string, [value: string, told: string]> = {
  "a match": [
    `"xxabc".match(/a(?<n>b)/)`,
    `[a.index, a.input, a.groups.n, Object.getPrototypeOf(a.groups)]`,
  ],
  "holes": [`[1, , 3]`, `[1 in a, a.length, Object.keys(a)]`],
  "a long list of holes": [
    `Object.assign(new Array(1000), { 7: "x" })`,
    `[a.length, a[7], 8 in a]`,
  ],
  "no prototype": [
    `Object.assign(Object.create(null), { x: 1 })`,
    `[Object.getPrototypeOf(a), a.x]`,
  ],
  "numbers that JSON has not": [
    `[NaN, -0, 1n, undefined, -Infinity]`,
    `[String(a), Object.is(a[1], -0), typeof a[2]]`,
  ],
  "a property that is undefined": [`({ x: undefined })`, `["x" in a]`],
  "a map of maps": [
    `new Map([[{ k: 1 }, new Map([["a", new Date(5)]])]])`,
    `[[...a][0][1].get("a").getTime()]`,
  ],
  "a key called __proto__": [`JSON.parse('{"__proto__": {"x": 1}}')`, `[Object.keys(a), a.x]`],
};

for (const [name, [value, told]] of Object.entries(values)) {
  Deno.test(`values: ${name} comes back as it was`, async () => {
    await using all = await Versions.create();
    const files = {
      "p.ts": piped(`const a = step("a", (): any => (${value}));
      step("told", { a }, ({ a }, { log }) => log(JSON.stringify(${told})));`),
    };
    const fresh = await (await all.load(files)).checked();
    const again = await (await all.load(edited(files, [["p.ts", `step("told"`, `step("told2"`]])))
      .run();
    assertEquals([again.units.a, again.told], ["cached", fresh.told]);
  });
}

const refused: Record<string, [value: string, message: string]> = {
  "a subclass of Array": [`new (class List extends Array {})(3)`, "is an instance of List"],
  "a subclass of Map": [
    `({ m: new (class Table extends Map {})() })`,
    "at .m is an instance of Table",
  ],
  "a subclass of Date": [`[new (class Day extends Date {})()]`, "at [0] is an instance of Day"],
  "an accessor": [`({ get x() { return 1; } })`, "at .x is an accessor"],
  "a hidden property": [
    `Object.defineProperty({}, "x", { value: 1 })`,
    "at .x is a hidden property",
  ],
  "a property of a map": [`Object.assign(new Map(), { x: 1 })`, "at .x is a property of a Map"],
  "a symbol in a list": [`Object.assign([1], { [Symbol("s")]: 1 })`, "is keyed by a symbol"],
  "a subclass of a typed array": [`new (class Bits extends Uint8Array {})(3)`, "is a Bits"],
  "a class": [`[{ model: new (class Model {})() }]`, "at [0].model is an instance of Model"],
};

for (const [name, [value, message]] of Object.entries(refused)) {
  Deno.test(`values: ${name} is refused by name`, async () => {
    await using all = await Versions.create();
    const version = await all.load({ "p.ts": piped(`step("a", (): unknown => (${value}));`) });
    const error = await version.run().then(() => "", String);
    assertStringIncludes(error, `Cannot keep the output of step a: its value ${message}`);
  });
}

Deno.test("values: instances of a class with a codec come back, and its code counts", async () => {
  await using all = await Versions.create();
  const top =
    `class Model { constructor(readonly w: Float64Array) {} sum() { return this.w.reduce((a, b) => a + b); } }
const models = codec({ name: "Model", type: Model, encode: ({ w }) => w, decode: (w) => new Model(w as Float64Array) });`;
  const files = {
    "p.ts": piped(
      `const a = step("a", () => ({ best: new Model(new Float64Array([1, 2])) }));
    step("told", { a }, ({ a }, { log }) => log(String(a.best.sum())));`,
      top,
      ", codecs: [models]",
    ),
  };
  assertEquals((await (await all.load(files)).checked()).told, "3");
  const again = await (await all.load(edited(files, [["p.ts", `step("told"`, `step("other"`]])))
    .checked();
  assertEquals([again.told, again.units.a], ["3", "cached"]);
  const changed = edited(files, [["p.ts", "=> w, decode", "=> w.map((x) => x * 2), decode"]]);
  assertEquals((await (await all.load(changed)).run()).units.a, "ran");
});

Deno.test("values: a step cannot change what others read", async (t) => {
  const attempt = async (change: string, value: string, read: string) => {
    await using all = await Versions.create();
    const version = await all.load({
      "p.ts": piped(`const a = step("a", (): any => (${value}));
      const b = step("b", { a }, ({ a }) => { ${change}; return 1; });
      step("told", { a, b }, ({ a }, { log }) => log(JSON.stringify(${read})));`),
    });
    return await version.checked().then(({ told }) => told, String);
  };
  for (const change of ["a[0] = 99", "a.push(3)", "a.sort()", "a.length = 0"]) {
    await t.step(change, async () => {
      const told = await attempt(change, "[2, 1]", "a");
      assertStringIncludes(told, "Cannot change a value in step b that others read");
    });
  }
  const copied: Record<string, [string, string]> = {
    "a[0] = 9": ["new Float64Array([1, 2])", "[...a]"],
    "a.get('x')[0] = 9": [
      "new Map([['x', new Uint8Array(new SharedArrayBuffer(1))]])",
      "[...a.get('x')]",
    ],
    "a.d.setTime(9)": ["({ d: new Date(5) })", "a.d.getTime()"],
    "a.add(9)": ["new Set([1])", "[...a]"],
  };
  for (const [change, [value, read]] of Object.entries(copied)) {
    await t.step(`${change} on a copy`, async () => {
      assertEquals(await attempt(change, value, read), await attempt("", value, read));
    });
  }
});
