/** HTTP clients that trust an authority of one's own. */

import { UserError } from "./errors.ts";

/**
 * A client that also trusts the certificates of a PEM file.
 *
 * @param path The file.
 * @param setting What names it, as `VAULT_CACERT`.
 * @throws {UserError} if it cannot be read, or holds no certificate.
 */
export async function trustingClient(path: string, setting: string): Promise<Deno.HttpClient> {
  try {
    return Deno.createHttpClient({ caCerts: [await Deno.readTextFile(path)] });
  } catch (cause) {
    throw new UserError(`Cannot read the certificate ${path}`, { cause, next: `check ${setting}` });
  }
}
