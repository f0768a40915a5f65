/**
 * Features by entity: declared once, joined for training as they were known, kept for serving.
 * The stores themselves, which bring their drivers along, are in `online_stores/`.
 *
 * @module
 */

export {
  changesOf,
  type EntityId,
  entityIdOf,
  type FeatureView,
  featureView,
  type StoredKind,
  type StoredValue,
  storedValueOf,
  UnknownView,
  viewNamed,
} from "./view.ts";
export {
  defaultProject,
  defaultStorePath,
  type EntityValues,
  type KeptValues,
  type OnlineStore,
} from "./store.ts";
export { materialise, type Materialised, type MaterialiseOptions } from "./materialise.ts";
export {
  type FeatureHistory,
  type HistoryColumns,
  joinViews,
  knownAt,
  readFeatureHistory,
  type ViewJoin,
} from "./point_in_time.ts";
