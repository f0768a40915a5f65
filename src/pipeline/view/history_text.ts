/** Runs as text. */

import type { Change, RunDiff } from "../history/diff.ts";
import type { RunRecord, UnitRecord } from "../history/run_record.ts";
import { unitName } from "../graph.ts";
import { duration } from "./words.ts";

/** Metrics of a run that a list of runs has room for. */
const SHOWN_METRICS = 3;

/** A table of runs, newest first. */
export function runsText(runs: readonly RunRecord[]): string {
  if (runs.length === 0) return "There are no runs yet\n";
  return table([
    ["RUN", "STARTED", "STATUS", "TIME", "COMMIT", "PARAMS", "METRICS"],
    ...runs.map((record) => [
      record.run,
      record.startedAt.slice(0, 16).replace("T", " "),
      statusText(record),
      duration(record.seconds),
      record.git ?? "-",
      assignments(record.params),
      metricsText(record.units),
    ]),
  ]);
}

/** All about one run. */
export function runText(record: RunRecord): string {
  const lines = [
    `run       ${record.run}`,
    `started   ${record.startedAt}`,
    `status    ${statusText(record)} after ${duration(record.seconds)}`,
    `params    ${assignments(record.params)}`,
    `commit    ${record.git ?? "-"}`,
    `deno      ${record.deno}`,
  ];
  const steps = table([
    ["STEP", "STATUS", "TIME", "BYTES", "ARTIFACT", "REASON"],
    ...record.units.map(({ step, item, status, seconds, artifact, reasons }) => [
      unitName(step, item),
      status,
      duration(seconds),
      artifact ? String(artifact.bytes) : "-",
      artifact?.digest ?? "-",
      reasons?.join("; ") ?? "",
    ]),
  ]);
  const metrics = record.units.flatMap((unit) =>
    Object.entries(unit.metrics).map(([name, value]) => [
      unitName(unit.step, unit.item),
      name,
      String(value),
    ])
  );
  const shown = metrics.length === 0 ? "" : `\n${table([["STEP", "METRIC", "VALUE"], ...metrics])}`;
  return `${lines.join("\n")}\n\n${steps}${shown}`;
}

/** What changed from one run to another. */
export function diffText(diff: RunDiff): string {
  const short = (digest: string | undefined) => digest?.slice(0, 12);
  const sections = [
    section("params", diff.params),
    section("code", diff.code.map(({ name, from, to }) => ({ name, ...direction(from, to) }))),
    section(
      "inputs",
      diff.inputs.map(({ name, from, to }) => ({ name, from: short(from), to: short(to) })),
    ),
    section(
      "outputs",
      diff.outputs.map(({ name, from, to }) => ({ name, from: short(from), to: short(to) })),
    ),
    section("metrics", diff.metrics),
    section(
      "environment",
      diff.environment.map(({ name, from, to }) => ({ name, from: short(from), to: short(to) })),
    ),
  ].filter((text) => text !== "");
  return sections.length === 0 ? "Nothing changed\n" : sections.join("\n");
}

/** Digests of code tell nobody anything; whether it is new, gone or changed does. */
function direction(from: string | undefined, to: string | undefined) {
  return { from: from && "kept", to: to && (from ? "changed" : "new") };
}

function section<T>(title: string, changes: readonly Change<T>[]): string {
  if (changes.length === 0) return "";
  const rows = changes.map(({ name, from, to }) => ["", name, `${from ?? "-"} → ${to ?? "-"}`]);
  return `${title}\n${table(rows)}`;
}

function statusText({ status, exitCode }: RunRecord): string {
  if (status === "running") return "running or killed";
  return exitCode !== undefined && exitCode > 2 && exitCode !== 130
    ? `${status} (${exitCode})`
    : status;
}

function assignments(values: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(values).map(([name, value]) => {
    return `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`;
  });
  return texts.join(" ") || "-";
}

function metricsText(units: readonly UnitRecord[]): string {
  const all = units.flatMap(({ metrics }) => Object.entries(metrics));
  const shown = all.slice(0, SHOWN_METRICS).map(([name, value]) => `${name}=${round(value)}`);
  if (all.length > SHOWN_METRICS) shown.push("…");
  return shown.join(" ") || "-";
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  return rows.map((row) => `${row.map((cell, j) => cell.padEnd(widths[j])).join("  ").trimEnd()}\n`)
    .join("");
}
