/** Notebooks that start with something in them. */

import type { JsonValue, NotebookCell, NotebookDocument } from "../notebook_files/mod.ts";

/** A cell of text. */
export function prose(text: string): NotebookCell {
  return { cell_type: "markdown", id: newId(), metadata: {}, source: text };
}

/** A cell of code. */
export function code(source: string, ...tags: readonly string[]): NotebookCell {
  const metadata: Record<string, JsonValue> = tags.length === 0 ? {} : { tags };
  return { cell_type: "code", id: newId(), metadata, execution_count: null, outputs: [], source };
}

/** A notebook for the kernel that `install` registers. */
export function notebookOf(cells: readonly NotebookCell[]): NotebookDocument {
  return {
    cells,
    metadata: {
      kernelspec: { display_name: "Dinoflow (Deno)", language: "typescript", name: "dinoflow" },
      language_info: {
        codemirror_mode: "typescript",
        file_extension: ".ts",
        mimetype: "text/x.typescript",
        name: "typescript",
        nbconvert_exporter: "script",
        pygments_lexer: "typescript",
        version: Deno.version.typescript,
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** A first notebook: parameters, data, a step, a test. */
export function startingNotebook(name: string): NotebookDocument {
  return notebookOf([
    prose(
      `# ${name}\n\nWhat this notebook asks, and what it found. Run it from the top with ` +
        `\`deno task notebook run\`; the cells tagged \`step:…\` become a pipeline with ` +
        `\`deno task notebook to-pipeline\`.`,
    ),
    code(
      "// Modules of the project, by the names that deno.json gives them or by their path. Others\n" +
        "// as npm:name@1.2.3 or jsr:@scope/name@1; `deno add npm:name` adds one for good.\n" +
        'import { quantileSorted } from "../src/base/mod.ts";\n' +
        'import { show } from "../src/cells/mod.ts";',
    ),
    code(
      "// What a run can set: deno task notebook run FILE --param rows=500\nconst rows = 100;",
      "parameters",
    ),
    code(
      "// A step takes what earlier steps declared and declares what later ones take.\n" +
        "const values = Array.from({ length: rows }, (_, i) => (i * 37) % 101);\n" +
        "values.sort((a, b) => a - b);",
      "step:load",
    ),
    code(
      "const quartiles = [0.25, 0.5, 0.75].map((share) => ({\n" +
        "  share,\n  value: quantileSorted(values, share),\n}));",
      "step:summarise",
    ),
    code("// The value of the last line is shown.\nshow(quartiles)"),
    code(
      "// A test that fails makes the run fail.\n" +
        'Deno.test("quartiles are in order", () => {\n' +
        "  const [low, middle, high] = quartiles.map(({ value }) => value);\n" +
        '  if (!(low <= middle && middle <= high)) throw new Error("they are not");\n});',
    ),
  ]);
}

function newId(): string {
  return crypto.randomUUID().slice(0, 8);
}
