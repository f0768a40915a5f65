/** Where a bucket is and with which keys: read as AWS's own tools read them. */

import { join, keepSecret, UsageError, withSecrets } from "../base/mod.ts";

/** What a client of a bucket needs. */
export interface S3Settings {
  /** Name of the bucket. */
  readonly bucket: string;
  /** What stands before each key; empty, or ends with `/`. */
  readonly prefix: string;
  /** Region that requests are signed for. */
  readonly region: string;
  /** Address of a server that is not Amazon's; buckets are then part of the path. */
  readonly endpoint?: string;
  /** Name of the key. */
  readonly accessKeyId: string;
  /** The key. */
  readonly secretAccessKey: string;
  /** What goes with a key for a limited time. */
  readonly sessionToken?: string;
}

/** Where settings come from. */
export interface S3Sources {
  /** Reads the environment. */
  readonly env: (name: string) => string | undefined;
  /** Text of a file; undefined if there is none. */
  readonly readFile: (path: string) => string | undefined;
}

/**
 * Settings for `s3://bucket/prefix`: from the environment (`AWS_ACCESS_KEY_ID`,
 * `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL_S3` or
 * `AWS_ENDPOINT_URL`), else from the profile `AWS_PROFILE` of `~/.aws`.
 *
 * @throws {UsageError} if the address is none, or there are no keys.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const env = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "key" } as Record<string, string>;
 * const found = s3Settings("s3://team/cache", {
 *   env: (name) => env[name],
 *   readFile: () => undefined,
 * });
 * assertEquals([found.bucket, found.prefix, found.region], ["team", "cache/", "us-east-1"]);
 * ```
 */
export function s3Settings(address: string, { env, readFile }: S3Sources): S3Settings {
  const [, bucket, path = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/.exec(address) ?? [];
  const prefix = path.replace(/\/+$/, "");
  if (bucket === undefined || !/^(?:[\w.@%=-]+(?:\/[\w.@%=-]+)*)?$/.test(prefix)) {
    throw new UsageError(`Cannot understand the store ${address}`, {
      next: "write s3://bucket, or s3://bucket/prefix of letters, digits and . _ - / @ % =",
    });
  }
  const home = env("HOME") ?? env("USERPROFILE") ?? "";
  const profile = env("AWS_PROFILE");
  const read = (path: string, heading: string): Readonly<Record<string, string>> =>
    readIni(readFile(path) ?? "")[heading] ?? {};
  const name = profile ?? "default";
  const config = read(
    env("AWS_CONFIG_FILE") ?? join(home, ".aws/config"),
    name === "default" ? name : `profile ${name}`,
  );
  const kept = {
    ...config,
    ...read(env("AWS_SHARED_CREDENTIALS_FILE") ?? join(home, ".aws/credentials"), name),
  };
  // A profile that is asked for by name counts more than keys that happen to be there.
  const given = profile === undefined ? env("AWS_ACCESS_KEY_ID") : undefined;
  const accessKeyId = given ?? kept.aws_access_key_id;
  const secretAccessKey = given ? env("AWS_SECRET_ACCESS_KEY") : kept.aws_secret_access_key;
  const sessionToken = given ? env("AWS_SESSION_TOKEN") : kept.aws_session_token;
  if (!accessKeyId || !secretAccessKey) {
    throw new UsageError(`Cannot use ${address}: there are no keys for it`, {
      next:
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile of ~/.aws",
    });
  }
  for (const secret of [secretAccessKey, sessionToken]) keepSecret(secret);
  const endpoint = env("AWS_ENDPOINT_URL_S3") ?? env("AWS_ENDPOINT_URL") ?? config.endpoint_url;
  if (endpoint && !URL.canParse(endpoint)) {
    throw new UsageError(`Cannot use the endpoint ${endpoint}: it is no address`, {
      next: "write AWS_ENDPOINT_URL_S3 as http://host:port",
    });
  }
  return {
    bucket,
    prefix: prefix === "" ? "" : `${prefix}/`,
    region: env("AWS_REGION") ?? env("AWS_DEFAULT_REGION") ?? config.region ?? "us-east-1",
    ...endpoint && { endpoint: endpoint.replace(/\/+$/, "") },
    accessKeyId,
    secretAccessKey,
    ...sessionToken && { sessionToken },
  };
}

/** The variables that may hold a reference to a secret. */
const secretVariables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/**
 * {@linkcode s3Settings} of this machine as they are now, the secrets that references name among
 * them.
 *
 * @throws {UsageError} as {@linkcode s3Settings}.
 * @throws {ServiceError} if a secret cannot be read.
 */
export async function currentS3Settings(
  address: string,
  env: S3Sources["env"],
): Promise<S3Settings> {
  return s3Settings(address, { env: await withSecrets(env, secretVariables), readFile });
}

function readFile(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The names and values below each heading of a file of `~/.aws`. */
function readIni(text: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  let heading = "";
  for (const line of text.split("\n")) {
    const head = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (head !== undefined) heading = head;
    const [, name, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (head === undefined && name !== undefined) (found[heading] ??= {})[name] = value;
  }
  return found;
}
