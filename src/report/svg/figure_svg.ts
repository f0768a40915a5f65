/** A figure as a still drawing, for readers that do not run plotly. */

import type { Figure } from "../figure.ts";
import { axesOf, type DrawnAxis } from "./axis.ts";
import { type BarPlace, barsOf } from "./bars.ts";
import { boxesOf } from "./boxes.ts";
import { heatmapCells } from "./cells.ts";
import { seriesColour } from "./colour.ts";
import { colourKey, drawKey, keyWidth, legendEntries, legendOf } from "./keys.ts";
import { element, escaped, textLines } from "./markup.ts";
import { annotationOf, shapeOf } from "./overlays.ts";
import { type Box, gridOf, labelsOf, Panel, xRoom, yRoom } from "./panel.ts";
import { type Layout, type Trace, tracesOf } from "./plotly.ts";
import { pointsOf } from "./points.ts";

const WIDTH = 760;
const TALLEST = 1400;
const DEFAULT_HEIGHT = 420;

/**
 * Draws the bars, lines, points, heatmaps and boxes of a figure with axes,
 * legend, reference lines and words, on white. Traces of other kinds are left out
 * and named below the figure.
 *
 * @returns An `<svg>` element, 760 wide and as high as the layout says, at most 1,400.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { barFigure } from "../mod.ts";
 * const svg = figureSvg(barFigure("Rows", "Rows", [{ label: "Poor", value: 3 }]));
 * assertStringIncludes(svg, ">Poor</text>");
 * ```
 */
export function figureSvg(figure: Figure): string {
  const layout = figure.layout as Layout;
  const traces = tracesOf(figure);
  const height = Math.min(TALLEST, layout.height ?? DEFAULT_HEIGHT);
  const colours = traces.map((trace, i) => colourOf(trace, seriesColour(i, layout.colorway)));
  const panels = arrange(figure, height);
  const paper = frame(panels, height, layout, traces);
  const entries = legendEntries(traces, colours, layout);
  const unknown = [...new Set(traces.map(kindOf).filter((kind) => !known.has(kind)))];
  const key = colourKey(traces, layout);
  const first = panels[0];
  const parts = [
    element("rect", { width: WIDTH, height, fill: "#ffffff" }),
    layout.title?.text === undefined
      ? ""
      : textLines(layout.title.text, 12, 26, { "font-size": 15, "font-weight": 600 }),
    ...panels.map(gridOf),
    ...panels.length === 0 ? [] : (layout.shapes ?? []).map((shape) => {
      return shapeOf(shape, panelFor(panels, shape), paper);
    }),
    marks(panels, traces, colours, layout),
    ...panels.map(labelsOf),
    ...panels.length === 0 ? [] : (layout.annotations ?? []).map((annotation) => {
      return annotationOf(annotation, panelFor(panels, annotation), paper);
    }),
    key && first
      ? drawKey(key, paper.left + paper.width + 14, paper.top, Math.min(260, paper.height))
      : "",
    legendOf(entries, 12, height - legendOf(entries, 12, 0, WIDTH - 24).height + 6, WIDTH - 24)
      .markup,
    unknown.length === 0 ? "" : textLines(`Not drawn here: ${unknown.join(", ")}`, WIDTH - 12, 26, {
      "text-anchor": "end",
    }),
  ];
  return element("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
    "font-family": "system-ui, sans-serif",
    "font-size": 12,
    fill: "#1f2328",
    role: "img",
  }, `<title>${escaped(figure.description)}</title>${parts.join("")}`);
}

const known = new Set(["bar", "scatter", "heatmap", "box"]);

function kindOf({ type = "scatter" }: Trace): string {
  return type === "scattergl" ? "scatter" : type;
}

function colourOf({ line, marker }: Trace, own: string): string {
  return typeof marker?.color === "string" ? marker.color : line?.color ?? own;
}

