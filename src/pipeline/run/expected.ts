/** What runs that are planned, but not yet done, will have kept. */

import { sha256 } from "../../base/mod.ts";
import type { Reason } from "../cache/reasons.ts";
import type { CacheDecision } from "../cache/step_cache.ts";

/** Begins the sign of an output that is not there yet; no digest does. */
const OPEN = "?";

/** Whether a digest only stands for an output that is not there yet. */
export function isOpenDigest(digest: string): boolean {
  return digest.startsWith(OPEN);
}

/** The sign of something that is not there yet: equal for what will be equal for certain. */
export function openDigest(of: string): string {
  return OPEN + sha256(of);
}

/** What a unit will have been kept under. */
interface Kept {
  /** Digest of all but the inputs. */
  readonly own: string;
  /** Content digests of the inputs, or signs of those that are not there yet. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The sign of its output. */
  readonly digest: string;
}

/**
 * What the earlier combinations of a sweep will have kept when the next one is decided,
 * so that the plan of a sweep says what its runs then do, sharing included.
 */
export class Expected {
  readonly #kept = new Map<string, Kept[]>();
  readonly #files = new Set<string>();

  /** Whether a missing file is made by the run that is being planned, and not by an earlier one. */
  makes(path: string): boolean {
    if (this.#files.has(path)) return false;
    this.#files.add(path);
    return true;
  }

  /**
   * The decision on a unit as it will be once the runs before are done, with the digest
   * or sign of its output. One that an earlier run is certain to keep is a `maybe` on
   * no condition.
   */
  async settle(
    unit: string,
    own: () => Promise<string>,
    inputs: Readonly<Record<string, string>>,
    found: CacheDecision,
  ): Promise<{ decision: CacheDecision; digest: string }> {
    if (found.verdict === "cached") return { decision: found, digest: found.output.digest };
    const wanted = { own: await own(), inputs };
    const always = found.verdict === "run" &&
      found.reasons.some(({ type }) => /^(FORCED|NOT CACHED|CODE UNKNOWN)$/.test(type));
    const earlier = this.#kept.get(unit) ?? [];
    const open = earlier.flatMap((kept) => {
      const reasons = openInputs(kept, wanted);
      return reasons ? [{ kept, reasons }] : [];
    });
    const same = open.find(({ reasons }) => reasons.length === 0);
    if (same && !always) {
      return { decision: { verdict: "maybe", reasons: [] }, digest: same.kept.digest };
    }
    const seed = always ? crypto.randomUUID() : JSON.stringify([unit, wanted]);
    const digest = openDigest(seed);
    this.#kept.set(unit, [...earlier, { ...wanted, digest }]);
    if (found.verdict === "maybe" || always || open.length === 0) {
      return { decision: found, digest };
    }
    return { decision: { verdict: "maybe", reasons: open[0].reasons }, digest };
  }
}

/** The inputs on which it depends whether two units come out the same; undefined if they cannot. */
function openInputs(kept: Kept, wanted: Omit<Kept, "digest">): Reason[] | undefined {
  if (kept.own !== wanted.own) return undefined;
  const reasons: Reason[] = [];
  for (const [name, digest] of Object.entries(wanted.inputs)) {
    const other = kept.inputs[name];
    if (other === digest) continue;
    if (other === undefined || !isOpenDigest(other) && !isOpenDigest(digest)) return undefined;
    reasons.push({ type: "INPUT", name, change: "runs first" });
  }
  return reasons;
}
