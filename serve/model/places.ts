/** The places for models, and who is found where. */

import type { Config } from "../config/schema.ts";
import type { Role } from "../contract.ts";
import { Problem } from "../http/problem.ts";
import type { RunningModel } from "./running_model.ts";

/** A place for one model. */
export interface Place {
  /** What is served there, as `latest`. */
  readonly reference: string;
  /** The model that answers, undefined until one could be loaded. */
  readonly current: RunningModel | undefined;
}

/** All places. */
export class Places<P extends Place = Place> {
  /** Every place: the champion's, the challenger's, those of extra models. */
  readonly all: readonly P[];
  /** Whose model answers by default. */
  readonly champion: P;
  /** Whose model answers a share, or predicts unseen. */
  readonly challenger: P | undefined;

  /** Makes the places that the settings name; `number` is that in {@linkcode Places.all}. */
  constructor(
    { model, challenger, challengerMode, extraModels }: Config,
    make: (role: Role, reference: string, number: number) => P,
  ) {
    this.champion = make("champion", model, 0);
    const all = [this.champion];
    if (challenger !== undefined) {
      const role = challengerMode === "shadow" ? "shadow" : "challenger";
      all.push(this.challenger = make(role, challenger, 1));
    }
    // They answer only those who name them.
    for (const reference of extraModels) all.push(make("champion", reference, all.length));
    this.all = all;
  }

  /**
   * The model that answers.
   *
   * @param name What it is asked by: its reference, its name, or name and
   * version; undefined for the champion.
   * @throws {Problem} 404 where there is no such model, 503 where it is not loaded.
   */
  model(name?: string, version?: string): NonNullable<P["current"]> {
    if (name === undefined) {
      const { current } = this.champion;
      if (current) return current;
      throw new Problem(503, "Cannot predict: no model is loaded", {
        headers: { "Retry-After": "5" },
      });
    }
    for (const { current, reference } of this.all) {
      if (!current) continue;
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
}

/** The name in `models:/credit-score@champion`. */
function registered(reference: string): string | undefined {
  return /^models:\/([^@/]+)/.exec(reference)?.[1];
}
