/**
 * Writes the golden files anew, if a change of what they hold is meant:
 *
 *     deno run -A tests/golden/renew.ts
 */

import { fromFileUrl, join } from "@std/path";
import { makeDigests, makeFiles } from "./make.ts";

const folder = fromFileUrl(import.meta.resolve("./files"));
await Deno.mkdir(folder, { recursive: true });
await Deno.remove(folder, { recursive: true });
await Deno.mkdir(folder);
await makeFiles(folder);
const digests = await makeDigests();
await Deno.writeTextFile(join(folder, "digests.json"), JSON.stringify(digests, null, 2) + "\n");
