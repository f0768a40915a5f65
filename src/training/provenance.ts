/** Which code, packages and data made a model. */

import { ifPresent } from "../base/mod.ts";
import config from "../../deno.json" with { type: "json" };

/** Versions of Deno and of each npm package of the import map. */
export function packageVersions(): Record<string, string> {
  const versions: Record<string, string> = { deno: Deno.version.deno };
  for (const target of Object.values(config.imports)) {
    const match = target.match(/^npm:((?:@[^/]+\/)?[^@/]+)@([^/]+)/);
    if (match) versions[match[1]] = match[2];
  }
  return versions;
}

/** The commit that is checked out, null if git or a repository is missing. */
export async function gitCommit(): Promise<string | null> {
  const git = new Deno.Command("git", { args: ["rev-parse", "HEAD"], stderr: "null" });
  const said = await ifPresent(git.output());
  return said?.success ? new TextDecoder().decode(said.stdout).trim() : null;
}
