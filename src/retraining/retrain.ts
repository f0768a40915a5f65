/** Trains a model again where that is worth it, and lets the better one answer. */

import { join } from "@std/path";
import { holderText, tryFileLock, UserError } from "../base/mod.ts";
import { readHistory, readStatus, type RetrainDecision } from "../monitor_files/mod.ts";
import { compareOnRows, type Comparison, runModelsCli } from "../promotion/mod.ts";
import {
  type Bundle,
  bundleName,
  findBundle,
  FolderRegistry,
  listBundles,
  type ModelMetadata,
  nameOf,
  readModel,
  saveBundle,
} from "../registry/mod.ts";
import { readTable } from "../table/mod.ts";
import { conclude, concludeIntent, intend } from "./intent.ts";
import { type NewRows, newRowsOf, writeRetrainFiles, writeRows } from "./new_rows.ts";
import { type RetrainRules, retrainWish } from "./rules.ts";

/** What is to be done. */
export interface RetrainOptions {
  /** Name of the model in the registry. */
  readonly model: string;
  readonly log: string;
  readonly models: string;
  /** Folder of the rows that are joined. */
  readonly data: string;
  readonly rules: RetrainRules;
  /** Key of the digests in the log; undefined if it has none, or nobody tells. */
  readonly secret?: string;
  /** What becomes of a new model that is better: it is tried first, or it answers at once. */
  readonly then: "challenger" | "champion";
  /** Whether it is trained again though nothing has changed. */
  readonly asked: boolean;
  readonly now: Date;
  /** Runs a pipeline; how it failed, undefined if it did not. */
  readonly train: (
    pipeline: string,
    params: Readonly<Record<string, unknown>>,
  ) => Promise<string | undefined>;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Decides about the challenger if there is one, and trains again if that is wanted.
 * Twice the same is decided once: a training is known by its rows.
 *
 * @throws {UserError} if the model cannot be found, or another retraining is under way.
 */
export async function retrain(options: RetrainOptions): Promise<RetrainDecision> {
  const { log, model } = options;
  await Deno.mkdir(join(log, "monitoring"), { recursive: true });
  const answer = tryFileLock(join(log, "monitoring", `.lock_retrain_${model}`), `retrain ${model}`);
  if ("holder" in answer) {
    throw new UserError(`Cannot retrain ${model}: ${holderText(answer.holder)} is under way`, {
      next: "wait until it is done",
    });
  }
  using _ = answer.lock;
  const registry = new FolderRegistry(options.models);
  await concludeIntent(log, model, registry);
  const champion = await findBundle(options.models, `${model}@champion`);
  const challenger = await registry.alias(model, "challenger");
  const whole = (decided: Decided): RetrainDecision => ({
    ...{ timestamp: options.now.toISOString(), model, champion: bundleName(champion.metadata) },
    ...decided,
  });
  const before: Before = (decided) => intend(log, whole(decided));
  const decision = whole(
    challenger?.bundle
      ? await judgeChallenger(
        options,
        champion,
        await findBundle(options.models, challenger.bundle),
        before,
      )
      : await trainAgain(options, champion, before),
  );
  await conclude(log, decision);
  return decision;
}

type Decided = Omit<RetrainDecision, "timestamp" | "model" | "champion">;

/** Keeps what is decided before an alias moves. */
type Before = (decided: Decided) => Promise<void>;

async function trainAgain(
  options: RetrainOptions,
  champion: Bundle,
  before: Before,
): Promise<Decided> {
  const { metadata } = champion;
  const rows = await rowsFor(options, champion);
  const status = (await readStatus(options.log))?.models.find(({ model_name, model_version }) =>
    model_name === metadata.model_name && model_version === metadata.version
  );
  const { wanted, reasons } = retrainWish(
    status,
    rows.records.length,
    options.rules,
    options.asked,
  );
  if (!wanted) return { decision: "waits", reasons };
  const files = await writeRetrainFiles(metadata, rows, options.data, options.secret);
  const known = (await readHistory(options.log)).find(({ model, data, decision }) =>
    model === options.model && data === files.joined && decision !== "waits"
  );
  if (known !== undefined) {
    const said = `The same rows were tried at ${known.timestamp}: ${known.decision}`;
    return { decision: "waits", reasons: [...reasons, said] };
  }
  options.say(
    `Training on ${files.oldRows} rows and ${files.addedRows} new ones; ${files.newestRows} are held out`,
  );
  const trained = await trainedOn(options, champion, files.joined);
  if (typeof trained === "string") {
    return { decision: "failed", reasons: [...reasons, trained], data: files.joined };
  }
  const found = await comparison(trained, champion, files.newest);
  const text = comparisonText(found, "the newest rows");
  const told = { data: files.joined, candidate: bundleName(trained.metadata) };
  if (!(found.gain > 0)) return { decision: "rejected", reasons: [...reasons, text], ...told };
  const why = [...reasons, text].join(". ");
  const command = options.then === "challenger" ? "challenger" : "promote";
  const decided: Decided = {
    decision: options.then === "challenger" ? "challenger" : "promoted",
    reasons: [...reasons, text],
    ...told,
  };
  await before(decided);
  const refused = await moved(options, command, trained, why, files.newest);
  if (refused !== undefined) {
    return { decision: "rejected", reasons: [...reasons, text, refused], ...told };
  }
  return decided;
}

/** Promotes a challenger that labels show to be better, and drops one that shows no gain. */
async function judgeChallenger(
  options: RetrainOptions,
  champion: Bundle,
  challenger: Bundle,
  before: Before,
): Promise<Decided> {
  const all = await rowsFor(options, challenger);
  // Only what came after its training: it has seen none of that.
  const since = challenger.metadata.timestamp;
  const records = all.records.filter(({ time }) => Date.parse(time) > Date.parse(since));
  const { leastNewRows } = options.rules;
  const candidate = bundleName(challenger.metadata);
  if (records.length < leastNewRows) {
    const reason = `The challenger has ${records.length} labelled rows, ${leastNewRows} are needed`;
    return { decision: "waits", reasons: [reason], candidate };
  }
  await Deno.mkdir(options.data, { recursive: true });
  const path = join(options.data, `${options.model}_challenger.csv`);
  await writeRows(challenger.metadata, { ...all, records }, path);
  const found = await comparison(challenger, champion, path);
  const text = comparisonText(found, "the labels since it was trained");
  if (found.low > 0) {
    const decided: Decided = { decision: "promoted", reasons: [text], candidate };
    await before(decided);
    const refused = await moved(options, "promote", challenger, text, path);
    if (refused === undefined) return decided;
    return { decision: "rejected", reasons: [text, refused], candidate };
  }
  const reason = "No gain beyond chance";
  const decided: Decided = { decision: "dropped", reasons: [reason, text], candidate };
  await before(decided);
  const args = ["challenger", options.model, "--remove", "--why", `${reason}: ${text}`];
  await models(options, args);
  return decided;
}

async function rowsFor({ models, log, model }: RetrainOptions, bundle: Bundle): Promise<NewRows> {
  const names = new Set<string>();
  for (const one of await listBundles(models)) {
    const { metadata } = await findBundle(models, bundleName(one));
    if (nameOf(metadata) === model) names.add(bundleName(metadata));
  }
  return await newRowsOf(bundle.metadata, names, log);
}

/** Trains by the model's own pipeline, apart; the new version in the models folder, or why there is none. */
async function trainedOn(
  { models, model, train, signal }: RetrainOptions,
  { metadata: champion }: Bundle,
  data: string,
): Promise<Bundle | string> {
  const { name, params } = champion.pipeline!;
  // Apart from the others, so that it moves no pointer by itself.
  const apart = await Deno.makeTempDir();
  try {
    const failed = await train(name, { ...params, data, models: apart });
    signal.throwIfAborted();
    if (failed !== undefined) return `The training failed: ${failed}`;
    const made = await findBundle(apart, model).catch(() => findBundle(apart, "latest"));
    // The same rows give the same model: one that was killed after it had saved it made this one.
    for (const one of await listBundles(models)) {
      const known = await findBundle(models, bundleName(one));
      const { model_digest, model_name } = known.metadata;
      if (model_digest !== made.metadata.model_digest) continue;
      if (model_name === made.metadata.model_name && nameOf(known.metadata) === model) return known;
    }
    return await saveBundle(
      models,
      await readModel(made),
      new Date(made.metadata.timestamp),
      (version, model_digest) => ({
        ...made.metadata,
        ...knownEntities(made.metadata, champion),
        ...{ version, model_digest },
      }),
      false,
    );
  } catch (error) {
    if (error instanceof UserError) return `The training gave no model: ${error.message}`;
    throw error;
  } finally {
    await Deno.remove(apart, { recursive: true });
  }
}

/**
 * What is usual of each entity: rows that are described already tell nothing of it, so that the
 * champion's goes on to count where the training saw no events.
 */
export function knownEntities(
  { profiles: made }: Pick<ModelMetadata, "profiles">,
  { profiles: before }: Pick<ModelMetadata, "profiles">,
): Pick<ModelMetadata, "profiles"> {
  const none = made !== undefined && Object.keys(made.states).length === 0;
  return none && before !== undefined ? { profiles: { ...made, states: before.states } } : {};
}

async function comparison(candidate: Bundle, champion: Bundle, path: string) {
  const [own, other] = await Promise.all(
    [candidate, champion].map(async (bundle) => ({
      metadata: bundle.metadata,
      file: await readModel(bundle),
    })),
  );
  return await compareOnRows(own, other, await readTable(path));
}

function comparisonText(
  { metric, candidate, champion, gain, low, high, rows }: Comparison,
  of: string,
) {
  const [is, was, by, least, most] = [candidate, champion, gain, low, high].map((value) =>
    value.toFixed(4)
  );
  return `${metric} ${is} against ${was} on ${rows} of ${of}: ${by} [${least}, ${most}]`;
}

/** Moves an alias by the checklist of promotions; why it refused, undefined if it did not. */
async function moved(
  options: RetrainOptions,
  command: "challenger" | "promote",
  { metadata }: Bundle,
  why: string,
  data: string,
): Promise<string | undefined> {
  return await models(options, [
    ...[command, options.model, metadata.version, "--why", why],
    ...["--data", data],
  ]);
}

/** What `deno task models` does; what it said last if it refused. */
async function models(
  { models: folder, say, signal }: RetrainOptions,
  args: readonly string[],
): Promise<string | undefined> {
  const lines: string[] = [];
  const sink = {
    write(text: string) {
      lines.push(...text.trimEnd().split("\n"));
      say(text.trimEnd());
    },
    size: () => undefined,
  };
  const code = await runModelsCli(
    [...args, "--models", folder, "--registry", "folder", "--by", "retraining"],
    { stdout: sink, stderr: sink, env: () => undefined, signal },
  );
  if (code === 0) return undefined;
  const refused = lines.filter((line) => /^\s*refused\b/.test(line)).map((line) => line.trim());
  return `The checklist refused: ${refused.length > 0 ? refused.join("; ") : lines.at(-1)}`;
}
