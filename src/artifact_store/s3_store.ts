/** Values in a bucket of an S3-compatible server. */

import { AwsClient } from "aws4fetch";
import { digestOf, ServiceError, UserError, wait } from "../base/mod.ts";
import type { S3Settings } from "./s3_settings.ts";
import type { SharedValues, StoredEntry } from "./store.ts";

/** Attempts at a request that a server did not answer, or asked to repeat. */
const ATTEMPTS = 5;

/** Seconds before the second attempt; doubled before each further one. */
const PAUSE_SECONDS = 0.2;

/** Seconds for a request, and bytes a second that a body has to move with on the whole. */
const REQUEST_SECONDS = 30;
const LEAST_RATE = 100_000;

/** Bytes from which a value goes in parts, and of each part: one that is lost is sent again alone. */
const PART_BYTES = 16 << 20;

/** How an {@linkcode S3Store} waits; tests wait less. */
export interface S3Patience {
  /** Seconds before the second attempt. */
  readonly pauseSeconds?: number;
  /** Seconds for a request without a body. */
  readonly requestSeconds?: number;
  /** Bytes from which a value goes in parts. */
  readonly partBytes?: number;
  /** Ends requests, and pauses between them. */
  readonly signal?: AbortSignal;
  /** Reads the settings again, once a server refuses the keys: they may have changed meanwhile. */
  readonly renew?: () => Promise<S3Settings>;
}

/** Why a server refuses keys that others can take the place of. */
const refusedKeys = new Set([
  ...["ExpiredToken", "InvalidToken", "TokenRefreshRequired"],
  ...["InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied"],
  "XAdminUserNotFound", // what versitygw calls the first of these, with 404
]);

/** A request that can be sent again. */
interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Key with its prefix; empty for the bucket. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** An answer, read to its end. */
interface S3Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Keeps values as objects of a bucket; see {@linkcode s3Settings} for where and with which keys. */
export class S3Store implements SharedValues {
  #client: AwsClient;
  #keys: string;

  /** Takes where the bucket is. */
  constructor(
    private readonly settings: S3Settings,
    private readonly patience: S3Patience = {},
  ) {
    [this.#client, this.#keys] = [clientOf(settings), keysOf(settings)];
  }

  /** The value of `key`; undefined if there is none. */
  async read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const answer = await this.#send({ method: "GET", key: this.#full(key) });
    return answer.status === 404 ? undefined : answer.bytes;
  }

