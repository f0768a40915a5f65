/** The places for models, and who is found where. */

import { anyModel, type ExtraModel } from "../config/extra_models.ts";
import type { Config } from "../config/schema.ts";
import type { Role, Router } from "../contract.ts";
import { Problem } from "../http/problem.ts";
import { hashRouter } from "../rollout/router.ts";
import type { RunningModel } from "./running_model.ts";

/** A place for one model. */
export interface ModelPlace {
  /** What is served there, as `latest`. */
  readonly reference: string;
  /** The model that answers, undefined until one could be loaded. */
  readonly current: RunningModel | undefined;
}

/** What a model is held to that answers those who name it. */
export interface Terms<P> {
  readonly settings?: ExtraModel;
  /** The place of its challenger, and who decides about its part. */
  readonly rollout?: { readonly place: P; readonly router: Router };
  /** Requests under way, in this thread. */
  underWay: number;
  /** When it was last asked, milliseconds since 1970; 0 if it was not. */
  usedAt: number;
}

/** How often a model is loaded for a request that others pushed out again before it was its turn. */
const TRIES = 3;

/** A model that was asked for by its name. */
export interface AskedModel {
  readonly model: RunningModel;
  readonly challenger?: RunningModel;
  readonly router?: Router;
  readonly terms: Terms<unknown>;
}

/** How a place is made: its role, what it serves, its number, and whether it waits to be asked for. */
export type MakePlace<P> = (role: Role, reference: string, number: number, resting: boolean) => P;

/** All places. */
export class Places<P extends ModelPlace = ModelPlace> {
  readonly #all: P[];
  readonly #terms = new Map<P, Terms<P>>();
  /** How many the settings name. */
  readonly configured: number;
  /** Whose model answers by default. */
  readonly champion: P;
  /** Whose model answers a share, or predicts unseen. */
  readonly challenger: P | undefined;
  /** What models are held to that the settings do not name; undefined if they are not served. */
  readonly others: ExtraModel | undefined;
  /** Loads a model that is not in memory, if it may be; see {@linkcode Places.named}. */
  onMissing?: (name: string) => Promise<void>;

  /** Makes the places that the settings name; a place's number is that in {@linkcode Places.all}. */
  constructor(
    { model, challenger, challengerMode, extraModels }: Config,
    private readonly make: MakePlace<P>,
  ) {
    this.champion = make("champion", model, 0, false);
    const all = this.#all = [this.champion];
    if (challenger !== undefined) {
      const role = challengerMode === "shadow" ? "shadow" : "challenger";
      all.push(this.challenger = make(role, challenger, 1, false));
    }
    this.others = extraModels.find(({ reference }) => reference === anyModel);
    // They answer only those who name them.
    for (const extra of extraModels) if (extra !== this.others) this.add(extra.reference, extra);
    this.configured = all.length;
  }

  /** Every place: the champion's, the challenger's, those of extra models. */
  get all(): readonly P[] {
    return this.#all;
  }

  /** Makes a place for one more model, which answers only those who name it. */
  add(reference: string, settings: ExtraModel | undefined = this.others): P {
    const place = this.make("champion", reference, this.#all.length, settings?.pinned === false);
    this.#all.push(place);
    const { challenger, challengerMode: mode, challengerShare: share } = settings ?? {};
    let rollout: Terms<P>["rollout"];
    if (challenger !== undefined) {
      const role = mode === "shadow" ? "shadow" : "challenger";
      const beside = this.make(role, challenger, this.#all.length, settings?.pinned === false);
      this.#all.push(beside);
      rollout = { place: beside, router: hashRouter({ mode: mode!, share: share! }) };
    }
    this.#terms.set(place, { settings, rollout, underWay: 0, usedAt: 0 });
    return place;
  }

  /** What the model of a place is held to. */
  termsOf(place: P): Terms<P> {
    const known = this.#terms.get(place) ?? { underWay: 0, usedAt: 0 };
    this.#terms.set(place, known);
    return known;
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
    const current = this.#loaded(name, version)?.current;
    if (current) return current;
    const loaded = this.all.flatMap(({ current }) => current ? [current.name] : []);
    throw new Problem(
      404,
      `There is no model "${name}"${version === undefined ? "" : ` of version "${version}"`}: ` +
        `${loaded.length === 0 ? "none is loaded" : `loaded are ${loaded.join(", ")}`}`,
    );
  }

  /**
   * A model with its challenger and what it is held to. One that is not in memory is loaded where
   * the settings have models wait until they are asked for.
   *
   * @throws {Problem} as {@linkcode Places.model}, 503 if it cannot be loaded.
   */
  async named(name: string, version?: string): Promise<AskedModel> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (this.#loaded(name, version) !== undefined) break;
      await this.onMissing?.(name);
    }
    const model = this.model(name, version);
    const terms = this.termsOf(this.#loaded(name, version)!);
    terms.usedAt = Date.now();
    const { rollout } = terms;
    return { model, terms, challenger: rollout?.place.current, router: rollout?.router };
  }

  #loaded(name: string, version: string | undefined): P | undefined {
    return this.#all.find((place) =>
      place.current !== undefined && isKnownBy(place, name) &&
      (version === undefined || version === place.current.version)
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
