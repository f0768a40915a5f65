/** Keeps apart what writes one path: steps of one run, and steps of runs side by side. */

import { digestOf, holderText, resolve, UserError } from "../../base/mod.ts";
import type { Unit } from "../../run_events/mod.ts";
import { type PipelineGraph, unitName } from "../define/graph.ts";
import {
  type ArtifactStore,
  objectKey,
  readStoredJson,
  waitForLock,
  writeJson,
} from "../../artifact_store/mod.ts";
import { renewGeneration } from "./generation.ts";

/** Who wrote a path last. */
interface Claim {
  /** The step with its run, in words. */
  readonly what: string;
  /** When its work began and its output was read, in milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** Digest of its output, and the key of the record that it is kept under. */
  readonly output: string;
  readonly record: string;
}

/** Seconds within which another has said what it wrote; who has the path for longer is at work. */
const CLAIMED_WITHIN = 2;

/** A unit at work. */
export interface Entered extends Disposable {
  /** Paths that nobody else writes meanwhile. */
  readonly paths: ReadonlySet<string>;
}

/**
 * What the steps of a run write. Which paths a step writes is known once it has run: from then on
 * it holds a lock on each. Before, it holds one on its name; whoever wrote one of its paths
 * meanwhile is found out afterwards, and of neither an output stays.
 */
export class WrittenPaths {
  readonly #store: ArtifactStore;
  readonly #run: { readonly id: string; readonly pipeline: string };
  readonly #graph: PipelineGraph;
  /** The units of this run by the paths that they have written. */
  readonly #writers = new Map<string, Unit>();

  /** Takes where locks are kept, the run and its graph. */
  constructor(
    store: ArtifactStore,
    run: { readonly id: string; readonly pipeline: string },
    graph: PipelineGraph,
  ) {
    this.#store = store;
    this.#run = run;
    this.#graph = graph;
  }

  /**
   * Waits until nobody does the same work or writes the same paths.
   *
   * @param fingerprint Digest of all that the output depends on.
   * @param known The paths that the unit wrote in earlier runs; undefined if there were none.
   * @param onWait Hears for whom it waits.
   */
  async enter(
    unit: Unit,
    fingerprint: string,
    known: readonly string[] | undefined,
    signal: AbortSignal,
    onWait: (text: string) => void,
  ): Promise<Entered> {
    const name = unitName(unit.step, unit.item);
    const paths = new Set(known?.map((path) => resolve(path)));
    const pure = known !== undefined && paths.size === 0;
    const own = pure
      ? `work/${fingerprint}`
      : `units/${await short(`${this.#run.pipeline} ${name}`)}`;
    const keys = [own];
    for (const path of [...paths].sort()) keys.push(`paths/${await short(path)}`);
    using held = new DisposableStack();
    for (const key of keys) {
      const answer = await waitForLock(this.#store, `locks/${key}`, this.#name(unit), {
        signal,
        onWait: (holder) => onWait(`Waiting for ${holderText(holder)}`),
      });
      if ("lock" in answer) held.use(answer.lock);
    }
    const locks = held.move();
    return { paths, [Symbol.dispose]: () => locks.dispose() };
  }

  /**
   * Says what a unit has written, before its output is kept. Until that is done, what this gives
   * keeps others from saying the same.
   *
   * @param output Digest of its output, and the key of the record that is to be written.
   * @param since When its work began, in milliseconds since 1970.
   * @throws {UserError} naming both, if another unit wrote one of the paths too.
   */
  async claim(
    unit: Unit,
    files: readonly string[],
    output: Pick<Claim, "output" | "record">,
    since: number,
    entered: Entered,
  ): Promise<Disposable> {
    using held = new DisposableStack();
    for (const path of new Set(files.map((file) => resolve(file)))) {
      const at = await short(path);
      const key = `claims/${at}.json`;
      const mine = this.#name(unit);
      const claim = async () => {
        const claim: Claim = { what: mine, since, until: Date.now(), ...output };
        await writeJson(this.#store, key, claim);
      };
      const answer = entered.paths.has(path)
        ? undefined
        : await waitForLock(this.#store, `locks/paths/${at}`, mine, { seconds: CLAIMED_WITHIN });
      if (answer && "holder" in answer) {
        await claim(); // so that who is at work hears that his file may not be his
        throw this.#both(unit, answer.holder.what, path);
      }
      if (answer) held.use(answer.lock);
      const last = await readStoredJson<Claim>(this.#store, key);
      const other = this.#writers.get(path);
      if (last !== undefined && last.until > since && last.what !== mine) {
        await this.#forget(last); // it may be of either
        throw this.#both(unit, last.what, path);
      }
      if (other) this.#check(unit, other, path);
      await claim();
    }
    this.restored(unit, files);
    return held.move();
  }

  async #forget({ output, record }: Claim): Promise<void> {
    await this.#store.remove(record);
    await this.#store.remove(objectKey(output));
    // Last, so that no memory of the record is taken for one of now.
    await renewGeneration(this.#store, record.split("/")[1]);
  }

  /** Says which files of a unit were taken from the cache. @throws as {@link claim}. */
  restored(unit: Unit, files: readonly string[]): void {
    for (const file of files) {
      const path = resolve(file);
      const other = this.#writers.get(path);
      if (other) this.#check(unit, other, path);
      this.#writers.set(path, unit);
    }
  }

  /** Refuses two units of one run that write a path and of which neither waits for the other. */
  #check(unit: Unit, other: Unit, path: string): void {
    const same = unit.step === other.step;
    if (same && unit.item === other.item) return;
    if (!same && (this.#isBehind(unit.step, other.step) || this.#isBehind(other.step, unit.step))) {
      return;
    }
    throw this.#both(unit, unitName(other.step, other.item), path);
  }

  /** Whether a step takes, directly or not, what another gives. */
  #isBehind(step: string, other: string): boolean {
    const found = new Set([other]);
    for (const { name, inputs } of this.#graph.nodes) {
      if (Object.values(inputs).some((source) => found.has(source))) found.add(name);
    }
    return found.has(step);
  }

  #name(unit: Unit): string {
    return `${unitName(unit.step, unit.item)} of run ${this.#run.id}`;
  }

  #both(unit: Unit, other: string, path: string): UserError {
    return new UserError(
      `Cannot keep ${path}: ${unitName(unit.step, unit.item)} and ${other} both write it`,
      { next: "give each a path of its own, with its item or parameter in the name" },
    );
  }
}

async function short(text: string): Promise<string> {
  return (await digestOf(text)).slice(0, 32);
}