  /** Whether there is a value, without reading it. */
  async has(key: string): Promise<boolean> {
    return (await this.#send({ method: "HEAD", key: this.#full(key) })).status !== 404;
  }

  /** Sets the value of `key`: readers see it whole or not at all. */
  async write(key: string, value: Uint8Array): Promise<void> {
    const body = new Uint8Array(value); // what is sent again is what was given
    const { partBytes = PART_BYTES } = this.patience;
    if (body.length > partBytes) await this.#writeParts(this.#full(key), body, partBytes);
    else await this.#send({ method: "PUT", key: this.#full(key), body });
  }

  /** Removes `key`; one that is not there is no error. */
  async remove(key: string): Promise<void> {
    await this.#send({ method: "DELETE", key: this.#full(key) });
  }

  /** Everything whose key starts with `prefix`, in the order of the keys. */
  async *list(prefix: string): AsyncIterable<StoredEntry> {
    const own = this.settings.prefix;
    let after: string | undefined;
    do {
      const { bytes } = await this.#send({
        method: "GET",
        key: "",
        query: {
          "list-type": "2",
          prefix: own + prefix,
          ...after !== undefined && { "continuation-token": after },
        },
      });
      const page = new TextDecoder().decode(bytes);
      for (const entry of texts(page, "Contents")) {
        const [key] = texts(entry, "Key");
        const [size] = texts(entry, "Size");
        const [at] = texts(entry, "LastModified");
        yield { key: key.slice(own.length), size: Number(size), writtenAt: Date.parse(at) };
      }
      [after] = texts(page, "NextContinuationToken");
    } while (after !== undefined);
  }

  async #writeParts(key: string, value: Uint8Array<ArrayBuffer>, size: number): Promise<void> {
    const begun = await this.#send({ method: "POST", key, query: { uploads: "" } });
    const [uploadId] = texts(new TextDecoder().decode(begun.bytes), "UploadId");
    try {
      const parts: string[] = [];
      for (let at = 0; at < value.length; at += size) {
        const partNumber = String(parts.length + 1);
        const body = value.subarray(at, at + size);
        const { headers } = await this.#send({
          method: "PUT",
          key,
          query: { partNumber, uploadId },
          body,
        });
        parts.push(
          `<Part><PartNumber>${partNumber}</PartNumber><ETag>${headers.get("etag")}</ETag></Part>`,
        );
      }
      const list = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
      const body = new TextEncoder().encode(list);
      const done = await this.#send({ method: "POST", key, query: { uploadId }, body });
      // The server begins its answer before it knows how this ends.
      const [code] = texts(new TextDecoder().decode(done.bytes), "Code");
      if (code !== undefined) throw this.#failed(`the parts were not put together (${code})`);
    } catch (error) {
      // Parts that nobody puts together cost money; a bucket's rules remove what is left even so.
      await this.#send({ method: "DELETE", key, query: { uploadId } }).catch(() => {});
      throw error;
    }
  }

  #full(key: string): string {
    if (!/^[\w.@%=-]+(\/[\w.@%=-]+)*$/.test(key) || key.split("/").includes("..")) {
      throw new Error(`Cannot store under the key "${key}"`);
    }
    return this.settings.prefix + key;
  }

  /** Sends a request until it is answered; gives what was found, or 404 where the object is not there. */
  async #send(request: S3Request): Promise<S3Answer> {
    const { pauseSeconds = PAUSE_SECONDS, signal } = this.patience;
    for (let attempt = 1;; attempt++) {
      signal?.throwIfAborted();
      let reason: string;
      try {
        const used = this.#keys;
        let answer = await this.#once(request);
        if (await this.#hasOtherKeys(answer, used)) answer = await this.#once(request);
        const { status } = answer;
        if (status < 300 || lacksObject(answer, request)) return answer;
        if (status !== 429 && status !== 408 && status < 500) throw this.#refused(answer);
        reason = `it answers ${status}`;
      } catch (error) {
        if (error instanceof UserError || signal?.aborted) throw error;
        const { message, cause } = error as Error;
        reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
      }
      if (attempt === ATTEMPTS) throw this.#failed(reason);
      const pause = pauseSeconds * 2 ** (attempt - 1);
      // Those that failed together do not come back together.
      await wait(pause * (0.5 + Math.random()), signal ?? new AbortController().signal);
    }
  }

  /** Whether a refusal was of keys that have changed since, which are taken then. */
  async #hasOtherKeys({ status, bytes }: S3Answer, used: string): Promise<boolean> {
    const { renew } = this.patience;
    if (renew === undefined || status < 400 || status > 404) return false;
    const [code] = texts(new TextDecoder().decode(bytes), "Code");
    // An answer to HEAD has no body to tell why.
    if (code === undefined ? status === 404 : !refusedKeys.has(code)) return false;
    // Requests that were refused together take the keys that the first of them read.
    if (this.#keys !== used) return true;
    const found = await renew();
    if (keysOf(found) === used) return false;
    [this.#client, this.#keys] = [clientOf(found), keysOf(found)];
    return true;
  }

  async #once({ method, key, query = {}, body }: S3Request): Promise<S3Answer> {
    const { requestSeconds = REQUEST_SECONDS, signal } = this.patience;
    const { bucket, endpoint, region } = this.settings;
    const base = endpoint === undefined
      ? `https://${bucket}.s3.${region}.amazonaws.com`
      : `${endpoint}/${bucket}`;
    const url = new URL(`${base}/${key.split("/").map(encodeURIComponent).join("/")}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const limit = AbortSignal.timeout(1000 * (requestSeconds + (body?.length ?? 0) / LEAST_RATE));
    const response = await this.#client.fetch(url.href, {
      method,
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      // So that the server refuses what was damaged on the way.
      ...body && { body, headers: { "x-amz-content-sha256": await digestOf(body) } },
    });
    const bytes = await response.bytes();
    const length = response.headers.get("content-length");
    if (method === "GET" && length !== null && Number(length) !== bytes.length) {
      throw new Error(`its answer ends after ${bytes.length} of ${length} bytes`);
    }
    return { status: response.status, headers: response.headers, bytes };
  }

  #refused(answer: S3Answer): UserError {
    const { status, headers, bytes } = answer;
    if (lacksBucket(answer)) {
      const { bucket } = this.settings;
      return new UserError(`Cannot use ${this.#name}: there is no bucket ${bucket}`, {
        next: "create it, or correct DINOFLOW_STORE",
      });
    }
    const [code = `status ${status}`] = texts(new TextDecoder().decode(bytes), "Code");
    const next = code === "RequestTimeTooSkewed"
      ? `set this machine's clock: the server's says ${headers.get("date")}`
      : status === 403 || status === 401 || refusedKeys.has(code)
      ? "check the keys and what they may do: they need to list, get, put and delete in this bucket"
      : "see what the server says of this code";
    return new UserError(`Cannot use ${this.#name}: it refuses (${code})`, { next });
  }

  #failed(reason: string): ServiceError {
    return new ServiceError(`Cannot reach ${this.#name}: ${reason} (tried ${ATTEMPTS} times)`, {
      next: "see whether the server is up; run again, what was made is kept on this machine",
    });
  }

  get #name(): string {
    const { bucket, prefix, endpoint } = this.settings;
    return `s3://${bucket}/${prefix}${endpoint === undefined ? "" : ` on ${endpoint}`}`;
  }
}

function clientOf({ accessKeyId, secretAccessKey, sessionToken, region }: S3Settings): AwsClient {
  const keys = { accessKeyId, secretAccessKey, ...sessionToken && { sessionToken } };
  return new AwsClient({ ...keys, region, service: "s3", retries: 0 });
}

function keysOf({ accessKeyId, secretAccessKey, sessionToken }: S3Settings): string {
  return JSON.stringify([accessKeyId, secretAccessKey, sessionToken]);
}

/** The texts within elements of a name. */
function texts(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "g"));
  return Array.from(
    found,
    ([, text]) =>
      text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
        .replaceAll("&#39;", "'").replaceAll("&apos;", "'").replaceAll("&amp;", "&"),
  );
}

/**
 * Whether the object that was asked for is not there. Other things may be missing too: some servers
 * answer 404 to a key id that nobody has, and nothing was written then.
 */
function lacksObject({ status, bytes }: S3Answer, { method, key }: S3Request): boolean {
  if (status !== 404 || key === "" || method === "PUT" || method === "POST") return false;
  const [code] = texts(new TextDecoder().decode(bytes), "Code");
  // An answer to HEAD has no body to tell what.
  return code === undefined || code === "NoSuchKey";
}

/** Whether the bucket itself is not there. */
function lacksBucket({ status, bytes }: S3Answer): boolean {
  return status === 404 && new TextDecoder().decode(bytes).includes("NoSuchBucket");
}
