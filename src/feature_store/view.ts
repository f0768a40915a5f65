/** What is kept of an entity, declared once for training, materialisation and serving. */

import { nearestName, UsageError, UserError } from "../base/mod.ts";

/** What a feature's values are. */
export type StoredKind = "number" | "integer" | "text" | "boolean";

/** A value of a feature; null where it is missing. */
export type StoredValue = number | string | boolean | null;

/** Whom a view tells of: text, or a whole number. */
export type EntityId = string | number;

/** A feature view, plain data. */
export interface FeatureView {
  /** Letters, digits and `_`, as `spending`. */
  readonly name: string;
  /** Whose features they are: the column, and field of a request, that holds the id. */
  readonly entity: { readonly name: string; readonly kind: "text" | "integer" };
  /** The features by name. */
  readonly features: Readonly<Record<string, StoredKind>>;
  /** Seconds after which values count no more, in training as in serving; never if it is left out. */
  readonly ttlSeconds?: number;
  /**
   * Who writes the values: a step of a pipeline materialises them, or requests push them to
   * `POST /features/<view>`.
   */
  readonly source: "step" | "request";
  /** Models go on without it: no view, or nothing stored of an entity, is no fault then. */
  readonly optional?: true;
  /** What it means. */
  readonly description?: string;
}

/** A view that is not there. */
export class UnknownView extends UserError {
  /** Name of the class. */
  override name = "UnknownView";
}

const kinds: readonly string[] = ["number", "integer", "text", "boolean"] satisfies StoredKind[];
const word = /^[A-Za-z]\w{0,99}$/;

/**
 * Declares a view.
 *
 * @throws {UsageError} naming what cannot be, as a name with a colon.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const spending = featureView({
 *   name: "spending",
 *   entity: { name: "customer", kind: "text" },
 *   features: { payments_30d: "integer", mean_payment: "number" },
 *   ttlSeconds: 30 * 86_400,
 *   source: "step",
 * });
 * assertEquals(Object.keys(spending.features).length, 2);
 * ```
 */
export function featureView(view: FeatureView): FeatureView {
  const refuse = (reason: string, next: string): never => {
    throw new UsageError(`Cannot declare the feature view "${view.name}": ${reason}`, { next });
  };
  if (!word.test(view.name)) {
    refuse("that is no name", "use up to 100 letters, digits and _, with a letter first");
  }
  const { entity, ttlSeconds, source } = view;
  const names = Object.keys(view.features);
  if (names.length === 0) refuse("it has no features", "declare one or more");
  if (entity.kind !== "text" && entity.kind !== "integer") {
    refuse(`ids of kind "${entity.kind}" cannot be`, 'use "text" or "integer"');
  }
  for (const name of [entity.name, ...names]) {
    if (name === "") refuse("a name is empty", "name every feature, and the entity");
  }
  if (entity.name in view.features) {
    refuse(`"${entity.name}" is its entity and a feature`, "rename one of them");
  }
  for (const [name, kind] of Object.entries(view.features)) {
    if (!kinds.includes(kind)) {
      refuse(`"${name}" cannot be of kind "${kind}"`, `use one of ${kinds.join(", ")}`);
    }
  }
  if (ttlSeconds !== undefined && !(ttlSeconds > 0 && Number.isFinite(ttlSeconds))) {
    refuse(`a TTL of ${ttlSeconds} seconds cannot be`, "use a number above 0, or none");
  }
  if (source !== "step" && source !== "request") {
    refuse(`its source cannot be "${source}"`, 'use "step" or "request"');
  }
  return view;
}

/**
 * The view of a name.
 *
 * @throws {UnknownView} naming those that there are.
 */
export function viewNamed(views: readonly FeatureView[], name: string): FeatureView {
  const found = views.find((view) => view.name === name);
  if (found !== undefined) return found;
  const known = views.map((view) => view.name);
  const near = nearestName(name, known);
  throw new UnknownView(
    `There is no feature view "${name}": ${
      known.length === 0 ? "none is declared" : `declared are ${known.join(", ")}`
    }`,
    {
      next: near === undefined
        ? "run the pipeline that materialises it, which declares it"
        : `did you mean "${near}"?`,
    },
  );
}

/**
 * What keeps values of a view from being read as an earlier declaration has them, feature by
 * feature; nothing if what is stored can be used. More features, another TTL or description are no
 * hindrance.
 *
 * @param wanted As a model was trained on it.
 * @param stored As it is declared now.
 */
export function changesOf(
  wanted: FeatureView,
  stored: FeatureView,
): ReadonlyMap<string, string> {
  const changes = new Map<string, string>();
  const { entity } = wanted;
  const moved = entity.name !== stored.entity.name || entity.kind !== stored.entity.kind;
  for (const [name, kind] of Object.entries(wanted.features)) {
    const now = stored.features[name];
    if (moved) {
      changes.set(
        name,
        `its view is now of "${stored.entity.name}" (${stored.entity.kind}), and was of ` +
          `"${entity.name}" (${entity.kind})`,
      );
    } else if (now === undefined) changes.set(name, "it is gone from its view");
    else if (now !== kind) changes.set(name, `it is now of kind ${now}, and was ${kind}`);
  }
  return changes;
}

/**
 * An id as its view has it.
 *
 * @returns undefined if it is none: empty, too long, no whole number.
 */
export function entityIdOf(
  { entity: { kind } }: Pick<FeatureView, "entity">,
  value: unknown,
): EntityId | undefined {
  if (kind === "text") {
    // As a table or a request may have a number for a text.
    const text = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
    return typeof text === "string" && text !== "" && text.length <= 1000 ? text : undefined;
  }
  const number = typeof value === "string" && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? Number(number) + 0 : undefined;
}

/**
 * A value as its feature has it.
 *
 * @returns undefined if it is none of that kind; null, and NaN, are missing.
 */
export function storedValueOf(kind: StoredKind, value: unknown): StoredValue | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  switch (kind) {
    case "text":
      return typeof value === "string" ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "integer":
      return Number.isSafeInteger(value) ? Number(value) + 0 : undefined;
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }
}
