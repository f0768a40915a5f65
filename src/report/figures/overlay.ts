/** Two distributions over one another. */

import {
  colours,
  type Figure,
  heading,
  legendBelow,
  readable,
  rounded,
  seriesColours,
  shortened,
} from "../figure.ts";

/** Shares of two sets of rows in the same bins. */
export interface Overlay {
  /** Name of the filled distribution, such as `reference`. */
  readonly was: string;
  /** Name of the one before it, such as `current`. */
  readonly is: string;
  /** Shares of the first set by bin. */
  readonly reference: readonly number[];
  /** Shares of the second set by bin. */
  readonly current: readonly number[];
}

/** Edges that are named on the axis at most. */
const NAMED_EDGES = 9;

/**
 * Numbers in bins of which the first and the last are open. All bins are drawn
 * equally wide and their edges named, so that one far value squeezes nothing.
 *
 * @param edges Rising edges between the bins, one fewer than bins; as many as bins and one
 * more if the ends are known.
 */
export function numbersOverlayFigure(
  title: string,
  edges: readonly number[],
  overlay: Overlay,
): Figure {
  const { reference } = overlay;
  const open = edges.length < reference.length;
  const every = Math.max(1, Math.ceil(edges.length / NAMED_EDGES));
  const named = edges.map((edge, i) => ({ edge, at: open ? i + 0.5 : i - 0.5 }))
    .filter((_, i) => i % every === 0);
  const bins = reference.map((_, i) => {
    const [low, high] = open ? [edges[i - 1], edges[i]] : [edges[i], edges[i + 1]];
    if (low === undefined && high === undefined) return "all values";
    if (low === undefined) return `up to ${readable(rounded(high))}`;
    if (high === undefined) return `above ${readable(rounded(low))}`;
    return `${readable(rounded(low))} to ${readable(rounded(high))}`;
  });
  return {
    data: traces(overlay, (shares) => ({
      x: shares.map((_, i) => i),
      y: shares.map(rounded),
      customdata: bins,
    }), "%{customdata}: %{y:.1%}"),
    layout: {
      title: heading(title),
      barmode: "overlay",
      bargap: 0,
      xaxis: {
        tickvals: named.map(({ at }) => at),
        ticktext: named.map(({ edge }) => readable(rounded(edge))),
        showgrid: false,
        zeroline: false,
      },
      yaxis: { title: { text: "Share of the values" }, tickformat: ".0%", rangemode: "tozero" },
      legend: legendBelow,
      height: 340,
    },
    description: describe(title, overlay, bins),
  };
}

/** Categories as pairs of bars, in the given order from the top. */
export function categoriesOverlayFigure(
  title: string,
  names: readonly string[],
  overlay: Overlay,
): Figure {
  // Bars of one place stack from below, so both orders are turned round.
  const shown = names.map(shortened).reverse();
  return {
    data: traces(overlay, (shares) => ({
      orientation: "h",
      x: shares.map(rounded).reverse(),
      y: shown.map((_, i) => i),
      customdata: shown,
    }), "%{customdata}: %{x:.1%}").reverse(),
    layout: {
      title: heading(title),
      barmode: "group",
      bargap: 0.25,
      xaxis: { title: { text: "Share of the values" }, tickformat: ".0%", rangemode: "tozero" },
      yaxis: {
        tickvals: shown.map((_, i) => i),
        ticktext: shown,
        showgrid: false,
        zeroline: false,
      },
      legend: { ...legendBelow, traceorder: "reversed" },
      height: 150 + 34 * names.length,
    },
    description: describe(title, overlay, names),
  };
}

function traces(
  { was, is, reference, current }: Overlay,
  place: (shares: readonly number[]) => Record<string, unknown>,
  hover: string,
): Record<string, unknown>[] {
  return [
    { name: was, shares: reference, marker: { color: colours.muted, opacity: 0.55 } },
    { name: is, shares: current, marker: { color: seriesColours[0], opacity: 0.6 } },
  ].map(({ name, shares, marker }) => ({
    type: "bar",
    name,
    marker,
    ...place(shares),
    hovertemplate: `${name}, ${hover}<extra></extra>`,
  }));
}

/** The bins that gained and lost most. */
function describe(
  title: string,
  { was, is, reference, current }: Overlay,
  names: readonly string[],
): string {
  const gained = current.map((share, i) => share - reference[i]);
  const most = gained.indexOf(Math.max(...gained));
  const least = gained.indexOf(Math.min(...gained));
  const told = (i: number) =>
    `${names[i]} from ${(100 * reference[i]).toFixed(1)} to ${(100 * current[i]).toFixed(1)} %`;
  return most === least
    ? `${title}: the same in ${was} and ${is}`
    : `${title}, ${was} to ${is}: most gained by ${told(most)}, most lost by ${told(least)}`;
}
