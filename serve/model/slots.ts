/** All models that a server serves. */

import { Problem } from "../http/problem.ts";
import type { LoadedModel } from "./loaded_model.ts";
import type { Slot } from "./slot.ts";

/** The places for models, and who is found where. */
export class Slots {
  /** Every place, the champion's first. */
  readonly all: readonly Slot[];

  /** Takes the places; extra models answer only those who name them. */
  constructor(
    readonly champion: Slot,
    readonly challenger: Slot | undefined,
    extras: readonly Slot[],
  ) {
    this.all = [champion, ...(challenger ? [challenger] : []), ...extras];
  }

  /**
   * The model that answers.
   *
   * @param name What it is asked by: its reference, its name, or name and
   * version; undefined for the champion.
   * @throws {Problem} 404 where there is no such model, 503 where it is not loaded.
   */
  model(name?: string, version?: string): LoadedModel {
    if (name === undefined) {
      const { current } = this.champion;
      if (current !== undefined) return current;
      throw new Problem(503, "Cannot predict: no model is loaded", {
        headers: { "Retry-After": "5" },
      });
    }
    for (const { current, reference } of this.all) {
      if (current === undefined) continue;
      const names = [reference, current.name, `${current.name}_v_${current.version}`];
      if (!names.includes(name) && registered(reference) !== name) continue;
      if (version === undefined || version === current.version) return current;
    }
    const loaded = this.all.flatMap(({ current }) => current ? [current.name] : []);
    throw new Problem(
      404,
      `There is no model "${name}"${version === undefined ? "" : ` of version "${version}"`}: ` +
        `${loaded.length === 0 ? "none is loaded" : `loaded are ${loaded.join(", ")}`}`,
    );
  }

  /** Looks for changes of every model. */
  async follow(): Promise<void> {
    await Promise.all(this.all.map((slot) => slot.follow()));
  }

  /** Frees every model once its last prediction is done. */
  async close(): Promise<void> {
    await Promise.all(this.all.map((slot) => slot.close()));
  }
}

/** The name in `models:/credit-score@champion`. */
function registered(reference: string): string | undefined {
  return /^models:\/([^@/]+)/.exec(reference)?.[1];
}
