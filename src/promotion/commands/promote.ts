/** `models promote`, `challenger` and `rollback`: an alias moves if the checklist lets it. */

import { ModelError, UsageError } from "../../base/mod.ts";
import {
  type AliasName,
  bundleName,
  type Deployment,
  earlierChampions,
  type ListedVersion,
  type ModelMetadata,
  moveTogether,
  type ReadModel,
} from "../../registry/mod.ts";
import type { ModelsRequest } from "../arguments.ts";
import { type Checked, checks, runChecklist } from "../checks/checklist.ts";
import type { Check, ModelOnTrial } from "../checks/contract.ts";
import { fairness } from "../checks/fairness.ts";
import { notWorse } from "../checks/not_worse.ts";
import { metricFor } from "../compare_models.ts";
import { heldOutRows } from "../held_out_rows.ts";
import { bundleIn, versionMeant, versionsIn } from "../places.ts";
import { startSmokeServer } from "../smoke_server.ts";
import { changing, type Desk, nameOfRequest, REFUSED } from "./desk.ts";

/** An alias that is to move. */
interface Wish {
  readonly name: string;
  readonly alias: AliasName;
  readonly action: string;
  readonly version: ListedVersion;
  /** Points that it must pass. */
  readonly points: readonly Check[];
  /** How it was deployed the time before; absent if it was not. */
  readonly earlier?: Deployment;
}

/** Makes a version champion. */
export async function promote(request: ModelsRequest, desk: Desk): Promise<number> {
  const name = nameOfRequest(request, 2);
  await versionsIn(desk.places, name);
  return await changing(desk, request, name, async () => {
    const versions = await versionsIn(desk.places, name);
    const challenged = versions.some(({ aliases }) => aliases.includes("challenger"));
    const wanted = request.names[1] ?? (challenged ? "challenger" : "newest");
    const version = versionMeant(versions, name, wanted);
    const wish: Wish = { name, alias: "champion", action: "promote", version, points: checks };
    const code = await move(request, desk, wish);
    // Who answers is nobody's challenger.
    if (code === 0 && !request.dryRun && version.aliases.includes("challenger")) {
      await dropChallenger(request, desk, name, "it was promoted");
    }
    return code;
  });
}

/** Names the version that may come next, or nobody. */
export async function nameChallenger(request: ModelsRequest, desk: Desk): Promise<number> {
  const name = nameOfRequest(request, 2);
  await versionsIn(desk.places, name);
  return await changing(desk, request, name, async () => {
    const versions = await versionsIn(desk.places, name);
    if (request.remove) {
      return await dropChallenger(request, desk, name, request.why ?? "no reason given");
    }
    if (request.names[1] === undefined) {
      throw new UsageError(`Cannot name a challenger of ${name}: no version is given`, {
        next: `give one, as in deno task models challenger ${name} newest; --remove names nobody`,
      });
    }
    const version = versionMeant(versions, name, request.names[1]);
    // It answers nobody yet, so it may still be worse.
    const points = checks.filter((check) => check !== notWorse && check !== fairness);
    return await move(request, desk, {
      ...{ name, version, points },
      alias: "challenger",
      action: "challenger",
    });
  });
}

/** Makes the champion before the current one champion again. */
export async function rollBack(request: ModelsRequest, desk: Desk): Promise<number> {
  const name = nameOfRequest(request, 1);
  await versionsIn(desk.places, name);
  return await changing(desk, request, name, async () => {
    const { main } = desk.places;
    const versions = await versionsIn(desk.places, name);
    const earlier = earlierChampions(await main.history(name));
    const standing = earlier.find(({ bundle }) =>
      versions.some((version) => version.bundle === bundle && version.stage !== "archived")
    );
    if (request.to === undefined && standing === undefined) {
      throw new ModelError(`Cannot roll ${name} back: no champion before this one is there`, {
        next: `name a version, as in --to ${versions[0].version}`,
      });
    }
    const version = versionMeant(versions, name, request.to ?? standing!.bundle);
    const before = earlier.find(({ bundle }) => bundle === version.bundle);
    const points = checks.filter(({ name }) => name === "parity" || name === "server");
    return await move(request, desk, {
      ...{ name, version, points },
      alias: "champion",
      action: "rollback",
      ...before?.deployment && { earlier: before.deployment },
    });
  });
}

