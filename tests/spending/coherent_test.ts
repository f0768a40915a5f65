/** Totals and categories: judged without what came later, and in agreement at each earlier time. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random, WorkerPool } from "../../src/base/mod.ts";
import { fitCoherently } from "../../src/forecasting/coherent_fits.ts";
import { historyTable } from "../../src/forecasting/history_steps.ts";
import { judgeSeries } from "../../src/forecasting/judge_series.ts";
import {
  entitySeries,
  historyOf,
  loggedMonth,
  monthErrors,
  type SeriesHistory,
} from "../../src/series/mod.ts";

const begin = 12 * 2022;

/** Two users with three categories each, of which one began later. */
function users(months: number, last = 1): SeriesHistory[] {
  return ["ann", "bob"].flatMap((entity, u) => {
    const told = ["food", "fuel", "rent"].map((category, c) => {
      const random = new Random(u, c);
      const from = c === 1 ? 10 : 0;
      return [
        category,
        new Map(Array.from({ length: months - from }, (_, i) => {
          const t = i + from;
          const value = 100 * (c + 1) + t + 30 * Math.sin(Math.PI * t / 6) + 9 * random.normal();
          return [begin + t, t >= months - 6 ? last * value : value];
        })),
      ] as const;
    });
    return entitySeries(entity, new Map(told)).series;
  });
}

const setting = { horizon: 6, origins: 3 };
const judging = { ...setting, folds: 2, levels: [0.8, 0.95] };

Deno.test("coherent: forecasts of each earlier time add up, as do those to come", async () => {
  await using pool = new WorkerPool(2);
  const series = users(48);
  const heard: number[] = [];
  const judged = await judgeSeries(series, judging, {
    pool,
    onProgress: (done) => heard.push(done),
  });
  assertAlmostEquals(heard.at(-1)!, 1, 1e-9);
  const { means, models } = await fitCoherently(series, setting, { pool });
  for (const entity of ["ann", "bob"]) {
    const own = series.flatMap((one, at) => one.entity === entity ? [at] : []);
    const [total, ...parts] = own;
    assertEquals(series[total].category, "");
    means[total].forEach((value, h) =>
      assertAlmostEquals(value, parts.reduce((sum, at) => sum + means[at][h], 0), 1e-6)
    );
    for (const fold of [0, 1]) {
      const monthsOf = (at: number) => judged[at].origins[fold].months;
      monthsOf(total).forEach(({ said, came }, h) => {
        const sum = (name: "said" | "came") =>
          parts.reduce((all, at) => all + monthsOf(at)[h][name], 0);
        assertAlmostEquals(said, sum("said"), 1e-6);
        assertAlmostEquals(came, sum("came"), 1e-6);
      });
    }
  }
  // Intervals are those of the two users together.
  const ratios = (at: number) => models[at].past!.ratios;
  assertEquals(ratios(1), ratios(5));
  assert(ratios(1).length === 2 * 3 * 6, `${ratios(1).length}`);
});

Deno.test("coherent: what came later changes nothing of what was said before", async () => {
  await using pool = new WorkerPool(2);
  const [one, other] = await Promise.all(
    [1, 7].map((last) => judgeSeries(users(48, last), judging, { pool })),
  );
  one.forEach(({ origins }, at) => {
    // The last six months alone differ.
    assertEquals(origins[0].months.length, 6);
    const said = (judged: typeof one) =>
      judged[at].origins[0].months.map(({ said, bands }) => ({ said, bands }));
    assertEquals(said(one), said(other));
    assert(one[at].origins[1].months[5].came !== other[at].origins[1].months[5].came);
  });
});

Deno.test("history: the latest months of each entity, known since the last of them ended", () => {
  const spec = { entity: "user", time: "time", amount: "amount", category: "category" };
  const table = {
    rows: 4,
    columns: {
      user: ["a", "a", "a", "b"],
      category: ["food", "food", "rent", null],
      month: ["2026-01-01", "2026-03-01", "2026-02-01", "2025-12-01"],
      amount: [1, 3, 2, 4],
    },
  };
  const { columns, rows } = historyTable(spec, table, 2);
  assertEquals([rows, columns.known_at], [2, ["2026-04-01T00:00:00Z", "2026-01-01T00:00:00Z"]]);
  assertEquals(historyOf(String(columns.stored_history[0])), [
    { category: "food", month: 12 * 2026 + 2, amount: 3 },
    { category: "rent", month: 12 * 2026 + 1, amount: 2 },
  ]);
  assertEquals(columns.stored_history[1], '{"":{"2025-12":4}}');
});

Deno.test("months: what came is judged by how far ahead it was", () => {
  const beside = { lower_97_5: 0, upper_97_5: 9, ahead: 1, scale: 2 };
  const { overall, byAhead } = monthErrors([
    loggedMonth(5, 10, beside),
    loggedMonth(5, 4, { ...beside, ahead: 3 }),
    // A log of before tells neither; an amount of 0 has no share.
    loggedMonth(5, 0, {}),
  ]);
  assertEquals(overall, { mase: 1.5, mape: 37.5, coverage_97_5: 0.5 });
  assertEquals([...byAhead.keys()], [1, 3]);
  assertEquals(byAhead.get(3), { mase: 0.5, mape: 25, coverage_97_5: 1 });
});
