/** `reports/bench.html`: all results as tables and figures. */

import { barFigure, type Figure, page, type Section } from "../src/report/mod.ts";
import { bothMegabytes, bothQualities, conditions, shortTime } from "./markdown.ts";
import type { BenchRow } from "./results.ts";
import type { Suite } from "./suite.ts";
import { verdict } from "./verdict.ts";

const method = "Ours and the peers run in turn, each measurement in a process of its own, in an " +
  "order that swaps from round to round. Only the work itself is timed: not the start of the " +
  "process, not reading the data. Inside a process the work is repeated for two seconds, at " +
  "least once and at most nine times, and the median counts; the first repetition, in which " +
  "code is compiled and threads start, is one of them. Memory is the peak of the whole process " +
  "up to the end of the first repetition, with runtime, data and what was fitted before; where a peer works in " +
  "several processes it is the sum over them, pages that they share counted once. Quality is " +
  "the mean over the rounds, which have a seed each.";

/**
 * Builds the page.
 *
 * @param suites All suites, which hold descriptions and targets.
 */
export function benchPage(
  rows: readonly BenchRow[],
  suites: readonly Suite[],
): Promise<string> {
  const names = [...new Set(rows.map(({ suite }) => suite))];
  const judged = rows.map((row) => verdict(row, rows, suites)).filter((one) => one !== undefined);
  const reached = judged.filter((one) => one.reached).length;
  const lead = rows.length === 0
    ? "Nothing has been measured yet."
    : `${conditions(rows)} A target is reached in ${reached} of ${judged.length} rows.`;
  const sections = names.flatMap((name) =>
    suiteSections(name, rows.filter(({ suite }) => suite === name), suites)
  );
  return page("Benchmark", lead, [
    ...sections,
    {
      title: "Targets",
      text: "A target is reached where time, memory and quality are, at 100,000 rows as a rule.",
      table: targetTable(rows, suites),
    },
    { title: "What is counted", text: method },
  ]);
}

function suiteSections(
  name: string,
  rows: readonly BenchRow[],
  suites: readonly Suite[],
): Section[] {
  const largest = Math.max(...rows.map(({ rows }) => rows));
  const growth = growthFigures(rows);
  return [
    {
      title: name,
      text: suites.find((suite) => suite.name === name)?.description,
      table: resultTable(rows, suites),
      figures: [ratioFigure(rows.filter(({ rows }) => rows === largest))],
    },
    ...(growth.length === 0 ? [] : [{
      title: `${name}: how cost grows with rows`,
      text:
        "Both axes are logarithmic: where a line rises by one decade for each decade of rows, " +
        "ten times the rows cost ten times the time.",
      figures: growth,
    }]),
  ];
}

function resultTable(rows: readonly BenchRow[], suites: readonly Suite[]): Section["table"] {
  const head = ["Benchmark", "Rows", "Peer", "Ours", "Peer's", "Ratio", "Memory", "Quality"];
  return {
    head: [...head, "Rounds", "Target"],
    rows: rows.map((row) => [
      row.name,
      row.rows,
      row.peer,
      shortTime(row.ours_s),
      shortTime(row.peer_s),
      row.time_ratio.toFixed(2),
      bothMegabytes(row),
      bothQualities(row),
      row.rounds,
      verdict(row, rows, suites)?.text ?? "–",
    ]),
  };
}

/** What each measured case aims at. */
function targetTable(rows: readonly BenchRow[], suites: readonly Suite[]): Section["table"] {
  const measured = new Set(rows.map(({ suite, name }) => `${suite} ${name}`));
  const aims = suites.flatMap((suite) =>
    suite.cases.flatMap(({ name, target }) =>
      target && measured.has(`${suite.name} ${name}`) ? [{ suite: suite.name, name, target }] : []
    )
  );
  return {
    head: ["Suite", "Benchmark", "Time ratio", "Memory", "Quality beside the peers'"],
    rows: aims.map(({ suite, name, target: { timeRatio, memoryShare, quality } }) => [
      suite,
      name,
      `${timeRatio} or more`,
      memoryShare === undefined ? "–" : `below ${memoryShare} of the peer's`,
      quality?.wanted ?? "–",
    ]),
  };
}

function ratioFigure(rows: readonly BenchRow[]): Figure {
  const size = rows[0].rows.toLocaleString("en");
  return barFigure(
    `Peer's time over ours at ${size} rows: above 1 ours is faster`,
    "time ratio",
    rows.map(({ name, peer, time_ratio }) => ({ label: `${name} · ${peer}`, value: time_ratio })),
  );
}

/** Time over rows for each case that was measured at several sizes. */
function growthFigures(rows: readonly BenchRow[]): Figure[] {
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.flatMap((name) => {
    const own = rows.filter((row) => row.name === name);
    const peers = [...new Set(own.map(({ peer }) => peer))];
    const ours = new Map(own.map(({ rows, ours_s }) => [rows, ours_s]));
    if (ours.size < 2) return [];
    return [growthFigure(name, [
      { label: "ours", points: [...ours] },
      ...peers.map((peer) => ({
        label: peer,
        points: own.filter((row) => row.peer === peer)
          .map(({ rows, peer_s }): [number, number] => [rows, peer_s]),
      })),
    ])];
  });
}

interface Line {
  readonly label: string;
  readonly points: readonly [rows: number, seconds: number][];
}

function growthFigure(name: string, lines: readonly Line[]): Figure {
  return {
    data: lines.map(({ label, points }) => ({
      type: "scatter",
      mode: "lines+markers",
      name: label,
      x: points.map(([rows]) => rows),
      y: points.map(([, seconds]) => seconds),
      hovertemplate: `${label}: %{x:,} rows in %{y:.3g} s<extra></extra>`,
    })),
    layout: {
      title: { text: name, x: 0, xanchor: "left" },
      xaxis: { title: { text: "rows" }, type: "log", dtick: 1 },
      yaxis: { title: { text: "seconds" }, type: "log", dtick: "D2", automargin: true },
      height: 360,
    },
    description: `${name}, time by rows: ` + lines.map(({ label, points }) =>
      `${label} ` +
      points.map(([rows, seconds]) => `${rows.toLocaleString("en")} rows ${shortTime(seconds)}`)
        .join(", ")
    ).join("; "),
  };
}
