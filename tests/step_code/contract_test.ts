/** The contract of the cache: this edit runs a step again, that one does not. */

import { assert, assertEquals } from "@std/assert";
import { edited, type Files, head, Versions } from "./versions.ts";

/** Code that a step calls, in whatever file it stands. */
const code = `
const base = 3;
const table = { a: 1, b: 2 };
const pattern = /a+/g;
enum Level { Low = 1, High = 2 }
class Scale { factor = 2; apply(x: number) { return x * this.factor; } }
function inner(x: number): number { return x + 1; }
export function compute(x: number): string {
  // a comment
  const { a, ...rest } = table;
  const hidden = ((base: number) => base + 1)(10);
  let text = \`\${x}\` + String.raw\`\\.csv\${base}\`;
  for (const n of [1, 2]) text += new Scale().apply(inner(n) * Level.High);
  switch (x) { case 5: text += "five"; break; default: text += "other"; }
  return [text, a, Object.keys(rest), "aab".replace(pattern, "x"), hidden].join("|");
}
export const unrelated = 7;
export function other(): number { return 1; }
export class Unused { value = 1; }
export interface Shape { n: number }
type Alias = string;
export const cast = (value: unknown) => value as Alias;
`;

const differing: Record<string, readonly [string, string]> = {
  "a constant": ["base = 3", "base = 4"],
  "a key": ["b: 2", "c: 2"],
  "flags of a pattern": ["/a+/g", "/a+/"],
  "a member of an enum": ["High = 2", "High = 3"],
  "a field of a class": ["factor = 2", "factor = 3"],
  "a method": ["x * this.factor", "x - this.factor"],
  "an inner function": ["return x + 1", "return x + 2"],
  "raw text": ["\\.csv", ".csv"],
  "an order": ["[1, 2]) text", "[2, 1]) text"],
  "a case": ['"other"', '"another"'],
  "a method's name": ["Object.keys(rest)", "Object.values(rest)"],
  "a name that hides another": ["((base: number) => base + 1)", "((free: number) => base + free)"],
  "an effect": ["const pattern", "Object.assign(table, { a: 5 });\nconst pattern"],
};

const equal: Record<string, readonly [string, string]> = {
  "a comment": ["// a comment", "/* another\n comment */"],
  "formatting": ["{ return x + 1; }", "{\n    return (\n      x + 1\n    );\n}"],
  "quotes": ['"aab"', "'aab'"],
  "a type": ["(x: number): string", "(x: 5 | 6): `${string}`"],
  "an interface": ["{ n: number }", "{ n: number; m?: Shape }"],
  "an alias of a type": ["Alias = string", "Alias = string | number"],
  "a cast": ["const { a, ...rest } = table;", "const { a, ...rest } = table as typeof table;"],
  "an unrelated constant": ["unrelated = 7", "unrelated = 8"],
  "an unrelated function": ["return 1", "return 2"],
  "an unrelated class": ["value = 1", "value = 2"],
  "a new declaration": ["type Alias", "export const added = new Map([[1, 2]]);\ntype Alias"],
};

const wiring = (call: string) => `
export default pipeline("p", { description: "", params: z.object({}) }, ({ step, each }) => {
  const five = step("five", () => 5);
  ${call}
});
`;
const one = wiring(`step("told", { five }, ({ five }, { log }) => log(compute(five)));`);
const many = wiring(
  `const all = each("each", [5, 6], (n) => compute(n)); step("told", { all }, ({ all }, { log }) => log(String(all)));`,
);

/** The ways in which a step comes by its code: its files, and where the code stands. */
const forms: Record<string, { files: Files; at: string; unit: string }> = {
  local: { files: { "p.ts": head + code + one }, at: "p.ts", unit: "told" },
  helper: {
    files: { "p.ts": `${head}import { compute } from "./h.ts";${one}`, "h.ts": code },
    at: "h.ts",
    unit: "told",
  },
  barrel: {
    files: {
      "p.ts": `${head}import { calc as compute } from "./lib/mod.ts";${one}`,
      "lib/mod.ts": `export * from "./more.ts";`,
      "lib/more.ts": `export { compute as calc, other } from "./h.ts";`,
      "lib/h.ts": code,
    },
    at: "lib/h.ts",
    unit: "told",
  },
  "dynamic import": {
    files: {
      "p.ts": head +
        wiring(
          `step("told", { five }, async ({ five }, { log }) => log((await import("./h.ts")).compute(five)));`,
        ),
      "h.ts": code,
    },
    at: "h.ts",
    unit: "told",
  },
  "fan-out": {
    files: { "p.ts": `${head}import { compute } from "./h.ts";${many}`, "h.ts": code },
    at: "h.ts",
    unit: "each[5]",
  },
  "steps in a loop": {
    files: {
      "p.ts": `${head}import { compute } from "./h.ts";` +
        wiring(
          `for (const name of ["told"]) step(name, { five }, ({ five }, { log }) => log(compute(five)));`,
        ),
      "h.ts": code,
    },
    at: "h.ts",
    unit: "told",
  },
};

for (const [form, { files, at, unit }] of Object.entries(forms)) {
  Deno.test(`contract: ${form}`, async (t) => {
    await using versions = await Versions.create();
    await (await versions.load(files)).checked();
    for (const [what, [from, to]] of Object.entries(differing)) {
      await t.step(`${what} runs it again`, async () => {
        const version = await versions.load(edited(files, [[at, from, to]]));
        const { told, units } = await version.checked();
        assertEquals(units[unit], "ran");
        assert(told !== "");
      });
    }
    for (const [what, [from, to]] of Object.entries(equal)) {
      // What a module exports is all seen by who imports the whole of it.
      if (form === "dynamic import" && /unrelated|new/.test(what)) continue;
      await t.step(`${what} does not`, async () => {
        const version = await versions.load(edited(files, [[at, from, to]]));
        assertEquals((await version.checked()).units[unit], "cached");
      });
    }
  });
}
