/** What is looked at before a sentence of an answer is shown. */

import { repeatsPrompt } from "../prompt.ts";
import { citationsIn, falseCitations } from "./citations.ts";
import { redactPersonalData } from "./personal_data.ts";
import { makesPromise } from "./promised_returns.ts";
import type { RefusalCode } from "./refusal.ts";
import { givesSecuritiesAdvice } from "./securities_advice.ts";
import { unsupportedFigures } from "./supported_figures.ts";

/** Why a sentence is left out. */
export type Withheld = "citation" | "figures" | "address" | "prompt";

/** What came of a sentence: it is shown, left out, or the whole answer is refused. */
export type CheckedSentence =
  | { readonly shown: string }
  | { readonly withheld: Withheld }
  | { readonly refused: RefusalCode };

/** Addresses that could carry away what a conversation holds. */
const addresses = /\b(?:https?|ftp):\/\/[^\s)\]>"']+|\bwww\.[^\s)\]>"']+/gi;

/** Looks at the sentences of one answer, in their order. */
export class AnswerChecks {
  readonly #passages: readonly string[];
  readonly #kept: string;
  readonly #results: unknown[] = [];
  readonly #cited = new Set<number>();
  /** A sentence advises on securities, and the disclaimer has to be said. */
  securities = false;

  /** Takes the texts of the passages, as the answer numbers them, and whether there is a disclaimer. */
  constructor(passages: readonly string[], private readonly disclaimer: boolean) {
    this.#passages = passages;
    this.#kept = passages.join("\n");
  }

  /** Takes what a tool was given and gave. */
  addResult(result: unknown): void {
    this.#results.push(result);
  }

  /** Numbers of the passages that sentences shown so far cite. */
  get cited(): ReadonlySet<number> {
    return this.#cited;
  }

  /** Looks at the next sentence. */
  check(sentence: string): CheckedSentence {
    if (makesPromise(sentence)) return { refused: "returns" };
    if (givesSecuritiesAdvice(sentence)) {
      if (!this.disclaimer) return { refused: "securities" };
      this.securities = true;
    }
    if (repeatsPrompt(sentence)) return { withheld: "prompt" };
    const elsewhere = (sentence.match(addresses) ?? [])
      .some((address) => !this.#kept.includes(address.replace(/[.,;:!?]+$/, "")));
    if (elsewhere) return { withheld: "address" };
    const there = { passages: this.#passages.length, results: this.#results.length };
    if (falseCitations(sentence, there).length > 0) return { withheld: "citation" };
    const evidence = { passages: this.#passages, results: this.#results };
    if (unsupportedFigures(sentence, evidence, this.#cited).length > 0) {
      return { withheld: "figures" };
    }
    for (const { kind, number } of citationsIn(sentence)) {
      if (kind === "passage") this.#cited.add(number);
    }
    return { shown: redactPersonalData(sentence, this.#kept).text };
  }
}