/** The edges within which panels lie, in pixels. */
function frame(
  panels: readonly Panel[],
  height: number,
  layout: Layout,
  traces: readonly Trace[],
): Box {
  const lefts = panels.filter(({ x }) => domainOf(x)[0] === 0);
  const left = 14 + Math.max(20, ...lefts.map(yRoom));
  const colours = traces.map(() => "");
  const legend = legendOf(legendEntries(traces, colours, layout), 12, 0, WIDTH - 24).height;
  const bottoms = panels.filter(({ y }) => domainOf(y)[0] === 0);
  const top = layout.title?.text === undefined ? 16 : 48;
  const right = colourKey(traces, layout) === undefined ? 20 : 24 + keyWidth;
  const bottom = height - legend - 6 - Math.max(0, ...bottoms.map(xRoom));
  return { left, top, width: WIDTH - right - left, height: bottom - top };
}

/** A panel for each pair of axes that traces use, each in its place. */
function arrange(figure: Figure, height: number): Panel[] {
  const layout = figure.layout as Layout;
  const traces = tracesOf(figure);
  const axes = axesOf(figure);
  const pairs = [...new Set(traces.map(({ xaxis = "x", yaxis = "y" }) => `${xaxis} ${yaxis}`))]
    .map((pair) => pair.split(" ").map((id) => axes.get(id)!) as [DrawnAxis, DrawnAxis]);
  const lay = (within: Box) =>
    pairs.map(([x, y]) => {
      const [x0, x1] = domainOf(x);
      const [y0, y1] = domainOf(y);
      return new Panel(x, y, {
        left: within.left + within.width * x0,
        width: within.width * (x1 - x0),
        top: within.top + within.height * (1 - y1),
        height: within.height * (y1 - y0),
      });
    });
  // How wide labels are depends on the panels' size: laid out roughly, then exactly.
  const rough = lay({ left: 80, top: 48, width: WIDTH - 120, height: height - 108 });
  return lay(frame(rough, height, layout, traces));
}

function domainOf({ layout: { domain = [0, 1] } }: DrawnAxis): readonly [number, number] {
  return domain;
}

/** The panel that a shape or annotation refers to; the first if it names none. */
function panelFor(
  panels: readonly Panel[],
  { xref = "x", yref = "y" }: { readonly xref?: string; readonly yref?: string },
): Panel {
  const own = (ref: string) => ref.replace(" domain", "");
  return panels.find(({ x, y }) => x.id === own(xref) && y.id === own(yref)) ??
    panels.find(({ x, y }) => x.id === own(xref) || y.id === own(yref)) ?? panels[0];
}

function marks(
  panels: readonly Panel[],
  traces: readonly Trace[],
  colours: readonly string[],
  { barmode = "group", bargap = 0.2, coloraxis }: Layout,
): string {
  return panels.map((panel) => {
    const own = traces.map((trace, i) => ({ trace, colour: colours[i] }))
      .filter(({ trace: { xaxis = "x", yaxis = "y" } }) =>
        xaxis === panel.x.id && yaxis === panel.y.id
      );
    const bars = own.filter(({ trace }) => kindOf(trace) === "bar").length;
    const stack = barmode === "stack" ? new Map<number, number>() : undefined;
    let bar = 0;
    return own.map(({ trace, colour }, i) => {
      switch (kindOf(trace)) {
        case "bar": {
          const place: BarPlace = barmode === "group"
            ? { index: bar++, count: bars, filled: 1 - bargap }
            : { index: 0, count: 1, filled: 1 - bargap, ...stack && { stack } };
          return faded(trace, barsOf(trace, panel, colour, place));
        }
        case "heatmap":
          return heatmapCells(trace, panel);
        case "box":
          return boxesOf(trace, panel, colour);
        case "scatter":
          return pointsOf(trace, panel, colour, coloraxis, own[i - 1]?.trace);
        default:
          return "";
      }
    }).join("");
  }).join("");
}

function faded({ opacity, marker }: Trace, markup: string): string {
  const share = opacity ?? marker?.opacity ?? 1;
  return share === 1 ? markup : element("g", { opacity: share }, markup);
}
