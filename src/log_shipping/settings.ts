/** Where logs are shipped to, as the environment says. */

import {
  isSecretReference,
  keepSecret,
  readSecret,
  type ReadVariable,
  UsageError,
} from "../base/mod.ts";

/** Where a cluster is, and who asks it. */
export interface LogAddress {
  /** Address of Elasticsearch or OpenSearch, without a slash at its end and without a user. */
  readonly url: string;
  /** User and password that stand in the address. */
  readonly user?: { readonly name: string; readonly password: string };
}

/** What a {@linkcode LogShipper} needs to know. */
export interface LogSettings {
  /**
   * Where it is: read for each request, as a secret that a reference names may change.
   *
   * @throws {UserError} if the reference leads to no address now.
   */
  readonly address: () => Promise<LogAddress>;
  /** Name of the data stream. */
  readonly index: string;
  /** Days that its documents are kept. */
  readonly retentionDays: number;
  /** Folder of what could not be sent yet. */
  readonly folder: string;
  /** Bytes that it may hold. */
  readonly folderBytes: number;
  /** PEM file of the authorities to trust. */
  readonly authorities?: string;
  /** Reads the environment, for credentials: anew for each session, as they may change. */
  readonly env: ReadVariable;
}

const whole = (env: ReadVariable, name: string, usual: number, most: number): number => {
  const text = env(name)?.trim();
  if (!text) return usual;
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw new UsageError(`Cannot use ${name}=${text}: wanted a whole number from 1 to ${most}`);
};

/**
 * Reads `ELASTICSEARCH_URL`, `_INDEX` (mlops-logs), `_RETENTION_DAYS` (30), `_CACERT`,
 * `_UNSENT_FOLDER` (data/logs) and `_UNSENT_MEGABYTES` (256); credentials are `_API_KEY`, or
 * `_USERNAME` with `_PASSWORD`. Address and credentials may be references to secrets.
 *
 * @returns Undefined where `ELASTICSEARCH_URL` is not set: then no logs are shipped.
 * @throws {UsageError} if one of them cannot be used.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const env: Record<string, string> = { ELASTICSEARCH_URL: "http://127.0.0.1:9200/" };
 * assertEquals(logSettings((name) => env[name])?.index, "mlops-logs");
 * assertEquals(logSettings(() => undefined), undefined);
 * ```
 */
export function logSettings(env: ReadVariable): LogSettings | undefined {
  const read = (name: string) => env(`ELASTICSEARCH_${name}`)?.trim() || undefined;
  const text = read("URL");
  if (text === undefined) return undefined;
  // What a reference leads to is known once lines are sent.
  const fixed = isSecretReference(text) ? undefined : addressOf(text);
  const index = read("INDEX") ?? "mlops-logs";
  // What Elasticsearch takes as the name of a data stream.
  if (!/^(?![-_+.])[a-z0-9_.-]{1,200}$/.test(index)) {
    throw new UsageError(`Cannot use ELASTICSEARCH_INDEX=${index}: it is no name of an index`, {
      next: "write lower-case letters, digits, hyphens and dots, such as mlops-logs",
    });
  }
  const authorities = read("CACERT");
  return {
    address: async () => fixed ?? addressOf(await readSecret(text, "ELASTICSEARCH_URL", env)),
    index,
    retentionDays: whole(env, "ELASTICSEARCH_RETENTION_DAYS", 30, 3650),
    folder: read("UNSENT_FOLDER") ?? "data/logs",
    folderBytes: whole(env, "ELASTICSEARCH_UNSENT_MEGABYTES", 256, 1_000_000) * 2 ** 20,
    ...authorities && { authorities },
    env,
  };
}

function addressOf(text: string): LogAddress {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError("Cannot use ELASTICSEARCH_URL: it is no http or https address", {
      next: "write it as https://host:9200, or unset it",
    });
  }
  const password = decodeURIComponent(url.password);
  keepSecret(password);
  return {
    url: `${url.origin}${url.pathname}`.replace(/\/+$/, ""),
    ...url.username && { user: { name: decodeURIComponent(url.username), password } },
  };
}
