/** A real PostgreSQL with pgvector, from the Python package pgserver. */

import { join } from "@std/path";
import { freePort } from "../free_port.ts";
import { waitUntil } from "../wait_until.ts";

/** Environments that may have the package. */
const environments = [".venv", ".dinoflow/retrieval-venv"];

/** Folder of PostgreSQL's programs; undefined where no environment has them. */
export const postgresPrograms: string | undefined = await (async () => {
  for (const environment of environments) {
    const libraries = join(environment, "lib");
    const pythons = await Array.fromAsync(Deno.readDir(libraries)).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    });
    for (const { name } of pythons) {
      const programs = join(libraries, name, "site-packages/pgserver/pginstall/bin");
      const there = await Deno.stat(join(programs, "postgres")).then(() => true, () => false);
      if (there) return await Deno.realPath(programs);
    }
  }
  return undefined;
})();

/** Programs of a PostgreSQL that may lack pgvector: those of the system, else the same. */
export const systemPrograms: string | undefined = await (async () => {
  const folder = "/usr/lib/postgresql";
  const versions = await Array.fromAsync(Deno.readDir(folder)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  });
  const newest = versions.map(({ name }) => Number(name)).sort((a, b) => a - b).at(-1);
  return newest === undefined ? postgresPrograms : join(folder, String(newest), "bin");
})();

/** PostgreSQL does not run as root: then as nobody. */
const user = Deno.uid() === 0 ? { uid: 65534, gid: 65534 } : {};

/** A server with an empty database. */
export class PgvectorServer implements AsyncDisposable {
  private constructor(
    /** Its address. */
    readonly url: string,
    private readonly folder: string,
    private readonly child: Deno.ChildProcess,
  ) {}

  /** Makes a database in a folder of its own and starts a server. */
  static async start(programs = postgresPrograms!): Promise<PgvectorServer> {
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    if (user.uid !== undefined) await Deno.chown(folder, user.uid, user.gid);
    const data = join(folder, "data");
    const made = await new Deno.Command(join(programs, "initdb"), {
      args: ["-D", data, "-A", "trust", "-U", "tester", "-E", "UTF8", "--no-sync"],
      ...{ ...user, stdout: "null", stderr: "piped", cwd: folder },
    }).output();
    if (!made.success) throw new Error(new TextDecoder().decode(made.stderr));
    const port = freePort();
    const child = new Deno.Command(join(programs, "postgres"), {
      args: [
        ...["-D", data, "-h", "127.0.0.1", "-p", String(port), "-F"],
        ...["-c", "unix_socket_directories="],
      ],
      ...{ ...user, stdout: "null", stderr: "null", cwd: folder },
    }).spawn();
    const url = `postgres://tester:unused@127.0.0.1:${port}/postgres`;
    const server = new PgvectorServer(url, folder, child);
    try {
      await waitUntil(async () => {
        const ready = await new Deno.Command(join(programs, "pg_isready"), {
          args: ["-h", "127.0.0.1", "-p", String(port)],
          ...{ stdout: "null", stderr: "null" },
        }).output();
        return ready.success;
      }, "PostgreSQL answers");
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    // Fast shutdown: sessions are ended, files are closed.
    try {
      this.child.kill("SIGINT");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await this.child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.folder, { recursive: true });
  }
}
