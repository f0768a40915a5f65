/** Exact fractions, so that money is rounded once, at the end, as banks round it. */

/** A fraction of whole numbers. */
export class Rational {
  private constructor(readonly numerator: bigint, readonly denominator: bigint) {}

  /** A whole number. */
  static whole(value: number | bigint): Rational {
    return new Rational(BigInt(value), 1n);
  }

  /**
   * A number as it is written in decimals: 0.1 is a tenth.
   *
   * @throws {RangeError} if it is not finite.
   */
  static decimal(value: number): Rational {
    const found = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
    if (found === null) throw new RangeError(`Cannot reckon with ${value}: wanted a finite number`);
    const [, sign, whole, part = "", exponent = "0"] = found;
    const places = part.length - Number(exponent);
    const digits = BigInt(sign + whole + part);
    return places >= 0
      ? new Rational(digits, 10n ** BigInt(places)).reduced()
      : new Rational(digits * 10n ** BigInt(-places), 1n);
  }

  /** The sum. */
  plus(other: Rational): Rational {
    return new Rational(
      this.numerator * other.denominator + other.numerator * this.denominator,
      this.denominator * other.denominator,
    ).reduced();
  }

  /** The difference. */
  minus(other: Rational): Rational {
    return this.plus(new Rational(-other.numerator, other.denominator));
  }

  /** The product. */
  times(other: Rational): Rational {
    return new Rational(
      this.numerator * other.numerator,
      this.denominator * other.denominator,
    ).reduced();
  }

  /** The quotient. @throws {RangeError} by nothing. */
  over(other: Rational): Rational {
    if (other.numerator === 0n) throw new RangeError("Cannot divide by nothing");
    const sign = other.numerator < 0n ? -1n : 1n;
    return new Rational(
      sign * this.numerator * other.denominator,
      sign * other.numerator * this.denominator,
    ).reduced();
  }

  /** A power with a whole exponent from 0 on. */
  power(exponent: number): Rational {
    return new Rational(this.numerator ** BigInt(exponent), this.denominator ** BigInt(exponent));
  }

  /** Whether it is greater. */
  above(other: Rational): boolean {
    return this.numerator * other.denominator > other.numerator * this.denominator;
  }

  /**
   * The nearest number with so many decimals, a half away from zero.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * assertEquals(Rational.decimal(2.675).rounded(2), 2.68);
   * ```
   */
  rounded(decimals: number): number {
    return Number(this.#nearest(decimals)) / 10 ** decimals;
  }

  /** The same fraction, rounded. */
  roundedTo(decimals: number): Rational {
    return new Rational(this.#nearest(decimals), 10n ** BigInt(decimals)).reduced();
  }

  /** The least whole number that is not below it. */
  ceiling(): number {
    const whole = this.numerator / this.denominator;
    return Number(whole + (this.numerator > whole * this.denominator ? 1n : 0n));
  }

  #nearest(decimals: number): bigint {
    const scaled = this.numerator * 10n ** BigInt(decimals);
    const sign = scaled < 0n ? -1n : 1n;
    return sign * ((2n * sign * scaled + this.denominator) / (2n * this.denominator));
  }

  private reduced(): Rational {
    let [a, b] = [this.numerator < 0n ? -this.numerator : this.numerator, this.denominator];
    while (b !== 0n) [a, b] = [b, a % b];
    return a <= 1n ? this : new Rational(this.numerator / a, this.denominator / a);
  }
}
