/** Which Vault is asked, and who asks: read as Vault's and OpenBao's own tools read it. */

import { UsageError } from "../errors.ts";

/** Reads one variable of the environment. */
export type ReadVariable = (name: string) => string | undefined;

/** How a process shows who it is. */
export type VaultLogin =
  /** By a token, or a file in which an agent keeps the current one. */
  | { readonly method: "token"; readonly token?: string; readonly file?: string }
  | {
    readonly method: "approle";
    readonly mount: string;
    readonly roleId: string;
    readonly secretId?: string;
    /** File of the secret id, read at each login. */
    readonly secretIdFile?: string;
  }
  | {
    readonly method: "kubernetes";
    readonly mount: string;
    readonly role: string;
    /** File of the service account's token, read at each login. */
    readonly jwtFile: string;
  };

/** A Vault and who asks it. */
export interface VaultSettings {
  /** Address without a slash at its end. */
  readonly address: string;
  readonly namespace?: string;
  /** PEM file of the authorities to trust. */
  readonly authorities?: string;
  readonly login: VaultLogin;
}

/** The variables that {@linkcode vaultSettings} reads, for who starts a process with few of them. */
export const vaultVariables: readonly string[] = ["VAULT_", "BAO_"].flatMap((maker) =>
  [
    ...["ADDR", "NAMESPACE", "CACERT", "TOKEN", "TOKEN_FILE", "ROLE_ID", "SECRET_ID"],
    ...["SECRET_ID_FILE", "K8S_ROLE", "K8S_JWT_FILE", "AUTH_MOUNT"],
  ].map((name) => maker + name)
);

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * Reads `VAULT_ADDR`, `VAULT_NAMESPACE`, `VAULT_CACERT`, and of the ways to log in the first that
 * is set: `VAULT_K8S_ROLE` (with `VAULT_K8S_JWT_FILE`), `VAULT_ROLE_ID` with `VAULT_SECRET_ID` or
 * `VAULT_SECRET_ID_FILE`, `VAULT_TOKEN` or `VAULT_TOKEN_FILE`. `VAULT_AUTH_MOUNT` is where the way
 * is mounted, if not at `approle` or `kubernetes`. OpenBao's names `BAO_…` count as well.
 *
 * @throws {UsageError} naming what is missing or cannot be used.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const env: Record<string, string> = { VAULT_ADDR: "http://127.0.0.1:8200/", VAULT_TOKEN: "t" };
 * assertEquals(vaultSettings((name) => env[name]).address, "http://127.0.0.1:8200");
 * ```
 */
export function vaultSettings(env: ReadVariable): VaultSettings {
  const read = (name: string) => env(`VAULT_${name}`)?.trim() || env(`BAO_${name}`)?.trim();
  const address = read("ADDR");
  if (!address) {
    throw new UsageError("Cannot ask Vault: VAULT_ADDR is not set", {
      next: "set VAULT_ADDR to its address, such as https://vault.example.org:8200",
    });
  }
  const url = URL.parse(address);
  if (!/^https?:$/.test(url?.protocol ?? "") || url!.username !== "") {
    throw new UsageError("Cannot ask Vault: VAULT_ADDR is no http or https address", {
      next: "write it as https://host:port, without a user",
    });
  }
  const namespace = read("NAMESPACE");
  const authorities = read("CACERT");
  return {
    address: address.replace(/\/+$/, ""),
    ...namespace && { namespace },
    ...authorities && { authorities },
    login: loginOf(read),
  };
}

function loginOf(read: ReadVariable): VaultLogin {
  const role = read("K8S_ROLE");
  const mount = read("AUTH_MOUNT")?.replace(/^\/+|\/+$/g, "");
  if (role) {
    return {
      method: "kubernetes",
      mount: mount || "kubernetes",
      role,
      jwtFile: read("K8S_JWT_FILE") || serviceAccount,
    };
  }
  const roleId = read("ROLE_ID");
  if (roleId) {
    const [secretId, secretIdFile] = [read("SECRET_ID"), read("SECRET_ID_FILE")];
    return {
      method: "approle",
      mount: mount || "approle",
      roleId,
      ...secretId ? { secretId } : { ...secretIdFile && { secretIdFile } },
    };
  }
  const [token, file] = [read("TOKEN"), read("TOKEN_FILE")];
  if (!token && !file) {
    throw new UsageError("Cannot ask Vault: nothing tells it who asks", {
      next:
        "set VAULT_TOKEN, VAULT_TOKEN_FILE, VAULT_ROLE_ID with VAULT_SECRET_ID, or VAULT_K8S_ROLE",
    });
  }
  return { method: "token", ...token ? { token } : { file } };
}
