/** What the advisor does not do, and how it says so. */

/** Why there is no answer. */
export type RefusalCode =
  | "injection"
  | "scope"
  | "returns"
  | "securities"
  | "harm"
  | "no_sources"
  | "unsupported"
  | "uncited"
  | "blocked";

/** A refusal: why, and what can be asked instead. */
export interface Refusal {
  /** Why, as programs read it. */
  readonly code: RefusalCode;
  /** A sentence for whoever asked. */
  readonly why: string;
  /** What can be asked instead, a sentence. */
  readonly instead: string;
}

const refusals: Readonly<Record<RefusalCode, Omit<Refusal, "code">>> = {
  injection: {
    why: "The message asks the advisor to set aside its rules, or to show what is not for show.",
    instead: "Ask the question about money by itself, for instance how to plan a monthly budget.",
  },
  scope: {
    why: "The question is not about personal finance, which is all that this advisor knows of.",
    instead: "Ask about budgeting, saving, loans, credit, insurance or basic taxes.",
  },
  returns: {
    why: "Nobody can promise what an investment will bring, and this advisor does not guess it.",
    instead:
      "Ask how a kind of investment works, which risks it has, or for a sum at a rate that " +
      "you assume yourself.",
  },
  securities: {
    why:
      "The question asks which securities to buy, hold or sell, which is advice for one person " +
      "that needs a registered adviser.",
    instead:
      "Ask how shares, funds or bonds work in general, or how to judge their costs and risks.",
  },
  harm: {
    why: "The question asks for help with something that breaks the law or deceives others.",
    instead: "Ask what the rules are, or how to put a mistake right.",
  },
  no_sources: {
    why: "Nothing in the documents of this advisor answers the question, and it does not guess.",
    instead: "Ask in other words, or about budgeting, saving, loans, credit, insurance or taxes.",
  },
  unsupported: {
    why:
      "The answer held figures or references that are in none of its sources, so it is not shown.",
    instead: "Ask for one figure at a time, or give the amounts, rates and months to reckon with.",
  },
  uncited: {
    why: "The answer named none of its sources, so it is not shown.",
    instead: "Ask again, or in other words.",
  },
  blocked: {
    why: "The language model's own safety rules gave no answer.",
    instead: "Ask in other words.",
  },
};

/** The refusal of a code; `why` where there is more to say than usual. */
export function refusalOf(code: RefusalCode, why?: string): Refusal {
  return { code, ...refusals[code], ...why !== undefined && { why } };
}
