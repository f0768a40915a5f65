/** Certificates for tests. */

import { assert } from "@std/assert";
import { join } from "@std/path";
import { succeeds } from "../program.ts";

/** Whether certificates can be made here. */
export const openssl = await succeeds("openssl", "version");

/** Writes a certificate of this machine with its key as `cert.pem` and `key.pem` in a folder. */
export async function certify(folder: string, name: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem"), "-days", "2"],
      ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}