async function dropChallenger(
  { by }: ModelsRequest,
  desk: Desk,
  name: string,
  why: string,
): Promise<number> {
  const { places } = desk;
  const from = await bundleIn(places.main, name, "challenger");
  if (from === null) {
    desk.tell(`${name} has no challenger`);
    return 0;
  }
  const { unfinished } = await moveTogether(places.folder, places.all, {
    ...{ name, from, why, to: null, who: by },
    alias: "challenger",
    action: "challenger",
  });
  if (unfinished !== "") desk.warn(unfinished);
  desk.tell(`${name} has no challenger any more: ${why}`);
  return 0;
}

async function move(request: ModelsRequest, desk: Desk, wish: Wish): Promise<number> {
  const { places, tell } = desk;
  const { name, alias, action, version, points } = wish;
  if (version.stage === "archived") {
    throw new ModelError(`Cannot ${action} ${name} ${version.version}: it is archived`, {
      next: `take it back first: deno task models archive ${name} ${version.version} --undo`,
    });
  }
  // A registry that does not answer is heard of now, not after a minute of checks.
  for (const registry of places.all) await registry.alias(name, alias);
  const from = await bundleIn(places.main, name, alias);
  tell(`${name}@${alias}: ${from ?? "nothing"} → ${version.bundle || version.version}`);
  const told = (checked: Checked) => tell(checkLine(checked));
  const trial = await trialOf(request, desk, wish);
  if (typeof trial === "string") {
    const files = { name: "files", passed: false, found: trial };
    told(files);
    tell("Refused, and nothing was changed: damaged files cannot be overruled");
    desk.json({ refused: true, checks: [files], moved: false });
    return REFUSED;
  }
  const { metadata, file } = trial.candidate;
  const whole = `${file.length.toLocaleString("en")} bytes, digests right`;
  const files: Checked = { name: "files", passed: true, found: whole };
  told(files);
  const all = [
    files,
    ...await runChecklist(trial, points, { overruled: request.force, onCheck: told }),
  ];
  const refusals = all.filter(({ passed }) => passed === false)
    .map((check) => `${check.name}: ${check.found}`);
  const overruled = request.force ? refusals : [];
  const answer = { checks: all, from, to: bundleName(metadata), overruled };
  if (refusals.length > overruled.length || request.dryRun) {
    const refused = refusals.length > overruled.length;
    tell(
      refused
        ? `Refused, and nothing was changed: ${
          refusals.map((text) => text.split(":")[0]).join(", ")
        }` +
          "; overrule it with --force --why TEXT"
        : "It would be done; nothing was changed",
    );
    desk.json({ ...answer, refused, moved: false });
    return refused ? REFUSED : 0;
  }
  const deployment = deploymentOf(request, trial, metadata);
  if (places.server !== undefined && places.main !== places.server) {
    await places.server.register(name, metadata);
  }
  const { entry, unfinished } = await moveTogether(places.folder, places.all, {
    ...{ name, alias, action, from, to: bundleName(metadata), deployment, overruled },
    who: request.by,
    why: deployment.why,
  });
  if (unfinished !== "") desk.warn(unfinished);
  const done = `${bundleName(metadata)} is the ${alias} of ${name} in ${
    entry.places.join(" and ")
  }`;
  tell(overruled.length > 0 ? `${done}, though refused: ${deployment.why}` : done);
  if (action === "promote" && from !== null && from !== entry.to) {
    tell(`Go back: deno task models rollback ${name}`);
  }
  desk.json({ ...answer, refused: false, moved: true, entry });
  return 0;
}

