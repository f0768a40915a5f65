/** `models prune`: removes versions that nothing needs. */

import {
  earlierChampions,
  type ListedVersion,
  type ModelRegistry,
  newEntry,
} from "../../registry/mod.ts";
import type { ModelsRequest } from "../arguments.ts";
import { versionsIn } from "../places.ts";
import { changing, type Desk, nameOfRequest } from "./desk.ts";

/** A version in a place, and why it stays; it goes where there is no reason. */
interface Judged {
  readonly registry: ModelRegistry;
  readonly version: ListedVersion;
  readonly stays?: string;
}

/** Removes old versions in every place, or shows which would go. */
export async function prune(request: ModelsRequest, desk: Desk): Promise<number> {
  const name = nameOfRequest(request, 1);
  const { places } = desk;
  await versionsIn(places, name);
  return await changing(desk, request, name, async () => {
    const judged = await judge(request, desk, name);
    const going = judged.filter(({ stays }) => stays === undefined);
    for (const { registry, version, stays } of judged) {
      desk.tell(
        `  ${stays === undefined ? "goes " : "stays"}  ${version.bundle || version.version} in ` +
          `${registry.place}${stays === undefined ? "" : `: ${stays}`}`,
      );
    }
    desk.json({
      removed: request.dryRun ? [] : going.map(toldOf),
      would_remove: request.dryRun ? going.map(toldOf) : [],
      kept: judged.filter(({ stays }) => stays !== undefined).map((one) => ({
        ...toldOf(one),
        why: one.stays,
      })),
    });
    if (request.dryRun) {
      desk.tell(`${going.length} versions would go; nothing was changed`);
      return 0;
    }
    for (const { registry, version } of going) {
      desk.signal.throwIfAborted();
      // The line first: what is removed and then told of could be lost without a trace.
      const entry = newEntry({
        ...{ who: request.by, action: "prune", name, from: version.bundle, to: null },
        why: request.why ?? `more than ${request.keep}, older than asked for`,
        places: [registry.place],
      });
      await places.folder.record(entry);
      if (registry !== places.folder) await registry.record(entry);
      await registry.remove(name, version.version);
    }
    desk.tell(`Removed ${going.length} versions of ${name}`);
    return 0;
  });
}

function toldOf({ registry, version }: Judged) {
  return { place: registry.place, version: version.version, bundle: version.bundle };
}

async function judge(
  { keep, olderThan }: ModelsRequest,
  { places }: Desk,
  name: string,
): Promise<Judged[]> {
  // What is needed in one place stays in the other: they are to go on together.
  const needed = new Map<string, string>();
  const lists = await Promise.all(places.all.map(async (registry) => {
    const versions = await registry.versions(name);
    for (const { version, bundle, aliases } of versions) {
      const use = aliases.length > 0
        ? `${aliases.join(" and ")} in ${registry.place}`
        : await registry.isServed(name, version)
        ? "a server holds it"
        : undefined;
      if (use !== undefined) needed.set(bundle || `${registry.place} ${version}`, use);
    }
    const bundles = new Set(versions.map(({ bundle }) => bundle));
    const good = earlierChampions(await registry.history(name))
      .find(({ bundle }) => bundles.has(bundle));
    if (good && !needed.has(good.bundle)) needed.set(good.bundle, "a rollback would go back to it");
    return { registry, versions };
  }));
  const oldest = Date.now() - olderThan;
  return lists.flatMap(({ registry, versions }) => {
    let free = 0;
    return versions.map((version): Judged => {
      const use = needed.get(version.bundle || `${registry.place} ${version.version}`);
      if (use !== undefined) return { registry, version, stays: use };
      free++;
      if (free <= keep) return { registry, version, stays: `one of the newest ${keep}` };
      // What has no moment is not known to be old.
      const old = Date.parse(version.createdAt) <= oldest;
      return old ? { registry, version } : { registry, version, stays: "younger than asked for" };
    });
  });
}
