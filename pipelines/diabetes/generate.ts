/** Made-up measurements with the columns of the public diabetes table. */

import { Random, writeFileAtomic } from "../../src/base/mod.ts";

/** Where the measurements lie unless the user names another file. */
export const diabetesPath = "data/raw/diabetes.csv";

/** How many people are made up. */
const PEOPLE = 1000;

const header = "Pregnancies,Glucose,BloodPressure,SkinThickness,Insulin,BMI," +
  "DiabetesPedigreeFunction,Age,Outcome";

/**
 * People as CSV, one in three with diabetes; a measurement that was not taken is 0.
 * The same for the same seed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(madeUpPeople(10, 1).split("\n").length, 12); // a header, and an end of line
 * ```
 */
export function madeUpPeople(count: number, seed: number): string {
  const random = new Random(seed);
  const taken = (share: number, value: number) =>
    random.next() < share ? Math.max(1, Math.round(value)) : 0;
  const lines = Array.from({ length: count }, () => {
    const age = 21 + Math.floor(45 * random.next() ** 2);
    const bmi = Math.max(17, 32 + 6 * random.normal());
    const pedigree = Math.exp(-1 + 0.6 * random.normal());
    const glucose = Math.max(55, 105 + 0.4 * (age - 30) + 30 * random.normal());
    const risk = (glucose - 128) / 14 + (bmi - 32) / 6 + (age - 33) / 14 + pedigree - 0.4;
    const sick = random.next() < 1 / (1 + Math.exp(-1.5 * risk));
    return [
      Math.min(17, random.int(2 + Math.floor((age - 20) / 4))),
      taken(0.99, glucose),
      taken(0.95, 72 + 0.2 * (age - 33) + 11 * random.normal()),
      taken(0.7, bmi - 4 + 8 * random.normal()),
      taken(0.5, glucose + 40 * random.normal()),
      random.next() < 0.985 ? bmi.toFixed(1) : 0,
      ...[pedigree.toFixed(3), age, Number(sick)],
    ].join(",");
  });
  return `${[header, ...lines].join("\n")}\n`;
}

/** Makes the people at the default path; a file that the user names must be there. */
export function makePeople(path: string): { make?: () => Promise<void> } {
  if (path !== diabetesPath) return {};
  return { make: () => writeFileAtomic(path, madeUpPeople(PEOPLE, 42)) };
}
