/** Elasticsearch or OpenSearch over HTTP: the data stream, and documents in bulk. */

import {
  fetchReason,
  keepSecret,
  ServiceError,
  trustingClient,
  UserError,
  withSecrets,
} from "../base/mod.ts";
import { dataStreamTemplate, TEMPLATE_VERSION } from "./template.ts";
import type { LogAddress, LogSettings } from "./settings.ts";

/** Milliseconds for an answer. */
const TIMEOUT_MS = 10_000;

/** Milliseconds between two looks at what is too old. */
const TIDY_MS = 6 * 3_600_000;

/** What came of the documents of a request, by their places. */
export interface BulkResult {
  /** Those that are worth another try. */
  readonly again: readonly number[];
  /** Those that were refused for what they say, with the reason. */
  readonly refused: readonly { readonly at: number; readonly reason: string }[];
}

/** The cluster refused a request, not for what it is but for what it holds, or how much. */
export class BodyRefusal extends UserError {}

type Json = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** One cluster and our data stream on it. */
export class LogEngine {
  #client?: Deno.HttpClient;
  /** Address of the cluster that is known to take documents. */
  #ready?: string;
  #tidyAt = 0;
  #isOpenSearch = false;

  /** Takes where it is. */
  constructor(private readonly settings: LogSettings) {}

  /**
   * Sends documents: lines that alternate between an action and a document.
   *
   * @throws {UserError} if the cluster does not take them now, with what to do.
   */
  async bulk(body: string): Promise<BulkResult> {
    await this.ready();
    const { index } = this.settings;
    const { status, body: answer } = await this.#send("POST", `${index}/_bulk`, body);
    if (status !== 200) {
      const { message, next } = refusal(status, answer, `documents for ${index}`);
      const Kind = status === 400 || status === 413 ? BodyRefusal : UserError;
      throw new Kind(message, { next });
    }
    const items = (answer.items ?? []) as { create?: { status: number; error?: Json } }[];
    if (items.length !== body.split("\n").length >> 1) {
      throw new UserError(`it answered documents for ${index} as no Elasticsearch does`, {
        next: "check that ELASTICSEARCH_URL names the cluster, and what stands before it",
      });
    }
    const again: number[] = [];
    const refused: { at: number; reason: string }[] = [];
    for (const [at, { create: { status = 0, error } = {} }] of items.entries()) {
      // One that is there already was sent by a request whose answer was lost.
      if (status === 409 || status >= 200 && status < 300) continue;
      if (status === 429 || status >= 500) again.push(at);
      else refused.push({ at, reason: `${error?.type}: ${error?.reason}` });
    }
    return { again, refused };
  }

