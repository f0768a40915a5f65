/** A Redis of one's own that keeps nothing on disk. */

import { UserError } from "../../src/base/mod.ts";

/** A running Redis. */
export interface OwnRedis extends AsyncDisposable {
  /** Port of 127.0.0.1. */
  readonly port: number;
}

/** Starts one at a free port, and waits until it takes connections. */
export async function startRedis(): Promise<OwnRedis> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const command = new Deno.Command("redis-server", {
    args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"],
    stdout: "null",
    stderr: "null",
  });
  let child: Deno.ChildProcess;
  try {
    child = command.spawn();
  } catch (cause) {
    throw new UserError("Cannot start Redis", { cause, next: "install redis-server" });
  }
  for (let attempt = 0;; attempt++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      break;
    } catch (error) {
      if (attempt === 200 || !(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((done) => setTimeout(done, 25));
    }
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}
