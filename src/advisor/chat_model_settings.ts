/** What a language model is opened with. */

import type { RetryOptions } from "./retry.ts";

/** Where a language model is, and who asks it. */
export interface ChatModelSettings {
  /** Whose API it speaks. */
  readonly provider: "gemini" | "openai";
  /** The model's name. */
  readonly model: string;
  /** No message and no log shows it; empty where a service wants none. */
  readonly apiKey: string;
  /** Address of the API, where it is not the provider's own. */
  readonly baseUrl?: string;
  /** Seconds for which it may say nothing. */
  readonly silenceSeconds: number;
  /** How often it is asked again; the usual if left out. */
  readonly retries?: RetryOptions;
}
