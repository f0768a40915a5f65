/** Two distributions in the space of a word. */

import { Html } from "../base/mod.ts";

const HEIGHT = 22;
const WIDTH = 88;

/**
 * Shares of the reference as a filled shape and of the current data as a line
 * above it, on one scale. The numbers beside it in its table say the same, so
 * it is hidden from screen readers.
 *
 * @param reference Shares by bin, each 0 or more.
 * @param current Shares of the same bins.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * assert(sparkline([0.5, 0.5], [0.1, 0.9]).text.startsWith("<svg"));
 * ```
 */
export function sparkline(reference: readonly number[], current: readonly number[]): Html {
  const highest = Math.max(...reference, ...current) || 1;
  const step = WIDTH / reference.length;
  const top = (share: number) => pixels(HEIGHT - 1 - (HEIGHT - 3) * share / highest);
  const stairs = (shares: readonly number[]) =>
    shares.map((share, i) => `${i === 0 ? "M0 " : "V"}${top(share)}H${pixels((i + 1) * step)}`)
      .join("");
  return new Html(
    `<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" ` +
      `aria-hidden="true"><path class="was" d="${stairs(reference)}V${HEIGHT}H0Z"/>` +
      `<path class="is" d="${stairs(current)}"/></svg>`,
  );
}

function pixels(value: number): number {
  return Math.round(value * 10) / 10;
}
