/** Values that the log must not hold. */

import { createHash, createHmac } from "node:crypto";
import { UsageError } from "../base/mod.ts";
import { withoutDigits } from "../text/mod.ts";
import type { RawRecord } from "./record.ts";

/**
 * What becomes of a column's values: a digest that tells equal from different, nothing, or the text
 * without what names a person in it.
 */
export type Redaction = "hash" | "drop" | "mask";

/** Replaces the values of the chosen columns. */
export type Redactor = (inputs: RawRecord) => RawRecord;

/** Hexadecimal digits of a digest that are kept: 64 bits, so that different values stay different. */
const DIGITS = 16;

/**
 * Reads what is said of columns: `Name` or `Name:hash` keeps digests of its
 * values, `Name:drop` keeps nothing, `Name:mask` the text with its digits as zeros
 * and its addresses as `@`.
 *
 * @throws {UsageError} if it says something else.
 */
export function parseRedaction(columns: readonly string[]): ReadonlyMap<string, Redaction> {
  return new Map(columns.map((text) => {
    const [, name, way = "hash"] = /^(.+?)(?::([a-z]*))?$/.exec(text)!;
    if (way !== "hash" && way !== "drop" && way !== "mask") {
      throw new UsageError(`Cannot redact "${text}": "${way}" is no way to do it`, {
        next: "write COLUMN, COLUMN:hash, COLUMN:mask or COLUMN:drop",
      });
    }
    return [name, way] as const;
  }));
}

/**
 * Makes a redactor. A hashed value becomes `sha256:` and 16 hexadecimal digits:
 * of its HMAC if there is a key, else of its plain SHA-256, which whoever
 * can guess the values can reverse. A missing value stays null, so that the
 * share of missing values stays known.
 *
 * @param key Secret key of the digests.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const redact = redactor(parseRedaction(["Name", "SSN:drop"]), "a secret of the operator");
 * const hidden = redact({ Name: "Ada", SSN: "078-05-1120", Age: 36 });
 * assertEquals(Object.keys(hidden), ["Name", "Age"]);
 * assertEquals(redact({ Name: "Ada" }).Name, hidden.Name);
 * ```
 */
export function redactor(columns: ReadonlyMap<string, Redaction>, key?: string): Redactor {
  if (columns.size === 0) return (inputs) => inputs;
  const digest = (value: string | number) => {
    const hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
    return `sha256:${hash.update(String(value)).digest("hex").slice(0, DIGITS)}`;
  };
  return (inputs) => {
    const kept: Record<string, number | string | null> = {};
    for (const name in inputs) {
      const way = columns.get(name);
      if (way === "drop") continue;
      const value = inputs[name];
      kept[name] = way === undefined || value === null
        ? value
        : way === "mask"
        ? withoutDigits(String(value))
        : digest(value);
    }
    return kept;
  };
}

/**
 * Digests of keys, as of customers, that tell equal from different and nothing else to whoever
 * does not have the secret: 16 hexadecimal digits of their HMAC.
 *
 * @param secret Key of the HMAC, that of {@link redactor}.
 */
export function keyedDigest(secret: string): (key: string) => string {
  return (key) => createHmac("sha256", secret).update(key).digest("hex").slice(0, DIGITS);
}
