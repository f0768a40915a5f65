/**
 * Requests to a tracking server, repeated as MLflow's Python client repeats
 * them: on a lost connection and on 408, 429, 500, 502, 503 and 504, with
 * growing pauses, or as long as a Retry-After header says.
 */

import { fetchReason, ServiceError } from "../base/mod.ts";
import { ResponseError, responseError } from "./http_errors.ts";
import type { ConnectionSettings } from "./settings.ts";

const transient = new Set([408, 429, 500, 502, 503, 504]);
const longestPauseMs = 120_000;
// An upload that is slower than 100 kB/s counts as stuck.
const bytesPerMs = 100;

/** One request. */
export interface HttpRequest {
  readonly method: string;
  /** Below the server's base address, or a whole address. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Makes the body, anew for each attempt. */
  readonly body?: () => BodyInit | Promise<BodyInit>;
  /** Size of the body; a large one gets more time. */
  readonly bodyBytes?: number;
  readonly contentType?: string;
  /** Overrides of the settings for a request that must not keep anyone waiting. */
  readonly maxRetries?: number;
  readonly timeoutMs?: number;
}

/** Waits; a test passes its own. */
export type Sleep = (milliseconds: number) => Promise<void>;

const realSleep: Sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Sends requests to one server. */
export class HttpClient {
  readonly #settings: ConnectionSettings;
  readonly #sleep: Sleep;
  #client?: Deno.HttpClient;

  /** Takes the settings and, for tests, what to wait with. */
  constructor(settings: ConnectionSettings, sleep: Sleep = realSleep) {
    this.#settings = settings;
    this.#sleep = sleep;
  }

  /** The server's base address. */
  get url(): string {
    return this.#settings.url;
  }

  /**
   * Sends a request and gives the answer's text.
   *
   * @throws {ResponseError} if the server answers with an error.
   * @throws {ServiceError} if there is no answer.
   */
  async send(request: HttpRequest): Promise<string> {
    return new TextDecoder().decode(await this.receive(request));
  }

  /**
   * Sends a request and gives the answer's bytes.
   *
   * @throws as {@linkcode HttpClient.send}.
   */
  async receive(request: HttpRequest): Promise<Uint8Array> {
    const maxRetries = request.maxRetries ?? this.#settings.maxRetries;
    for (let attempt = 0;; attempt++) {
      const result = await this.#attempt(request);
      if (result.ok) return result.bytes;
      const pause = this.#pause(attempt, result.retryAfterMs);
      if (!result.retry || attempt >= maxRetries || pause > longestPauseMs) throw result.error;
      await this.#sleep(pause);
    }
  }

  /** Sends JSON (or, without `body`, a query) to an MLflow endpoint and reads the JSON answer. */
  async json(
    method: string,
    endpoint: string,
    values: Readonly<Record<string, unknown>>,
    limits: Pick<HttpRequest, "maxRetries" | "timeoutMs"> = {},
  ): Promise<Record<string, unknown>> {
    const path = `/api/2.0/mlflow/${endpoint}`;
    const text = await this.send(
      method === "GET"
        ? { method, path, query: values as Readonly<Record<string, string>>, ...limits }
        : {
          method,
          path,
          body: () => JSON.stringify(values),
          contentType: "application/json",
          ...limits,
        },
    );
    try {
      const answer: unknown = text.trim() === "" ? {} : JSON.parse(text);
      if (typeof answer === "object" && answer !== null) return answer as Record<string, unknown>;
    } catch {
      // Told below.
    }
    throw new ServiceError(
      `The tracking server ${this.url} answered ${endpoint} with something that is not JSON`,
      { next: "check that MLFLOW_TRACKING_URI names an MLflow server" },
    );
  }

  async #attempt(
    request: HttpRequest,
  ): Promise<
    | { ok: true; bytes: Uint8Array }
    | { ok: false; error: Error; retry: boolean; retryAfterMs?: number }
  > {
    const { method, path, query, body, bodyBytes = 0, contentType } = request;
    const url = new URL(/^https?:/.test(path) ? path : this.url + path);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
    const content = await body?.();
    // No answer of the server may send its credentials elsewhere.
    const own = url.origin === new URL(this.url).origin;
    const authorization = own ? await this.#settings.authorization() : undefined;
    const timeoutMs = (request.timeoutMs ?? this.#settings.timeoutMs) + bodyBytes / bytesPerMs;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          ...(own && this.#settings.headers),
          ...(authorization && { authorization }),
          ...(contentType && { "content-type": contentType }),
        },
        body: content,
        redirect: "manual", // Followed by itself, a POST would turn into a GET.
        signal: AbortSignal.timeout(timeoutMs),
        client: await this.#httpClient(),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.ok) return { ok: true, bytes };
      const text = new TextDecoder().decode(bytes);
      const error = response.status >= 300 && response.status < 400
        ? new ResponseError(
          response.status,
          "",
          `The tracking server ${this.url} redirects to ${response.headers.get("location")}`,
          "set MLFLOW_TRACKING_URI to the address it redirects to",
        )
        : responseError(`${method} ${url.pathname}`, url, response.status, text);
      return {
        ok: false,
        error,
        retry: transient.has(response.status),
        retryAfterMs: this.#settings.respectRetryAfter && [429, 503].includes(response.status)
          ? retryAfter(response.headers.get("retry-after"))
          : undefined,
      };
    } catch (cause) {
      if (cause instanceof ServiceError) throw cause;
      const reason = fetchReason(cause, timeoutMs);
      const { proxy } = this.#settings;
      const error = new ServiceError(
        `Cannot reach the tracking server ${this.url}${
          proxy === undefined ? "" : ` through the proxy ${proxy}`
        }: ${reason}`,
        {
          cause,
          next: proxy === undefined
            ? "check that it runs and that MLFLOW_TRACKING_URI is right"
            : "check that the proxy runs, unset it, or name the server's host in NO_PROXY",
        },
      );
      return { ok: false, error, retry: true };
    }
  }

  /** Milliseconds before attempt + 2; urllib3's rule, which MLflow uses. */
  #pause(attempt: number, retryAfterMs: number | undefined): number {
    if (retryAfterMs !== undefined) return retryAfterMs;
    if (attempt === 0) return 0;
    const { backoffFactor, backoffJitter } = this.#settings;
    const seconds = backoffFactor * 2 ** attempt + Math.random() * backoffJitter;
    return Math.min(seconds * 1000, longestPauseMs);
  }

  async #httpClient(): Promise<Deno.HttpClient | undefined> {
    const path = this.#settings.serverCertificate;
    if (path === undefined) return undefined;
    try {
      this.#client ??= Deno.createHttpClient({ caCerts: [await Deno.readTextFile(path)] });
    } catch (cause) {
      throw new ServiceError(`Cannot read the certificate ${path}`, {
        cause,
        next: "check MLFLOW_TRACKING_SERVER_CERT_PATH",
      });
    }
    return this.#client;
  }
}

/** Milliseconds that a Retry-After header asks for: seconds, or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
