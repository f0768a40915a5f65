/** How often evidence is wrong, and how many rows it takes to be right. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { numericStatistics } from "../../src/drift/mod.ts";
import {
  claimedShare,
  countRows,
  stabilityIndex,
  watchedColumn,
} from "../../src/monitoring/watch/claimed_shares.ts";
import {
  addEvidence,
  beginMoment,
  logEvidence,
  noEvidence,
  refuted,
} from "../../src/monitoring/watch/evidence.ts";

const full = Deno.args.includes("--full");
const COLUMNS = 4;
const REFERENCE = 10_000;
const ALPHA = 0.05;

/** Normal columns of a reference, and how they are watched. */
function watched(random: Random) {
  return Array.from({ length: COLUMNS }, () =>
    watchedColumn(
      numericStatistics(Float64Array.from({ length: REFERENCE }, () => random.normal())),
      { tolerance: 0.02, chance: 0.01 / (COLUMNS * 20) },
    ));
}

/** Looks at a stream after each window; the rows after which something is found, if ever. */
function firstAlarm(
  random: Random,
  { windows, rows, shift, from = 0 }: {
    readonly windows: number;
    readonly rows: number;
    readonly shift: number;
    readonly from?: number;
  },
): number | undefined {
  const columns = watched(random);
  const state = noEvidence();
  for (let window = 0; window < windows; window++) {
    beginMoment(state);
    columns.forEach((column, i) => {
      const mean = i === 0 && window >= from ? shift : 0;
      const values = Float64Array.from({ length: rows }, () => random.normal(mean));
      addEvidence(state, `c${i}`, countRows(column, { kind: "number", values }, rows).values);
    });
    const logs = Object.fromEntries(
      columns.map(({ claims }, i) => [`c${i}`, logEvidence(state, `c${i}`, claims)]),
    );
    if (refuted(logs, ALPHA).length > 0) return (window + 1 - from) * rows;
  }
  return undefined;
}

Deno.test("evidence: of streams that never change, looked at hourly for 30 days, at most 5 % alarm", () => {
  const random = new Random(7);
  const streams = full ? 200 : 10;
  let alarms = 0;
  for (let n = 0; n < streams; n++) {
    if (firstAlarm(random, { windows: 720, rows: 20, shift: 0 }) !== undefined) alarms++;
  }
  assert(alarms <= ALPHA * streams, `${alarms} of ${streams} streams`);
});

Deno.test("evidence: a shift of 0.3 standard deviations is found within 4,000 rows, late in a stream too", () => {
  const random = new Random(8);
  for (const from of [0, 100, 600]) {
    const found = Array.from(
      { length: full ? 20 : 5 },
      () => firstAlarm(random, { windows: from + 100, rows: 100, shift: 0.3, from }),
    );
    for (const rows of found) assert(rows !== undefined && rows <= 4000, `${from}: ${found}`);
  }
});

Deno.test("evidence: a drop of ten points of accuracy is found within 3,000 labels", () => {
  const random = new Random(9);
  const claim = claimedShare(0.2, 10_000, { tolerance: 0.02, chance: 0.01 / 200 });
  for (let n = 0; n < 20; n++) {
    const state = noEvidence();
    let labels = 0;
    do {
      beginMoment(state);
      labels += 100;
      const wrong = Array.from({ length: 100 }, () => random.next() < 0.3).filter(Boolean).length;
      addEvidence(state, "wrong", [100, wrong]);
    } while (logEvidence(state, "wrong", [claim]) < Math.log(20 / ALPHA));
    assert(labels <= 3000, `${labels} labels`);
  }
});

/** Chances of being wrong with this mean, as a model's probabilities have them. */
function chances(random: Random, rows: number, mean: number): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += 2 * mean * random.next();
  return sum;
}

/** The claim of a model that was wrong about a fifth of 10,000 rows. */
const expected = claimedShare(0.2, 10_000, { tolerance: 0.05, chance: 0.01 / 200 });

