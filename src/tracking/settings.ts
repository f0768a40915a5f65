/** The environment variables of MLflow's Python client that a server connection honours. */

import { join } from "@std/path";
import { UsageError, withSecrets } from "../base/mod.ts";

/** Reads one environment variable. */
export type Environment = (name: string) => string | undefined;

/** How requests are sent and repeated; see {@linkcode connectionSettings}. */
export interface ConnectionSettings {
  /** Base address without a slash at its end; a path prefix is kept. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The header that says who asks, if any: read for each request, as secrets that references
   * name may change.
   */
  readonly authorization: () => Promise<string | undefined>;
  /** How often a failed request is sent again. */
  readonly maxRetries: number;
  /** Seconds; the pauses are 0, 2, 4, 8 … times this. */
  readonly backoffFactor: number;
  /** Seconds, at most, that are added to a pause by chance. */
  readonly backoffJitter: number;
  readonly respectRetryAfter: boolean;
  readonly timeoutMs: number;
  /** Path of a PEM file with the authorities to trust. */
  readonly serverCertificate?: string;
  /** The proxy that requests go through, as the environment has it, without its password. */
  readonly proxy?: string;
}

function number(env: Environment, name: string, fallback: number, most: number): number {
  const text = env(name);
  if (text === undefined || text.trim() === "") return fallback;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || value > most) {
    throw new UsageError(`Cannot use ${name}=${text}: it must be a number from 0 to ${most}`);
  }
  return value;
}

function flag(env: Environment, name: string, fallback: boolean): boolean {
  const text = env(name)?.toLowerCase();
  return text === undefined || text === "" ? fallback : text === "true" || text === "1";
}

/** User and password from `~/.mlflow/credentials`, if MLflow's own client looks too. */
function credentialsFile(env: Environment): { username?: string; password?: string } {
  const home = env("HOME") ?? env("USERPROFILE");
  if (home === undefined) return {};
  let text: string;
  try {
    text = Deno.readTextFileSync(join(home, ".mlflow", "credentials"));
  } catch {
    return {}; // Absent, or not ours to read: then there are simply none.
  }
  const section = /^\[mlflow\]\s*$([^[]*)/m.exec(text)?.[1] ?? "";
  const value = (key: string) =>
    new RegExp(`^\\s*${key}\\s*[=:]\\s*(.*?)\\s*$`, "m").exec(section)?.[1];
  return {
    username: value("mlflow_tracking_username"),
    password: value("mlflow_tracking_password"),
  };
}

function basic(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

const secretNames = ["USERNAME", "PASSWORD", "TOKEN"].map((name) => `MLFLOW_TRACKING_${name}`);

async function authorization(url: URL, given: Environment): Promise<string | undefined> {
  // fetch refuses addresses that hold a password.
  if (url.username !== "") {
    return basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
  }
  const env = await withSecrets(given, secretNames);
  const file = credentialsFile(env);
  const username = env("MLFLOW_TRACKING_USERNAME") || file.username;
  const password = env("MLFLOW_TRACKING_PASSWORD") || file.password;
  if (username && password) return basic(username, password);
  const token = env("MLFLOW_TRACKING_TOKEN");
  return token ? `Bearer ${token}` : undefined;
}

/** What MLflow's Python client does. */
const mlflowDefaults = { maxRetries: 7, timeoutMs: 120_000 };

/**
 * Reads how to speak to the server at `uri`: MLFLOW_TRACKING_USERNAME with
 * _PASSWORD (which win over _TOKEN), MLFLOW_WORKSPACE, MLFLOW_HTTP_REQUEST_MAX_RETRIES,
 * _BACKOFF_FACTOR, _BACKOFF_JITTER, _TIMEOUT, MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER,
 * MLFLOW_TRACKING_SERVER_CERT_PATH and, where that is unset, `~/.mlflow/credentials`.
 *
 * User, password and token may be references ({@linkcode readSecret}).
 *
 * `defaults` hold if the variables are unset.
 *
 * @throws {UsageError} if a variable cannot be used; the message names it.
 */
export function connectionSettings(
  uri: string,
  env: Environment,
  defaults: Pick<ConnectionSettings, "maxRetries" | "timeoutMs"> = mlflowDefaults,
): ConnectionSettings {
  if (flag(env, "MLFLOW_TRACKING_INSECURE_TLS", false)) {
    throw new UsageError("Cannot honour MLFLOW_TRACKING_INSECURE_TLS: Deno has its own switch", {
      next: "unset it, and trust the server's certificate with MLFLOW_TRACKING_SERVER_CERT_PATH",
    });
  }
  if (env("MLFLOW_TRACKING_CLIENT_CERT_PATH")) {
    throw new UsageError(
      "Cannot use MLFLOW_TRACKING_CLIENT_CERT_PATH: client certificates are " +
        "not supported",
      { next: "unset it, and use a password or a token" },
    );
  }
  const url = new URL(uri.trim());
  const workspace = env("MLFLOW_WORKSPACE");
  return {
    url: `${url.origin}${url.pathname}`.replace(/\/+$/, ""),
    headers: {
      ...(workspace && { "x-mlflow-workspace": workspace }),
    },
    authorization: () => authorization(url, env),
    maxRetries: number(env, "MLFLOW_HTTP_REQUEST_MAX_RETRIES", defaults.maxRetries, 10),
    backoffFactor: number(env, "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", 2, 120),
    backoffJitter: number(env, "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", 1, 120),
    respectRetryAfter: flag(env, "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER", true),
    timeoutMs: number(env, "MLFLOW_HTTP_REQUEST_TIMEOUT", defaults.timeoutMs / 1000, 86_400) * 1000,
    serverCertificate: env("MLFLOW_TRACKING_SERVER_CERT_PATH") || undefined,
    proxy: proxyOf(url, env),
  };
}

/** The proxy that `fetch` takes for an address, with the variable that names it. */
function proxyOf({ protocol, hostname }: URL, env: Environment): string | undefined {
  const read = (name: string) => {
    try {
      return env(name)?.trim() || env(name.toLowerCase())?.trim() || undefined;
    } catch {
      return undefined; // Not permitted to read it: it is for the message alone.
    }
  };
  const direct = (read("NO_PROXY") ?? "").split(",").map((entry) => entry.trim()).some((entry) =>
    entry === "*" || entry !== "" && `.${hostname}`.endsWith(`.${entry.replace(/^\*?\./, "")}`)
  );
  if (direct) return undefined;
  const name = [`${protocol.slice(0, -1).toUpperCase()}_PROXY`, "ALL_PROXY"].find(read);
  return name && `${read(name)!.replace(/\/\/[^/@]*@/, "//")} (${name})`;
}
