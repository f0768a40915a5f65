/**
 * What throw-away folders of tests hand on to each other: what runs found out of the project's
 * code. The first run of all reads some seven hundred modules, which takes seconds. What is found
 * in a module goes by its content, as tests/pipeline/module_facts_test.ts and tests/step_code hold,
 * so no other run need read it again. No output of a step is handed on.
 */

import { join } from "@std/path";
import { LocalStore } from "../src/artifact_store/mod.ts";
import { sha256 } from "../src/base/mod.ts";
import { readModules, writeModules } from "../src/pipeline/cache/module_facts.ts";
import { filesIn, root } from "./tree_copy.ts";

/** A folder that the tests of this very code share; it goes with the temporary files. */
export const sharedFolder: string = await (async () => {
  const readers = await filesIn(["deno.lock", "src/step_code", "src/syntax"], ".ts");
  const digests = readers.map((path) => sha256(Deno.readFileSync(join(root, path))));
  const temporary = Deno.env.get("TMPDIR") ?? "/tmp";
  return join(temporary, `dinoflow-tests-${sha256([root, ...digests].join()).slice(0, 16)}`);
})();

/** The name that it is kept under; no pipeline has it. */
const KNOWN = "known";

const shared = new LocalStore(join(sharedFolder, "code"));
const storeOf = (folder: string) => new LocalStore(join(folder, ".dinoflow"));

/** Gives a folder, in which no pipeline has run yet, what is known of the code. */
export async function giveKnownCode(folder: string): Promise<void> {
  for (const facts of await readModules(shared, KNOWN)) {
    await writeModules(storeOf(folder), KNOWN, facts);
  }
}

/** Keeps what the pipelines of a folder found out. */
export async function keepKnownCode(folder: string): Promise<void> {
  const [known] = await readModules(shared, KNOWN);
  const found = await readModules(storeOf(folder), "none-of-them");
  if (found.length === 0) return;
  const all = [...known ? [known] : [], ...found];
  const facts = Object.assign({}, ...all.map(({ facts }) => facts));
  const count = (facts: object = {}) => Object.keys(facts).length;
  if (count(facts) > count(known?.facts)) await writeModules(shared, KNOWN, { ...found[0], facts });
}
