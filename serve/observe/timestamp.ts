/** Moments as they are logged. */

let lastMs = NaN;
let lastText = "";

/** A moment, now by default, in ISO 8601; thousands of requests share a millisecond and its text. */
export function isoTime(ms: number = Date.now()): string {
  if (ms !== lastMs) [lastMs, lastText] = [ms, new Date(ms).toISOString()];
  return lastText;
}
