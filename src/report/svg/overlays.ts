/** Reference lines, shaded areas and words over a figure. */

import { unitsOf } from "./axis.ts";
import { dashes, element, pixels, textLines } from "./markup.ts";
import type { Box, Panel } from "./panel.ts";
import type { Annotation, Shape } from "./plotly.ts";

const anchors: Readonly<Record<string, string>> = { left: "start", right: "end", center: "middle" };

/** A line or rectangle. */
export function shapeOf(shape: Shape, panel: Panel, paper: Box): string {
  const { type, x0, x1, y0, y1, xref, yref, line, fillcolor, opacity } = shape;
  const place = { panel, paper };
  const [ax, bx] = [placeX(place, x0, xref), placeX(place, x1, xref)];
  const [ay, by] = [placeY(place, y0, yref), placeY(place, y1, yref)];
  const stroke = {
    stroke: line?.color ?? (type === "rect" ? undefined : "#8a929b"),
    "stroke-width": line?.width ?? 1,
    "stroke-dasharray": dashes(line?.dash),
    opacity,
  };
  if (type === "rect") {
    const [x, y] = [Math.min(ax, bx), Math.min(ay, by)];
    const size = { width: Math.abs(bx - ax), height: Math.abs(by - ay) };
    return element("rect", { x, y, ...size, fill: fillcolor ?? "none", ...stroke });
  }
  const d = `M${pixels(ax)} ${pixels(ay)}L${pixels(bx)} ${pixels(by)}`;
  return element("path", { d, fill: "none", ...stroke });
}

/** Words at a place. */
export function annotationOf(annotation: Annotation, panel: Panel, paper: Box): string {
  const { text, x, y, xref, yref, xanchor = "center", yanchor, xshift = 0, yshift = 0 } =
    annotation;
  const place = { panel, paper };
  const drop = yanchor === "top" ? 12 : yanchor === "bottom" ? -4 : 4;
  return textLines(text, placeX(place, x, xref) + xshift, placeY(place, y, yref) + drop - yshift, {
    "font-size": 12,
    "text-anchor": anchors[xanchor],
  });
}

/** What places refer to: an axis, its panel (`x domain`) or the whole drawing (`paper`). */
interface Reference {
  readonly panel: Panel;
  readonly paper: Box;
}

function placeX({ panel, paper }: Reference, value: number | string, ref = "x"): number {
  if (!/paper|domain/.test(ref)) return panel.left(unitsOf(panel.x, value));
  const { left, width } = ref === "paper" ? paper : panel.box;
  return left + width * Number(value);
}

function placeY({ panel, paper }: Reference, value: number | string, ref = "y"): number {
  if (!/paper|domain/.test(ref)) return panel.top(unitsOf(panel.y, value));
  const { top, height } = ref === "paper" ? paper : panel.box;
  return top + height * (1 - Number(value));
}
