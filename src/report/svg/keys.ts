/** The legend and the keys of colour scales. */

import { cellColours } from "./cells.ts";
import { colourAt } from "./colour.ts";
import { element, textLines, widthOf } from "./markup.ts";
import type { ColourBar, ColourScale, Layout, Trace } from "./plotly.ts";
import { formatted } from "./ticks.ts";

/** An entry of a legend. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
}

const LINE = 18;
const BAR = { width: 12, steps: 24 };

/** The series that a reader must be told apart. */
export function legendEntries(
  traces: readonly Trace[],
  colours: readonly string[],
  { showlegend }: Layout,
): LegendEntry[] {
  const entries = traces
    .map((trace, i) => ({ trace, name: trace.name ?? "", colour: colours[i] }))
    .filter(({ trace, name }) => name !== "" && trace.showlegend !== false);
  const wanted = showlegend ??
    (entries.length > 1 || entries.some(({ trace }) => trace.showlegend === true));
  return wanted ? entries.map(({ name, colour }) => ({ name, colour })) : [];
}

/** The legend from `top` down, wrapped to a width, and its height. */
export function legendOf(
  entries: readonly LegendEntry[],
  left: number,
  top: number,
  width: number,
): { markup: string; height: number } {
  let [x, y] = [left, top];
  const drawn = entries.map(({ name, colour }) => {
    const size = 22 + widthOf(name, 12) + 14;
    if (x > left && x + size > left + width) [x, y] = [left, y + LINE];
    const entry = element("rect", { x, y: y - 9, width: 14, height: 10, fill: colour }) +
      textLines(name, x + 19, y);
    x += size;
    return entry;
  });
  return { markup: drawn.join(""), height: entries.length === 0 ? 0 : y - top + LINE };
}

/** A colour scale with its ends. */
export interface Key {
  readonly scale: ColourScale;
  readonly low: number;
  readonly high: number;
  readonly bar: ColourBar;
}

/** The colour scale that a figure needs a key for. */
export function colourKey(traces: readonly Trace[], { coloraxis }: Layout): Key | undefined {
  if (coloraxis?.colorscale !== undefined) {
    const { colorscale: scale, cmin: low = 0, cmax: high = 1, colorbar: bar = {} } = coloraxis;
    return { scale, low, high, bar };
  }
  const map = traces.find(({ type, showscale }) => type === "heatmap" && showscale !== false);
  return map && { ...cellColours(map), bar: map.colorbar ?? {} };
}

/** Width of a key in pixels, its numbers and title included. */
export const keyWidth = 64;

/** A colour scale as a standing bar. */
export function drawKey({ scale, low, high, bar }: Key, left: number, top: number, height: number) {
  const step = height / BAR.steps;
  const shades = Array.from({ length: BAR.steps }, (_, i) =>
    element("rect", {
      x: left,
      y: top + i * step,
      width: BAR.width,
      height: step + 0.5,
      fill: colourAt(scale, 1 - (i + 0.5) / BAR.steps),
    }));
  const values = bar.tickvals ?? [low, (low + high) / 2, high];
  const ticks = values.map((value, i) =>
    textLines(
      bar.ticktext?.[i] ?? formatted(value, bar.tickformat),
      left + BAR.width + 4,
      top + height * (1 - (value - low) / (high - low || 1)) + 4,
      { "font-size": 11, fill: "#59636e" },
    )
  );
  const title = bar.title?.text;
  const [x, y] = [left + BAR.width + 40, top + height / 2];
  const turned = title && textLines(title, x, y, {
    "font-size": 11,
    "text-anchor": "middle",
    transform: `rotate(-90 ${Math.round(x)} ${Math.round(y)})`,
  });
  return [...shades, ...ticks, turned ?? ""].join("");
}
