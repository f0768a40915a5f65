/** In what two files of reference values differ, but for how numbers were rounded. */

/** The difference that two numbers may have, of the larger one, or of the largest in their list. */
const TOLERANCE = 1e-8;
/** Below this all numbers are alike. */
const LEAST = 1e-6;

/** What differs between a file as it was and as it is, nothing if it is the same. */
export function differenceOf(
  path: string,
  before: Uint8Array | undefined,
  after: Uint8Array,
): string | undefined {
  if (before === undefined) return "it is new";
  if (before.length === after.length && before.every((byte, i) => byte === after[i])) return;
  if (!path.endsWith(".json")) return "its bytes differ";
  return between(parse(before), parse(after), "$");
}

/** JSON as Python writes it, which has words for numbers that JSON has not. */
function parse(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  return JSON.parse(text.replaceAll(/(?<=[\s:,[])(NaN|-?Infinity)(?=[\s,\]}])/g, '"$1"'));
}

function between(
  one: unknown,
  other: unknown,
  place: string,
  beside = LEAST,
): string | undefined {
  if (typeof one === "number" && typeof other === "number") {
    const most = TOLERANCE * Math.max(Math.abs(one), Math.abs(other), beside);
    return Math.abs(one - other) <= most ? undefined : `${place} was ${one} and is ${other}`;
  }
  if (
    typeof one !== "object" || typeof other !== "object" || one === null || other === null ||
    Array.isArray(one) !== Array.isArray(other)
  ) {
    return Object.is(one, other)
      ? undefined
      : `${place} was ${JSON.stringify(one)} and is ${JSON.stringify(other)}`;
  }
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  if (keys.join("\0") !== others.join("\0")) {
    return `${place} had ${keys.length} entries and has ${others.length}, or others`;
  }
  // A coefficient is near zero beside others of its model.
  const largest = Array.isArray(one)
    ? one.reduce(
      (most, value) => typeof value === "number" ? Math.max(most, Math.abs(value)) : most,
      LEAST,
    )
    : LEAST;
  for (const key of keys) {
    const difference = between(
      (one as Record<string, unknown>)[key],
      (other as Record<string, unknown>)[key],
      `${place}.${key}`,
      largest,
    );
    if (difference !== undefined) return difference;
  }
}
