/** The certificate of TLS, and its changes. */

import { UserError } from "../../src/base/mod.ts";
import type { Observer } from "../contract.ts";
import type { Certificate } from "../http/listener.ts";
import type { Config } from "./schema.ts";

/**
 * Reads the certificate that the settings name; undefined if they name none.
 *
 * @throws {UserError} naming the file that cannot be read.
 */
export function readCertificate({ cert, key }: Config): Certificate | undefined {
  if (cert === undefined || key === undefined) return undefined;
  return { cert: read(cert), key: read(key) };
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw new UserError(`Cannot read ${path} for TLS: ${(cause as Error).message}`, {
      cause,
      next: "name files of PEM that the server may read with --cert and --key",
    });
  }
}

/**
 * Makes what looks whether the certificate has changed. One that cannot be read
 * or used changes nothing.
 *
 * @param use Takes the changed one.
 */
export function certificateFollower(
  config: Config,
  start: Certificate | undefined,
  use: (certificate: Certificate) => Promise<void>,
  observer: Pick<Observer, "log">,
): () => Promise<void> {
  let [current, told] = [start, ""];
  return async () => {
    if (current === undefined) return;
    try {
      const found = readCertificate(config)!;
      if (found.cert === current.cert && found.key === current.key) return;
      await use(found);
      current = found;
      told = "";
      observer.log("info", "certificate changed");
    } catch (error) {
      // Of a pair that is written in two steps the first half fits nothing.
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== told) observer.log("error", "certificate not changed", { reason });
      told = reason;
    }
  };
}
