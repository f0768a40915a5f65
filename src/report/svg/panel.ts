/** A pair of axes on the page, and its grid, ticks and titles. */

import { type DrawnAxis, ticksOf, unitsOf } from "./axis.ts";
import { element, textLines, widthOf } from "./markup.ts";
import type { AxisValue } from "./plotly.ts";

/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const GRID = "#e3e7eb";
const INK = "#1f2328";
const SOFT = "#59636e";
/** Pixels that a tilted label takes along the axis. */
const TILTED = 14;

/** Two axes that span a rectangle; marks are drawn in it. */
export class Panel {
  /** Takes the axes and where they are. */
  constructor(readonly x: DrawnAxis, readonly y: DrawnAxis, readonly box: Box) {}

  /** Pixels from the left of a place on the x axis. */
  atX(place: AxisValue): number {
    return this.left(unitsOf(this.x, place));
  }

  /** Pixels from the top of a place on the y axis. */
  atY(place: AxisValue): number {
    return this.top(unitsOf(this.y, place));
  }

  /** Pixels from the left of a number in the units of the x axis. */
  left(units: number): number {
    const [low, high] = this.x.range;
    return this.box.left + this.box.width * (units - low) / (high - low);
  }

  /** Pixels from the top of a number in the units of the y axis. */
  top(units: number): number {
    const [low, high] = this.y.range;
    return this.box.top + this.box.height * (high - units) / (high - low);
  }
}

/** Lines behind the marks. */
export function gridOf(panel: Panel): string {
  const { box: { left, top, width, height }, x, y } = panel;
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `M${Math.round(x1)} ${Math.round(y1)}L${Math.round(x2)} ${Math.round(y2)}`;
  const across = y.categories === undefined
    ? yTicks(panel).map(({ at }) => line(left, panel.top(at), left + width, panel.top(at)))
    : [];
  const down = x.categories === undefined
    ? xTicks(panel).map(({ at }) => line(panel.left(at), top, panel.left(at), top + height))
    : [];
  const base = line(left, top + height, left + width, top + height);
  return element("path", { d: [...across, ...down, base].join(""), stroke: GRID, fill: "none" });
}

/** Labels of the ticks and titles of the axes. */
export function labelsOf(panel: Panel): string {
  const { box: { left, top, width, height }, x, y } = panel;
  const below = top + height;
  const small = { "font-size": 11, fill: SOFT };
  const shown = xTicks(panel);
  const tilted = shown.reduce((sum, { label }) => sum + widthOf(label, 11) + 6, 0) > width;
  const xLabels = !ownsX(panel) || x.layout.showticklabels === false
    ? []
    : shown.map(({ at, label }) => {
      const [px, py] = [panel.left(at), below + 15];
      return tilted
        ? textLines(label, px, py - 3, {
          ...small,
          "text-anchor": "end",
          transform: `rotate(-35 ${Math.round(px)} ${Math.round(py - 3)})`,
        })
        : textLines(label, px, py, { ...small, "text-anchor": "middle" });
    });
  const yLabels = y.layout.showticklabels === false
    ? []
    : yTicks(panel).map(({ at, label }) =>
      textLines(label, left - 6, panel.top(at) + 4, { ...small, "text-anchor": "end" })
    );
  const title = { fill: INK, "text-anchor": "middle" };
  const xTitle = ownsX(panel) ? x.layout.title?.text ?? "" : "";
  const yTitle = ownsY(panel) ? y.layout.title?.text ?? "" : "";
  const [yx, yy] = [left - tickRoom(panel) - 12, top + height / 2];
  return [
    ...xLabels,
    ...yLabels,
    xTitle && textLines(xTitle, left + width / 2, below + xRoom(panel) - 6, title),
    yTitle && textLines(yTitle, yx, yy, {
      ...title,
      transform: `rotate(-90 ${Math.round(yx)} ${Math.round(yy)})`,
    }),
  ].join("");
}

/** Whether the x axis is written below this panel: several may share it. */
function ownsX({ x, y }: Panel): boolean {
  return (x.layout.anchor ?? "y") === y.id;
}

/** Whether the y axis is written beside this panel. */
function ownsY({ x, y }: Panel): boolean {
  return (y.layout.anchor ?? "x") === x.id;
}

/** Pixels that the labels and the title of the y axis take. */
export function yRoom(panel: Panel): number {
  return tickRoom(panel) + (panel.y.layout.title?.text ? 28 : 8);
}

/** Pixels that the labels and the title of the x axis take. */
export function xRoom(panel: Panel): number {
  const { x, box: { width } } = panel;
  const ticks = x.layout.showticklabels === false ? [] : xTicks(panel);
  const widths = ticks.map(({ label }) => widthOf(label, 11));
  const tilted = widths.reduce((sum, each) => sum + each + 6, 0) > width;
  const labels = ticks.length === 0 ? 0 : tilted ? 12 + 0.6 * Math.max(...widths) : 20;
  return labels + (x.layout.title?.text ? 24 : 4);
}

function tickRoom(panel: Panel): number {
  if (panel.y.layout.showticklabels === false) return 0;
  return 6 + Math.max(0, ...yTicks(panel).map(({ label }) => widthOf(label, 11)));
}

function xTicks({ x, box }: Panel) {
  const ticks = inRange(x, ticksOf(x, Math.max(2, box.width / 70)));
  // Even tilted names need a line's height each.
  const every = Math.ceil(ticks.length * TILTED / box.width);
  return ticks.filter((_, i) => i % every === 0);
}

function yTicks({ y, box }: Panel) {
  return inRange(y, ticksOf(y, Math.max(2, box.height / 45)));
}

function inRange<T extends { readonly at: number }>(
  { range }: DrawnAxis,
  ticks: readonly T[],
): T[] {
  const [low, high] = [Math.min(...range), Math.max(...range)];
  return ticks.filter(({ at }) => at >= low && at <= high);
}
