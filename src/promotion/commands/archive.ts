/** `models archive`: takes a version out of use, or back. */

import { ModelError, UsageError } from "../../base/mod.ts";
import { newEntry } from "../../registry/mod.ts";
import type { ModelsRequest } from "../arguments.ts";
import { versionMeant, versionsIn } from "../places.ts";
import { changing, type Desk, nameOfRequest } from "./desk.ts";

/** Archives a version in every place, or takes it back. */
export async function archiveVersion(request: ModelsRequest, desk: Desk): Promise<number> {
  const name = nameOfRequest(request, 2);
  const { places } = desk;
  await versionsIn(places, name);
  const wanted = request.names[1];
  if (wanted === undefined) {
    throw new UsageError(`Cannot archive a version of ${name}: none is named`, {
      next: `name one; deno task models list ${name} shows them`,
    });
  }
  return await changing(desk, request, name, async () => {
    const version = versionMeant(await versionsIn(places, name), name, wanted);
    const found = await Promise.all(places.all.map(async (registry) => ({
      registry,
      version: (await registry.versions(name)).find(({ bundle, version: own }) =>
        bundle === "" ? own === version.version : bundle === version.bundle
      ),
    })));
    for (const { registry, version } of found) {
      if (version === undefined || request.undo) continue;
      const use = version.aliases.length > 0
        ? `it is the ${version.aliases.join(" and ")} in ${registry.place}`
        : await registry.isServed(name, version.version)
        ? "a server holds it"
        : undefined;
      if (use === undefined) continue;
      throw new ModelError(`Cannot archive ${name} ${version.version}: ${use}`, {
        next: "promote another version first, and wait until servers have followed",
      });
    }
    const held = found.flatMap(({ registry, version }) => version ? [{ registry, version }] : []);
    const entry = newEntry({
      who: request.by,
      action: request.undo ? "restore" : "archive",
      name,
      from: version.bundle,
      to: version.bundle,
      why: request.why ?? "no reason given",
      places: held.map(({ registry }) => registry.place),
    });
    for (const { registry, version } of held) {
      await registry.archive(name, version.version, !request.undo);
      await registry.record(entry);
    }
    if (!places.all.includes(places.folder)) await places.folder.record(entry);
    const where = entry.places.join(" and ");
    desk.tell(
      `${version.bundle || version.version} is ${
        request.undo ? "back in use" : "archived"
      } in ${where}`,
    );
    desk.json({ entry });
    return 0;
  });
}
