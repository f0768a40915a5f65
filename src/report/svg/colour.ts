/** Colours of marks. */

import { seriesColours } from "../figure.ts";
import type { ColourScale } from "./plotly.ts";

/** The colour of series number `i` if it names none. */
export function seriesColour(i: number, colourway: readonly string[] = seriesColours): string {
  return colourway[i % colourway.length];
}

/**
 * The colour at a share of a scale, in [0, 1], between the two named ones.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(colourAt([[0, "#000000"], [1, "#ffffff"]], 0.5), "#808080");
 * ```
 */
export function colourAt(scale: ColourScale, share: number): string {
  const at = Math.min(1, Math.max(0, share));
  const next = Math.max(1, scale.findIndex(([place]) => place >= at));
  const [[from, low], [to, high]] = [scale[next - 1], scale[next]];
  const part = to > from ? (at - from) / (to - from) : 0;
  const mixed = [1, 3, 5].map((i) => {
    const [a, b] = [low, high].map((colour) => parseInt(colour.slice(i, i + 2), 16));
    return Math.round(a + part * (b - a)).toString(16).padStart(2, "0");
  });
  return `#${mixed.join("")}`;
}

/** Black or white, whichever is read more easily on a colour. */
export function inkOn(colour: string): string {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 150 ? "#1f2328" : "#ffffff";
}
