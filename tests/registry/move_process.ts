/** Moves a champion in a folder and on a server, in a process that a test can kill. */

import {
  type Deployment,
  FolderRegistry,
  lockModel,
  MlflowRegistry,
  moveTogether,
} from "../../src/registry/mod.ts";

/** A change of the champion from one version to another. */
export async function moveChampion(
  [folder, url, name, from, to]: readonly string[],
): Promise<void> {
  const answer = lockModel(folder, name, "a test");
  if (!("lock" in answer)) throw new Error("locked");
  using _ = answer.lock;
  const registry = new FolderRegistry(folder);
  const deployment: Deployment = {
    ...{ run_id: null, since: new Date().toISOString(), by: "ada", why: "a test" },
    policy: "promoted",
  };
  await moveTogether(registry, [MlflowRegistry.open(url), registry], {
    ...{ name, from, to, deployment, who: "ada", why: "a test" },
    ...{ action: "promote", alias: "champion" },
  });
}

if (import.meta.main) await moveChampion(Deno.args);
