/** The mutants of a small module: which there are, and that each does what it says when it is on. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { root } from "../tree_copy.ts";
import { plain, readEquivalent } from "./equivalent.ts";
import { instrument, type Mutant, mutantsOf } from "./instrument.ts";

const source = `
export function least(a, b) {
  const seen = [];
  if (a < b) seen.push(a);
  else { seen.push(b); }
  return seen[0] ?? -1;
}
export async function later(given) {
  try { return await given(2, 1); } catch { return "caught"; }
}
export const handed = async (given) => await given(2, 1);
export class Sum { #of = 0; add(n) { this.#of += n; return this; } get of() { return this.#of; } }
`;

const mutants = mutantsOf("small.js", source, 1);
const shown = mutants.map(({ operator, before, text }) => `${operator}: ${before} → ${text}`);

/** The module with one of its mutants on. */
async function withMutant(id: number) {
  Object.assign(globalThis, { mutantThatIsOn: id });
  const asked = "export const isMutant = (id) => globalThis.mutantThatIsOn === id;";
  const address = `data:text/javascript,${encodeURIComponent(asked)}`;
  const text = instrument(source, mutants, address);
  return await import(`data:text/javascript,${encodeURIComponent(text)}`);
}

const idOf = (wanted: string) => {
  const place = shown.indexOf(wanted);
  assert(place >= 0, `there is no "${wanted}" among\n${shown.join("\n")}`);
  return mutants[place].id;
};

Deno.test("mutation: without a mutant a module does what it did", async () => {
  const { least, later, Sum } = await withMutant(0);
  assertEquals([least(1, 2), least(2, 1), least(2, 2)], [1, 1, 2]);
  assertEquals(new Sum().add(2).add(3).of, 5);
  assertEquals(await later(() => Promise.reject(new Error("no"))), "caught");
});

Deno.test("mutation: each mutant does what it says", async () => {
  const { least, later, Sum } = await withMutant(0);
  const on = (wanted: string) => Object.assign(globalThis, { mutantThatIsOn: idOf(wanted) });
  on("comparison: a < b → a >= b");
  assertEquals([least(1, 2), least(2, 1)], [2, 2]);
  on("condition never holds: a < b → false");
  assertEquals([least(1, 2), least(2, 1)], [2, 1]);
  on("statement left out: seen.push(a); → ");
  assertEquals([least(1, 2), least(2, 1)], [-1, 1]);
  on("always the default: seen[0] ?? -1 → -1");
  assertEquals(least(1, 2), -1);
  on("default left out: seen[0] ?? -1 → seen[0]");
  assertEquals(least(1, 2), 1);
  on("arithmetic: this.#of += n → this.#of -= n");
  assertEquals(new Sum().add(2).of, -2);
  on("swapped arguments: given(2, 1) → given(1, 2)");
  assertEquals(await later((a: number, b: number) => [a, b]), [1, 2]);
  on("await left out: await given(2, 1) → (given(2, 1))");
  const failed = later(() => Promise.reject(new Error("no")));
  assertEquals(await failed.catch((error: Error) => error.message), "no");
});

Deno.test("mutation: what cannot be noticed is no mutant", () => {
  // Awaited only to be returned: outside a try that changes nothing.
  assertEquals(shown.filter((one) => one.startsWith("await left out")).length, 1);
  const types =
    "import { a } from 'b';\nexport type T = 1 | 2;\ninterface I { of: 3 }\nenum E { A = 4 }\n";
  assertEquals(mutantsOf("types.ts", types, 1), []);
  const thrown = mutantsOf("thrown.ts", "if (a) throw new Error(`${1 + 2}`);", 1);
  assertEquals(thrown.map(({ operator }) => operator), [
    ...["negated condition", "condition never holds", "nothing thrown"],
  ]);
});

Deno.test("mutation: lines stay where they were", () => {
  const text = instrument(source, mutants, "./switch.ts");
  assertEquals(text.split("\n").length, source.split("\n").length);
  assertEquals(mutants.find(({ before }) => before === "a < b")!.line, 4);
});

Deno.test("mutation: what is said to change nothing is a mutant that there is", async () => {
  const mutants = new Map<string, Mutant[]>();
  for (const { file, before, after } of await readEquivalent()) {
    if (!mutants.has(file)) {
      mutants.set(file, mutantsOf(file, await Deno.readTextFile(join(root, file)), 1));
    }
    assert(
      mutants.get(file)!.some((one) => plain(one.before) === before && plain(one.text) === after),
      `${file} has no ${before} → ${after}`,
    );
  }
});
