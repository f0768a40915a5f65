/** Samplers by name, made from plain data; adding one is its file and one line here. */

import { checkKnownNames, checkSettings, DataError, lookUp } from "../base/mod.ts";
import { adasyn } from "./adasyn.ts";
import { baseline } from "./baseline.ts";
import { borderlineSmote } from "./borderline_smote.ts";
import type { Sampler } from "./contract.ts";
import { editedNearestNeighbours } from "./edited_nearest_neighbours.ts";
import { randomOverSampler } from "./random_over_sampler.ts";
import { randomUnderSampler } from "./random_under_sampler.ts";
import { smote } from "./smote.ts";
import { smoteN } from "./smote_n.ts";
import { smoteNc } from "./smote_nc.ts";
import { smoteTomek } from "./smote_tomek.ts";
import { tomekLinks } from "./tomek_links.ts";

/** The samplers by their kinds. */
export const samplersByKind = {
  none: withoutOptions(baseline),
  randomOverSampler: withoutOptions(randomOverSampler),
  randomUnderSampler: withoutOptions(randomUnderSampler),
  smote,
  smoteN,
  smoteNc,
  borderlineSmote,
  adasyn,
  tomekLinks: withoutOptions(tomekLinks),
  editedNearestNeighbours,
  smoteTomek,
};

/** A sampler, as plain data that survives JSON: its kind, with parameters if it takes any. */
export type SamplerSpec =
  | keyof typeof samplersByKind
  | {
    [Kind in keyof typeof samplersByKind]: Parameters<(typeof samplersByKind)[Kind]> extends
      [infer Params] ? {
        /** Which sampler. */
        readonly kind: Kind;
        /** Its parameters. */
        readonly params: Params;
      }
      : {
        /** Which sampler. */
        readonly kind: Kind;
        /** Its parameters; defaults if they are left out. */
        readonly params?: NonNullable<Parameters<(typeof samplersByKind)[Kind]>[0]>;
      };
  }[keyof typeof samplersByKind];

/** The kinds that {@link samplerOf} knows. */
export const samplerKinds = Object.keys(samplersByKind) as readonly (keyof typeof samplersByKind)[];

/**
 * The sampler that plain data specifies.
 *
 * @throws {UsageError} if a kind or parameter does not exist (with the one
 * that may have been meant), or is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(samplerOf("none").name, "Baseline");
 * assertEquals(samplerOf({ kind: "smote", params: { kNeighbors: 3 } }).name, "SMOTE");
 * ```
 */
export function samplerOf(spec: SamplerSpec): Sampler {
  const named = typeof spec === "string" ? { kind: spec, params: undefined } : spec;
  checkSettings("a sampler", named);
  const { kind, params, ...others } = named;
  const make = lookUp("kind of sampler", kind, /* @__CHOSEN__ */ samplersByKind) as (
    params: object,
  ) => Sampler;
  checkKnownNames(`the sampler ${kind}`, others, ["params"]);
  const sampler = make(params ?? {});
  return copying.has(kind) ? sampler : refusingBags(sampler);
}

/** Those that copy or leave out rows by their labels alone; all others measure distances. */
const copying: ReadonlySet<string> = new Set(["none", "randomOverSampler", "randomUnderSampler"]);

function refusingBags(sampler: Sampler): Sampler {
  const { name } = sampler;
  return {
    ...sampler,
    sample(data, random, options) {
      if (data.X.bags === undefined) return sampler.sample(data, random, options);
      throw new DataError(
        `Cannot use the sampler ${name}: a column holds texts, between which it has no distance`,
        { next: "use randomOverSampler or randomUnderSampler, or class weights" },
      );
    },
  };
}

/** A sampler that has nothing to set, which plain data may still try. */
function withoutOptions(
  make: () => Sampler,
): (params?: Readonly<Record<string, never>>) => Sampler {
  return (params = {}) => {
    const sampler = make();
    checkKnownNames(sampler.name, params, []);
    return sampler;
  };
}
