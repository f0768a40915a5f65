/** Runs as text. */

import { type RunRecord, type StepLog, unitName, type UnitRecord } from "../../pipeline/mod.ts";
import { type RunDiff, type ValueChange } from "../../run_history/mod.ts";
import {
  assignments,
  duration,
  errorLines,
  fittedTable,
  metricText,
  textTable,
} from "../../terminal/mod.ts";
import { pointText } from "./event_lines.ts";

/** Metrics of a run that a list of runs has room for. */
const SHOWN_METRICS = 4;

/**
 * A table of runs, newest first: of the parameters those that are not their defaults.
 *
 * @param columns Width of the terminal; without one nothing is cut.
 */
export function runsText(runs: readonly RunRecord[], columns = Infinity): string {
  if (runs.length === 0) return "There are no runs yet\n";
  return fittedTable(
    [
      ["RUN", "STARTED", "STATUS", "TIME", "COMMIT", "PARAMS", "METRICS"],
      ...runs.map((record) => [
        record.run,
        record.startedAt.slice(0, 16).replace("T", " "),
        statusText(record),
        duration(record.seconds),
        record.git ?? "-",
        assignments(changedParams(record)),
        metricsText(record.units),
      ]),
    ],
    columns,
    { cut: ["PARAMS", "METRICS"], leaveOut: ["COMMIT", "STARTED"] },
  );
}

/** All about one run, with what its steps told. */
export function runText(record: RunRecord, logs: readonly StepLog[] = []): string {
  const lines = [
    `run       ${record.run}`,
    `started   ${record.startedAt}`,
    `status    ${statusText(record)} after ${duration(record.seconds)}`,
    `params    ${assignments(record.params)}`,
    ...record.sweep ? [`sweep     ${record.sweep.id}: ${pointText(record.sweep)}`] : [],
    `commit    ${record.git ?? "-"}`,
    `deno      ${record.deno}`,
  ];
  const steps = textTable([
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
  const shown = metrics.length === 0
    ? ""
    : `\n${textTable([["STEP", "METRIC", "VALUE"], ...metrics])}`;
  const told = logs.flatMap((log) => [
    `\nLOG ${unitName(log.step, log.item)}`,
    ...logLines(log).map((line) => `  ${line.replaceAll("\n", "\n  ")}`),
  ]);
  return `${lines.join("\n")}\n\n${steps}${shown}${told.map((line) => `${line}\n`).join("")}`;
}

/** What a step told, line by line: what it printed as it was, an error with its causes. */
export function logLines({ entries, leftOut }: StepLog): string[] {
  return entries.flatMap((entry, index) => {
    const gap = leftOut > 0 && index === entries.length / 2 ? [`… ${leftOut} left out …`] : [];
    return [...gap, ...entryLines(entry)];
  });
}

function entryLines(entry: StepLog["entries"][number]): string[] {
  switch (entry.type) {
    case "log":
    case "output":
      return [entry.text];
    case "warning":
      return [`warning: ${entry.text}`];
    case "step_retried":
      return [...errorLines(entry.error, true), `try ${entry.attempt} failed, trying again`];
    case "step_finished":
      return entry.error ? errorLines(entry.error, true) : [];
  }
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

function section<T>(title: string, changes: readonly ValueChange<T>[]): string {
  if (changes.length === 0) return "";
  const rows = changes.map(({ name, from, to }) => ["", name, `${from ?? "-"} → ${to ?? "-"}`]);
  return `${title}\n${textTable(rows)}`;
}

/** How a run ended, with the exit code that its pipeline chose. */
export function statusText({ pinned, ...record }: RunRecord): string {
  return `${endText(record)}${pinned ? ", pinned" : ""}`;
}

function endText({ status, exitCode }: RunRecord): string {
  if (status === "running") return "running or killed";
  return exitCode !== undefined && exitCode > 2 && exitCode !== 130
    ? `${status} (${exitCode})`
    : status;
}

function changedParams({ params, changed }: RunRecord): Record<string, unknown> {
  const names = changed ?? Object.keys(params); // runs of before this was kept
  return Object.fromEntries(names.map((name) => [name, params[name]]));
}

/** The last steps' metrics first: they sum up. Those of a fan-out's items name their item. */
function metricsText(units: readonly UnitRecord[]): string {
  const inOrder = [
    ...units.filter(({ item }) => item === undefined).reverse(),
    ...units.filter(({ item }) => item !== undefined) // ended as their lanes had it
      .sort((a, b) => unitName(a.step, a.item) < unitName(b.step, b.item) ? -1 : 1),
  ];
  const all = inOrder.flatMap(({ item, metrics }) =>
    Object.entries(metrics).map(([name, value]) => `${unitName(name, item)}=${metricText(value)}`)
  );
  const shown = all.slice(0, SHOWN_METRICS);
  if (all.length > SHOWN_METRICS) shown.push("…");
  return shown.join(" ") || "-";
}
