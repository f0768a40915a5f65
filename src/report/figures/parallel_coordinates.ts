/** Many settings at once: a line for each trial, through its value on each axis. */

import {
  type Figure,
  heading,
  legendBelow,
  plainText,
  readable,
  rounded,
  shortened,
} from "../figure.ts";

/** An axis of {@link parallelCoordinatesFigure}. */
export interface ParallelAxis {
  /** What stands below it. */
  readonly name: string;
  /** Texts at places from 0 (bottom) to 1 (top). */
  readonly ticks: readonly (readonly [place: number, text: string])[];
}

/** From the best to the worst. */
const scale = ["#d8435f", "#d9822b", "#9a8420", "#3b76c4", "#8a929b"] as const;

/** Lines of the whole figure at most. */
const MOST_LINES = 400;

/**
 * Lines through axes, coloured by rank. Of more than 400 the best half and evenly spaced
 * others are drawn, and the title says so.
 *
 * @param lines Places on each axis in [0, 1], best first; null if there is none.
 */
export function parallelCoordinatesFigure(
  title: string,
  axes: readonly ParallelAxis[],
  lines: readonly (readonly (number | null)[])[],
): Figure {
  const half = MOST_LINES / 2;
  const shown = lines.length <= MOST_LINES ? lines : lines.filter((_, rank) => {
    const step = (lines.length - half) / half;
    return rank < half || Math.floor((rank - half) / step) > Math.floor((rank - half - 1) / step);
  });
  const note = shown.length === lines.length
    ? ""
    : ` (${readable(lines.length - shown.length)} of ${readable(lines.length)} lines left out)`;
  const groups = scale.map((colour, g) => ({
    colour,
    lines: shown.filter((_, rank) => Math.floor(rank * scale.length / shown.length) === g),
  })).filter(({ lines }) => lines.length > 0);
  const names = ["best fifth", "second fifth", "third fifth", "fourth fifth", "worst fifth"];
  return {
    // The best are drawn last, above the others.
    data: groups.map(({ colour, lines }, g) => ({
      type: "scatter",
      mode: "lines",
      name: groups.length === scale.length ? names[g] : `group ${g + 1}`,
      // A line goes past the axes on which it has no place.
      x: lines.flatMap((line) => [...placesOf(line).map(([a]) => a), null]),
      y: lines.flatMap((line) => [...placesOf(line).map(([, place]) => rounded(place)), null]),
      connectgaps: false,
      line: { color: colour, width: g === 0 ? 2 : 1 },
      opacity: g === 0 ? 0.95 : 0.5,
      legendrank: g,
      hoverinfo: "skip",
    })).reverse(),
    layout: {
      title: heading(title + note),
      xaxis: {
        tickvals: axes.map((_, a) => a),
        ticktext: axes.map(({ name }) => shortened(name)),
        range: [-0.15, axes.length - 0.6],
        showgrid: false,
        zeroline: false,
      },
      yaxis: { range: [-0.04, 1.04], showticklabels: false, showgrid: false, zeroline: false },
      shapes: axes.map((_, a) => ({
        type: "line",
        x0: a,
        x1: a,
        y0: 0,
        y1: 1,
        layer: "below",
        line: { width: 1, color: "#8a929b" },
      })),
      annotations: axes.flatMap(({ ticks }, a) =>
        ticks.map(([place, text]) => ({
          x: a,
          y: place,
          text: plainText(text.length > 14 ? `${text.slice(0, 13)}…` : text),
          showarrow: false,
          xanchor: "left",
          xshift: 4,
          font: { size: 11 },
          bgcolor: "rgba(128,128,128,0.12)",
        }))
      ),
      legend: legendBelow,
      height: 480,
    },
    description: `${title}: ${readable(lines.length)} lines through ` +
      axes.map(({ name }) => name).join(", ") + note,
  };
}

/** The axes on which a line has a place. */
function placesOf(line: readonly (number | null)[]): [axis: number, place: number][] {
  return line.flatMap((place, axis) => place === null ? [] : [[axis, place]]);
}
