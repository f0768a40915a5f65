/** Values that no output may show: whoever tells or keeps text asks for them to be masked. */

/** Shorter text is found in too much else to be masked in the midst of it. */
const SHORTEST = 4;

/** What stands in the place of a secret. */
export const MASK = "***";

const texts = /* @__MEMO__: of what is shown, not of what is made */ new Set<string>();
let pattern = /* @__MEMO__ */ undefined as RegExp | undefined;

/** Keeps a value, and text in it, from being shown by {@link masked} and {@link maskedText}. */
export function keepSecret(value: unknown): void {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) keepSecret(part);
    return;
  }
  if (typeof value === "boolean" || value === undefined || value === null) return;
  const text = String(value);
  // As it is, line by line (a key is printed so), in JSON, in an address, in a header.
  const bytes = new TextEncoder().encode(text);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const forms = [text, ...text.split("\n"), JSON.stringify(text).slice(1, -1)];
  const known = texts.size;
  for (const form of [...forms, encodeURIComponent(text), base64]) {
    if (form.trim().length >= SHORTEST) texts.add(form.trim());
  }
  if (texts.size === known) return;
  const longestFirst = [...texts].sort((a, b) => b.length - a.length);
  pattern = texts.size === 0
    ? undefined
    : new RegExp(longestFirst.map((text) => RegExp.escape(text)).join("|"), "g");
}

/**
 * Text without secrets.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * keepSecret("sesame-open");
 * assertEquals(maskedText("password=sesame-open"), "password=***");
 * ```
 */
export function maskedText(text: string): string {
  return pattern === undefined ? text : text.replace(pattern, MASK);
}

/** Plain data without secrets in its texts. */
export function masked<T>(value: T): T {
  if (pattern === undefined) return value;
  const inside = (part: unknown): unknown => {
    if (typeof part === "string") return maskedText(part);
    if (typeof part === "number" && texts.has(String(part))) return MASK;
    if (Array.isArray(part)) return part.map(inside);
    if (typeof part !== "object" || part === null) return part;
    const proto = Object.getPrototypeOf(part);
    if (proto !== Object.prototype && proto !== null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, at]) => [name, inside(at)]));
  };
  return inside(value) as T;
}
