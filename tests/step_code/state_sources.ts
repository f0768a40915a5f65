/** Small pipelines of which one step changes state outside of the pipeline and another reads it. */

import { assert, assertEquals } from "@std/assert";
import { type Edit, edited, type Files, Versions } from "./versions.ts";

/** How state is kept: the modules, how `V` is put there, and how it is read. */
export interface Form {
  readonly top?: string;
  /** What the wiring declares for it. */
  readonly wiring?: string;
  readonly files?: Files;
  readonly put: string;
  readonly got: string;
}

export const helper = (text: string, names = "put, got"): Pick<Form, "top" | "files"> => ({
  top: `import { ${names} } from "./state.ts";`,
  files: { "state.ts": text },
});
export const called = { put: "put(V)", got: "got()" };
export const config = helper(
  `export const cfg: any = { x: 0, list: [0], map: new Map([["a", { x: 0 }]]), all: [{ x: 0 }] };`,
  "cfg",
);

/** The files of a pipeline whose step `a` puts 1, and `b` reads. */
export function filesOf({ top = "", wiring = "", files = {}, put, got }: Form): Files {
  return {
    "p.ts": `import { pipeline } from "@pipeline";
import { z } from "zod";
${top}
export default pipeline("p", { description: "", params: z.object({}) }, ({ step }: any) => {
  ${wiring}
  const a = step("a", async () => { ${put.replace("V", "1")}; return 0; });
  step("b", { a }, async (_: unknown, { log }: any) => log("read " + String(${got})));
});`,
    ...files,
  };
}

/** Runs a version, then an edited one, which must give what a forced run does. */
export async function checked(before: Files, edits: readonly Edit[]) {
  await using versions = await Versions.create();
  const told = (await (await versions.load(before)).run()).told;
  const after = await (await versions.load(edited(before, edits))).run();
  // In modules of its own, which no run has changed.
  const forced = await (await versions.load(edited(before, edits))).run({}, false);
  assertEquals(after.told, forced.told);
  return { ...after, changed: told !== after.told };
}

/** Both steps of each form run again if either is edited. */
export function testForms(forms: Readonly<Record<string, Form>>): void {
  for (const [name, form] of Object.entries(forms)) {
    Deno.test(`state: ${name}`, async () => {
      const files = filesOf(form);
      const put = form.put.replace("V", "1");
      const other = await checked(files, [["p.ts", `${put};`, `${form.put.replace("V", "2")};`]]);
      assert(other.changed, `The edit changes nothing: ${other.told}`);
      const reader = await checked(files, [["p.ts", `"read "`, `"found "`]]);
      assertEquals([reader.units.a, reader.units.b].includes("cached"), false);
    });
  }
}
