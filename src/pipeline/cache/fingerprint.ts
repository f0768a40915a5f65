/** Everything that a step's output depends on, as one value. */

import { digestOf } from "../../base/mod.ts";
import type { ReachedCode } from "../../step_code/mod.ts";

/** Counts up when fingerprints of one thing may come out differently than before. */
export const FINGERPRINT_SCHEMA = 2;

/**
 * What a step's output depends on. Two runs of a step with equal fingerprints give
 * equal outputs; any difference runs the step again and is told as the reason.
 * Nothing is left out because it is hard to hash: that is an error instead.
 */
export interface Fingerprint {
  /** Version of this type: an output kept under other rules is not taken. */
  readonly schema: typeof FINGERPRINT_SCHEMA;
  /**
   * The step's function and every declaration it reaches through imports, by file,
   * without comments, formatting and types, with what imported names stand for. The code
   * of packages is covered by their version and by `lock`.
   */
  readonly code: ReachedCode;
  /** The entries of tables that the step chooses, whose code is among it. */
  readonly chosen?: readonly string[];
  /** The parameters that this code mentions, as JSON. */
  readonly params: Readonly<Record<string, string>>;
  /** The item of a fan-out: digest of its value, or of the code that makes the list. */
  readonly item?: string;
  /**
   * Content digest of each input: outputs of other steps, files from outside, what an
   * isolated step declares to read.
   */
  readonly inputs: Readonly<Record<string, string>>;
  /** Version of Deno, which brings V8 and TypeScript. */
  readonly deno: string;
  /** Operating system and processor, if the step says that it depends on them. */
  readonly platform?: string;
  /** Digest of what deno.json says about how code is compiled and packages are found. */
  readonly config: string;
  /** Digest of deno.lock, which pins every package. */
  readonly lock: string;
}

/**
 * The digest of a fingerprint: the name under which the step's output is found.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const code = { "a.ts": "x" };
 * const one = { schema: 2, code, params: {}, inputs: {}, deno: "2", config: "c", lock: "l" } as const;
 * const other = { lock: "l", config: "c", deno: "2", inputs: {}, params: {}, code, schema: 2 } as const;
 * assertEquals(await fingerprintDigest(one), await fingerprintDigest(other));
 * ```
 */
export function fingerprintDigest(fingerprint: Fingerprint): Promise<string> {
  return digestOf(canonical(fingerprint));
}

/** Whether two fingerprints have the same digest; quicker than asking for it. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.schema === b.schema && a.deno === b.deno && a.platform === b.platform &&
    a.config === b.config && String(a.chosen) === String(b.chosen) &&
    a.lock === b.lock && a.item === b.item &&
    sameEntries(a.inputs, b.inputs) && sameEntries(a.params, b.params) &&
    sameEntries(a.code, b.code);
}

function sameEntries(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

/** JSON with keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
