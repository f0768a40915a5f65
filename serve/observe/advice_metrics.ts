/** What is counted of advice. */

import type { AdviceUsage } from "../../src/advisor/mod.ts";
import type { LabelledCounter } from "./labelled_counter.ts";
import type { LabelledHistogram } from "./labelled_histogram.ts";

/** Makes metrics that are written with all others. */
export interface MetricMaker {
  counter(name: string, help: string, labels: readonly string[]): LabelledCounter;
  histogram(
    name: string,
    help: string,
    labels: readonly string[],
    buckets: readonly number[],
  ): LabelledHistogram;
}

/** Counters of the advisor. */
export class AdviceMetrics {
  /** Answers, by what wrote them and why there was none. */
  readonly answers: LabelledCounter;
  /** Tokens of language models. */
  readonly tokens: LabelledCounter;
  /** Dollars that language models cost, where their prices are set. */
  readonly cost: LabelledCounter;
  /** Calls of tools. */
  readonly tools: LabelledCounter;
  /** Sentences that no check let through. */
  readonly withheld: LabelledCounter;
  /** What people think of answers. */
  readonly feedback: LabelledCounter;
  /** Time until the first text of an answer. */
  readonly firstText: LabelledHistogram;

  /** Makes them. */
  constructor({ counter, histogram }: MetricMaker) {
    this.answers = counter(
      "dinoflow_advice_answers_total",
      "Answers of the advisor by what wrote them; outcome is answered, why it refused, or failed",
      ["mode", "outcome"],
    );
    this.tokens = counter(
      "dinoflow_advice_tokens_total",
      "Tokens that language models read (input) and wrote (output)",
      ["model", "kind"],
    );
    this.cost = counter(
      "dinoflow_advice_cost_usd_total",
      "Dollars that language models cost, of those whose prices are set",
      ["model"],
    );
    this.tools = counter(
      "dinoflow_advice_tool_calls_total",
      "Calls of tools while advice was written",
      ["tool", "status"],
    );
    this.withheld = counter(
      "dinoflow_advice_withheld_sentences_total",
      "Sentences of advice that were left out, by the check that they did not pass",
      ["check"],
    );
    this.feedback = counter("dinoflow_advice_feedback_total", "Feedback on advice", ["rating"]);
    this.firstText = histogram(
      "dinoflow_advice_first_text_seconds",
      "Time from a question to the first text of its answer that passed all checks",
      ["mode"],
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40],
    );
  }

  /** Counts what an answer took, of one that was given up too. */
  used({ model, input_tokens: input, output_tokens: output, cost_usd: cost }: AdviceUsage): void {
    if (model === null) return;
    this.tokens.of(model, "input").value += input;
    this.tokens.of(model, "output").value += output;
    if (cost !== null) this.cost.of(model).value += cost;
  }
}
