/**
 * The image that serves, built by Podman from its Dockerfile and run as it is meant to be: not root,
 * on a read-only root, without capabilities. The base images are made of this machine's own programs
 * under the names in the Dockerfile, so that no registry of images is asked.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freePort } from "../free_port.ts";
import { records, save } from "../serve/fixture.ts";
import { waitUntil } from "../wait_until.ts";
import { hasPodman, Podman } from "./podman.ts";

const MOST_MEGABYTES = 260;

Deno.test({
  name:
    "deploy: the image serves, not as root, on a read-only root without capabilities (needs --full and podman)",
  ignore: !hasPodman || !Deno.args.includes("--full"),
  fn: async () => {
    await using podman = await Podman.open();
    const base = await podman.bases();
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
    const own = (await bytes("dinoflow-serve") - await bytes(base)) / 1e6;
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
