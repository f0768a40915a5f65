/** The steps of a pipeline drawn as boxes and lines. */

import { type Html, html } from "../../base/mod.ts";
import type { WiredNode } from "../../pipeline/mod.ts";

const BOX = { width: 180, height: 52, right: 50, below: 22 };

/** A wide graph shrinks to this share, then it is scrolled. */
const SMALLEST = 0.7;

/** How a box looks: its colour by a class of the page, and a line below its name. */
export interface BoxLook {
  /** Class of the page, as `CACHED` or `failed`. */
  readonly className: string;
  /** What is said of the step. */
  readonly note: string;
}

interface Box extends WiredNode {
  readonly column: number;
  readonly row: number;
}

/** The graph as SVG, its inputs on the left. */
export function graphSvg(wiring: readonly WiredNode[], look: (node: WiredNode) => BoxLook): Html {
  const boxes = layout(wiring);
  const columns = Math.max(0, ...boxes.map(({ column }) => column + 1));
  const rows = Math.max(0, ...boxes.map(({ row }) => row + 1));
  const width = columns * (BOX.width + BOX.right) - BOX.right + 8;
  const height = rows * (BOX.height + BOX.below) - BOX.below + 8;
  const least = Math.round(SMALLEST * width);
  const style = `width:100%;min-width:${least}px;max-width:${width}px`;
  return html`
    <div class="wide">
      <svg viewBox="-4 -4 ${width} ${height}" style="${style}" role="img"
        aria-label="Graph of the steps">
    ${boxes.flatMap((box) => edges(box, boxes))}
    ${boxes.map((box) => boxSvg(box, look(box)))}
      </svg>
    </div>
  `;
}

/**
 * Puts each step one column after the last of those it takes inputs from, and what
 * comes from outside below the steps, one column before the first that takes it.
 */
function layout(wiring: readonly WiredNode[]): Box[] {
  const columns = new Map<string, number>();
  const filled = new Map<number, number>();
  const isStep = ({ kind }: WiredNode) => kind === "step" || kind === "each";
  const place = (node: WiredNode, column: number): Box => {
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    columns.set(node.name, column);
    return { ...node, column, row };
  };
  const steps = wiring.filter(isStep).map((node) =>
    // Those without a column are from outside: they need one of their own.
    place(node, Math.max(-1, ...node.sources.map((source) => columns.get(source) ?? 0)) + 1)
  );
  const outside = wiring.filter((node) => !isStep(node)).map((node) => {
    const readers = steps.filter(({ sources }) => sources.includes(node.name));
    const first = readers.reduce((least, { column }) => Math.min(least, column), Infinity);
    return place(node, Number.isFinite(first) ? first - 1 : 0);
  });
  return [...outside, ...steps];
}

function edges(box: Box, boxes: readonly Box[]): Html[] {
  return box.sources.flatMap((name) => {
    const source = boxes.find((candidate) => candidate.name === name);
    if (!source) return []; // not a part of this run
    const [x1, y1] = [left(source) + BOX.width, top(source) + BOX.height / 2];
    const [x2, y2] = [left(box), top(box) + BOX.height / 2];
    const bend = (x2 - x1) / 2;
    const d = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
    return html`
      <path d="${d}" />
    `;
  });
}

function boxSvg(box: Box, { className, note }: BoxLook): Html {
  const label = box.items === undefined ? box.name : `${box.name} × ${box.items}`;
  const [x, y] = [left(box), top(box)];
  return html`
    <g class="${className} ${box.kind}">
      <title>${label}</title>
      <rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" />
      <text x="${x + 12}" y="${y + 22}">${shortened(label)}</text>
      <text class="small" x="${x + 12}" y="${y + 40}">${note}</text>
    </g>
  `;
}

const left = ({ column }: Box) => column * (BOX.width + BOX.right);
const top = ({ row }: Box) => row * (BOX.height + BOX.below);
const shortened = (text: string) => text.length <= 25 ? text : `${text.slice(0, 24)}…`;
