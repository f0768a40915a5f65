/** The places that follow what they refer to. */

import { Places } from "./model_directory.ts";
import type { Slot } from "./slot.ts";

/** All slots. */
export class Slots extends Places<Slot> {
  /** Looks for changes of every model. */
  async follow(): Promise<void> {
    await Promise.all(this.all.map((slot) => slot.follow()));
  }

  /** Frees every model once its last prediction is done. */
  async close(): Promise<void> {
    await Promise.all(this.all.map((slot) => slot.close()));
  }
}
