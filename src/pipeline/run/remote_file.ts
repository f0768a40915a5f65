/** Files at addresses: fetched once, kept while the server says that they are the same. */

import { AwsClient } from "aws4fetch";
import {
  ambientSignal,
  basename,
  DataError,
  join,
  ServiceError,
  sha256,
  sha256File,
  statIfPresent,
  temporaryPath,
  UsageError,
  UserError,
  wait,
} from "../../base/mod.ts";
import { currentS3Settings } from "../../artifact_store/mod.ts";

/** Folder of what was fetched, below the working directory. */
const FETCHED = ".dinoflow/remote";

/** Attempts at a request that a server did not answer, or asked to repeat. */
const ATTEMPTS = 5;

/** Seconds before the second attempt, doubled before each further one, and for an answer to begin. */
const PAUSE_SECONDS = 0.2;
const ANSWER_SECONDS = 60;

/** What is known of a fetched file. */
interface Fetched {
  /** What the server calls its content; absent if it does not tell. */
  readonly tag?: string;
  /** SHA-256 of its content. */
  readonly digest: string;
}

/** How files are fetched; tests wait less. */
export interface RemoteOptions {
  /** Where copies are kept, `.dinoflow/remote` if absent. */
  readonly folder?: string;
  readonly env?: (name: string) => string | undefined;
  readonly signal?: AbortSignal;
  readonly pauseSeconds?: number;
}

/**
 * The path of a local copy of `s3://bucket/key` or `https://host/path`. It is fetched if there is
 * none, or if the server says that its content is another one (ETag, or the moment of its last
 * change). `#sha256=…` after the address pins the content: then a copy is used without asking.
 *
 * @throws {UsageError} if the address cannot be used.
 * @throws {DataError} if there is nothing, or its content is not what is pinned.
 * @throws {ServiceError} if the server does not answer.
 */
export async function fetchedFile(address: string, options: RemoteOptions = {}): Promise<string> {
  const { url, pinned } = parseAddress(address);
  const name = basename(new URL(url).pathname) || "file";
  const folder = join(options.folder ?? FETCHED, sha256(url).slice(0, 16));
  const [path, notes] = [join(folder, name), join(folder, "fetched.json")];
  const known = statIfPresent(path) && readNotes(notes);
  if (known && pinned === known.digest) return path;
  const remote = new RemoteFile(url, options);
  if (known && pinned === undefined && known.tag !== undefined) {
    const { tag } = await remote.ask("HEAD", ({ headers }) => Promise.resolve(tagOf(headers)));
    if (tag === known.tag) return path;
  }
  await Deno.mkdir(folder, { recursive: true });
  const temporary = temporaryPath(path);
  try {
    const { tag } = await remote.ask("GET", async (response) => {
      await response.body!.pipeTo((await Deno.create(temporary)).writable);
      const [length, { size }] = [
        response.headers.get("content-length"),
        await Deno.stat(temporary),
      ];
      const whole = length === null || response.headers.has("content-encoding") ||
        Number(length) === size;
      if (!whole) throw new TypeError(`its answer ends after ${size} of ${length} bytes`);
      return tagOf(response.headers);
    });
    const digest = await sha256File(temporary);
    if (pinned !== undefined && pinned !== digest) {
      throw new DataError(`Cannot use ${url}: its content is not the one that is pinned`, {
        next: `look at what is there; if it is right, write #sha256=${digest}`,
      });
    }
    await Deno.rename(temporary, path);
    const fetched: Fetched = { digest, ...tag !== undefined && { tag } };
    await Deno.writeTextFile(notes, JSON.stringify(fetched));
  } finally {
    await Deno.remove(temporary).catch(() => {}); // it was renamed, or never there
  }
  return path;
}

function parseAddress(address: string): { url: string; pinned?: string } {
  const [url, fragment] = address.split("#", 2);
  if (!URL.canParse(url) || /^s3:/i.test(url) && !/^s3:\/\/[^/]+\/.*[^/]$/i.test(url)) {
    throw new UsageError(`Cannot read ${address}: it is no address of a file`, {
      next: "write s3://bucket/path/of/file or https://host/path/of/file",
    });
  }
  if (fragment === undefined) return { url };
  const pinned = /^sha256=([0-9a-f]{64})$/i.exec(fragment)?.[1].toLowerCase();
  if (pinned !== undefined) return { url, pinned };
  throw new UsageError(`Cannot understand #${fragment} after ${url}`, {
    next: "pin the content with #sha256= and its 64 digits, or leave it out",
  });
}

