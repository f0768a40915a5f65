/** From settings to an advisor, opened when it is first asked. */

import {
  Advisor,
  arithmeticTools,
  type ChatModel,
  type Conversations,
  openChatModel,
  type OutOfScope,
  readPrices,
  SqliteConversations,
} from "../../src/advisor/mod.ts";
import { keepSecret, UserError } from "../../src/base/mod.ts";
import type { Retriever } from "../../src/retrieval/mod.ts";
import type { Config } from "../config/schema.ts";
import type { Observer } from "../contract.ts";
import { Problem } from "../http/problem.ts";

/** Milliseconds between two looks for conversations that are too old. */
const LOOK_MS = 3_600_000;

/** Opens the passages. @throws {ServiceError} where they are not there. */
export type KnowledgeOpener = () => Promise<Retriever>;

/** What the advisor is opened with beside the settings. */
export interface AdviceParts {
  readonly observer: Pick<Observer, "log">;
  readonly openKnowledge: KnowledgeOpener;
}

/** The advisor of a server. */
export class ServedAdvisor implements Disposable {
  readonly #config: Config;
  readonly #parts: AdviceParts;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #conversations?: Conversations;
  #retriever?: Promise<Retriever>;
  #model?: Promise<ChatModel>;
  /** What model answers, undefined where passages alone do. */
  readonly provider?: "gemini" | "openai";
  readonly #modelName: string = "";

  /** Takes the settings; nothing is opened yet. @throws {UsageError} if prices are none. */
  constructor(config: Config, parts: AdviceParts) {
    [this.#config, this.#parts] = [config, parts];
    readPrices(config.advicePrices);
    for (const key of [config.geminiApiKey, config.openaiApiKey]) keepSecret(key);
    const found = /^(gemini|openai):(.+)$/.exec(config.adviceModel);
    if (found !== null) {
      this.provider = found[1] as "gemini" | "openai";
      this.#modelName = found[2];
    }
    if (config.adviceModel === "off" || config.adviceConversations === "") return;
    // What is too old goes whether or not somebody asks.
    const tidy = () => void this.#tidy();
    this.#timer = setInterval(tidy, LOOK_MS);
    Deno.unrefTimer(this.#timer as unknown as number);
    tidy();
  }

  /** Why nobody is answered, as a refusal; undefined if somebody is. */
  get closed(): Problem | undefined {
    const { adviceModel, geminiApiKey, openaiApiKey, openaiBaseUrl } = this.#config;
    if (adviceModel === "off") {
      return new Problem(503, "There is no advice: --advice-model is off; set it to extractive");
    }
    const missing = this.provider === "gemini" && geminiApiKey === undefined
      ? "GEMINI_API_KEY"
      : this.provider === "openai" && openaiApiKey === undefined && openaiBaseUrl === undefined
      ? "OPENAI_API_KEY, or OPENAI_BASE_URL of a service that wants no key,"
      : undefined;
    if (missing === undefined) return undefined;
    return new Problem(
      503,
      `There is no advice: --advice-model is ${adviceModel} and ${missing} is not set; set it ` +
        "(file:PATH and vault:MOUNT/PATH#FIELD too), or --advice-model extractive, which needs none",
    );
  }

  /** The name of the language model, null where passages alone answer. */
  get modelName(): string | null {
    return this.provider === undefined ? null : this.#modelName;
  }

  /** Where conversations are kept, opened the first time; undefined if none are. */
  get conversations(): Conversations | undefined {
    const { adviceConversations: path } = this.#config;
    if (path === "") return undefined;
    return this.#conversations ??= new SqliteConversations(path);
  }

  /** The advisor. @throws {Problem} 503 where something is missing, with what to do. */
  async open(outOfScope?: OutOfScope): Promise<Advisor> {
    const { closed } = this;
    if (closed !== undefined) throw closed;
    const { adviceDisclaimer: disclaimer, advicePrices, adviceScopeLimit: limit } = this.#config;
    const conversations = this.conversations;
    // What failed is tried again by the next question: it may be there by then.
    this.#retriever ??= this.#parts.openKnowledge().catch((error) => {
      this.#retriever = undefined;
      throw error;
    });
    const retriever = await this.#retriever;
    const model = await this.#openModel();
    return new Advisor({
      ...{ retriever, tools: arithmeticTools, prices: readPrices(advicePrices) },
      ...model && { model },
      ...conversations && { conversations },
      ...disclaimer !== undefined && { disclaimer },
      ...outOfScope && { outOfScope: { score: outOfScope, limit } },
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#conversations?.[Symbol.dispose]();
    this.#conversations = undefined;
  }

  #openModel(): Promise<ChatModel> | undefined {
    const { provider } = this;
    if (provider === undefined) return undefined;
    const { geminiApiKey, geminiBaseUrl, openaiApiKey, openaiBaseUrl, adviceSilenceMs } =
      this.#config;
    const gemini = provider === "gemini";
    return this.#model ??= openChatModel({
      ...{ provider, model: this.#modelName, silenceSeconds: adviceSilenceMs / 1000 },
      apiKey: (gemini ? geminiApiKey : openaiApiKey) ?? "",
      baseUrl: gemini ? geminiBaseUrl : openaiBaseUrl,
    });
  }

  #tidy(): void {
    const { adviceConversations: path, adviceDays } = this.#config;
    try {
      // A file comes to be by the first question, not by a look at it.
      if (this.#conversations === undefined && !Deno.statSync(path).isFile) return;
      const gone = this.conversations?.expire(adviceDays) ?? 0;
      if (gone > 0) {
        this.#parts.observer.log("info", "old conversations are removed", { removed: gone });
      }
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.observer.log("error", "old conversations cannot be removed", { reason });
    }
  }
}

/** What an error of the advisor is to a caller. */
export function adviceProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof UserError)) return undefined;
  const next = error.next === undefined ? "" : `; ${error.next}`;
  return new Problem(503, `${error.message}${next}`, {
    headers: { "Retry-After": "5" },
    cause: error,
  });
}
