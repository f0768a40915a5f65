/**
 * What is usual of each entity, as of each user: declared once, advanced event by event, and
 * shared by training and serving, so that no event is described by what came after it.
 *
 * @module
 */

export { advance, emptyProfile, type NameUse, type Profile } from "./profile.ts";
export { describeEvent, profileFeatures } from "./profile_features.ts";
export { type Profiles, profileTable } from "./profile_table.ts";
export { eventColumns, readEvent } from "./read_event.ts";
export type { EventFault, ProfileEvent, ProfileSpec } from "./spec.ts";
export type { Table } from "../dataset/mod.ts";
