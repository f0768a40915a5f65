/** A run as a page: the steps as a graph, when each was at work, what it recorded. */

import type { StepStatus } from "../events/events.ts";
import { unitName } from "../define/graph.ts";
import type { RunRecord, UnitRecord } from "../history/run_record.ts";
import type { StepLog } from "../history/step_log.ts";
import type { WiredNode } from "../define/wiring.ts";
import { type BoxLook, graphSvg } from "./graph_svg.ts";
import { logLines, statusText } from "./history_text.ts";
import { escape, htmlTable, outputLink, runnerPage } from "./page.ts";
import { assignments, duration, metricText, pointText, size } from "./words.ts";

/** Items of a fan-out that get a line of their own; more share one. */
const SHOWN_ITEMS = 30;

/** Logs that a page has room for. */
const SHOWN_LOGS = 200;

/** What a step of several units is called by: the first of these that one of them is. */
const weightiest: readonly StepStatus[] = ["failed", "cancelled", "ran", "cached"];

/**
 * The report of a run.
 *
 * @param link The address of an output's document, seen from the page.
 */
export function runPage(
  record: RunRecord,
  link: (digest: string) => string,
  logs: readonly StepLog[] = [],
): string {
  const { units, wiring } = record;
  const failed = units.filter(({ error }) => error !== undefined);
  const inOrder = narrowFirst(units);
  const metrics = inOrder.flatMap((unit) =>
    Object.entries(unit.metrics).map(([name, value]) => [
      escape(unitName(unit.step, unit.item)),
      escape(name),
      `<span class="number">${metricText(value)}</span>`,
    ])
  );
  const sections = [
    facts(record),
    ...failed.map(({ step, item, error }) =>
      `<p class="error">${escape(`${unitName(step, item)}: ${error}`)}</p>`
    ),
    ...wiring ? ["<h2>Steps</h2>", graphSvg(wiring, (node) => look(node, units))] : [],
    "<h2>Times</h2>",
    times(record),
    ...metrics.length > 0
      ? ["<h2>Metrics</h2>", htmlTable(["Step", "Metric", "Value"], metrics)]
      : [],
    "<h2>Outputs</h2>",
    htmlTable(
      ["Step", "Status", "Time", "Size", "Output", "Why it ran"],
      inOrder.map((unit) => row(unit, link)),
    ),
    ...logs.length > 0 ? ["<h2>Logs</h2>", ...logs.slice(0, SHOWN_LOGS).map(logSection)] : [],
    ...logs.length > SHOWN_LOGS ? [`<p>and ${logs.length - SHOWN_LOGS} more</p>`] : [],
  ];
  return runnerPage(`Run ${record.run}`, sections.join("\n"));
}

function logSection(log: StepLog): string {
  const name = escape(unitName(log.step, log.item));
  return `<details><summary>${name}</summary><pre>${
    escape(logLines(log).join("\n"))
  }</pre></details>`;
}

function facts(record: RunRecord): string {
  const { pipeline, startedAt, seconds, params, changed = [], git, deno, sweep, status } = record;
  const other = Object.entries(params).filter(([name]) => !changed.includes(name));
  const told: [string, string][] = [
    ["Pipeline", escape(pipeline)],
    ["Status", `<span class="status ${status}">${statusText(record)}</span>`],
    ["Started", escape(startedAt.slice(0, 19).replace("T", " ") + " UTC")],
    ["Took", duration(seconds)],
    ["Changed parameters", escape(assignments(pick(params, changed)))],
    ["Other parameters", escape(assignments(Object.fromEntries(other)))],
    ...sweep ? [["Sweep", escape(`${sweep.id}: ${pointText(sweep)}`)] as [string, string]] : [],
    ["Commit", escape(git ?? "-")],
    ["Deno", escape(deno)],
  ];
  return `<dl class="facts">${
    told.map(([name, text]) => `<dt>${name}</dt><dd>${text}</dd>`).join("\n")
  }</dl>`;
}

