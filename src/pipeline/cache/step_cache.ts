/** Decides for each step whether its kept output still stands, and keeps new ones. */

import { digestOf, maskedText, sha256, UserError } from "../../base/mod.ts";
import type { StepCode } from "../code/step_code.ts";
import type { Unit } from "../events/events.ts";
import { type Item, unitName, type WorkNode } from "../define/graph.ts";
import { isDeclared } from "../define/step_function.ts";
import { type Artifact, Artifacts, coding } from "../store/artifacts.ts";
import type { Contents } from "../store/codec.ts";
import type { Remembered } from "../store/validated_cache.ts";
import { type ArtifactStore, readStoredJson, writeJson } from "../store/store.ts";
import {
  type Fingerprint,
  FINGERPRINT_SCHEMA,
  fingerprintDigest,
  sameFingerprint,
} from "./fingerprint.ts";
import type { Reason } from "./reasons.ts";

/** A line that a step wrote, to be told again when its output is taken from the cache. */
export interface KeptLine {
  readonly type: "log" | "warning";
  readonly text: string;
}

/** What is kept of a finished step or item. */
export interface StepRecord {
  /** What its output depends on. */
  readonly fingerprint: Fingerprint;
  /** The item as JSON if that is short, to tell later what of it is different. */
  readonly item?: string;
  /** Its output. */
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

/** Content digests of a step's inputs; undefined if one is not known yet. */
export type InputDigests = Readonly<Record<string, string | undefined>>;

/** The record that a unit was found under last. */
export interface LastFound {
  /** Digest of its fingerprint. */
  readonly digest: string;
  /** The record. */
  readonly record: StepRecord;
}

/** What a cache is made for. */
export interface StepCacheOptions {
  readonly pipeline: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of parameters of which only a digest may be kept. */
  readonly secrets?: readonly string[];
  readonly store: ArtifactStore;
  /** The code and parameters that each step mentions. */
  readonly code: (node: WorkNode) => Promise<StepCode>;
  /** The parameters that the wiring read. */
  readonly reads?: readonly string[];
  /** Digest of the lockfile. */
  readonly lock: string;
  /** Digest of what counts of deno.json. */
  readonly config: string;
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
  readonly #options: StepCacheOptions;
  readonly #code = new Map<string, Promise<StepCode>>();
  /** What earlier runs found, less what did not stand. */
  readonly #known: Map<string, LastFound>;
  /** What this run found. */
  readonly #found = new Map<string, LastFound>();
  #learned = false;