  /** Makes sure that the cluster would take documents. @throws as {@linkcode LogEngine.bulk}. */
  async ready(): Promise<void> {
    if ((await this.settings.address()).url !== this.#ready) await this.#prepare();
  }

  /** Forgets that all was ready: the cluster may be another one now. */
  reset(): void {
    this.#ready = undefined;
  }

  /** Makes sure of the template, so that no document makes an index of another kind. */
  async #prepare(): Promise<void> {
    const { index, retentionDays } = this.settings;
    const { url } = await this.settings.address();
    const { status, body } = await this.#send("GET", "");
    if (status !== 200) throw refusal(status, body, "a look at its version");
    this.#isOpenSearch = (body.version as Json | undefined)?.distribution === "opensearch";
    const found = await this.#send("GET", `_index_template/${index}`);
    const [known] = (found.body.index_templates ?? []) as { index_template: Json }[];
    const meta = known?.index_template._meta as Json | undefined;
    if (known !== undefined && meta?.managed_by !== "dinoflow") {
      throw new UserError(`the index template ${index} is somebody else's`, {
        next: "remove or rename it, or set ELASTICSEARCH_INDEX to another name",
      });
    }
    const stale = Number(meta?.version ?? 0) < TEMPLATE_VERSION ||
      meta?.retention_days !== retentionDays;
    if (stale) {
      const template = dataStreamTemplate(index, retentionDays, this.#isOpenSearch);
      const put = await this.#send("PUT", `_index_template/${index}`, JSON.stringify(template));
      if (put.status !== 200) throw refusal(put.status, put.body, `the index template ${index}`);
    }
    await this.#checkKind(index);
    if (stale && !this.#isOpenSearch) await this.#retain(index, retentionDays);
    this.#ready = url;
    await this.#tidy(index, retentionDays);
  }

  /** An index of the name would take documents, but keep them for ever and mapped by chance. */
  async #checkKind(index: string): Promise<void> {
    const { status, body } = await this.#send("GET", `_resolve/index/${index}`);
    const indices = (body.indices ?? []) as { name: string; data_stream?: string }[];
    const aliases = (body.aliases ?? []) as { name: string }[];
    const taken = indices.some(({ name }) => name === index) ||
      aliases.some(({ name }) => name === index);
    if (status === 200 && taken) {
      throw new UserError(`${index} is an index or an alias, and no data stream`, {
        next: "reindex and remove it, or set ELASTICSEARCH_INDEX to another name",
      });
    }
  }

  /** Elasticsearch takes the retention of a stream that exists by its lifecycle alone. */
  async #retain(index: string, days: number): Promise<void> {
    const body = JSON.stringify({ data_retention: `${days}d` });
    const { status, body: answer } = await this.#send(
      "PUT",
      `_data_stream/${index}/_lifecycle`,
      body,
    );
    if (status !== 200 && status !== 404) {
      throw refusal(status, answer, `the lifecycle of ${index}`);
    }
  }

  /** Where the engine does not, begins a new index each day and removes those that are too old. */
  async tidy(): Promise<void> {
    if (this.#ready !== undefined) {
      await this.#tidy(this.settings.index, this.settings.retentionDays);
    }
  }

  async #tidy(index: string, days: number): Promise<void> {
    if (!this.#isOpenSearch || performance.now() < this.#tidyAt) return;
    this.#tidyAt = performance.now() + TIDY_MS;
    const { status, body } = await this.#send("GET", `_data_stream/${index}`);
    if (status !== 200) return; // nothing has been written yet
    const conditions = { max_age: "1d", max_size: "10gb" };
    await this.#send("POST", `${index}/_rollover`, JSON.stringify({ conditions }));
    const [stream] = body.data_streams as { indices: { index_name: string }[] }[];
    const names = stream.indices.map(({ index_name }) => index_name).slice(0, -1);
    for (const name of names) {
      const settings = (await this.#send("GET", `${name}/_settings`)).body[name] as
        | { settings: { index: { creation_date: string } } }
        | undefined;
      const next = names[names.indexOf(name) + 1] ?? stream.indices.at(-1)!.index_name;
      // Its youngest document is as old as the index that followed it.
      const followed = (await this.#send("GET", `${next}/_settings`)).body[next] as
        | typeof settings
        | undefined;
      const youngest = Number(followed?.settings.index.creation_date ?? Infinity);
      if (settings === undefined || Date.now() - youngest < days * 86_400_000) break;
      await this.#send("DELETE", name);
    }
  }

  async #send(method: string, path: string, body?: string): Promise<Answer> {
    const { url, user } = await this.settings.address();
    const authorization = await this.#authorization(user);
    let status: number;
    let text: string;
    try {
      const response = await fetch(`${url}/${path}`, {
        method,
        headers: {
          ...authorization && { authorization },
          ...body !== undefined && {
            "content-type": path.endsWith("_bulk") ? "application/x-ndjson" : "application/json",
          },
        },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        client: await this.#trusting(),
      });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      if (cause instanceof UserError) throw cause;
      throw new ServiceError(`${url} does not answer: ${fetchReason(cause, TIMEOUT_MS)}`, {
        cause,
        next: "check that it runs and that ELASTICSEARCH_URL is right",
      });
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = {}; // a proxy's page; the status is what is told
    }
    return { status, body: typeof parsed === "object" && parsed !== null ? parsed as Json : {} };
  }

  async #authorization(inAddress: LogAddress["user"]): Promise<string | undefined> {
    const names = ["API_KEY", "USERNAME", "PASSWORD"].map((name) => `ELASTICSEARCH_${name}`);
    const env = await withSecrets(this.settings.env, names);
    const [apiKey, name, password] = names.map((variable) => env(variable)?.trim());
    for (const secret of [apiKey, password]) keepSecret(secret);
    if (apiKey) return `ApiKey ${apiKey}`;
    const user = name && password ? { name, password } : inAddress;
    if (user === undefined) return undefined;
    const bytes = new TextEncoder().encode(`${user.name}:${user.password}`);
    return `Basic ${btoa(String.fromCharCode(...bytes))}`;
  }

  async #trusting(): Promise<Deno.HttpClient | undefined> {
    const { authorities } = this.settings;
    if (authorities === undefined) return undefined;
    return this.#client ??= await trustingClient(authorities, "ELASTICSEARCH_CACERT");
  }
}

function refusal(status: number, { error }: Json, what: string): UserError {
  const { type, reason } = (typeof error === "object" && error !== null ? error : {}) as Json;
  const said = reason ?? error ?? "";
  const next = status === 401
    ? "check ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME and _PASSWORD"
    : status === 403
    ? "let this user manage index templates and write to the data stream"
    : status === 429
    ? "wait, or give the cluster more room"
    : "look at its log";
  return new UserError(
    `it answered ${status} to ${what}${said && `: ${type ? `${type}: ` : ""}${said}`}`,
    { next },
  );
}
