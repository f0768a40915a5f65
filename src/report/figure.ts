/** Figures as plain plotly JSON: made anywhere, drawn by a page or a notebook. */

/** A plotly figure. */
export interface Figure {
  /** Traces, as plotly documents them. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
  /** Layout, as plotly documents it. */
  readonly layout: Readonly<Record<string, unknown>>;
  /** One sentence that says what the figure shows, for those who cannot see it. */
  readonly description: string;
}

/** The title of a figure, at its left edge. */
export function heading(title: string): Record<string, unknown> {
  return { text: plainText(title), x: 0, xanchor: "left" };
}

/**
 * How plotly is told to behave wherever figures are drawn: it fits its place, its buttons are
 * few and come with the pointer, and none of them sends the data anywhere.
 */
export const figureConfig = {
  responsive: true,
  displaylogo: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"],
} as const;

/** Text that plotly shows as it is: names of columns and classes are not markup. */
export function plainText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** A legend below the figure, if it takes no width from narrow screens. */
export const legendBelow = {
  orientation: "h",
  yref: "container",
  y: 0,
  yanchor: "bottom",
  x: 0,
} as const;

/** Colours that are told apart on white and on near-black, also by the colour-blind. */
export const colours = {
  /** What raises a score. */
  up: "#d8435f",
  /** What lowers it. */
  down: "#3b76c4",
  /** Reference lines and missing values. */
  muted: "#8a929b",
} as const;

/** Colours of series, in turn. */
export const seriesColours = [
  "#3b76c4",
  "#d9822b",
  "#3d9a63",
  "#b05cc6",
  "#d8435f",
  "#1f9aa8",
  "#9a8420",
] as const;

/** The line on which a guess, or a perfect calibration, lies. */
export const diagonal = {
  type: "line",
  x0: 0,
  y0: 0,
  x1: 1,
  y1: 1,
  layer: "below",
  line: { color: colours.muted, dash: "dot", width: 1 },
} as const;

/** A number with five digits: figures are not read more exactly, and pages stay small. */
export function rounded(value: number): number {
  return Number(value.toPrecision(5));
}

/** A number as people write it: whole ones whole, others with up to four digits. */
export function readable(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Number(value.toPrecision(4)).toLocaleString("en", { maximumSignificantDigits: 4 });
}

/** The name of one panel of several, above it from its left end on, both in shares of the figure. */
export function panelTitle(name: string, left: number, top: number): Record<string, unknown> {
  return {
    ...{ text: shortened(name), xref: "paper", yref: "paper", x: left, y: top },
    ...{ xanchor: "left", yanchor: "bottom", showarrow: false, font: { size: 12 } },
  };
}

/** A name short enough to stand beside a bar. */
export function shortened(name: string): string {
  return shortenedTo(32, name);
}

/** A name of so many letters at the most. */
export function shortenedTo(most: number, name: string): string {
  return plainText(name.length > most ? `${name.slice(0, most - 1)}…` : name);
}
