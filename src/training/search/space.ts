/** From learners and samplers with distributions in them to a space, and back to candidates. */

import { UsageError } from "../../base/mod.ts";
import type { SamplerSpec } from "../../samplers/mod.ts";
import {
  categorical,
  type Distribution,
  isActive,
  isDistribution,
  type Parameters,
  type ParameterValue,
  type Space,
} from "../../search/mod.ts";
import type { Candidate, CandidateLearner, LearnerChoice } from "../candidate.ts";

/** Settings of which each may be a distribution instead. */
export type Searched<Settings> = {
  readonly [Name in keyof Settings]: Settings[Name] | Distribution;
};

/** A learner of which settings are searched. */
export type SearchedLearner = LearnerChoice extends infer Choice
  ? Choice extends { readonly kind: infer Kind; readonly params?: infer Params } ?
      & { readonly kind: Kind; readonly params?: Searched<NonNullable<Params>> }
      & Searched<
        Omit<Choice, "kind" | "params">
      >
  : never
  : never;

/** What is searched: which learner, which sampler, and their settings. */
export interface SearchedSettings {
  /** A learner, or several of different kinds to choose among. */
  readonly learner: SearchedLearner | readonly SearchedLearner[];
  /** How classes are balanced, or several ways to choose among. */
  readonly sampler?: SamplerSpec | readonly SamplerSpec[];
}

interface Plain {
  readonly kind: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly [setting: string]: unknown;
}

function learnersOf({ learner }: SearchedSettings): readonly Plain[] {
  return (Array.isArray(learner) ? learner : [learner]) as readonly Plain[];
}

function samplersOf({ sampler }: SearchedSettings): readonly SamplerSpec[] {
  return sampler === undefined ? [] : Array.isArray(sampler) ? sampler : [sampler as SamplerSpec];
}

function kindOf(sampler: SamplerSpec): string {
  return typeof sampler === "string" ? sampler : sampler.kind;
}

/** What a sampler is called among all: its kind, with its parameters if others are of it too. */
function labelOf(sampler: SamplerSpec, all: readonly SamplerSpec[]): string {
  const kind = kindOf(sampler);
  const alone = all.filter((other) => kindOf(other) === kind).length === 1;
  const { params = {} } = sampler as { readonly params?: object };
  return alone ? kind : `${kind} ${JSON.stringify(params)}`;
}

/** Settings of a learner that are searched, by the names that they have in the space. */
function searchedOf({ kind, params = {}, ...beside }: Plain, several: boolean) {
  const named = (name: string) => several ? `${kind}.${name}` : name;
  return { named, all: Object.entries({ ...params, ...beside }) };
}

/**
 * The space of the settings. With several learners there is a parameter `learner`, and each
 * setting is called by its learner, as `randomForest.maxDepth`; a condition names settings of
 * the same learner.
 *
 * @throws {UsageError} if two learners are of one kind, or there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, logFloat } from "../../search/mod.ts";
 * const space = settingsSpace({
 *   learner: [
 *     { kind: "gradientBoosting", params: { learningRate: logFloat(0.01, 0.3) } },
 *     { kind: "randomForest", params: { nEstimators: 50, maxDepth: int(2, 12) } },
 *   ],
 * });
 * assertEquals(Object.keys(space), [
 *   "learner", "gradientBoosting.learningRate", "randomForest.maxDepth",
 * ]);
 * ```
 */
export function settingsSpace(settings: SearchedSettings): Space {
  const learners = learnersOf(settings);
  const kinds = learners.map(({ kind }) => kind);
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) !== i);
  if (learners.length === 0 || twice !== undefined) {
    throw new UsageError(
      learners.length === 0
        ? "Cannot search without a learner"
        : `Cannot search among two learners of the kind "${twice}"`,
      { next: "give each kind of learner once, with distributions of its settings" },
    );
  }
  const several = learners.length > 1;
  const samplers = samplersOf(settings);
  const space: Record<string, Distribution> = {};
  if (samplers.length > 1) {
    space.sampler = categorical(samplers.map((one) => labelOf(one, samplers)));
  }
  if (several) space.learner = categorical(kinds);
  for (const learner of learners) {
    const { named, all } = searchedOf(learner, several);
    for (const [name, value] of all) {
      if (!isDistribution(value)) continue;
      const { when } = value;
      const condition = when
        ? { parameter: named(when.parameter), is: when.is }
        : several
        ? { parameter: "learner", is: [learner.kind] }
        : undefined;
      space[named(name)] = { ...value, ...condition && { when: condition } };
    }
  }
  return space;
}

/** The kinds of all learners and samplers that trials may be made of. */
export function searchedKinds(settings: SearchedSettings): string[] {
  return [...learnersOf(settings).map(({ kind }) => kind), ...samplersOf(settings).map(kindOf)];
}

/** What a trial is called. */
export function trialName(number: number): string {
  return `trial_${String(number).padStart(3, "0")}`;
}

/** The candidate that parameters of the space stand for. */
export function candidateOf(
  settings: SearchedSettings,
  params: Parameters,
  number: number,
): Candidate {
  const learners = learnersOf(settings);
  const samplers = samplersOf(settings);
  const several = learners.length > 1;
  const learner = learners.find(({ kind }) => kind === params.learner) ?? learners[0];
  const sampler = samplers.find((one) => labelOf(one, samplers) === params.sampler) ?? samplers[0];
  const { named } = searchedOf(learner, several);
  const filled = (given: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => {
        if (!isDistribution(value)) return [[name, value]];
        const key = named(name);
        return Object.hasOwn(params, key) ? [[name, params[key]]] : [];
      }),
    );
  const { kind, params: given = {}, ...beside } = learner;
  return {
    name: trialName(number),
    ...sampler !== undefined && { sampler },
    learner: { kind, params: filled(given), ...filled(beside) } as CandidateLearner,
  };
}

/** Candidates at the ends of all ranges, by which mistakes are found before anything is trained. */
export function cornerCandidates(settings: SearchedSettings, space: Space): Candidate[] {
  const { learner, sampler } = space;
  const choices = (distribution: Distribution | undefined): readonly ParameterValue[] =>
    distribution?.distribution === "categorical" ? distribution.choices : [null];
  return choices(learner).flatMap((kind) =>
    choices(sampler).flatMap((way) =>
      ["low", "high"].map((end) => {
        const params: Record<string, ParameterValue> = {};
        for (const [name, distribution] of Object.entries(space)) {
          if (!isActive(distribution, params)) continue;
          params[name] = name === "learner" && kind !== null
            ? kind
            : name === "sampler" && way !== null
            ? way
            : endOf(distribution, end === "low");
        }
        return candidateOf(settings, params, 0);
      })
    )
  );
}

function endOf(distribution: Distribution, low: boolean): ParameterValue {
  if (distribution.distribution !== "categorical") return distribution[low ? "low" : "high"];
  return distribution.choices[low ? 0 : distribution.choices.length - 1];
}
