/** What is looked at before a question is answered. */

import { asksForHarm } from "./harm.ts";
import { isInjection } from "./injection.ts";
import { asksForPromise } from "./promised_returns.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import { asksForSecurities } from "./securities_advice.ts";

/** What a question was found to be. */
export interface CheckedQuestion {
  /** Why it is not answered. */
  readonly refusal?: Refusal;
  /** The answer needs the disclaimer. */
  readonly securities: boolean;
}

/**
 * Looks at a question from which personal data were taken.
 *
 * @param disclaimer Whether there is one to say beside advice on securities; there is no such advice
 * without it.
 */
export function checkQuestion(question: string, disclaimer: boolean): CheckedQuestion {
  if (isInjection(question)) return { refusal: refusalOf("injection"), securities: false };
  if (asksForHarm(question)) return { refusal: refusalOf("harm"), securities: false };
  if (asksForPromise(question)) return { refusal: refusalOf("returns"), securities: false };
  const securities = asksForSecurities(question);
  if (securities && !disclaimer) return { refusal: refusalOf("securities"), securities };
  return { securities };
}
