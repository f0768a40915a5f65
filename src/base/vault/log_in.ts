/** Showing Vault who asks. */

import { UserError } from "../errors.ts";
import { keepSecret } from "../secrets.ts";
import { sessionIn, VaultRefusal, type VaultRequests, type VaultSession } from "./requests.ts";
import type { VaultLogin } from "./settings.ts";

/**
 * Begins a session.
 *
 * @throws {UserError} if a file cannot be read, or Vault does not let us in.
 * @throws {VaultAway} if it does not answer.
 */
export async function logIn(login: VaultLogin, requests: VaultRequests): Promise<VaultSession> {
  if (login.method === "token") {
    const token = login.token ?? await fileText(login.file!, "VAULT_TOKEN_FILE");
    keepSecret(token);
    return await sessionOf(token, requests);
  }
  const { mount, method } = login;
  const body = method === "approle"
    ? { role_id: login.roleId, ...await secretId(login) }
    : { role: login.role, jwt: await fileText(login.jwtFile, "VAULT_K8S_JWT_FILE") };
  keepSecret({ ...body, role: undefined });
  try {
    const session = sessionIn(await requests.send("POST", `auth/${mount}/login`, { body }));
    if (session !== undefined) return session;
    throw new UserError(`Vault does not let us in by ${method}: its answer has no token`, {
      next: `check that ${mount} is mounted as ${method}`,
    });
  } catch (cause) {
    if (!(cause instanceof VaultRefusal)) throw cause;
    throw new UserError(`Vault does not let us in by ${method}: ${cause.message}`, {
      cause,
      next: method === "approle"
        ? "check VAULT_ROLE_ID and VAULT_SECRET_ID; a secret id may have expired or been used up"
        : "check VAULT_K8S_ROLE, and that the role is bound to this service account",
    });
  }
}

/** How long a given token lasts, as far as it may ask. */
async function sessionOf(token: string, requests: VaultRequests): Promise<VaultSession> {
  try {
    const { data } = await requests.send("GET", "auth/token/lookup-self", { token });
    const { ttl, renewable } = data as Record<string, unknown>;
    return { token, seconds: Number(ttl ?? 0), renewable: renewable === true };
  } catch (error) {
    if (!(error instanceof VaultRefusal)) throw error;
    // A token without the policy "default" may read secrets, but not look at itself.
    return { token, seconds: 0, renewable: false };
  }
}

async function secretId(
  { secretId, secretIdFile }: { secretId?: string; secretIdFile?: string },
): Promise<{ secret_id?: string }> {
  if (secretId !== undefined) return { secret_id: secretId };
  if (secretIdFile === undefined) return {}; // a role may ask for none
  return { secret_id: await fileText(secretIdFile, "VAULT_SECRET_ID_FILE") };
}

async function fileText(path: string, variable: string): Promise<string> {
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch (cause) {
    throw new UserError(`Cannot read ${path}: ${(cause as Error).message}`, {
      cause,
      next: `check ${variable}`,
    });
  }
}
