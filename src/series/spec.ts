/** What the columns of events stand for that become series of months. */

import type { ProfileSpec } from "../profile/mod.ts";

/** Events of entities, as the transactions of users, that are added up month by month. */
export type SeriesSpec = Pick<
  ProfileSpec,
  "entity" | "time" | "amount" | "currency" | "category"
>;

/** Column of the month in tables of months, which holds its first day. */
export const monthColumn = "month";
