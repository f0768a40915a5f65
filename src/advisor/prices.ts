/** What answers cost, by the model that gave them. */

import { UsageError } from "../base/mod.ts";
import type { TokenUsage } from "./chat_model.ts";

/** Dollars for a million tokens. */
export interface TokenPrice {
  /** For tokens that are read. */
  readonly input: number;
  /** For tokens that are written. */
  readonly output: number;
}

/** Prices by the model's name. */
export type TokenPrices = Readonly<Record<string, TokenPrice>>;

/**
 * Reads prices as settings have them: `MODEL=INPUT/OUTPUT`, in dollars for a million tokens.
 *
 * @throws {UsageError} naming what is no price.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(readPrices(["small=0.1/0.4"]), { small: { input: 0.1, output: 0.4 } });
 * ```
 */
export function readPrices(texts: readonly string[]): TokenPrices {
  return Object.fromEntries(texts.map((text) => {
    const found = /^([^=]+)=(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(text.trim());
    if (found === null) {
      throw new UsageError(`Cannot read the price "${text}"`, {
        next: "write MODEL=INPUT/OUTPUT, dollars for a million tokens, as small=0.1/0.4",
      });
    }
    return [found[1], { input: Number(found[2]), output: Number(found[3]) }];
  }));
}

/**
 * Dollars that an answer cost, null where the model has no price: nobody takes an unknown cost for
 * none.
 */
export function costOf(model: string, usage: TokenUsage, prices: TokenPrices): number | null {
  if (!Object.hasOwn(prices, model)) return null;
  const { input, output } = prices[model];
  return (usage.inputTokens * input + usage.outputTokens * output) / 1e6;
}
