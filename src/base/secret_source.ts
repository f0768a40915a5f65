/** Reads secrets from where references say they are. */

import { ServiceError, UsageError, UserError } from "./errors.ts";
import { isSecretReference, parseSecretReference } from "./secret_reference.ts";
import { keepSecret } from "./secrets.ts";
import type { Vault } from "./vault/vault.ts";
import { type ReadVariable, vaultSettings } from "./vault/settings.ts";

/** One for each address and way to log in, so that one session serves all who read. */
const vaults = /* @__MEMO__ */ new Map<string, Vault>();

/** Why secrets that were read before may be old: one line for each Vault that is away. */
export function secretTroubles(): string[] {
  return [...vaults.values()].flatMap(({ trouble }) => trouble ?? []);
}

/**
 * The text that `text` stands for: what a reference leads to, else itself.
 *
 * @param text A secret, `file:PATH` or `vault:MOUNT/PATH#FIELD`.
 * @param holder What holds it, for messages: the name of a variable or parameter.
 * @throws {UsageError} if it is none, or names a file that cannot be read.
 * @throws {ServiceError} if Vault refuses or does not answer. One that is away is waited for, ten
 * seconds; one that was reached before answers as it last did ({@linkcode secretTroubles}).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "sesame-open\n");
 * assertEquals(await readSecret(`file:${path}`, "PASSWORD"), "sesame-open");
 * assertEquals(await readSecret("as it is", "PASSWORD"), "as it is");
 * ```
 */
export async function readSecret(
  text: string,
  holder: string,
  env: ReadVariable = (name) => Deno.env.get(name),
): Promise<string> {
  const value = isSecretReference(text) ? await follow(text, holder, env) : text;
  for (const part of [value, ...value.split(",")]) keepSecret(part);
  return value;
}

/**
 * An environment in which variables of secrets hold the secrets themselves.
 *
 * @param env The environment.
 * @param names The variables that may hold a reference.
 * @throws as {@linkcode readSecret}, naming the variable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "sesame-open");
 * const given: Record<string, string> = { SMTP: `file:${path}`, PORT: "25" };
 * const env = await withSecrets((name) => given[name], ["SMTP"]);
 * assertEquals([env("SMTP"), env("PORT")], ["sesame-open", "25"]);
 * ```
 */
export async function withSecrets(
  env: ReadVariable,
  names: readonly string[],
): Promise<ReadVariable> {
  const found = new Map<string, string>();
  await Promise.all(names.map(async (name) => {
    const text = env(name);
    if (text !== undefined && isSecretReference(text)) {
      found.set(name, await readSecret(text, name, env));
    }
  }));
  return (name) => found.get(name) ?? env(name);
}

async function follow(text: string, holder: string, env: ReadVariable): Promise<string> {
  const reference = parseSecretReference(text, holder);
  try {
    if (reference.kind === "file") return (await Deno.readTextFile(reference.path)).trim();
    const { mount, path, version, field } = reference;
    const fields = await (await openVault(env)).read(mount, path, version);
    return fieldText(fields, field);
  } catch (cause) {
    const wrong = cause instanceof UsageError || reference.kind === "file";
    const Kind = wrong ? UsageError : ServiceError;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Kind(`Cannot read ${text} for ${holder}: ${reason}`, {
      cause,
      next: cause instanceof UserError ? cause.next : nextOf(cause),
    });
  }
}

function nextOf(cause: unknown): string {
  return cause instanceof Deno.errors.NotCapable
    ? "name a file that the task may read, such as one below /run/secrets"
    : "name a file that exists and may be read";
}

async function openVault(env: ReadVariable): Promise<Vault> {
  const settings = vaultSettings(env);
  const key = JSON.stringify(settings);
  let vault = vaults.get(key);
  if (vault === undefined) {
    // Most secrets are in no Vault, and most processes start without its client.
    const { Vault } = await import("./vault/vault.ts");
    vault = vaults.get(key) ?? new Vault(settings);
    vaults.set(key, vault);
  }
  return vault;
}

/** A field as text; a list of texts as one, separated by commas. */
function fieldText(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  if (value === undefined) {
    throw new UserError(`the secret has no field "${name}"`, {
      next: `its fields are ${Object.keys(fields).join(", ") || "none"}`,
    });
  }
  const parts = [value].flat();
  if (parts.some((part) => typeof part === "object")) {
    throw new UserError(`the field "${name}" is no text`, {
      next: "keep a text, a number or a list of these",
    });
  }
  return parts.join(",").trim();
}
