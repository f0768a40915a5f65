/** A pipeline's steps as one self-contained HTML page. */

import { reasonText } from "../cache/reasons.ts";
import { type Graph, unitName } from "../graph.ts";
import type { RunRecord, UnitRecord } from "../history/run_record.ts";
import type { Plan, PlanEntry } from "../plan.ts";
import { duration, size } from "./words.ts";

const BOX = { width: 190, height: 52, right: 70, below: 22 };

interface Box {
  readonly name: string;
  readonly label: string;
  readonly kind: "step" | "each" | "file" | "resource";
  readonly column: number;
  readonly row: number;
  readonly sources: readonly string[];
}

/**
 * The graph with what a run would do, how the last run went, and links to outputs.
 *
 * @param link The address of an output's document, seen from the page.
 */
export function graphPage(
  pipeline: string,
  plan: Plan,
  last: RunRecord | undefined,
  link: (digest: string) => string,
): string {
  const boxes = layout(plan.graph);
  const columns = Math.max(0, ...boxes.map(({ column }) => column + 1));
  const rows = Math.max(0, ...boxes.map(({ row }) => row + 1));
  const width = columns * (BOX.width + BOX.right);
  const height = rows * (BOX.height + BOX.below);
  const title = escape(`Pipeline ${pipeline}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
<p>${escape(lastText(last))}</p>
<div class="graph"><svg viewBox="-4 -4 ${width + 8} ${height + 8}" width="${width + 8}" role="img">
${boxes.flatMap((box) => edges(box, boxes)).join("\n")}
${boxes.map((box) => boxSvg(box, plan.entries, last)).join("\n")}
</svg></div>
<table>
<tr><th>Step</th><th>Next run</th><th>Why</th><th>Last run</th><th>Time</th><th>Size</th><th>Output</th></tr>
${plan.entries.map((entry) => row(entry, last, link)).join("\n")}
</table>
</body>
</html>
`;
}

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1c2430; background: #fff; }
.graph { overflow-x: auto; margin: 1.5rem 0; }
rect { fill: #f3f5f8; stroke: #8793a3; }
.CACHED rect { fill: #e3f3e8; stroke: #3f8f5b; }
.RUN rect { fill: #fdeedd; stroke: #c7782a; }
.MAYBE rect { fill: #fdf7dd; stroke: #b39b2a; }
.file rect, .resource rect { stroke-dasharray: 4 3; }
text { font-size: 13px; fill: #1c2430; } .small { font-size: 11px; fill: #55606e; }
path { fill: none; stroke: #8793a3; }
table { border-collapse: collapse; } td, th { padding: .25rem .8rem .25rem 0; text-align: left; }
th { border-bottom: 1px solid #8793a3; } td { border-bottom: 1px solid #e4e8ed; }
@media (prefers-color-scheme: dark) {
  body { background: #14181d; color: #e4e8ed; } text { fill: #14181d; }
}`;

/** Puts each node one column after the last of those it takes inputs from. */
function layout(graph: Graph): Box[] {
  const columns = new Map<string, number>();
  const filled = new Map<number, number>();
  const boxes: Box[] = [];
  const place = (box: Omit<Box, "column" | "row">, column: number) => {
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    columns.set(box.name, column);
    boxes.push({ ...box, column, row });
  };
  for (const { name } of graph.files.values()) {
    place({ name, label: name, kind: "file", sources: [] }, 0);
  }
  for (const { name } of graph.resources.values()) {
    place({ name, label: name, kind: "resource", sources: [] }, 0);
  }
  for (const node of graph.nodes) {
    const sources = [...new Set(Object.values(node.inputs))];
    const column = Math.max(-1, ...sources.map((source) => columns.get(source)!)) + 1;
    const label = node.kind === "each" ? `${node.name} × ${node.items.length}` : node.name;
    place({ name: node.name, label, kind: node.kind, sources }, column);
  }
  return boxes;
}

function edges(box: Box, boxes: readonly Box[]): string[] {
  return box.sources.map((name) => {
    const source = boxes.find((candidate) => candidate.name === name)!;
    const [x1, y1] = [left(source) + BOX.width, top(source) + BOX.height / 2];
    const [x2, y2] = [left(box), top(box) + BOX.height / 2];
    const bend = (x2 - x1) / 2;
    return `<path d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>`;
  });
}

function boxSvg(box: Box, entries: readonly PlanEntry[], last: RunRecord | undefined): string {
  const own = entries.filter(({ step }) => step === box.name);
  const verdict = (["RUN", "MAYBE", "CACHED"] as const).find((wanted) =>
    own.some((entry) => entry.verdict === wanted)
  );
  const units = last?.units.filter(({ step }) => step === box.name) ?? [];
  const seconds = units.reduce((sum, unit) => sum + unit.seconds, 0);
  const note = units.length > 0 ? `${verdict ?? ""} · ${duration(seconds)}` : verdict ?? box.kind;
  const [x, y] = [left(box), top(box)];
  return `<g class="${verdict ?? ""} ${box.kind}"><title>${escape(box.label)}</title>` +
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>` +
    `<text x="${x + 12}" y="${y + 22}">${escape(shortened(box.label))}</text>` +
    `<text class="small" x="${x + 12}" y="${y + 40}">${escape(note)}</text></g>`;
}

function row(
  { step, item, verdict, reasons, artifact }: PlanEntry,
  last: RunRecord | undefined,
  link: (digest: string) => string,
): string {
  const unit = last?.units.find((found) => found.step === step && found.item === item);
  const digest = artifact ?? unit?.artifact?.digest;
  const output = digest === undefined
    ? ""
    : `<a href="${escape(link(digest))}"><code>${digest.slice(0, 12)}</code></a>`;
  const cells = [verdict, reasons.map(reasonText).join(", "), unit?.status ?? "", timeOf(unit)];
  return `<tr><td>${escape(unitName(step, item))}</td>` +
    cells.map((cell) => `<td>${escape(cell)}</td>`).join("") +
    `<td>${unit?.artifact ? size(unit.artifact.bytes) : ""}</td><td>${output}</td></tr>`;
}

function lastText(last: RunRecord | undefined): string {
  if (!last) return "It was not run yet.";
  return `Last run ${last.run}, ${last.status} after ${duration(last.seconds)}.`;
}

const timeOf = (unit: UnitRecord | undefined) => unit ? duration(unit.seconds) : "";
const left = ({ column }: Box) => column * (BOX.width + BOX.right);
const top = ({ row }: Box) => row * (BOX.height + BOX.below);
const shortened = (text: string) => text.length <= 25 ? text : `${text.slice(0, 24)}…`;

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
