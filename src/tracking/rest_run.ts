/** A run as a server tells it. */

import type { StoredRun } from "./store.ts";

/** A run on a server. */
export interface RestRun extends StoredRun {
  /** URI of the run's artifacts. */
  readonly artifactUri: string;
}