  /** Takes the pipeline and where its outputs are kept. */
  constructor(options: StepCacheOptions) {
    this.#options = options;
    this.artifacts = new Artifacts(options.store, options.remembered);
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
    const rest = this.#options.current ? this.#known : [];
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
    const wanted = { ...await this.#ownFingerprint(node, item), inputs };
    if (!this.#options.enabled || node.options.cache === false) {
      return { verdict: "run", reasons: [{ type: "NOT CACHED" }] };
    }
    const { unknown = [] } = await this.#codeOf(node);
    if (unknown.length > 0) {
      return { verdict: "run", reasons: unknown.map((what) => ({ type: "CODE UNKNOWN", what })) };
    }
    if (forced) return { verdict: "run", reasons: [{ type: "FORCED" }] };
    const unit = { step: node.name, item: item?.key };
    if (isKnown(wanted)) {
      const found = await this.#find(unit, wanted);
      const hit = found && await this.#hit(found);
      if (hit) return hit;
      if (found) return { verdict: "run", reasons: [{ type: "OUTPUT MISSING" }] };
    }
    const kept = await this.#records(await this.#folder(unit));
    if (kept.length === 0) return { verdict: "run", reasons: [{ type: "NEW" }] };
    const { differences, isOpen } = await import("./reasons.ts");
    const text = await textOf(item);
    const all = kept.map((record) => differences(wanted, record.fingerprint, [record.item, text]));
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
    const { files } = contents ?? {};
    return files && { verdict: "cached", fingerprint: digest, output, lines, metrics, files };
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
    const fingerprint = { ...await this.#ownFingerprint(node, item), inputs };
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
    return await this.#options.store.read(key) !== undefined;
  }

  /** The output of a unit if another run has made it by now. */
  async madeMeanwhile(unit: Unit, fingerprint: string): Promise<Hit | undefined> {
    const key = `${await this.#folder(unit)}${fingerprint}.json`;
    const record = await readStoredJson<StepRecord>(this.#options.store, key);
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
    const fingerprint = { ...await this.#ownFingerprint(node, item), inputs };
    const unit = { step: node.name, item: item?.key };
    let put: Awaited<ReturnType<Artifacts["put"]>>;
    try {
      put = await this.artifacts.put(value);
    } catch (error) {
      if (!(error instanceof (await coding()).UnkeepableError)) throw error;
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
    await this.#options.onKeep?.();
    await writeJson(this.#options.store, key, record);
    this.#remember(unit, { digest, record });
    return { digest, record };
  }

  /** The files that a step's code reads by `import("…")`, as paths from the root. */
  async importsOf(node: WorkNode): Promise<readonly string[]> {
    return (await this.#codeOf(node)).imports ?? [];
  }

  /** Digest of all that an output depends on but the inputs. */
  async ownDigest(node: WorkNode, item: Item | undefined): Promise<string> {
    return await fingerprintDigest({ ...await this.#ownFingerprint(node, item), inputs: {} });
  }

  /** The record of a fingerprint. */
  async #find(unit: Unit, wanted: Fingerprint): Promise<LastFound | undefined> {
    const name = unitName(unit.step, unit.item);
    const last = this.#found.get(name) ?? this.#known.get(name);
    const same = last !== undefined && sameFingerprint(last.record.fingerprint, wanted);
    if (same && (this.#options.current || this.#found.has(name))) return last;
    const digest = same ? last.digest : await fingerprintDigest(wanted);
    const key = `${await this.#folder(unit)}${digest}.json`;
    const record = await readStoredJson<StepRecord>(this.#options.store, key);
    return isRecord(record) ? this.#remember(unit, { digest, record }) : undefined;
  }

  #remember({ step, item }: Unit, found: LastFound): LastFound {
    this.#found.set(unitName(step, item), found);
    this.#learned = true;
    return found;
  }

  /** All but the inputs, which are known only when the steps before are done. */
  async #ownFingerprint(
    node: WorkNode,
    item: Item | undefined,
  ): Promise<Omit<Fingerprint, "inputs">> {
    const own = await this.#codeOf(node);
    let { code } = own;
    const names = new Set(own.params);
    let itemDigest: string | undefined;
    if (item !== undefined) {
      itemDigest = await digestOrUndefined(item.value);
      if (itemDigest === undefined) {
        // Functions have no bytes, but the code that makes the list does.
        itemDigest = await digestOf(JSON.stringify(own.items?.code ?? null));
        for (const name of own.items?.params ?? ["*"]) names.add(name);
        code = { ...own.items?.code, ...code };
      }
    }
    const order = orderOf(node.inputs);
    // As it is: what makes digests is loaded only where something is new.
    if (order !== undefined) code = { ...code, "(order of inputs)": order };
    const { params, secrets = [], lock, config, reads = [] } = this.#options;
    // What the wiring reads in a way that its code does not show may count for any step of its
    // own; those of a library have what they were given.
    const hidden = node.origin !== undefined || own.mentioned.includes("*") ? [] : reads;
    for (const name of hidden) if (!own.mentioned.includes(name)) names.add(name);
    const given = Object.entries(node.origin?.given ?? {}).filter(([, value]) =>
      !isDeclared(value) && value !== undefined
    );
    const texts: [name: string, text: string][] = [];
    const tell = async (name: string, value: unknown) => {
      const plain = await paramText(name, value);
      const isSecret = secrets.includes(name) || maskedText(plain) !== plain;
      texts.push([name, isSecret ? JSON.stringify(`secret ${sha256(plain)}`) : plain]);
    };
    const used = names.has("*") ? Object.keys(params) : [...names].filter((name) => name in params);
    for (const name of used.sort()) await tell(name, params[name]);
    for (const [name, value] of given) await tell(name, value);
    const paramOrder = names.has("*") ? orderOf(params) : undefined;
    if (paramOrder !== undefined) texts.push(["(order)", JSON.stringify(paramOrder)]);
    return {
      schema: FINGERPRINT_SCHEMA,
      code,
      params: Object.fromEntries(texts),
      ...itemDigest !== undefined && { item: itemDigest },
      deno: Deno.version.deno,
      ...node.options.platform && { platform: Deno.build.target },
      config,
      lock,
    };
  }

  #codeOf(node: WorkNode): Promise<StepCode> {
    let code = this.#code.get(node.name);
    if (code === undefined) {
      code = this.#options.code(node);
      this.#code.set(node.name, code);
    }
    return code;
  }

  /** The records of a unit, newest first. */
  async #records(folder: string): Promise<StepRecord[]> {
    const records: StepRecord[] = [];
    for await (const { key } of this.#options.store.list(folder)) {
      const record = await readStoredJson<StepRecord>(this.#options.store, key);
      if (isRecord(record)) records.push(record);
    }
    return records.sort((a, b) => a.at < b.at ? 1 : -1);
  }

  #folder(unit: Unit): Promise<string> {
    return recordFolder(this.#options.pipeline, unit);
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

/** The names of properties in their order, which a step may see; undefined if it is the alphabet's. */
function orderOf(object: object): string | undefined {
  const names = Object.keys(object);
  return names.every((name, i) => i === 0 || names[i - 1] <= name) ? undefined : names.join();
}

/** The item as it is kept to tell later what of it is different. */
async function textOf(item: Item | undefined): Promise<string | undefined> {
  return item && (await import("./item_changes.ts")).itemText(item.value);
}

async function digestOrUndefined(value: unknown): Promise<string | undefined> {
  const { encode, UnkeepableError } = await coding();
  try {
    return await digestOf(encode(value).document);
  } catch (error) {
    if (error instanceof UnkeepableError) return undefined;
    throw error;
  }
}

async function paramText(name: string, value: unknown): Promise<string> {
  const { encode, UnkeepableError } = await coding();
  try {
    return new TextDecoder().decode(encode(value).document);
  } catch (error) {
    if (!(error instanceof UnkeepableError)) throw error;
    throw new UserError(`Cannot hash the parameter "${name}": ${error.message}`, {
      next: "use plain data for parameters",
    });
  }
}
