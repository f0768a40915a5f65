/** What a search may choose: distributions of parameters, as plain data. */

import { z } from "zod";
import { lookUp, UsageError } from "../base/mod.ts";

/** A value that a parameter may have. */
export type ParameterValue = number | string | boolean | null;

/** When a parameter exists: while another has one of these values. */
export interface Condition {
  /** Name of the other parameter. */
  readonly parameter: string;
  /** Values of the other for which it exists. */
  readonly is: readonly ParameterValue[];
}

/** A number in [low, high]. */
export interface FloatDistribution {
  /** Says that it is a number. */
  readonly distribution: "float";
  /** Lowest value. */
  readonly low: number;
  /** Highest value. */
  readonly high: number;
  /** Only low, low + step, low + 2 step … */
  readonly step?: number;
  /** Whether each factor is as likely as any other; then low is above 0. */
  readonly log?: boolean;
  /** When it exists; always if it is left out. */
  readonly when?: Condition;
}

/** A whole number in [low, high]. */
export interface IntDistribution {
  /** Says that it is a whole number. */
  readonly distribution: "int";
  /** Lowest value. */
  readonly low: number;
  /** Highest value. */
  readonly high: number;
  /** Only low, low + step, low + 2 step …; 1 if it is left out. */
  readonly step?: number;
  /** Whether each factor is as likely as any other; then low is 1 or more and step is 1. */
  readonly log?: boolean;
  /** When it exists; always if it is left out. */
  readonly when?: Condition;
}

/** One of several values without an order. */
export interface CategoricalDistribution {
  /** Says that it is one of several values. */
  readonly distribution: "categorical";
  /** The values. */
  readonly choices: readonly ParameterValue[];
  /** When it exists; always if it is left out. */
  readonly when?: Condition;
}

/** From what the values of one parameter are chosen. */
export type Distribution = FloatDistribution | IntDistribution | CategoricalDistribution;

/** What is chosen, by name. A parameter that depends on another stands after it. */
export type Space = Readonly<Record<string, Distribution>>;

/** Chosen values by name; a parameter that does not exist for the others is left out. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/**
 * A number in [low, high], each as likely as the others; with `step` only every so many.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(float(0.5, 1), { distribution: "float", low: 0.5, high: 1 });
 * ```
 */
export function float(
  low: number,
  high: number,
  options: { readonly step?: number } = {},
): FloatDistribution {
  return { distribution: "float", low, high, ...options };
}

/** A number in [low, high] of which each factor is as likely as any other; low is above 0. */
export function logFloat(low: number, high: number): FloatDistribution {
  return { distribution: "float", low, high, log: true };
}

/** A whole number in [low, high]; with `step` only every so many, with `log` by its factor. */
export function int(
  low: number,
  high: number,
  options: { readonly step?: number; readonly log?: boolean } = {},
): IntDistribution {
  return { distribution: "int", low, high, ...options };
}

/** One of several values without an order. */
export function categorical(choices: readonly ParameterValue[]): CategoricalDistribution {
  return { distribution: "categorical", choices };
}

/**
 * The same distribution for a parameter that only exists while another has one of some values.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const space: Space = {
 *   growth: categorical(["depthwise", "leafwise"]),
 *   numLeaves: when("growth", ["leafwise"], int(2, 64, { log: true })),
 * };
 * assertEquals(isActive(space.numLeaves, { growth: "depthwise" }), false);
 * ```
 */
export function when<D extends Distribution>(
  parameter: string,
  is: readonly ParameterValue[],
  distribution: D,
): D {
  return { ...distribution, when: { parameter, is } };
}

const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const condition = z.strictObject({ parameter: z.string(), is: z.array(value).min(1) }).optional();
const range = { low: z.number(), high: z.number(), step: z.number().optional() };
const schemas = {
  float: z.strictObject({
    distribution: z.literal("float"),
    ...range,
    log: z.boolean().optional(),
    when: condition,
  }),
  int: z.strictObject({
    distribution: z.literal("int"),
    ...range,
    log: z.boolean().optional(),
    when: condition,
  }),
  categorical: z.strictObject({
    distribution: z.literal("categorical"),
    choices: z.array(value),
    when: condition,
  }),
};

/** Whether a value of plain data is meant as a distribution. */
export function isDistribution(value: unknown): value is Distribution {
  return typeof value === "object" && value !== null && "distribution" in value;
}

/**
 * Checks a space that came as plain data.
 *
 * @throws {UsageError} naming the parameter, what was found and what is wanted.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { UsageError } from "../base/mod.ts";
 * assertThrows(
 *   () => checkSpace({ rate: logFloat(0, 1) }),
 *   UsageError,
 *   'Cannot search "rate" on a logarithmic scale from 0',
 * );
 * ```
 */
export function checkSpace(space: Space): void {
  const names = Object.keys(space);
  if (names.length === 0) {
    throw new UsageError("Cannot search an empty space", {
      next: "give a distribution by name, as in { learningRate: logFloat(0.01, 0.3) }",
    });
  }
  names.forEach((name, place) => {
    checkDistribution(name, space[name]);
    const { when } = space[name];
    if (when !== undefined) checkCondition(name, when, space, names.slice(0, place));
  });
}

