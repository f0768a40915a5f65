/** `models show`: all that is known of a version, and what happened to the model. */

import { textTable } from "../../terminal/mod.ts";
import { type AuditEntry, earlierChampions, type ModelMetadata } from "../../registry/mod.ts";
import type { ModelsRequest } from "../arguments.ts";
import { versionMeant, versionsIn } from "../places.ts";
import { type Desk, nameOfRequest, settleIfLeft } from "./desk.ts";
import { indented } from "./list.ts";

/** Changes that are shown. */
const SHOWN = 20;

/** Shows a version, the champion if none is named. */
export async function showModel(request: ModelsRequest, desk: Desk): Promise<number> {
  const name = nameOfRequest(request, 2);
  await settleIfLeft(desk, name);
  const { main, all } = desk.places;
  const versions = await versionsIn(desk.places, name);
  const hasChampion = versions.some(({ aliases }) => aliases.includes("champion"));
  const wanted = request.names[1] ?? (hasChampion ? "champion" : "newest");
  const version = versionMeant(versions, name, wanted);
  const { metadata, file } = await main.read(name, version.version);
  const history = await main.history(name);
  const champion = await main.alias(name, "champion");
  const places = await Promise.all(all.map(async (registry) => ({
    place: registry.place,
    champion: (await registry.alias(name, "champion"))?.bundle ?? null,
    challenger: (await registry.alias(name, "challenger"))?.bundle ?? null,
  })));
  const deployment = champion?.version === version.version ? champion.deployment : undefined;
  const served = await main.isServed(name, version.version);
  const { acceptance } = metadata;
  const facts: [string, string][] = [
    ["files", version.bundle || "not told"],
    ["made", version.createdAt],
    ["aliases", version.aliases.join(", ") || "none"],
    ...version.stage ? [["stage", version.stage] as [string, string]] : [],
    ["task", taskText(metadata)],
    ["size", `${file.length.toLocaleString("en")} bytes, ${metadata.input_schema.length} columns`],
    ["digest", metadata.model_digest],
    ["run", metadata.run_id ?? "none"],
    ["commit", metadata.git_commit ?? "none"],
    ["metrics", numbers(metadata.metrics)],
    ["gates", acceptance?.gates ? numbers(byName(acceptance.gates)) : "none"],
    ["held out", acceptance?.test_part ? `a part of ${acceptance.test_part.data}` : "nothing"],
    ["threshold", thresholdText(deployment?.threshold ?? metadata.decision)],
    ["deployed", deployment ? `${deployment.since} by ${deployment.by}: ${deployment.why}` : "–"],
    ["served", served ? "by a server of this machine" : "by no server that is known here"],
    ["goes back", earlierChampions(history)[0]?.bundle ?? "to nothing"],
  ];
  desk.tell(`${name} ${version.version}`);
  desk.tell(indented(textTable(facts)));
  for (const { place, champion, challenger } of places) {
    desk.tell(`In ${place}: champion ${champion ?? "–"}, challenger ${challenger ?? "–"}`);
  }
  if (history.length > 0) {
    desk.tell("What happened, the last first:");
    desk.tell(indented(historyTable(history)));
  }
  const { feature_state: _, reference_statistics: __, reference_performance: ___, ...others } =
    metadata;
  // What is known of each entity is nobody's business.
  const { profiles: ____, ...told } = others;
  desk.json({
    ...version,
    metadata: told,
    deployment: deployment ?? null,
    served,
    places,
    history,
  });
  return 0;
}

function historyTable(history: readonly AuditEntry[]): string {
  return textTable([
    ["WHEN", "WHO", "WHAT", "FROM", "TO", "WHY"],
    ...history.slice(-SHOWN).reverse().map((
      { time, who, action, from, to, why, overruled = [] },
    ) => [
      ...[time.slice(0, 19).replace("T", " "), who, action, from ?? "–", to ?? "–"],
      overruled.length === 0 ? why : `${why} (overruled: ${overruled.join("; ")})`,
    ]),
  ]);
}

function taskText({ task }: ModelMetadata): string {
  switch (task.kind) {
    case "regression":
      return `number: ${task.column}`;
    case "anomaly":
      return `anomaly: ${task.column} ${task.positive}`;
    case "forecast":
      return `forecast: ${task.column} by ${task.step}, ${task.horizon} ahead`;
    case "spans":
      return `spans: ${task.labels.join(", ")}`;
    default:
      return `${task.kind}: ${task.classes.join(", ")}`;
  }
}

function byName(gates: readonly { readonly metric: string; readonly value: number }[]) {
  return Object.fromEntries(gates.map(({ metric, value }) => [metric, value]));
}

function numbers(values: Readonly<Record<string, number>>): string {
  return Object.entries(values).map(([name, value]) => `${name} ${value.toFixed(4)}`).join(", ");
}

function thresholdText(
  decision: { readonly threshold: number; readonly label: string } | undefined,
): string {
  return decision === undefined ? "none" : `${decision.threshold} for ${decision.label}`;
}
