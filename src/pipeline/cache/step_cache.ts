/** Decides for each step whether its kept output still stands, and keeps new ones. */

import { digestOf, maskedText, UserError } from "../../base/mod.ts";
import type { Unit } from "../../run_events/mod.ts";
import { type Item, unitName, type WorkNode } from "../define/graph.ts";
import {
  type Artifact,
  Artifacts,
  type ArtifactStore,
  type Contents,
  readStoredJson,
  type Remembered,
  UnkeepableError,
  writeJson,
} from "../../artifact_store/mod.ts";
import {
  type Fingerprint,
  FINGERPRINT_SCHEMA,
  fingerprintDigest,
  sameFingerprint,
} from "./fingerprint.ts";
import { type FingerprintOptions, Fingerprints, type InputDigests } from "./fingerprints.ts";
import type { Reason } from "./reasons.ts";

/** A line that a step wrote, to be told again when its output is taken from the cache. */
export interface KeptLine {
  /** How it was told. */
  readonly type: "log" | "warning";
  /** What it says. */
  readonly text: string;
}

/** What is kept of a finished step or item. */
export interface StepRecord {
  /** What its output depends on. */
  readonly fingerprint: Fingerprint;
  /** The item as JSON if that is short, to tell later what of it is different. */
  readonly item?: string;
  /** What it gave. */
  readonly output: Artifact;
  /** The lines that it wrote. */
  readonly lines: readonly KeptLine[];
  /** The numbers that it recorded. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The files that it saved; not known of outputs of before this was kept. */
  readonly files?: readonly string[];
  /** Seconds that it took. */
  readonly seconds: number;
  /** The run that made it. */
  readonly run: string;
  /** When it finished, in ISO 8601. */
  readonly at: string;
}

/** A kept output that stands, with what its step told. */
export interface Hit extends Pick<StepRecord, "output" | "lines" | "metrics"> {
  /** It need not run. */
  readonly verdict: "cached";
  /** Digest of all that the output depends on. */
  readonly fingerprint: string;
  /** Saved files that the output stands for. */
  readonly files: Contents["files"];
}

/** Whether a step's kept output stands. */
export type CacheDecision =
  | Hit
  | { readonly verdict: "run"; readonly reasons: readonly Reason[] }
  /** Its inputs are not known yet; it is cached if they come out as they were. */
  | { readonly verdict: "maybe"; readonly reasons: readonly Reason[] };

/** The record that a unit was found under last. */
export interface LastFound {
  /** Digest of its fingerprint. */
  readonly digest: string;
  readonly record: StepRecord;
}

/** What a cache is made for. */
export interface StepCacheOptions extends FingerprintOptions {
  readonly pipeline: string;
  readonly store: ArtifactStore;
  /** `false` keeps outputs for their readers but never takes an old one. */
  readonly enabled: boolean;
  /** What earlier runs found, by {@link unitName}. */
  readonly found?: Readonly<Record<string, LastFound>>;
  /** Whether no record was written since. */
  readonly current?: boolean;
  /** Told before records are written. */
  readonly onKeep?: () => Promise<void>;
  /** What earlier runs found out about outputs. */
  readonly remembered?: Remembered;
}

/** The kept outputs of one pipeline for given parameters. */
export class StepCache {
  /** The outputs. */
  readonly artifacts: Artifacts;
  readonly #fingerprints: Fingerprints;
  /** What earlier runs found. */
  readonly #known: Map<string, LastFound>;
  /** What this run found. */
  readonly #found = new Map<string, LastFound>();
  #learned = false;

  /** Takes the pipeline and where its outputs are kept. */
  constructor(private readonly options: StepCacheOptions) {
    this.artifacts = new Artifacts(options.store, options.remembered);
    this.#fingerprints = new Fingerprints(options, this.artifacts);
    this.#known = new Map(Object.entries(options.found ?? {}));
  }

  /** Takes the units that are likely to be asked for. */
  expect(units: () => readonly Unit[]): void {
    this.artifacts.expect(() =>
      units().flatMap(({ step, item }) =>
        this.#known.get(unitName(step, item))?.record.output.digest ?? []
      )
    );
  }

