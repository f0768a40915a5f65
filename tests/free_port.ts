/** Ports for servers that cannot choose one by themselves. */

/**
 * A port of 127.0.0.1 that nobody listens at. It is chosen below the range from which Linux gives
 * ports to whoever asks for any (32768 and up): a server that takes seconds to start would else
 * find that a test beside it was given the same one meanwhile.
 */
export function freePort(): number {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("Found no free port between 10000 and 32000");
}
