/** A run as a page: the steps as a graph, when each was at work, what it recorded. */

import { type Html, html, type HtmlPart } from "../../base/mod.ts";
import type { StepStatus } from "../../run_events/mod.ts";
import {
  type RunRecord,
  type StepLog,
  unitName,
  type UnitRecord,
  type WiredNode,
} from "../../pipeline/mod.ts";
import { type BoxLook, graphSvg } from "./graph_svg.ts";
import { logLines, statusText } from "./history_text.ts";
import { htmlTable, outputLink, runnerPage } from "./page.ts";
import { pointText } from "./event_lines.ts";
import { assignments, duration, metricText, size } from "../../terminal/mod.ts";

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
      unitName(unit.step, unit.item),
      name,
      html`<span class="number">${metricText(value)}</span>`,
    ])
  );
  const section = (title: string, ...parts: Html[]) => html`<h2>${title}</h2>${parts}`;
  const outputs = inOrder.map((unit) => row(unit, link));
  const body = [
    facts(record),
    ...failed.map(({ step, item, error }) =>
      html`<p class="error">${`${unitName(step, item)}: ${error}`}</p>\n`
    ),
    wiring ? section("Steps", graphSvg(wiring, (node) => look(node, units))) : [],
    section("Times", times(record)),
    metrics.length > 0 ? section("Metrics", htmlTable(["Step", "Metric", "Value"], metrics)) : [],
    section(
      "Outputs",
      htmlTable(["Step", "Status", "Time", "Size", "Output", "Why it ran"], outputs),
    ),
    logs.length > 0 ? section("Logs", ...logs.slice(0, SHOWN_LOGS).map(logSection)) : [],
    logs.length > SHOWN_LOGS ? html`<p>and ${logs.length - SHOWN_LOGS} more</p>` : [],
  ];
  return runnerPage(`Run ${record.run}`, body);
}

function logSection(log: StepLog): Html {
  const text = logLines(log).join("\n");
  return html`
    <details>
      <summary>${unitName(log.step, log.item)}</summary>
      <pre>${text}</pre>
    </details>
  `;
}

function facts(record: RunRecord): Html {
  const { pipeline, startedAt, seconds, params, changed = [], git, deno, sweep, status } = record;
  const other = Object.entries(params).filter(([name]) => !changed.includes(name));
  const told: [string, HtmlPart][] = [
    ["Pipeline", pipeline],
    ["Status", html`<span class="status ${status}">${statusText(record)}</span>`],
    ["Started", startedAt.slice(0, 19).replace("T", " ") + " UTC"],
    ["Took", duration(seconds)],
    ["Changed parameters", assignments(pick(params, changed))],
    ["Other parameters", assignments(Object.fromEntries(other))],
    ...sweep ? [["Sweep", `${sweep.id}: ${pointText(sweep)}`] as [string, string]] : [],
    ["Commit", git ?? "-"],
    ["Deno", deno],
  ];
  return html`<dl class="facts">${
    told.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>\n`)
  }</dl>\n`;
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
function times({ units, seconds }: RunRecord): Html {
  const lines = lanes(units);
  const ends = units.map((unit) => unit.startedAfter + unit.seconds);
  const total = ends.reduce((last, end) => Math.max(last, end), Math.max(seconds, 0.001));
  const share = (time: number) => `${(100 * time / total).toFixed(2)}%`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    html`<span style="left:${100 * part}%">${part === 0 ? "0" : duration(part * total)}</span>`
  );
  const bar = ({ step, item, status, startedAfter, seconds }: UnitRecord) => {
    const style = `left:${share(startedAfter)};width:${share(seconds)}`;
    const title = `${unitName(step, item)}: ${status}`;
    return html`<div class="bar ${status}" style="${style}" title="${title}"></div>`;
  };
  return html`<div class="times">
${
    lines.map(({ name, own }) =>
      html`
        <div>${name}</div>
        <div class="lane">${own.map(bar)}</div>
        <div class="number">${statusOf(own)} ${duration(span(own).seconds)}</div>
      `
    )
  }
<div></div><div class="axis">${ticks}</div><div></div>
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

function row(unit: UnitRecord, link: (digest: string) => string): HtmlPart[] {
  const { step, item, status, seconds, artifact, reasons = [] } = unit;
  return [
    unitName(step, item),
    html`<span class="status ${status}">${status}</span>`,
    html`<span class="number">${duration(seconds)}</span>`,
    artifact ? html`<span class="number">${size(artifact.bytes)}</span>` : "",
    artifact ? outputLink(link(artifact.digest), artifact.digest) : "",
    reasons.join(", "),
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
