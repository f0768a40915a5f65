import { assertEquals, assertStringIncludes } from "@std/assert";
import { adviceOnError, syntaxError } from "../../src/deno_kernel/advice.ts";
import { Folder, notebook } from "../notebook/notebook_files.ts";

const lastLine = (source: string, line?: number) =>
  syntaxError({ message: "Unexpected token", source, ...line !== undefined && { line } }, 3)
    .traceback.at(-1);

Deno.test("advice: what cannot be read is told with its line, or in the reader's language", () => {
  const cases: [string, number | undefined, string][] = [
    ["const a = 1;\nconst b = ;", 2, "mend line 2: const b = ;"],
    ["f(", 2, "see that all brackets and quotes of the cell are closed"],
    ["f(", undefined, "see that all brackets and quotes of the cell are closed"],
    ["%matplotlib inline", 1, 'cells are TypeScript: run a command with new Deno.Command("ls"'],
    ["!ls", 1, 'cells are TypeScript: run a command with new Deno.Command("ls"'],
    ["def f(x):\n  return x", 1, "cells are TypeScript, not Python"],
    ["from numpy import array", 1, "cells are TypeScript, not Python"],
    ["for i in range(3):", 1, "cells are TypeScript, not Python"],
  ];
  for (const [source, line, wanted] of cases) {
    assertStringIncludes(String(lastLine(source, line)), `next: ${wanted}`);
  }
});

Deno.test("advice: imports that fail tell what is near, in the engine's own words", async () => {
  await using folder = await Folder.create();
  await folder.write("beside.ts", "export const seven = 7;");
  const cases: [string, string, string?][] = [
    ["./besides.ts", "did you mean ./beside.ts?"],
    ["./beside", "did you mean ./beside.ts?"],
    ["./far/away.ts", "there is no folder ./far: paths begin at the notebook's folder"],
    ["./something.ts", "paths begin at the notebook's folder, and name the file with its ending"],
    ["lodash", 'import it from "npm:lodash", or add it for good with deno add npm:lodash'],
    ["node:fss", "did you mean node:fs?"],
  ];
  for (const [specifier, next] of cases) {
    await folder.write("one.ipynb", notebook(`import { a } from "${specifier}";`));
    const { exit, stderr } = await folder.cli("run", "one.ipynb");
    assertEquals(exit, 1);
    assertStringIncludes(stderr, `next: ${next}\n`);
  }
  // What asks a registry is not asked for here.
  assertEquals(
    adviceOnError("npm package 'left-padd' does not exist.", folder.path),
    "see how left-padd is spelt on npm",
  );
  assertEquals(
    adviceOnError("Could not find npm package 'is-odd' matching '99.0.0'.", folder.path),
    'import it from "npm:is-odd" to get the newest version',
  );
  assertEquals(adviceOnError("x is not a function", folder.path), undefined);
});