function checkLine({ name, passed, found }: Checked): string {
  const mark = passed === undefined ? "–" : passed ? "ok" : "refused";
  return `  ${mark.padEnd(8)} ${name.padEnd(9)} ${found}`;
}

/** What the checks look at; why its files are no model, where they are not. */
async function trialOf(
  request: ModelsRequest,
  { places, signal }: Desk,
  { name, alias, version, points, earlier }: Wish,
): Promise<ModelOnTrial | string> {
  const { main, folder, server } = places;
  let candidate: ReadModel;
  try {
    candidate = await main.read(name, version.version);
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    if (error instanceof Deno.errors.NotFound) return "the ONNX file is missing";
    throw error;
  }
  if (request.metric !== undefined) metricFor(candidate.metadata, request.metric);
  const champion = await main.alias(name, "champion");
  const standing = champion?.version === version.version;
  let other: Pick<ModelOnTrial, "champion" | "championFault"> = {};
  if (champion !== undefined && !standing) {
    try {
      other = { champion: await main.read(name, champion.version) };
    } catch (error) {
      if (!(error instanceof ModelError || error instanceof Deno.errors.NotFound)) throw error;
      other = { championFault: `it cannot be read: ${error.message}` };
    }
  }
  const needsRows = points.includes(notWorse) || points.includes(fairness);
  const reference = main === server
    ? `models:/${name}/${version.version}`
    : bundleName(candidate.metadata);
  const threshold = deployedThreshold(request, candidate.metadata, earlier, champion?.deployment);
  return {
    ...{ name, alias, candidate, signal, tolerance: request.tolerance },
    ...other,
    standing,
    ...request.metric !== undefined && { metric: request.metric },
    ...threshold && { threshold },
    heldOut: needsRows
      ? await heldOutRows(candidate.metadata, request.data)
      : { reason: "none are needed" },
    serve: () =>
      startSmokeServer(reference, {
        folder: folder.folder,
        signal,
        ...main === server && { tracking: server.place },
      }),
  };
}

/** The threshold that is asked for; undefined if none is. */
function thresholdOf(
  { threshold, thresholdClass }: ModelsRequest,
  { task, decision, class_labels }: ModelMetadata,
): Deployment["threshold"] {
  if (threshold === undefined) return undefined;
  const label = thresholdClass ?? decision?.label ??
    (task.kind === "binary" ? task.positive : undefined);
  if (label !== undefined && class_labels.includes(label)) return { threshold, label };
  throw new UsageError(
    class_labels.length === 0
      ? "Cannot use --threshold: the model predicts a number"
      : `Cannot use --threshold for the class ${label ?? "that is not named"}`,
    class_labels.length === 0
      ? { next: "leave it out" }
      : { next: `name one with --threshold-class: ${class_labels.join(", ")}` },
  );
}

/**
 * The threshold that a version is deployed with: the one that is asked for, the one it had the
 * time before, its own, or what the business has given the champion that it follows.
 */
function deployedThreshold(
  request: ModelsRequest,
  metadata: ModelMetadata,
  earlier: Deployment | undefined,
  standing: Deployment | undefined,
): Deployment["threshold"] {
  const { decision, class_labels } = metadata;
  const followed = standing?.threshold;
  return thresholdOf(request, metadata) ?? earlier?.threshold ??
    (decision && { threshold: decision.threshold, label: decision.label }) ??
    (followed && class_labels.includes(followed.label) ? followed : undefined);
}

function deploymentOf(
  request: ModelsRequest,
  { threshold }: ModelOnTrial,
  metadata: ModelMetadata,
): Deployment {
  return {
    run_id: metadata.run_id,
    ...threshold && { threshold },
    since: new Date().toISOString(),
    by: request.by,
    why: request.why ?? "no reason given",
    policy: request.policy,
  };
}
