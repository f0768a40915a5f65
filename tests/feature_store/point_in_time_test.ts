/** Joins let no value from the future in. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DataError } from "../../src/base/mod.ts";
import {
  type EntityId,
  type FeatureHistory,
  featureView,
  joinViews,
  knownAt,
  readFeatureHistory,
} from "../../src/feature_store/mod.ts";

const spending = featureView({
  name: "spending",
  entity: { name: "customer", kind: "text" },
  features: { total: "number", late: "boolean" },
  ttlSeconds: 60,
  source: "step",
});

/** Every value of the history held against every row. */
function bruteForce(
  ids: readonly (EntityId | undefined)[],
  times: Float64Array,
  { ids: of, times: at, created }: FeatureHistory,
  ttlSeconds = Infinity,
): number[] {
  return ids.map((id, row) => {
    let best = -1;
    for (let place = 0; place < of.length; place++) {
      if (id === undefined || of[place] !== id || at[place] > times[row]) continue;
      if (best >= 0) {
        if (at[place] < at[best]) continue;
        if (at[place] === at[best] && created && created[place] < created[best]) continue;
      }
      best = place;
    }
    return best >= 0 && times[row] - at[best] > ttlSeconds * 1000 ? -1 : best;
  });
}

Deno.test("point in time: what a search finds is what looking at every value finds", () => {
  const id = fc.option(fc.constantFrom<EntityId>("a", "b", 1, "1"), { nil: undefined });
  // Few moments, so that many are the same and many lie at the border.
  const moment = fc.integer({ min: 0, max: 12 }).map((step) => step * 500);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(id, moment, moment), { maxLength: 40 }),
      fc.array(fc.tuple(id, moment), { maxLength: 20 }),
      fc.boolean(),
      fc.constantFrom(undefined, 0.5, 1, 2.25),
      (kept, asked, told, ttl) => {
        const history: FeatureHistory = {
          ids: kept.map(([id]) => id),
          times: Float64Array.from(kept, ([, time]) => time),
          ...told && { created: Float64Array.from(kept, ([, , created]) => created) },
          values: {},
        };
        const ids = asked.map(([id]) => id);
        const times = Float64Array.from(asked, ([, time]) => time);
        const found = [...knownAt(ids, times, history, ttl)];
        assertEquals(found, bruteForce(ids, times, history, ttl));
        found.forEach((place, row) => assert(place < 0 || history.times[place] <= times[row]));
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("point in time: rows get what was known at their moment", () => {
  const history = readFeatureHistory(spending, {
    rows: 3,
    columns: {
      customer: ["a", "a", null],
      at: ["2026-01-01T00:00:00Z", "2026-01-01T00:00:30Z", "2026-01-01"],
      total: ["1e0", "", 3],
      late: ["true", 0, null],
    },
  }, { time: "at" });
  const table = {
    rows: 6,
    columns: {
      customer: ["a", "a", "a", "a", "b", null],
      asked: [
        ...["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:30Z"],
        ...["2026-01-01T00:01:31Z", "2026-01-01T00:00:30Z", "2026-01-01T00:00:30Z"],
      ],
    },
  };
  const joined = joinViews(table, "asked", [{ view: spending, history }]);
  assertEquals(joined.columns.total, [null, 1, null, null, null, null]);
  assertEquals(joined.columns.late, [null, "true", "false", null, null, null]);
  assertEquals(joined.columns.customer, table.columns.customer);
});

Deno.test("point in time: what cannot be joined is named with its row and column", () => {
  const columns = { customer: ["a"], at: ["2026-01-01"], total: [1], late: [null] };
  const refused = (changed: Record<string, unknown>, wanted: string) => {
    const table = { rows: 1, columns: { ...columns, ...changed } as typeof columns };
    const { message } = assertThrows(
      () => readFeatureHistory(spending, table, { time: "at" }),
      DataError,
    );
    assert(message.includes(wanted), message);
  };
  refused({ at: ["yesterday"] }, 'row 1 has "yesterday" as "at"');
  refused({ at: [null] }, 'row 1 has null as "at"');
  refused({ total: ["much"] }, 'row 1 has "much" as "total", which is of kind number');
  refused({ late: ["perhaps"] }, "of kind boolean");
  const history = readFeatureHistory(spending, { rows: 1, columns }, { time: "at" });
  const join = (columns: Record<string, string[]>) => () =>
    joinViews({ rows: 1, columns }, "at", [{ view: spending, history }]);
  assertThrows(join({ at: ["2026-01-01"] }), DataError, 'there is no column "customer"');
  assertThrows(
    join({ at: ["2026-01-01"], customer: ["a"], total: ["1"] }),
    DataError,
    'have a column "total" already',
  );
});
