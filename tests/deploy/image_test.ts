/**
 * The image that serves, built by Podman from its Dockerfile and run as it is meant to be: not root,
 * on a read-only root, without capabilities. The base images are made of this machine's own programs
 * under the names in the Dockerfile, so that no registry of images is asked.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { freePort } from "../free_port.ts";
import { isInstalled } from "../program.ts";
import { records, save } from "../serve/fixture.ts";
import { waitUntil } from "../wait_until.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));
const hasPodman = Deno.build.os === "linux" && Deno.uid() === 0 && await isInstalled("podman");
/** What the Dockerfile's lines call, and what the image is looked at with. */
const PROGRAMS = ["sh", "sed", "mkdir", "rm", "id", "touch", "cat"];
/** What packages with native parts link against, beside what Deno does. */
const LIBRARIES = ["libstdc++.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1"];
const MOST_MEGABYTES = 260;

/** Podman with images and containers of its own, below a folder. */
class Podman implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<Podman> {
    const folder = await Deno.makeTempDir();
    // No service manager is asked, and no limit raised, which a container may not.
    await Deno.writeTextFile(
      join(folder, "containers.conf"),
      '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n' +
        '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n' +
        (await isInstalled("runc") ? 'runtime = "runc"\n' : ""),
    );
    return new Podman(folder);
  }

  async run(...args: string[]): Promise<string> {
    const { success, text } = await this.try(...args);
    assert(success, `podman ${args.join(" ")}: ${text}`);
    return text.trim();
  }

  async try(...args: string[]): Promise<{ readonly success: boolean; readonly text: string }> {
    const folder = this.#folder;
    const { success, stdout, stderr } = await new Deno.Command("podman", {
      args: [...["--root", join(folder, "kept"), "--runroot", join(folder, "run")], ...args],
      cwd: root,
      env: { CONTAINERS_CONF: join(folder, "containers.conf"), TMPDIR: folder },
    }).output();
    const decoder = new TextDecoder();
    return { success, text: decoder.decode(stdout) + (success ? "" : decoder.decode(stderr)) };
  }

  /** Makes an image of files of this machine: where they go, by where they are. */
  async image(name: string, files: ReadonlyMap<string, string>): Promise<void> {
    const folder = join(this.#folder, "base");
    for (const [to, from] of files) {
      await Deno.mkdir(join(folder, dirname(to)), { recursive: true });
      await Deno.copyFile(from, join(folder, to));
    }
    await Deno.mkdir(join(folder, "tmp"), { recursive: true });
    await Deno.chmod(join(folder, "tmp"), 0o1777);
    const archive = join(this.#folder, "base.tar");
    const { success } = await new Deno.Command("tar", { args: ["-C", folder, "-cf", archive, "."] })
      .output();
    assert(success);
    await this.run("import", "--quiet", archive, name);
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(archive);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.try("rm", "--all", "--force");
    await this.try("rmi", "--all", "--force");
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Programs, with the libraries that they are linked with. */
async function linked(programs: readonly string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const path of programs) {
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
  return files;
}

async function baseFiles(): Promise<Map<string, string>> {
  const paths = PROGRAMS.map((name) => `/usr/bin/${name}`);
  const files = await linked([...paths, Deno.execPath()]);
  for (const path of paths) {
    files.set(path, path);
    files.set(path.replace("/usr", ""), path);
  }
  // Whom this machine trusts, as where packages come by way of a company's own store.
  const certificates = "/etc/ssl/certs/ca-certificates.crt";
  return files.set(certificates, certificates);
}

Deno.test({
  name:
    "deploy: the image serves, not as root, on a read-only root without capabilities (needs --full and podman)",
  ignore: !hasPodman || !Deno.args.includes("--full"),
  fn: async () => {
    await using podman = await Podman.open();
    const text = await Deno.readTextFile(join(root, "deploy/docker/Dockerfile"));
    const [, deno] = /DENO_VERSION=(\S+)/.exec(text)!;
    const [, debian] = /DEBIAN=(\S+)/.exec(text)!;
    await podman.image(`docker.io/library/debian:${debian}`, await baseFiles());
    await podman.image(
      `docker.io/denoland/deno:bin-${deno}`,
      new Map([["/deno", Deno.execPath()]]),
    );
    await podman.run(
      ...[
        "build",
        "--quiet",
        "--format=docker",
        "--pull-never",
        "--network=host",
        "--isolation=chroot",
      ],
      ...["--ignorefile=deploy/docker/Dockerfile.dockerignore", "--target=serve"],
      ...["--file=deploy/docker/Dockerfile", "--tag=dinoflow-serve", "."],
    );
    const bytes = async (name: string) =>
      Number(await podman.run("image", "inspect", "--format={{.Size}}", name));
    const own = (await bytes("dinoflow-serve") - await bytes(`debian:${debian}`)) / 1e6;
    assert(own < MOST_MEGABYTES, `${own} MB beside its base`);

    const models = await Deno.makeTempDir();
    await save(models, 0);
    await Deno.chmod(models, 0o755);
    const port = freePort();
    await podman.run(
      ...["run", "--detach", "--name=server", "--network=host", "--read-only", "--cap-drop=ALL"],
      ...["--security-opt=no-new-privileges", "--tmpfs=/tmp", `--volume=${models}:/app/models:ro`],
      ...["--env=HOST=127.0.0.1", `--env=PORT=${port}`, "--env=DRAIN_SECONDS=1", "dinoflow-serve"],
    );
    const url = `http://127.0.0.1:${port}`;
    await waitUntil(async () => {
      try {
        const answer = await fetch(`${url}/readyz`);
        await answer.body?.cancel();
        return answer.ok;
      } catch (error) {
        if (error instanceof TypeError) return false; // it does not listen yet
        throw error;
      }
    }, "the server is ready");
    const answer = await fetch(`${url}/predict`, {
      ...{ method: "POST", headers: { "content-type": "application/json" } },
      body: JSON.stringify(records[0]),
    });
    assertEquals(answer.status, 200, await answer.text());

    assertEquals(await podman.run("exec", "server", "id", "-u"), "10001");
    const status = await podman.run("exec", "server", "cat", "/proc/1/status");
    for (const kind of ["Eff", "Prm", "Bnd"]) {
      assertStringIncludes(status, `Cap${kind}:\t0000000000000000`);
    }
    const written = await podman.try("exec", "server", "touch", "/app/written");
    assert(!written.success && written.text.includes("Read-only file system"), written.text);
    // Nobody calls it by himself here: there is no service manager.
    assertEquals(await podman.run("healthcheck", "run", "server"), "");

    await podman.run("stop", "--time=20", "server");
    assertEquals(await podman.run("inspect", "--format={{.State.ExitCode}}", "server"), "0");
    await Deno.remove(models, { recursive: true });
  },
});
