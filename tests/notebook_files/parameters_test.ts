/** Parameters of notebooks, declared again. */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError, UserError } from "../../src/base/mod.ts";
import {
  type NotebookCell,
  type NotebookDocument,
  setParameters,
  setParameterTexts,
} from "../../src/notebook_files/mod.ts";

function code(source: string | string[], ...tags: string[]): NotebookCell {
  return { cell_type: "code", source, metadata: { tags }, outputs: [], execution_count: null };
}

function notebook(...cells: NotebookCell[]): NotebookDocument {
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

const declares = code([
  "// what can be set\n",
  "const rows: number = 10;\n",
  'let name = "a";\n',
  "var inner = 1;\n",
], "parameters");

const sources = ({ cells }: NotebookDocument) => cells.map(({ source }) => source);

Deno.test("notebook: parameters are declared again after their defaults, as they were", () => {
  const before = notebook(code("import x"), declares, code("rows"));
  const after = setParameters(before, { name: 'b"', rows: 2, inner: [1, { a: null }] }, "n.ipynb");
  assertEquals(sources(after), [
    "import x",
    declares.source,
    'let name = "b\\"";\nconst rows = 2;\nvar inner = [1,{"a":null}];',
    "rows",
  ]);
  assertEquals(after.cells[2].metadata.tags, ["injected-parameters"]);
  // A second time replaces the first; without parameters the defaults count.
  assertEquals(sources(setParameters(after, { rows: 3 }, ""))[2], "const rows = 3;");
  assertEquals(setParameters(after, {}, ""), before);
});

Deno.test("notebook: a parameter that is not declared is refused with the nearest", () => {
  assertThrows(
    () => setParameters(notebook(declares), { row: 1 }, "n.ipynb"),
    UserError,
    'Cannot set the parameter "row" in n.ipynb: its cell of parameters declares rows, name, inner',
  );
  assertThrows(
    () => setParameters(notebook(code("const rows = 1")), { rows: 1 }, "n.ipynb"),
    UserError,
    'no cell is tagged "parameters"',
  );
});

Deno.test("notebook: a word of the command line is read as the cell declares its parameter", () => {
  const declares = notebook({
    ...code(
      'let id: string = "x, y", rows = 10;\nconst version = "1.0"; // let comment = 1\n' +
        "let rate: number | undefined, on = false\nlet big = 5n\n" +
        "let ages: Map<string, number> = new Map(), list = [1, 2];\n" +
        'const kind: "a" | "b" = "a";\nlet found = Deno.env.get("X");\n' +
        "  let inner = 1;",
    ),
    metadata: { tags: ["parameters"] },
  });
  const set = (name: string, text: string) =>
    sources(setParameterTexts(declares, { [name]: text }, "n.ipynb"))[1];
  const cases: [string, string, string][] = [
    ["id", "1.10", 'let id = "1.10";'],
    ["id", "12345678901234567890", 'let id = "12345678901234567890";'],
    ["id", "12e4567", 'let id = "12e4567";'],
    ["id", "007", 'let id = "007";'],
    ["id", "null", 'let id = "null";'],
    ["id", "", 'let id = "";'],
    ["version", "2.10", 'const version = "2.10";'],
    ["kind", "b", 'const kind = "b";'],
    ["rows", "1e3", "let rows = 1000;"],
    ["rate", "-.5", "let rate = -0.5;"],
    ["on", "true", "let on = true;"],
    ["big", "12345678901234567890", "let big = 12345678901234567890n;"],
    ["ages", "[[1]]", "let ages = [[1]];"],
    ["list", '["1.10"]', 'let list = ["1.10"];'],
    ["found", "1.10", 'let found = "1.10";'],
    ["found", "5", "let found = 5;"],
  ];
  for (const [name, text, wanted] of cases) assertEquals(set(name, text), wanted);
  const wrong: [string, string, string][] = [
    ["rows", "many", "it takes a number"],
    ["rows", "", "it takes a number"],
    ["rows", "12345678901234567890", "holds 15 digits exactly"],
    ["on", "yes", "it takes true or false"],
    ["big", "1.5", "it takes a whole number"],
    ["list", "1,2", "it takes JSON"],
    ["comment", "1", "declares id, rows, version, rate, on, big, ages, list, kind, found"],
    ["inner", "1", "declares id"],
  ];
  for (const [name, text, message] of wrong) {
    assertThrows(() => set(name, text), UsageError, message);
  }
});