function look({ name, kind }: WiredNode, units: readonly UnitRecord[]): BoxLook {
  const own = units.filter(({ step }) => step === name);
  if (own.length === 0) {
    return { className: "", note: kind === "step" || kind === "each" ? "not run" : kind };
  }
  const status = statusOf(own);
  return { className: status, note: `${status} · ${duration(span(own).seconds)}` };
}

/** The units of wide fan-outs last, so that tables that are cut lose only of them. */
function narrowFirst(units: readonly UnitRecord[]): UnitRecord[] {
  const byStep = Map.groupBy(units, ({ step }) => step);
  const isWide = ({ step }: UnitRecord) => byStep.get(step)!.length > SHOWN_ITEMS;
  return [...units.filter((unit) => !isWide(unit)), ...units.filter(isWide)];
}

/** A line for each unit with its time at work, on one axis. */
function times({ units, seconds }: RunRecord): string {
  const lines = lanes(units);
  const ends = units.map((unit) => unit.startedAfter + unit.seconds);
  const total = ends.reduce((last, end) => Math.max(last, end), Math.max(seconds, 0.001));
  const share = (time: number) => `${(100 * time / total).toFixed(2)}%`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    `<span style="left:${100 * part}%">${part === 0 ? "0" : duration(part * total)}</span>`
  );
  return `<div class="times">
${
    lines.map(({ name, own }) =>
      `<div>${escape(name)}</div><div class="lane">${
        own.map((unit) =>
          `<div class="bar ${unit.status}" style="left:${share(unit.startedAfter)};width:${
            share(unit.seconds)
          }" title="${escape(`${unitName(unit.step, unit.item)}: ${unit.status}`)}"></div>`
        ).join("")
      }</div><div class="number">${statusOf(own)} ${duration(span(own).seconds)}</div>`
    ).join("\n")
  }
<div></div><div class="axis">${ticks.join("")}</div><div></div>
</div>`;
}

/** The units in the order of their starts; those of a wide fan-out together on one line. */
function lanes(units: readonly UnitRecord[]): { name: string; own: UnitRecord[] }[] {
  const byStep = Map.groupBy(units, ({ step }) => step);
  const lines = [...byStep].flatMap(([step, own]) =>
    own.length > SHOWN_ITEMS
      ? [{ name: `${step} × ${own.length}`, own: merged(own) }]
      : own.map((unit) => ({ name: unitName(step, unit.item), own: [unit] }))
  );
  return lines.sort((a, b) => span(a.own).from - span(b.own).from);
}

/** Bars that touch, as one of each status: ten thousand items stay a small page. */
function merged(units: readonly UnitRecord[]): UnitRecord[] {
  const bars: UnitRecord[] = [];
  for (const unit of units.toSorted((a, b) => a.startedAfter - b.startedAfter)) {
    const last = bars.at(-1);
    const end = last && last.startedAfter + last.seconds;
    if (last && unit.status === last.status && unit.startedAfter <= end! + 0.01) {
      const until = Math.max(end!, unit.startedAfter + unit.seconds);
      bars[bars.length - 1] = { ...last, item: undefined, seconds: until - last.startedAfter };
    } else bars.push(unit);
  }
  return bars;
}

function row(unit: UnitRecord, link: (digest: string) => string): string[] {
  const { step, item, status, seconds, artifact, reasons = [] } = unit;
  return [
    escape(unitName(step, item)),
    `<span class="status ${status}">${status}</span>`,
    `<span class="number">${duration(seconds)}</span>`,
    artifact ? `<span class="number">${size(artifact.bytes)}</span>` : "",
    artifact ? outputLink(link(artifact.digest), artifact.digest) : "",
    escape(reasons.join(", ")),
  ];
}

function statusOf(units: readonly UnitRecord[]): StepStatus {
  return weightiest.find((status) => units.some((unit) => unit.status === status)) ?? "ran";
}

/** From the first start to the last end. */
function span(units: readonly UnitRecord[]): { from: number; seconds: number } {
  let [from, until] = [Infinity, 0];
  for (const { startedAfter, seconds } of units) {
    from = Math.min(from, startedAfter);
    until = Math.max(until, startedAfter + seconds);
  }
  return { from, seconds: until - from };
}

function pick(values: Readonly<Record<string, unknown>>, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