Deno.test("evidence: what is expected of an unchanged stream, looked at hourly for 30 days, raises no alarm", () => {
  const random = new Random(10);
  const streams = full ? 200 : 20;
  let alarms = 0;
  for (let n = 0; n < streams; n++) {
    const state = noEvidence();
    let found = false;
    for (let window = 0; window < 720 && !found; window++) {
      beginMoment(state);
      addEvidence(state, "expected", [20, chances(random, 20, 0.2)]);
      found = logEvidence(state, "expected", [expected]) >= Math.log(1 / ALPHA);
    }
    if (found) alarms++;
  }
  assert(alarms <= ALPHA * streams, `${alarms} of ${streams} streams`);
});

Deno.test("evidence: at the edge of what is claimed no more than 5 % of streams alarm either", () => {
  const random = new Random(12);
  const streams = full ? 400 : 100;
  let alarms = 0;
  for (let n = 0; n < streams; n++) {
    const state = noEvidence();
    let found = false;
    for (let window = 0; window < 200 && !found; window++) {
      beginMoment(state);
      // Indicators, which are the worst that have this mean.
      const wrong = Array.from({ length: 10 }, () => random.next() < expected.high ? 1 : 0);
      addEvidence(state, "expected", [10, wrong.reduce((sum: number, one) => sum + one, 0)]);
      found = logEvidence(state, "expected", [{ ...expected, low: 0 }]) >= Math.log(1 / ALPHA);
    }
    if (found) alarms++;
  }
  assert(alarms <= ALPHA * streams, `${alarms} of ${streams} streams`);
});

Deno.test("evidence: an expected drop of ten points is found within 6,000 rows", () => {
  const random = new Random(11);
  for (let n = 0; n < 20; n++) {
    const state = noEvidence();
    let rows = 0;
    do {
      beginMoment(state);
      rows += 100;
      addEvidence(state, "expected", [100, chances(random, 100, 0.3)]);
    } while (rows < 10_000 && logEvidence(state, "expected", [expected]) < Math.log(20 / ALPHA));
    assert(rows <= 6000, `${rows} rows`);
  }
});

Deno.test("evidence: a share's claim covers it, and is as wide as few rows make it", () => {
  const options = { tolerance: 0, chance: 1e-4 };
  const { low, high } = claimedShare(0.5, 1000, options);
  // Chernoff's bound of a fair coin: n KL(0.5 || p) = ln 10,000.
  assertAlmostEquals(high - 0.5, 0.0678, 1e-3);
  assertAlmostEquals(0.5 - low, high - 0.5, 1e-9);
  assertEquals(claimedShare(0.5, 0, options), { low: 0, high: 1 });
  assert(claimedShare(0, 1000, options).high > 0.009);
});

Deno.test("evidence: e-BH finds what is large enough for its rank", () => {
  const log = Math.log;
  assertEquals(refuted({ a: log(79), b: 0, c: 0, d: 0 }, 0.05), []);
  assertEquals(refuted({ a: log(81), b: 0, c: 0, d: 0 }, 0.05), ["a"]);
  assertEquals(refuted({ a: log(41), b: log(41), c: 0, d: 0 }, 0.05), ["a", "b"]);
});

Deno.test("watched columns: the index of stability is the statistic's over deciles", () => {
  const random = new Random(3);
  const values = Float64Array.from({ length: 1000 }, () => random.normal());
  const column = watchedColumn(numericStatistics(values), { tolerance: 0.02, chance: 1e-4 });
  const at = (shift: number) =>
    stabilityIndex(
      column,
      countRows(column, { kind: "number", values: values.map((x) => x + shift) }, 1000),
    )!;
  assertAlmostEquals(at(0), 0, 1e-12);
  // Of two normal distributions of the same spread it is the squared shift.
  assertAlmostEquals(at(0.5), 0.25, 0.08);
});
