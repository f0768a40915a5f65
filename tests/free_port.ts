/** Ports for servers that cannot choose one by themselves. */

import { join } from "@std/path";

/** Where a file stands for each port that a test has chosen, whichever process it runs in. */
const claims = join(Deno.env.get("TMPDIR") ?? "/tmp", "dinoflow-test-ports");
const claimed: string[] = [];

globalThis.addEventListener("unload", () => {
  for (const path of claimed) Deno.removeSync(path);
});

/**
 * A port of 127.0.0.1 that nobody listens at, and that no other test was given. It is chosen below
 * the range from which Linux gives ports to whoever asks for any (32768 and up): a server that
 * takes seconds to start would else find that a test beside it was given the same one meanwhile.
 */
export function freePort(): number {
  Deno.mkdirSync(claims, { recursive: true });
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    const path = join(claims, String(port));
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      Deno.writeTextFileSync(path, "", { createNew: true });
      claimed.push(path);
      return port;
    } catch (error) {
      const { AddrInUse, AlreadyExists } = Deno.errors;
      if (!(error instanceof AddrInUse || error instanceof AlreadyExists)) throw error;
    }
  }
  throw new Error("Found no free port between 10000 and 32000");
}
