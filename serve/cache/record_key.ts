/** A record in one spelling: two have the same exactly if a model reads the same from them. */

import { createHash, createHmac } from "node:crypto";

/** Characters from which a key is replaced by its digest. */
const LONG = 512;

/**
 * Writes what a model reads from a record. Numbers differ by their bits but for NaN, which is
 * missing in any column: 1 and 1.0 are one, 0 and −0 are two, since a model may tell them apart.
 * Texts stand with their length, so that no text is taken for the end of another.
 *
 * @param values As the record was parsed: in the order of the model's inputs.
 *
 * @example
 * ```ts
 * import { assertEquals, assertNotEquals } from "@std/assert";
 * assertEquals(recordKey([1.0, NaN, "a"]), recordKey([1, NaN, "a"]));
 * assertNotEquals(recordKey([0]), recordKey([-0]));
 * assertNotEquals(recordKey(["1"]), recordKey([1]));
 * ```
 */
export function recordKey(values: readonly (number | string)[]): string {
  let key = "";
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === "string") key += `${value.length}"${value}`;
    else key += value === 0 && 1 / value < 0 ? "-0," : `${value},`;
  }
  return key;
}

/** A key that is no longer than it needs to be. */
export function shortKey(key: string): string {
  if (key.length < LONG) return key;
  // By its UTF-16 units: half a surrogate pair in UTF-8 would be any other.
  return createHash("sha256").update(key, "utf16le").digest("base64");
}

/** A key from which nobody reads the record: its digest, with a secret where there is one. */
export function hiddenKey(key: string, secret?: string): string {
  const hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
  return hash.update(key, "utf16le").digest("base64url");
}
