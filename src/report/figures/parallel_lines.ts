/** A few things by many figures: one axis for each figure, one named line for each thing. Many lines: `parallel_coordinates.ts`. */

import {
  type Figure,
  heading,
  legendBelow,
  plainText,
  readable,
  seriesColours,
} from "../figure.ts";

/** An axis with the value of each line. */
export interface LineValues {
  /** What the values are. */
  readonly label: string;
  /** Numbers, or texts, one for each line; NaN and "" if a line has none. */
  readonly values: readonly (number | string)[];
}

/**
 * Parallel coordinates: each line goes through its values, each axis from its least to its
 * greatest. Axes of texts have a place for each text.
 *
 * @param lines What each line is called.
 */
export function parallelLinesFigure(
  title: string,
  lines: readonly string[],
  axes: readonly LineValues[],
): Figure {
  const scaled = axes.map(scale);
  return {
    data: lines.map((label, i) => ({
      type: "scatter",
      mode: "lines+markers",
      name: plainText(label),
      x: axes.map((_, j) => j),
      y: scaled.map(({ places }) => places[i]),
      connectgaps: true,
      line: { color: seriesColours[i % seriesColours.length], width: 2 },
      text: axes.map(({ label, values }) => `${plainText(label)}: ${plainText(worded(values[i]))}`),
      hovertemplate: `%{text}<extra>${plainText(label)}</extra>`,
    })),
    layout: {
      title: heading(title),
      xaxis: {
        tickvals: axes.map((_, j) => j),
        ticktext: axes.map(({ label }) => plainText(label)),
        range: [-0.4, axes.length - 0.6],
        showgrid: true,
        zeroline: false,
      },
      yaxis: { visible: false, range: [-0.12, 1.12], fixedrange: true },
      annotations: scaled.flatMap(({ least, greatest }, j) => [
        { x: j, y: 0, yshift: -12, text: plainText(least), showarrow: false },
        ...greatest === least
          ? []
          : [{ x: j, y: 1, yshift: 12, text: plainText(greatest), showarrow: false }],
      ]),
      legend: legendBelow,
      height: 440,
    },
    description: `${title}: ` +
      lines.map((label, i) =>
        `${label} with ${
          axes.map(({ label, values }) => `${label} ${worded(values[i])}`).join(", ")
        }`
      ).join("; "),
  };
}

function worded(value: number | string): string {
  if (typeof value === "number") return Number.isNaN(value) ? "–" : readable(value);
  return value === "" ? "–" : value.length > 24 ? `${value.slice(0, 23)}…` : value;
}

function scale({ values }: LineValues) {
  if (values.some((value) => typeof value === "string")) {
    const texts = [...new Set(values.map(String).filter((text) => text !== ""))].sort();
    const last = Math.max(1, texts.length - 1);
    const place = (value: number | string) => {
      const at = texts.indexOf(String(value));
      return at < 0 ? null : at / last;
    };
    return {
      places: values.map(place),
      least: worded(texts[0] ?? ""),
      greatest: worded(texts.at(-1) ?? ""),
    };
  }
  const known = (values as readonly number[]).filter(Number.isFinite);
  const [least, greatest] = [Math.min(...known), Math.max(...known)];
  const width = greatest - least;
  return {
    places: (values as readonly number[]).map((value) =>
      !Number.isFinite(value) ? null : width === 0 ? 0 : (value - least) / width
    ),
    least: known.length === 0 ? "–" : readable(least),
    greatest: known.length === 0 ? "–" : readable(greatest),
  };
}
