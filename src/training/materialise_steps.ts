/** The way of feature views to where servers read them, as steps of a pipeline. */

import { z } from "zod";
import {
  defaultProject,
  defaultStorePath,
  type FeatureView,
  type HistoryColumns,
  materialise,
  readFeatureHistory,
} from "../feature_store/mod.ts";
import {
  type Builder,
  type Handle,
  type ParamsSchema,
  secret,
  type StepContext,
  stepFunction,
} from "../pipeline/mod.ts";
import { type Table } from "../dataset/mod.ts";
import { readTable } from "../table/mod.ts";
import type { JoinedView } from "./declaration.ts";

/** Where a view is brought to, and how far. */
export interface MaterialiseParams {
  /** SQLite file. */
  readonly store: string;
  /** Address of Redis, which goes before the file. */
  readonly redis: string;
  /** Feast's project in Redis. */
  readonly project: string;
  /** Up to which moment, ISO 8601; now if it is "". */
  readonly until: string;
  /** Seconds by which rows may come late. */
  readonly late: number;
  /** Takes everything again. */
  readonly full: boolean;
}

const materialiseStep = stepFunction(
  import.meta.url,
  "materialiseStep",
  async (
    given: { view: FeatureView; columns: HistoryColumns; params: MaterialiseParams },
    rows: { path: string } | { table: Table },
    { log, metric, run, signal }: StepContext,
  ) => {
    const { view, columns, params: { store: file, redis, project, until, late, full } } = given;
    // Its drivers are read only where they are used.
    const { openOnlineStore } = await import("../online_stores/mod.ts");
    await using store = await openOnlineStore({ redisUrl: redis, path: file, project });
    if (view.source === "request") {
      await store.declare(view);
      log(`${view.name}: declared in ${store.place}; requests push its values`);
      return null;
    }
    const table = "table" in rows ? rows.table : await readTable(rows.path);
    const history = readFeatureHistory(view, table, columns);
    const moment = until === "" ? run.startedAt.getTime() : Date.parse(until);
    const done = await materialise(store, view, history, {
      ...{ until: moment, full, lateSeconds: late, signal },
    });
    metric(`${view.name}_entities`, done.entities);
    log(
      `${view.name}: ${done.rows} new rows, ${done.entities} entities written to ${store.place}, ` +
        `up to ${done.until}`,
    );
    return done;
  },
);

/**
 * The parameters of a pipeline that materialises.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(materialiseParams.safeParse({ until: "yesterday" }).success, false);
 * ```
 */
export const materialiseParams: ParamsSchema<MaterialiseParams> = z.object({
  store: z.string().min(1).default(defaultStorePath).describe("SQLite file, without Redis"),
  redis: secret(
    z.string().default(() => /* @__FOLLOWED__: as a parameter */ Deno.env.get("REDIS_URL") ?? ""),
  ).describe("Address of Redis; REDIS_URL, or the file where it is not set"),
  project: z.string().min(1).default(defaultProject).describe("Feast's project in Redis"),
  until: z.string().default("").refine(
    (text) => text === "" || Date.parse(text) >= 0,
    "wanted a moment as 2026-01-31T10:00:00Z",
  ).describe("Moment up to which values are taken, ISO 8601; now if it is empty"),
  late: z.number().min(0).default(0).describe("Seconds by which rows may come late"),
  full: z.boolean().default(false).describe("Take everything again, as after the store was lost"),
});

/**
 * Wires the way of views to where servers read them: a step each, which runs every time and takes
 * up where it ended. A view whose values requests push is declared there.
 *
 * @example
 * ```ts ignore
 * export default pipeline("payments", { params: materialiseParams, cache: false }, (builder) =>
 *   void materialiseSteps(builder, joins));
 * ```
 */
export function materialiseSteps<Params extends MaterialiseParams>(
  builder: Builder<Params>,
  joins: readonly JoinedView[],
): readonly Handle<unknown>[] {
  return joins.map(({ view, history, make, columns }) =>
    builder.step(
      `materialise_${view.name}`,
      { path: builder.file(`${view.name}_history`, history, make && { make }) },
      materialiseStep({ view, columns, params: paramsOf(builder) }),
      { cache: false },
    )
  );
}

/** Wires the way of a view to where servers read it, from a table that steps before have made. */
export function materialiseTable<Params extends MaterialiseParams>(
  builder: Builder<Params>,
  { view, columns }: Pick<JoinedView, "view" | "columns">,
  table: Handle<Table>,
): Handle<unknown> {
  return builder.step(
    `materialise_${view.name}`,
    { table },
    materialiseStep({ view, columns, params: paramsOf(builder) }),
    { cache: false },
  );
}

function paramsOf<Params extends MaterialiseParams>(
  { params: { store, redis, project, until, late, full } }: Builder<Params>,
): MaterialiseParams {
  return { store, redis, project, until, late, full };
}
