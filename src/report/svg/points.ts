/** Lines and points. */

import { dashes, element, pixels } from "./markup.ts";
import { colourAt } from "./colour.ts";
import type { Panel } from "./panel.ts";
import type { ColourAxis, Trace } from "./plotly.ts";

/** A place in pixels from the left and the top. */
type Point = readonly [x: number, y: number];

/** Steps of a colour scale: each becomes one path, which keeps the drawing small. */
const SHADES = 16;

/**
 * The line and the points of a trace.
 *
 * @param before The trace before it, to which `tonexty` fills.
 */
export function pointsOf(
  trace: Trace,
  panel: Panel,
  colour: string,
  coloured: ColourAxis | undefined,
  before: Trace | undefined,
): string {
  const { x = [], mode = "lines+markers", line, marker } = trace;
  const points = placesOf(trace, panel);
  const drawn: string[] = [];
  if (trace.fill === "tonexty" && before !== undefined && points.length > 0) {
    const d = `${pathOf(points)}${pathOf(placesOf(before, panel).reverse()).replace("M", "L")}Z`;
    drawn.push(element("path", { d, fill: trace.fillcolor ?? colour }));
  }
  if (trace.fill === "tozeroy" && points.length > 0) {
    const floor = pixels(panel.top(Math.max(0, Math.min(...panel.y.range))));
    const [first, last] = [points[0], points[points.length - 1]];
    const d = `${pathOf(points)}L${pixels(last[0])} ${floor}L${pixels(first[0])} ${floor}Z`;
    drawn.push(element("path", { d, fill: trace.fillcolor ?? colour, "fill-opacity": 0.25 }));
  }
  if (mode.includes("lines") && line?.width !== 0) {
    drawn.push(element("path", {
      d: pathOf(points, line?.shape),
      fill: "none",
      stroke: line?.color ?? colour,
      "stroke-width": line?.width ?? 2,
      "stroke-dasharray": dashes(line?.dash),
      "stroke-linejoin": "round",
    }));
  }
  for (const [i, error] of Array.from(trace.error_x?.array ?? []).entries()) {
    const [from, to] = [-1, 1].map((sign) => panel.atX(Number(x[i]) + sign * error));
    const height = pixels(points[i][1]);
    const d = `M${pixels(from)} ${height}L${pixels(to)} ${height}`;
    if (error > 0) drawn.push(element("path", { d, stroke: "#1f2328" }));
  }
  if (mode.includes("markers")) {
    const size = typeof marker?.size === "object" ? marker.size[0] : marker?.size ?? 6;
    for (const [shade, d] of byShade(trace, points, colour, coloured)) {
      drawn.push(element("path", {
        d,
        stroke: shade,
        "stroke-width": size,
        "stroke-linecap": "round",
        "stroke-opacity": trace.opacity,
      }));
    }
  }
  return drawn.join("");
}

/** Where the points of a trace lie, in pixels. */
function placesOf({ x = [], y = [] }: Trace, panel: Panel): Point[] {
  return Array.from(
    { length: Math.min(x.length, y.length) },
    (_, i) => [panel.atX(x[i]), panel.atY(y[i])],
  );
}

/** A path through the points; gaps if one has no place. */
function pathOf(points: readonly Point[], shape?: string): string {
  let d = "";
  let open = false;
  points.forEach(([x, y]) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      open = false;
      return;
    }
    const place = `${pixels(x)} ${pixels(y)}`;
    d += !open ? `M${place}` : shape === "hv" ? `H${pixels(x)}V${pixels(y)}` : `L${place}`;
    open = true;
  });
  return d;
}

/** Points of one shade as one path of dots. */
function byShade(
  { marker }: Trace,
  points: readonly Point[],
  colour: string,
  { cmin = 0, cmax = 1, colorscale }: ColourAxis = {},
): Map<string, string> {
  const paths = new Map<string, string>();
  const given = marker?.color;
  points.forEach(([x, y], i) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    const own = given === undefined || typeof given === "string" ? colour : given[i];
    const shade = typeof own === "string"
      ? own
      : colorscale === undefined
      ? colour
      : colourAt(colorscale, Math.round(SHADES * (own - cmin) / (cmax - cmin)) / SHADES);
    paths.set(shade, `${paths.get(shade) ?? ""}M${pixels(x)} ${pixels(y)}h0`);
  });
  return paths;
}
