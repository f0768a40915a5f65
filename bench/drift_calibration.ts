/**
 * Measures how often drift reports are wrong: `deno task drift-calibration`
 * draws thousands of pairs of samples without drift, and with a known one, and
 * writes what each preset says of them to `reports/drift_calibration.html` and
 * `.json`. `--quick` draws a tenth.
 */

import { deriveSeed, WorkerPool, writeFileAtomic } from "../src/base/mod.ts";
import { lineFigure, page } from "../src/report/mod.ts";
import {
  type Draw,
  type Method,
  methods,
  SHIFT,
  simulateTask,
  type Tally,
} from "./drift_simulation.ts";

/** Reports of each size; the largest cost a second each. */
const sizes: readonly Omit<Draw, "seed">[] = [
  { reference: 100, current: 100, reports: 1000, shifted: 200 },
  { reference: 300, current: 300, reports: 1000, shifted: 200 },
  { reference: 1000, current: 1000, reports: 1000, shifted: 200 },
  { reference: 3000, current: 3000, reports: 400, shifted: 100 },
  { reference: 10_000, current: 10_000, reports: 200, shifted: 50 },
  { reference: 30_000, current: 30_000, reports: 100, shifted: 20 },
  { reference: 100_000, current: 100_000, reports: 20, shifted: 20 },
  { reference: 5000, current: 100, reports: 400, shifted: 100 },
  { reference: 5000, current: 1000, reports: 200, shifted: 50 },
];
/** Draws are shared out in so many parts, so that all workers end at about the same time. */
const PARTS = 10;

/** Shares of reports of one size, in [0, 1]. */
export interface CalibrationRow {
  /** Rows of the reference. */
  readonly reference: number;
  /** Rows of the current data. */
  readonly current: number;
  /** Reports without drift. */
  readonly reports: number;
  /** Reports with a shifted column. */
  readonly shifted: number;
  /** Share of reports without drift in which some column drifted all the same. */
  readonly false_alarms: Readonly<Record<Method, number>>;
  /** Mean number of columns that such a report names. */
  readonly false_columns: Readonly<Record<Method, number>>;
  /** Share of reports with a shifted column in which it was found. */
  readonly power: Readonly<Record<Method, number>>;
}

/** Draws all reports of one size. */
async function measure(draw: Omit<Draw, "seed">, pool: WorkerPool): Promise<CalibrationRow> {
  const parts = Array.from({ length: PARTS }, (_, part) => ({
    ...draw,
    reports: draw.reports / PARTS,
    shifted: draw.shifted / PARTS,
    seed: deriveSeed(draw.reference, draw.current, part),
  }));
  const tallies = await Promise.all(parts.map((part) => pool.run(simulateTask, part)));
  const share = (kind: keyof Tally, of: number) => {
    const shares = methods.map((method): [Method, number] => [
      method,
      tallies.reduce((sum, tally) => sum + tally[method][kind], 0) / of,
    ]);
    return Object.fromEntries(shares) as Record<Method, number>;
  };
  return {
    ...draw,
    false_alarms: share("alarms", draw.reports),
    false_columns: share("columns", draw.reports),
    power: share("found", draw.shifted),
  };
}

/** The next number of reports that all parts share evenly. */
const evenly = (reports: number) => PARTS * Math.ceil(reports / PARTS);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const head = [
  "Rows, reference / current",
  ...methods.map((method) => `False alarms, ${method}`),
  "Columns named, evidently",
  ...methods.map((method) => `Power, ${method}`),
  "Reports",
];
const cells = (row: CalibrationRow): string[] => [
  `${row.reference.toLocaleString("en")} / ${row.current.toLocaleString("en")}`,
  ...methods.map((method) => percent(row.false_alarms[method])),
  row.false_columns.evidently.toFixed(1),
  ...methods.map((method) => percent(row.power[method])),
  `${row.reports} + ${row.shifted}`,
];

/** The table in Markdown. */
function markdown(rows: readonly CalibrationRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = line(head.map(() => "---:"));
  return [line(head), rule, ...rows.map((row) => line(cells(row)))].join("\n");
}

async function htmlPage(rows: readonly CalibrationRow[]): Promise<string> {
  const equal = rows.filter(({ reference, current }) => reference === current);
  const curves = (kind: "false_alarms" | "power") =>
    methods.map((label) => ({
      label,
      x: equal.map(({ current }) => Math.log10(current)),
      y: equal.map((row) => row[kind][label]),
    }));
  const axes = {
    x: "Zeros of the number of rows on each side (2 is 100, 5 is 100,000)",
    y: "Share of reports",
  };
  return await page(
    "How often drift reports are wrong",
    `Reports of 28 columns. A false alarm is a report without drift that names a column. Power is ` +
      `the share of reports that name a column of normal numbers shifted by ${SHIFT} standard deviations.`,
    [{
      title: "By rows",
      table: { head, rows: rows.map(cells) },
      figures: [
        lineFigure("False alarms", axes, curves("false_alarms")),
        lineFigure("Power", axes, curves("power")),
      ],
    }],
  );
}

/** By what the number of reports is divided; anything but `--quick` ends the process, help included. */
function scaleOf(args: readonly string[]): number {
  const unknown = args.find((arg) => arg !== "--quick");
  if (unknown === undefined) return args.length > 0 ? 10 : 1;
  const help = unknown === "--help" || unknown === "-h";
  const usage = "deno task drift-calibration [--quick]: --quick draws a tenth of the reports\n";
  const text = help ? usage : `error: Cannot understand ${unknown}\nnext: ${usage}`;
  (help ? Deno.stdout : Deno.stderr).writeSync(new TextEncoder().encode(text));
  Deno.exit(help ? 0 : 2);
}

if (import.meta.main) {
  const scale = scaleOf(Deno.args);
  await using pool = new WorkerPool();
  const rows: CalibrationRow[] = [];
  for (const size of sizes) {
    rows.push(
      await measure(
        { ...size, reports: evenly(size.reports / scale), shifted: evenly(size.shifted / scale) },
        pool,
      ),
    );
    Deno.stderr.writeSync(new TextEncoder().encode(`${cells(rows.at(-1)!).join("  ")}\n`));
  }
  await writeFileAtomic("reports/drift_calibration.json", `${JSON.stringify(rows, null, 1)}\n`);
  await writeFileAtomic("reports/drift_calibration.html", await htmlPage(rows));
  Deno.stdout.writeSync(new TextEncoder().encode(`${markdown(rows)}\n`));
}
