/** Podman with images made of this machine's own programs, so that no registry of images is asked. */

import { assert } from "@std/assert";
import { basename, dirname, fromFileUrl, join } from "@std/path";
import { isInstalled, succeeds } from "../program.ts";
import { waitUntil } from "../wait_until.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));

/** Whether containers can be run. */
export const hasPodman: boolean = Deno.build.os === "linux" && Deno.uid() === 0 &&
  await isInstalled("podman");

/** What the lines of the Dockerfile and the compose file call, and what images are looked at with. */
const PROGRAMS = ["sh", "sed", "mkdir", "rm", "id", "touch", "cat", "chown"];
/** What packages with native parts link against, beside what Deno does. */
const LIBRARIES = ["libstdc++.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1"];

/** Podman with images, containers and networks of its own, below a folder. */
export class Podman implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder. */
  static async open(): Promise<Podman> {
    const folder = await Deno.makeTempDir();
    // No service manager is asked, and no limit raised, which a container may not.
    await Deno.writeTextFile(
      join(folder, "containers.conf"),
      '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n' +
        '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n' +
        `tmp_dir = "${folder}/tmp"\n` +
        (await isInstalled("runc") ? 'runtime = "runc"\n' : "") +
        `[network]\nnetwork_config_dir = "${folder}/networks"\n`,
    );
    return new Podman(folder);
  }

  /** Runs a command, which must succeed, and gives what it said. */
  async run(...args: string[]): Promise<string> {
    const { success, text } = await this.try(...args);
    assert(success, `podman ${args.join(" ")}: ${text}`);
    return text.trim();
  }

  /** Runs a command that may fail. */
  async try(...args: string[]): Promise<{ readonly success: boolean; readonly text: string }> {
    const { success, stdout, stderr } = await this.#command(args).output();
    const decoder = new TextDecoder();
    return { success, text: decoder.decode(stdout) + (success ? "" : decoder.decode(stderr)) };
  }

  #command(args: readonly string[], options: Deno.CommandOptions = {}): Deno.Command {
    const folder = this.#folder;
    return new Deno.Command("podman", {
      args: [...["--root", join(folder, "kept"), "--runroot", join(folder, "run")], ...args],
      cwd: root,
      env: { CONTAINERS_CONF: join(folder, "containers.conf"), TMPDIR: folder },
      ...options,
    });
  }

  /** Answers Docker's API at a socket, whose address it gives. */
  async serve(): Promise<{ readonly address: string } & AsyncDisposable> {
    const socket = join(this.#folder, "docker.sock");
    const address = `unix://${socket}`;
    const child = this.#command(["system", "service", "--time=0", address], {
      ...{ stdin: "null", stdout: "null", stderr: "null" },
    }).spawn();
    await waitUntil(
      () => Deno.stat(socket).then(() => true, () => false),
      "Podman answers Docker's API",
    );
    return {
      address,
      [Symbol.asyncDispose]: async () => {
        child.kill("SIGTERM");
        await child.status;
      },
    };
  }

  /** Makes an image of files and folders of this machine: where they go, by where they are. */
  async image(
    name: string,
    files: ReadonlyMap<string, string>,
    ...changes: string[]
  ): Promise<void> {
    const folder = join(this.#folder, "base");
    for (const [to, from] of files) {
      await Deno.mkdir(join(folder, dirname(to)), { recursive: true });
      await output("cp", "--recursive", "--dereference", from, join(folder, to));
    }
    await Deno.mkdir(join(folder, "tmp"), { recursive: true });
    await Deno.chmod(join(folder, "tmp"), 0o1777);
    const archive = join(this.#folder, "base.tar");
    await output("tar", "-C", folder, "-cf", archive, ".");
    const changed = changes.map((change) => `--change=${change}`);
    await this.run("import", "--quiet", ...changed, archive, name);
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(archive);
  }

  /** Makes the images that the Dockerfile of the server begins with; gives the name of its base. */
  async bases(): Promise<string> {
    const text = await Deno.readTextFile(join(root, "deploy/docker/Dockerfile"));
    const [, deno] = /DENO_VERSION=(\S+)/.exec(text)!;
    const base = `docker.io/library/debian:${/DEBIAN=(\S+)/.exec(text)![1]}`;
    await this.image(base, await filesOf());
    await this.image(
      `docker.io/denoland/deno:bin-${deno}`,
      new Map([["/deno", Deno.execPath()]]),
    );
    return base;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.try("rm", "--all", "--force");
    await this.try("rmi", "--all", "--force");
    const runs = () => succeeds("pgrep", "--full", this.#folder);
    await waitUntil(async () => !await runs(), "nothing runs that Podman started");
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** What a program of this machine says, which must succeed. */
async function output(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  assert(success, `${program} ${args.join(" ")}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout).trim();
}

/** Programs by their names or paths, beside those of any image, and what they are linked with. */
export async function filesOf(...programs: readonly string[]): Promise<Map<string, string>> {
  const paths = await Promise.all(
    [...PROGRAMS, ...programs].map((name) => output("sh", "-c", "command -v $0", name)),
  );
  // Whom this machine trusts, as where packages come by way of a company's own store.
  const certificates = "/etc/ssl/certs/ca-certificates.crt";
  const files = new Map([[certificates, certificates]]);
  for (const path of [...paths, Deno.execPath()]) {
    const { stdout } = await new Deno.Command("ldd", { args: [path], stderr: "null" }).output();
    for (const [, library] of new TextDecoder().decode(stdout).matchAll(/(\/\S+) \(/g)) {
      files.set(library, library);
      // Others are found beside the C library.
      if (!library.endsWith("/libc.so.6")) continue;
      for (const name of LIBRARIES) {
        files.set(join(dirname(library), name), join(dirname(library), name));
      }
    }
  }
  for (const path of paths) {
    files.set(`/usr/bin/${basename(path)}`, path);
    files.set(`/bin/${basename(path)}`, path);
  }
  return files;
}