function readNotes(path: string): Fetched | undefined {
  if (statIfPresent(path) === undefined) return undefined;
  try {
    return JSON.parse(Deno.readTextFileSync(path)) as Fetched;
  } catch {
    return undefined; // damaged: it is fetched again
  }
}

/** What tells a content from others. */
function tagOf(headers: Headers): { tag?: string } {
  const tag = headers.get("etag") ?? headers.get("last-modified");
  return tag === null ? {} : { tag };
}

/** A file on a server. */
class RemoteFile {
  readonly #fetch: (method: string, signal: AbortSignal) => Promise<Response>;
  readonly #isS3: boolean;

  constructor(readonly url: string, readonly options: RemoteOptions) {
    this.#isS3 = /^s3:/i.test(url);
    this.#fetch = this.#isS3 ? this.#signed() : (method, signal) => fetch(url, { method, signal });
  }

  #signed() {
    const { env = (name: string) => Deno.env.get(name) } = this.options;
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/i.exec(this.url)!;
    const path = key.split("/").map(encodeURIComponent).join("/");
    return async (method: string, signal: AbortSignal) => {
      const settings = await currentS3Settings(`s3://${bucket}`, env);
      const { accessKeyId, secretAccessKey, sessionToken, region, endpoint } = settings;
      const keys = { accessKeyId, secretAccessKey, ...sessionToken && { sessionToken } };
      const client = new AwsClient({ ...keys, region, service: "s3", retries: 0 });
      const base = endpoint === undefined
        ? `https://${bucket}.s3.${region}.amazonaws.com`
        : `${endpoint}/${bucket}`;
      return await client.fetch(`${base}/${path}`, { method, signal });
    };
  }

  /** Asks until there is an answer that can be used. */
  async ask<T>(method: string, use: (response: Response) => Promise<T>): Promise<T> {
    const {
      pauseSeconds = PAUSE_SECONDS,
      signal = ambientSignal() ?? new AbortController().signal,
    } = this.options;
    for (let attempt = 1;; attempt++) {
      signal.throwIfAborted();
      let reason: string;
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), 1000 * ANSWER_SECONDS);
      try {
        const response = await this.#fetch(method, AbortSignal.any([signal, late.signal]));
        clearTimeout(timer); // its body may take as long as it moves
        if (response.ok) return await use(response);
        await response.body?.cancel();
        if (response.status < 500 && response.status !== 429 && response.status !== 408) {
          throw this.#refused(response);
        }
        reason = `it answers ${response.status}`;
      } catch (error) {
        if (error instanceof UserError || signal.aborted) throw error;
        reason = late.signal.aborted
          ? `no answer within ${ANSWER_SECONDS} s`
          : (error as Error).message;
      } finally {
        clearTimeout(timer);
      }
      if (attempt === ATTEMPTS) {
        throw new ServiceError(`Cannot fetch ${this.url}: ${reason} (tried ${ATTEMPTS} times)`, {
          next: "see whether the server is up; a file that was fetched is used without it if its " +
            "content is pinned, as in ADDRESS#sha256=…",
        });
      }
      await wait(pauseSeconds * 2 ** (attempt - 1), signal);
    }
  }

  #refused({ status, headers }: Response): UserError {
    const { url } = this;
    if (status === 404 || status === 410) {
      return new DataError(`Cannot fetch ${url}: there is nothing at this address`, {
        next: "check the address, and that it was not moved",
      });
    }
    const skewed = Math.abs(Date.parse(headers.get("date") ?? "") - Date.now()) > 15 * 60_000;
    if (this.#isS3 && status === 403 && skewed) {
      return new UserError(`Cannot fetch ${url}: it refuses (status 403)`, {
        next: `set this machine's clock: the server's says ${headers.get("date")}`,
      });
    }
    return new UserError(`Cannot fetch ${url}: it refuses (status ${status})`, {
      next: status !== 401 && status !== 403
        ? "see what the server says of this status"
        : this.#isS3
        ? "check the keys and that they may get this object (s3:GetObject)"
        : "give an address that is readable as it stands, as one that was signed beforehand",
    });
  }
}
