/** Types of notebooks, and the cells as the parser reads them. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { joinCells, readCells } from "../../src/deno_kernel/mod.ts";
import { Folder, notebook, prose } from "./notebook_files.ts";

/** What a cell declares and mentions, as text. */
async function names(source: string): Promise<string[]> {
  const { cells } = await readCells(notebook(source));
  return cells[0].facts.map(({ kind, declared, references }) =>
    `${kind} ${declared.map(({ name }) => name)} < ${
      references.map(({ name, assigned }) => assigned ? `${name}=` : name)
    }`
  );
}

Deno.test("cells: what a statement declares and mentions, past inner scopes", async () => {
  const found = await names([
    'import z, { x, y as w, type T } from "zod";',
    'const e = "😀", { a, b: { c = k }, ...d } = f({ a: 1, q });',
    "function go<S extends Foo>(p: S, { k = e } = {}) { var v = p; for (const i of list) v += i; return v; }",
    "const arrow = async () => { await inner; };",
    "count += 1; ({ a, b: c.d } = g());",
    "label: for (const i of a) { break label; }",
    "type Foo = { a: typeof e; b: Bar };",
    "class K extends Base { field = e; method(q: number) { return q + this.field + outside; } }",
    "try { one; } catch (two) { two; const three = 3; three; }",
  ].join("\n"));
  assertEquals(
    found,
    [
      "import z,x,w,T < ",
      "values e,a,c,d < k,f,q",
      "definition go < Foo,e,list",
      "definition arrow < inner",
      "action  < count=",
      "action  < a=,c,g",
      "action  < a",
      "definition Foo < e,Bar",
      "definition K < Base,e,outside",
      "action  < one",
    ].map((line) => line),
  );
});

Deno.test("cells: a name that is declared again keeps its earlier meaning where it was", async () => {
  const { cells } = await readCells(
    notebook(
      'import { z } from "zod";\nconst df = [1];',
      "const df = df.map(String);\nconst both = { df };",
      'import { z } from "zod";\nz.string(df);',
    ),
  );
  const { text, placeOf } = joinCells(cells);
  assertEquals(text.split("\n"), [
    'import { z as zˑcell1 } from "zod";',
    "const dfˑcell1 = [1];",
    "const df = dfˑcell1.map(String);",
    "const both = { df };",
    'import { z } from "zod";',
    "z.string(df);",
    "export {};",
    "",
  ]);
  assertEquals(placeOf(4), { cell: 2, line: 2 });
  assertEquals(placeOf(6), { cell: 3, line: 2 });
});

Deno.test("notebook cli: check names the cell and line of each error of types", async () => {
  await using folder = await Folder.create({
    "bad.ipynb": notebook(
      prose("# Bad"),
      'import { two } from "./beside.ts";\nconst df = [{ a: two }];',
      'const df = df.map(({ a }) => String(a));\nconst n: number = "text";',
      "interface Foo { a: string }\n\ndf.map((text) => text.toUpperCase());\ndf.map((text) => text.toFixed());",
      "await Promise.resolve(df.nope);",
    ),
    "good.ipynb": notebook("const a = 1;", "const a = 'one';\na.length;"),
    "unreadable.ipynb": notebook("const a = 1;\nconst b = ;"),
    "lost.ipynb": notebook("1", 'import { no } from "./none.ts";\nno;'),
  });
  await folder.write("beside.ts", "export const two = 2;");
  const { exit, stderr, stdout } = await folder.cli("check", "bad.ipynb", "good.ipynb");
  assertEquals(exit, 1);
  assertEquals(stderr.split("\n").filter((line) => line.startsWith("error")), [
    "error: bad.ipynb: cell 3, line 2: TS2322: Type 'string' is not assignable to type 'number'.",
    "error: bad.ipynb: cell 4, line 4: TS2551: Property 'toFixed' does not exist on type 'string'. " +
    "Did you mean 'fixed'?",
    "error: bad.ipynb: cell 5, line 1: TS2339: Property 'nope' does not exist on type 'string[]'.",
  ]);
  assertEquals(stdout, "good.ipynb: no errors\n");
  const unreadable = await folder.cli("check", "unreadable.ipynb");
  assertStringIncludes(
    unreadable.stderr,
    "unreadable.ipynb: cell 1, line 2: SyntaxError: Unexpected token",
  );
  const lost = await folder.cli("check", "lost.ipynb");
  assertStringIncludes(lost.stderr, "error: lost.ipynb: cell 2, line 1:");
  assertEquals(
    (await Array.fromAsync(Deno.readDir(folder.path))).length,
    5,
    "nothing is left behind",
  );
});
