/** `models list`: models, or the versions of one. */

import { textTable } from "../../terminal/mod.ts";
import type { ListedVersion } from "../../registry/mod.ts";
import type { ModelsRequest } from "../arguments.ts";
import { versionsIn } from "../places.ts";
import { type Desk, nameOfRequest, settleIfLeft } from "./desk.ts";

/** Metrics that a list shows beside each version. */
const SHOWN = 3;

/** Lists all models of each place, or all versions of one. */
export async function listModels(request: ModelsRequest, desk: Desk): Promise<number> {
  if (request.names.length > 0) return await listVersions(request, desk);
  const answer: Record<string, unknown> = {};
  for (const registry of desk.places.all.toReversed()) {
    const names = await registry.names();
    const models = await Promise.all(names.map(async (name) => {
      const versions = await registry.versions(name);
      const at = (alias: string) => versions.find(({ aliases }) => aliases.includes(alias));
      return {
        name,
        versions: versions.length,
        champion: at("champion")?.version ?? null,
        challenger: at("challenger")?.version ?? null,
        newest: versions[0]?.version ?? null,
      };
    }));
    answer[registry.place] = models;
    desk.tell(registry.place);
    desk.tell(
      models.length === 0
        ? "  holds no models: train one with deno task pipeline train"
        : indented(textTable([
          ["NAME", "VERSIONS", "CHAMPION", "CHALLENGER", "NEWEST"],
          ...models.map(({ name, versions, champion, challenger, newest }) => [
            ...[name, String(versions), champion ?? "–", challenger ?? "–", newest ?? "–"],
          ]),
        ])),
    );
  }
  desk.json(answer);
  return 0;
}

async function listVersions(request: ModelsRequest, desk: Desk): Promise<number> {
  const name = nameOfRequest(request, 1);
  await settleIfLeft(desk, name);
  await versionsIn(desk.places, name);
  const answer: Record<string, readonly ListedVersion[]> = {};
  for (const registry of desk.places.all.toReversed()) {
    answer[registry.place] = await registry.versions(name);
    desk.tell(`${name} in ${registry.place}`);
    desk.tell(indented(versionTable(answer[registry.place])));
  }
  desk.json(answer);
  return 0;
}

function versionTable(versions: readonly ListedVersion[]): string {
  if (versions.length === 0) return "no versions\n";
  const metrics = [...new Set(versions.flatMap(({ metrics = {} }) => Object.keys(metrics)))]
    .slice(0, SHOWN);
  return textTable([
    ["VERSION", "MADE", "ALIASES", "STAGE", ...metrics.map((name) => name.toUpperCase()), "FILES"],
    ...versions.map(({ version, createdAt, aliases, stage, bundle, metrics: found = {} }) => [
      ...[version, createdAt.slice(0, 16).replace("T", " "), aliases.join(", ") || "–"],
      stage || "–",
      ...metrics.map((name) => found[name]?.toFixed(4) ?? "–"),
      bundle || "not told",
    ]),
  ]);
}

/** Lines moved to the right by two. */
export function indented(text: string): string {
  return text.trimEnd().split("\n").map((line) => `  ${line}`).join("\n");
}
