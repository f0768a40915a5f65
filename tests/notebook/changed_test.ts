import { assertEquals, assertStringIncludes } from "@std/assert";
import { sourceText } from "../../src/notebook_files/mod.ts";
import { code, Folder, notebook, prose } from "./notebook_files.ts";

const cells = {
  load: 'import { seven } from "@/beside.ts";\nconst rows = [1, 2, seven];',
  other: "const far = 5;\nconsole.log('far', far);",
  push: "rows.push(4);",
  sum: "const sum = rows.reduce((a, b) => a + b);\nsum",
  both: "`${sum} ${far}`",
};
type Name = keyof typeof cells;

const written = (changes: Partial<Record<Name, string>> = {}) =>
  notebook(
    prose("# Changes"),
    ...Object.entries({ ...cells, ...changes }).map(([id, source]) => ({ ...code(source), id })),
  );

/** Which cells a run with --changed says that it runs, and the texts of the last outputs. */
async function run(folder: Folder): Promise<{ ran: string[]; said: string }> {
  const { exit, stderr } = await folder.cli("run", "n.ipynb", "--changed");
  assertEquals(exit, 0, stderr);
  const document = await folder.read("n.ipynb");
  const ran = [...stderr.matchAll(/cell (\d+) of/g)]
    .map(([, place]) => String(document.cells[Number(place) - 1].id));
  return { ran, said: stderr };
}

/** Edits the text of one cell in the file, as an editor does. */
async function edit(folder: Folder, name: Name, text: string): Promise<void> {
  const document = await folder.read("n.ipynb");
  await folder.write("n.ipynb", {
    ...document,
    cells: document.cells.map((cell) => cell.id === name ? { ...cell, source: text } : cell),
  });
}

Deno.test("changed: what changed runs with what it needs, all else stays", async () => {
  await using folder = await Folder.create({ "n.ipynb": written() });
  await folder.write("deno.json", '{ "imports": { "@/": "./" } }');
  await folder.write("deeper.ts", "export const seven = 7;");
  await folder.write("beside.ts", 'export { seven } from "./deeper.ts";');
  assertEquals((await run(folder)).ran, ["load", "other", "push", "sum", "both"]);
  assertStringIncludes((await run(folder)).said, "n.ipynb: nothing has changed");

  await edit(folder, "sum", "const sum = rows.length;\nsum");
  // `far` is needed by the last cell, although the cell that makes it did not change.
  assertEquals((await run(folder)).ran, ["load", "other", "push", "sum", "both"]);
  await edit(folder, "both", "`${far}!`");
  assertEquals((await run(folder)).ran, ["other", "both"]);
  const { cells } = await folder.read("n.ipynb");
  const last = cells.at(-1)!.outputs as { data: Record<string, string[]> }[];
  assertStringIncludes(String(last[0].data["text/plain"]), '"5!"');
  assertEquals((cells[4].outputs as unknown[]).length, 1, "what did not run keeps its outputs");

  await edit(folder, "push", "rows.push(5);");
  assertEquals((await run(folder)).ran, ["load", "push", "sum"], "what acts on a value changes it");
  await folder.write("deeper.ts", "export const seven = 8;");
  assertEquals((await run(folder)).ran, ["load", "push", "sum"], "modules behind modules count");
  await edit(folder, "other", "");
  const gone = await folder.cli("run", "n.ipynb", "--changed");
  assertEquals(gone.exit, 1, "a maker that is gone is noticed");
  assertStringIncludes(gone.stderr, "far is not defined");
  const again = await folder.cli("run", "n.ipynb", "--changed");
  assertStringIncludes(again.stderr, "far is not defined");
});

Deno.test("changed: a parameter of another value, and effects, count for what follows", async () => {
  await using folder = await Folder.create({
    "n.ipynb": notebook(
      { ...code("const rows = 3;", "parameters"), id: "params" },
      { ...code("Deno.env.set('SEEN', '1');"), id: "effect" },
      { ...code("rows * 2"), id: "twice" },
      { ...code("Deno.env.get('SEEN')"), id: "seen" },
    ),
  });
  assertEquals((await run(folder)).ran, ["params", "effect", "twice", "seen"]);
  const { stderr } = await folder.cli("run", "n.ipynb", "--changed", "--param", "rows=4");
  const { cells } = await folder.read("n.ipynb");
  const ran = [...stderr.matchAll(/cell (\d+) of/g)].map(([, place]) =>
    sourceText(cells[Number(place) - 1])
  );
  assertEquals(ran, ["const rows = 4;", "Deno.env.set('SEEN', '1');", "rows * 2"]);
  const stripped = await folder.cli("strip", "n.ipynb");
  assertEquals(stripped.exit, 0);
  assertEquals(
    (await folder.read("n.ipynb")).cells.some(({ metadata }) => "dinoflow" in metadata),
    false,
  );
});
