/** The places for models, and who is found where. */

import type { Config } from "../config/schema.ts";
import type { Role } from "../contract.ts";
import { Problem } from "../http/problem.ts";
import type { RunningModel } from "./running_model.ts";

/** A place for one model. */
export interface ModelPlace {
  /** What is served there, as `latest`. */
  readonly reference: string;
  /** The model that answers, undefined until one could be loaded. */
  readonly current: RunningModel | undefined;
}

/** All places. */
export class Places<P extends ModelPlace = ModelPlace> {
  readonly #all: P[];
  /** How many the settings name. */
  readonly configured: number;
  /** Whose model answers by default. */
  readonly champion: P;
  /** Whose model answers a share, or predicts unseen. */
  readonly challenger: P | undefined;

  /** Makes the places that the settings name; `number` is that in {@linkcode Places.all}. */
  constructor(
    { model, challenger, challengerMode, extraModels }: Config,
    private readonly make: (role: Role, reference: string, number: number) => P,
  ) {
    this.champion = make("champion", model, 0);
    const all = this.#all = [this.champion];
    if (challenger !== undefined) {
      const role = challengerMode === "shadow" ? "shadow" : "challenger";
      all.push(this.challenger = make(role, challenger, 1));
    }
    // They answer only those who name them.
    for (const reference of extraModels) this.add(reference);
    this.configured = all.length;
  }

  /** Every place: the champion's, the challenger's, those of extra models. */
  get all(): readonly P[] {
    return this.#all;
  }

  /** Makes a place for one more model, which answers only those who name it. */
  add(reference: string): P {
    const place = this.make("champion", reference, this.#all.length);
    this.#all.push(place);
    return place;
  }

  /** The place that is known by a name, whether a model is there or not. */
  find(name: string): P | undefined {
    return this.#all.find((place) => isKnownBy(place, name));
  }

  /**
   * The model that answers.
   *
   * @param name What it is asked by: its reference, its name, or name and
   * version; undefined for the champion.
   * @throws {Problem} 404 if there is no such model, 503 if it is not loaded.
   */
  model(name?: string, version?: string): NonNullable<P["current"]> {
    if (name === undefined) {
      const { current } = this.champion;
      if (current) return current;
      throw new Problem(503, "Cannot predict: no model is loaded", {
        headers: { "Retry-After": "5" },
      });
    }
    for (const place of this.#all) {
      const { current } = place;
      if (!current || !isKnownBy(place, name)) continue;
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

function isKnownBy({ current, reference }: ModelPlace, name: string): boolean {
  const names = [reference, referencedName(reference)];
  if (current) names.push(current.name, `${current.name}_v_${current.version}`);
  return names.includes(name);
}

/** The name in `models:/credit-score@champion`; another reference is one itself. */
export function referencedName(reference: string): string {
  return /^models:\/([^@/]+)/.exec(reference)?.[1] ?? reference;
}
