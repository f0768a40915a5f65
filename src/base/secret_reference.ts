/** Texts that tell where a secret is: `file:PATH` and `vault:MOUNT/PATH#FIELD`. */

import { UsageError } from "./errors.ts";

/** Where a secret is. */
export type SecretReference =
  | { readonly kind: "file"; readonly path: string }
  | {
    readonly kind: "vault";
    /** Where a KV engine of version 2 is mounted. */
    readonly mount: string;
    /** The secret below it. */
    readonly path: string;
    /** The field of the secret. */
    readonly field: string;
    /** One version of it; undefined for the newest. */
    readonly version?: number;
  };

const vaultForm = /^vault:([\w.-]+)\/([\w.@%/-]+?)(?:\?version=(\d+))?#([\w.-]+)$/;

/** Whether a text tells where a secret is. */
export function isSecretReference(text: string): boolean {
  return /^(vault|file):/.test(text);
}

/**
 * Reads a reference.
 *
 * @param holder What holds it, for the message: the name of a variable.
 * @throws {UsageError} if it has neither form. What stands there is not shown: it may be the secret.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseSecretReference("vault:secret/loans/mlflow#password", "PASSWORD"), {
 *   kind: "vault",
 *   mount: "secret",
 *   path: "loans/mlflow",
 *   field: "password",
 * });
 * ```
 */
export function parseSecretReference(text: string, holder: string): SecretReference {
  if (text.startsWith("file:")) {
    const path = text.slice("file:".length).replace(/^\/\/(?=\/)/, "");
    if (path !== "") return { kind: "file", path };
  }
  const [, mount, path, version, field] = vaultForm.exec(text) ?? [];
  if (mount !== undefined && !path.split("/").some((part) => /^\.{0,2}$/.test(part))) {
    return { kind: "vault", mount, path, field, ...version && { version: Number(version) } };
  }
  throw new UsageError(`Cannot understand the reference in ${holder}`, {
    next:
      "write vault:MOUNT/PATH#FIELD, such as vault:secret/dinoflow/mlflow#password, or file:PATH",
  });
}