function checkDistribution(name: string, given: Distribution): void {
  if (!isDistribution(given)) {
    throw new UsageError(`Cannot search "${name}" by ${JSON.stringify(given) ?? given}`, {
      next: "give a distribution, as float(0, 1), int(1, 8) or categorical([…])",
    });
  }
  const schema = lookUp<z.ZodType>("distribution", given.distribution, schemas);
  const { error } = schema.safeParse(given);
  if (error) {
    const [{ path, message }] = error.issues;
    const at = path.length > 0 ? `${path.join(".")}: ` : "";
    throw new UsageError(`Cannot search "${name}": ${at}${message}`, {
      next: `give the settings of ${given.distribution} as its function takes them`,
    });
  }
  if (given.distribution === "categorical") return checkChoices(name, given.choices);
  const { distribution, low, high, step, log = false } = given;
  const refuse = (what: string, next: string): never => {
    throw new UsageError(`Cannot search "${name}" ${what}`, { next });
  };
  if (low > high) refuse(`from ${low} to ${high}`, "give the lower end first");
  const least = distribution === "int" ? 1 : Number.MIN_VALUE;
  if (log && low < least) {
    const wanted = distribution === "int" ? "of 1 or more" : "above 0";
    refuse(`on a logarithmic scale from ${low}`, `give a lower end ${wanted}`);
  }
  // What lies between is reckoned by differences, on a logarithmic scale by quotients.
  if (!Number.isFinite(log ? high / low : high - low)) {
    refuse(`from ${low} to ${high}`, "give ends whose distance Float64 holds");
  }
  if (log && step !== undefined && !(distribution === "int" && step === 1)) {
    refuse(`on a logarithmic scale in steps of ${step}`, "leave out step or log");
  }
  if (step !== undefined && !(step > 0)) refuse(`in steps of ${step}`, "give a step above 0");
  if (distribution === "int" && ![low, high, step ?? 1].every(Number.isInteger)) {
    refuse(`from ${low} to ${high} in steps of ${step ?? 1}`, "give whole numbers, or use float");
  }
}

function checkChoices(name: string, choices: readonly ParameterValue[]): void {
  if (choices.length === 0) {
    throw new UsageError(`Cannot search "${name}" among no choices`, {
      next: "give at least one",
    });
  }
  const twice = choices.find((choice, i) => choices.indexOf(choice) !== i);
  if (twice === undefined) return;
  throw new UsageError(`Cannot search "${name}": ${JSON.stringify(twice)} is there twice`, {
    next: "give each choice once",
  });
}

function checkCondition(
  name: string,
  { parameter, is }: Condition,
  space: Space,
  before: readonly string[],
): void {
  if (!before.includes(parameter)) {
    const what = parameter in space ? "stands after it" : "is not in the space";
    throw new UsageError(`Cannot search "${name}" by "${parameter}", which ${what}`, {
      next: "put the parameter that it depends on before it",
    });
  }
  const other = space[parameter];
  const never = is.find((value) => !holds(other, value));
  if (never === undefined) return;
  throw new UsageError(
    `Cannot search "${name}": "${parameter}" is never ${JSON.stringify(never)}`,
    { next: "name values that the other parameter may have" },
  );
}

/** Whether a distribution can give a value. */
export function holds(distribution: Distribution, value: ParameterValue): boolean {
  if (distribution.distribution === "categorical") return distribution.choices.includes(value);
  if (typeof value !== "number") return false;
  const { low, high } = distribution;
  return value >= low && value <= high && cleanDistribution(distribution, value) === value;
}

/** Whether a parameter exists, given those before it. */
export function isActive({ when }: Distribution, chosen: Parameters): boolean {
  return when === undefined ||
    (Object.hasOwn(chosen, when.parameter) && when.is.includes(chosen[when.parameter]));
}

/** Whether there is nothing to choose. */
export function isSingle(distribution: Distribution): boolean {
  if (distribution.distribution === "categorical") return distribution.choices.length === 1;
  const { low, high } = distribution;
  const step = stepOf(distribution);
  return low === high || (step !== undefined && high - low < step);
}

/** The distance of neighbours; undefined if there are none. */
export function stepOf(
  { distribution, step }: FloatDistribution | IntDistribution,
): number | undefined {
  return distribution === "int" ? step ?? 1 : step;
}

/** The highest value, which is a whole number of steps above the lowest. */
export function highestOf(distribution: FloatDistribution | IntDistribution): number {
  const { low, high } = distribution;
  const step = stepOf(distribution);
  if (step === undefined) return high;
  // A little more than the quotient: 0.3 / 0.1 is just below 3.
  return tidy(low + Math.floor((high - low) / step + 1e-9) * step);
}

/** The value of a distribution that is nearest to `number`. */
export function cleanDistribution(
  distribution: FloatDistribution | IntDistribution,
  number: number,
): number {
  const { low } = distribution;
  const step = stepOf(distribution);
  const high = highestOf(distribution);
  const near = tidy(
    step === undefined ? number : low + Math.round((number - low) / step) * step,
  );
  return Math.min(Math.max(near, low), high);
}

/** Without what sums and powers leave in the last digits: 0.1 × 3 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
