/** What a kind of column touches: its file, the table of kinds, the table of converters. */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { kindNames } from "../../src/features/mod.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));

/** Tables that name every kind, and the file that reads what earlier versions wrote. */
const tables = [
  "src/features/columns/kinds.ts",
  "src/features/earlier_forms.ts",
  "src/onnx/converters/columns.ts",
];

const fileOf = (kind: string) =>
  `src/features/columns/${kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}.ts`;

async function* sources(folder: string): AsyncGenerator<[path: string, text: string]> {
  for await (const { name, isDirectory } of Deno.readDir(root + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sources(path);
    else if (name.endsWith(".ts")) yield [path, await Deno.readTextFile(root + path)];
  }
}

Deno.test("kinds: no code but their own files and the tables asks for a kind by its name", async () => {
  const found: string[] = [];
  for (const folder of ["src/features", "src/onnx", "serve", "pipelines"]) {
    for await (const [path, text] of sources(folder)) {
      if (tables.includes(path)) continue;
      for (const kind of kindNames) {
        // Requests, columns of files and views of drift have words of their own for what they hold.
        const asked = ["number", "boolean", "date", "category"].includes(kind)
          ? new RegExp(`\\b${kind}Kind\\b`)
          : new RegExp(`\\b${kind}Kind\\b|(kind\\b.{0,20}|case )"${kind}"`);
        if (path !== fileOf(kind) && asked.test(text)) found.push(`${path}: ${kind}`);
      }
    }
  }
  assertEquals(found, []);
});

Deno.test("kinds: each has its file", async () => {
  for (const kind of kindNames) {
    const text = await Deno.readTextFile(root + fileOf(kind));
    assertEquals(text.includes(`export const ${kind}Kind: ColumnKind<`), true, kind);
  }
});
