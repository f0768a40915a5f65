/** Check digits of numbers that name a person or an account. */

/** Multiplication in the dihedral group of ten elements. */
function product(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5;
  return b < 5 ? 5 + (a - 5 - b + 5) % 5 : (a - b + 5) % 5;
}

/** What a digit becomes by its place from the right, each the one before applied once more. */
const permutations: readonly (readonly number[])[] = (() => {
  const first = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const all = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], first];
  while (all.length < 8) all.push(all.at(-1)!.map((digit) => first[digit]));
  return all;
})();

/**
 * Whether the last digit is right by Verhoeff's scheme, as in Aadhaar numbers.
 *
 * Source: J. Verhoeff, "Error detecting decimal codes", Mathematical Centre Tract 29, 1969.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([verhoeffValid("2363"), verhoeffValid("2364")], [true, false]);
 * ```
 */
export function verhoeffValid(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at++) {
    check = product(check, permutations[at % 8][Number(digits[digits.length - 1 - at])]);
  }
  return digits.length > 0 && check === 0;
}

/**
 * Whether the last digit is right by Luhn's scheme (ISO/IEC 7812-1), as in numbers of cards.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([luhnValid("79927398713"), luhnValid("79927398714")], [true, false]);
 * ```
 */
export function luhnValid(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]) * (1 + at % 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** Lengths of account numbers by country, from the SWIFT registry of ISO 13616. */
const ibanLengths: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BR: 29, BY: 28 },
  ...{ CH: 21, CR: 22, CY: 28, CZ: 24, DE: 22, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18 },
  ...{ FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HR: 21, HU: 28, IE: 22 },
  ...{ IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20 },
  ...{ LU: 20, LV: 21, MC: 27, MD: 24, ME: 22, MK: 19, MR: 27, MT: 31, MU: 30, NL: 18, NO: 15 },
  ...{ PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, SA: 24, SC: 31, SE: 24, SI: 19 },
  ...{ SK: 24, SM: 27, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26, UA: 29, VA: 22, VG: 24, XK: 20 },
};

/** How many letters and digits an IBAN has that begins so, undefined if no country does. */
export function ibanLength(text: string): number | undefined {
  return ibanLengths[text.slice(0, 2)];
}

/**
 * Whether it is an IBAN: of its country's length, and 1 modulo 97 (ISO 13616, ISO/IEC 7064).
 *
 * @param text Letters and digits without blanks, letters in upper case.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(ibanValid("GB82WEST12345698765432"), true);
 * assertEquals(ibanValid("GB82WEST12345698765433"), false);
 * ```
 */
export function ibanValid(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z\d]+$/.test(text) || ibanLength(text) !== text.length) {
    return false;
  }
  let rest = 0;
  for (const sign of text.slice(4) + text.slice(0, 4)) {
    const value = parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