  /**
   * What to remember for later runs: what this one found, and of the rest what certainly stands,
   * as no record was written since.
   */
  get found(): Record<string, LastFound> {
    const rest = this.options.current ? this.#known : [];
    return Object.fromEntries([...rest, ...this.#found]);
  }

  /** Whether something was found that earlier runs did not know. */
  get learned(): boolean {
    return this.#learned;
  }

  /** Whether the output of a step or item stands, and if not, why. */
  async decide(
    node: WorkNode,
    item: Item | undefined,
    inputs: InputDigests,
    forced: boolean,
  ): Promise<CacheDecision> {
    const unit = { step: node.name, item: item?.key };
    const wanted = await this.#asLast(unit, node, item, inputs) ??
      await this.#fingerprints.of(node, item, inputs);
    const ofRun = await this.#fingerprints.isOfRun(node, wanted.chosen);
    if (!this.options.enabled || node.options.cache === false && !ofRun) {
      return { verdict: "run", reasons: [{ type: "NOT CACHED" }] };
    }
    const { unknown = [] } = await this.#fingerprints.codeOf(node, wanted.chosen);
    if (unknown.length > 0 && !ofRun) {
      return { verdict: "run", reasons: unknown.map((what) => ({ type: "CODE UNKNOWN", what })) };
    }
    if (forced) return { verdict: "run", reasons: [{ type: "FORCED" }] };
    if (isKnown(wanted)) {
      const found = await this.#find(unit, wanted);
      const hit = found && await this.#hit(found);
      if (hit) return hit;
    }
    const kept = await this.#records(await this.#folder(unit));
    if (kept.length === 0) return { verdict: "run", reasons: [{ type: "NEW" }] };
    const { differences, isOpen } = await import("./reasons.ts");
    const text = await textOf(item);
    const all = await Promise.all(kept.map(async ({ fingerprint, item: was }) => {
      // What an input that is not there yet will choose may be what it chose before.
      const compared = wanted.chosen === undefined && fingerprint.chosen !== undefined
        ? { ...await this.#fingerprints.own(node, item, fingerprint.chosen), inputs }
        : wanted;
      return differences(compared, fingerprint, [was, text]);
    }));
    let gone: readonly Reason[] | undefined;
    for (const [index, reasons] of all.entries()) {
      if (!reasons.every(isOpen)) continue;
      if (await this.artifacts.whole(kept[index].output.digest)) {
        return { verdict: "maybe", reasons };
      }
      gone ??= [{ type: "OUTPUT MISSING" }, ...reasons];
    }
    if (gone) return { verdict: "run", reasons: gone };
    return { verdict: "run", reasons: all[0] };
  }

  async #hit({ digest, record: { output, lines, metrics } }: LastFound): Promise<Hit | undefined> {
    const contents = await this.artifacts.whole(output.digest);
    if (contents === undefined) return undefined;
    const { files } = contents;
    return { verdict: "cached", fingerprint: digest, output, lines, metrics, files };
  }

  /**
   * The digest of what a unit depends on, and the paths that it wrote in earlier runs, if any.
   *
   * @param isNew Whether it had none when that was looked at.
   */
  async knownOf(
    node: WorkNode,
    item: Item | undefined,
    inputs: Readonly<Record<string, string>>,
    isNew: boolean,
  ) {
    const fingerprint = await this.#fingerprints.of(node, item, inputs);
    const folder = await this.#folder({ step: node.name, item: item?.key });
    const records = isNew ? [] : await this.#records(folder);
    const sure = records.length > 0 && records.every(({ files }) => files !== undefined);
    return {
      fingerprint: await fingerprintDigest(fingerprint),
      files: sure ? records.flatMap(({ files }) => files!) : undefined,
    };
  }

  /** Whether the record is there under which a unit of this name was found. */
  async isKept(name: string, digest: string): Promise<boolean> {
    const [, step, item] = /^([^[]*)(?:\[(.*)\])?$/s.exec(name)!;
    const key = `${await this.#folder({ step, item })}${digest}.json`;
    return await this.options.store.read(key) !== undefined;
  }

  /** The output of a unit if another run has made it by now. */
  async madeMeanwhile(unit: Unit, fingerprint: string): Promise<Hit | undefined> {
    const key = `${await this.#folder(unit)}${fingerprint}.json`;
    const record = await readStoredJson<StepRecord>(this.options.store, key);
    if (!isRecord(record)) return undefined;
    return await this.#hit(this.#remember(unit, { digest: fingerprint, record }));
  }

  /**
   * Keeps the output of a step or item that ran.
   *
   * @param claim Hears of its files before it is kept, and may refuse them.
   * @param again Whether it may be taken again, or is there for those that wait for it alone.
   * @throws {UserError} naming the step, for an output that cannot be kept.
   */
  async keep(
    node: WorkNode,
    item: Item | undefined,
    inputs: Readonly<Record<string, string>>,
    value: unknown,
    rest: Pick<StepRecord, "lines" | "metrics" | "run" | "at" | "seconds">,
    claim: (
      files: readonly string[],
      kept: { readonly output: string; readonly record: string },
    ) => Promise<Disposable | undefined>,
    again = true,
  ): Promise<{ digest: string; record: StepRecord }> {
    const fingerprint = await this.#fingerprints.of(node, item, inputs);
    const unit = { step: node.name, item: item?.key };
    let put: Awaited<ReturnType<Artifacts["put"]>>;
    try {
      put = await this.artifacts.put(value);
    } catch (error) {
      if (!(error instanceof UnkeepableError)) throw error;
      throw new UserError(
        `Cannot keep the output of step ${unitName(unit.step, unit.item)}: ${error.message}`,
        { next: "return plain data, typed arrays, Polars frames or savedFile(…)" },
      );
    }
    const output: Artifact = { digest: put.digest, bytes: put.bytes };
    const files = put.files.map(({ path }) => path);
    const digest = await fingerprintDigest(fingerprint);
    const key = `${await this.#folder(unit)}${digest}.json`;
    const text = await textOf(item);
    const record: StepRecord = {
      fingerprint,
      ...text !== undefined && { item: maskedText(text) },
      output,
      files,
      ...rest,
    };
    if (!again) return { digest, record };
    using _claimed = await claim(files, { output: output.digest, record: key });
    await this.options.onKeep?.();
    await writeJson(this.options.store, key, record);
    this.#remember(unit, { digest, record });
    return { digest, record };
  }

  /** The files that a step's code reads by `import("…")`, as paths from the root. */
  async importsOf(node: WorkNode): Promise<readonly string[]> {
    return (await this.#fingerprints.codeOf(node, undefined)).imports ?? [];
  }

  /** Digest of all that an output depends on but the inputs. */
  async ownDigest(node: WorkNode, item: Item | undefined): Promise<string> {
    return await fingerprintDigest(await this.#fingerprints.of(node, item, {}));
  }

  /** The record of a fingerprint. */
  async #find(unit: Unit, wanted: Fingerprint): Promise<LastFound | undefined> {
    const last = this.#known.get(unitName(unit.step, unit.item));
    const same = last !== undefined && sameFingerprint(last.record.fingerprint, wanted);
    if (same && this.options.current) return last;
    const digest = same ? last.digest : await fingerprintDigest(wanted);
    const key = `${await this.#folder(unit)}${digest}.json`;
    const record = await readStoredJson<StepRecord>(this.options.store, key);
    return isRecord(record) ? this.#remember(unit, { digest, record }) : undefined;
  }

  #remember({ step, item }: Unit, found: LastFound): LastFound {
    this.#found.set(unitName(step, item), found);
    this.#learned = true;
    return found;
  }

  /** That of the last run if it is the same; then no input is read to see what it chooses. */
  async #asLast(
    { step, item: key }: Unit,
    node: WorkNode,
    item: Item | undefined,
    inputs: InputDigests,
  ): Promise<Fingerprint | undefined> {
    const last = this.#known.get(unitName(step, key))?.record.fingerprint;
    if (node.origin?.choice?.input === undefined || last?.chosen === undefined) return;
    const wanted = { ...await this.#fingerprints.own(node, item, last.chosen), inputs };
    return isKnown(wanted) && sameFingerprint(wanted, last) ? wanted : undefined;
  }

  /** The records of a unit, newest first. */
  async #records(folder: string): Promise<StepRecord[]> {
    const records: StepRecord[] = [];
    for await (const { key } of this.options.store.list(folder)) {
      const record = await readStoredJson<StepRecord>(this.options.store, key);
      if (isRecord(record)) records.push(record);
    }
    return records.sort((a, b) => a.at < b.at ? 1 : -1);
  }

  #folder(unit: Unit): Promise<string> {
    return recordFolder(this.options.pipeline, unit);
  }
}

/** Whether what was read is a record of this version, and not damaged. */
function isRecord(read: Partial<StepRecord> | undefined): read is StepRecord {
  return read?.fingerprint?.schema === FINGERPRINT_SCHEMA &&
    typeof read.output?.digest === "string" &&
    Array.isArray(read.lines) && typeof read.metrics === "object";
}

/** Where the records of a step or item are kept. */
export async function recordFolder(pipeline: string, { step, item }: Unit): Promise<string> {
  // An item's key may be long and hold anything; its digest is neither.
  const leaf = item === undefined ? "step" : `item-${(await digestOf(item)).slice(0, 24)}`;
  return `steps/${pipeline}/${step}/${leaf}/`;
}

function isKnown<T extends { inputs: InputDigests }>(
  wanted: T,
): wanted is T & { inputs: Readonly<Record<string, string>> } {
  return Object.values(wanted.inputs).every((digest) => digest !== undefined);
}

/** The item as it is kept to tell later what of it is different. */
async function textOf(item: Item | undefined): Promise<string | undefined> {
  return item && (await import("./item_changes.ts")).itemText(item.value);
}
