/** What a month may come to. */

/** Beyond this no sum of a year's months is known to a hundredth. */
const LARGEST = 1_000_000_000_000_000;

/** What a month has to come to, in the words of an error. */
export const wantedAmount = "a finite number, at most 1e15 either way";

/** What a month came to, from a cell or a field; undefined if that is no such amount. */
export function monthAmount(found: unknown): number | undefined {
  const value = typeof found === "string" && found.trim() !== "" ? Number(found) : found;
  return typeof value === "number" && Math.abs(value) <= LARGEST ? value : undefined;
}
