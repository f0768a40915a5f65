/** Versions of data: files of DVC read and written, found in git's history, tried with DVC itself. */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { sha256 } from "../../src/base/mod.ts";
import { dvcFileText, parseDvcFile, runDataVersions } from "../../src/data_versions/mod.ts";
import { s3Program, S3Server } from "../artifact_store/s3_server.ts";

/** As DVC 3.67 wrote it; a note of ours that is older than the content stays in it. */
const written = `outs:
- md5: 80f76699060cd6a4116629d65ac5b3f4
  size: 6
  hash: md5
  meta:
    sha256: ${"ab".repeat(32)}
    sha256_of: f69f5b72bc79a92dc70c63c9aa142e36
  path: train.csv
`;

Deno.test("data versions: a file of DVC says what it says, and a stale note nothing", () => {
  const file = "train.csv.dvc";
  const md5 = "80f76699060cd6a4116629d65ac5b3f4";
  assertEquals(parseDvcFile(written, file), [{ md5, size: 6, path: "train.csv" }]);
  const folder = `outs:\n- md5: ${md5}.dir\n  size: 2\n  nfiles: 1\n  hash: md5\n  path: dd\n`;
  assertEquals(parseDvcFile(folder, file), [{ md5: `${md5}.dir`, size: 2, path: "dd" }]);
  assertEquals(parseDvcFile("outs:\n- etag: x\n  path: s3://b/k\n", file), []);
  for (const text of ["", "a: [", "outs: 1", "outs:\n- x", "deps: []"]) {
    assertThrows(() => parseDvcFile(text, file), Error, file);
  }
  const earlier = { text: `desc: mine\n${written}`, file };
  const output = { md5: "cd".repeat(16), size: 7, path: "train.csv", sha256: "ef".repeat(32) };
  const text = dvcFileText(output, earlier);
  assertStringIncludes(text, "desc: mine");
  assertEquals(parseDvcFile(text, file), [output]);
});

/** A repository with a command line in it. */
async function withProject(
  test: (project: {
    readonly path: string;
    readonly run: (program: string, ...args: string[]) => Promise<string>;
    readonly data: (...args: string[]) => Promise<{ code: number; out: string; err: string }>;
  }) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  const run = async (program: string, ...args: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd: path,
      env: {
        ...{ GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a" },
        ...{ GIT_COMMITTER_EMAIL: "a@b", GIT_CONFIG_GLOBAL: "/dev/null" },
      },
    }).output();
    assert(success, `${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  };
  const data = async (...args: string[]) => {
    const told = { out: "", err: "" };
    const code = await runDataVersions(args, {
      write: (text) => void (told.out += text),
      warn: (text) => void (told.err += text),
      root: path,
    });
    return { code, ...told };
  };
  try {
    await run("git", "init", "-q");
    await Deno.mkdir(join(path, "data", "raw"), { recursive: true });
    await Deno.mkdir(join(path, "models"));
    await test({ path, run, data });
  } finally {
    // What DVC keeps is read-only.
    await run("chmod", "-R", "u+w", ".");
    await Deno.remove(path, { recursive: true });
  }
}

const contents = ["a,b\n1,2\n", "a,b\n1,2\n3,4\n"];

/** A model that learned from a content. */
const metadata = (content: string) =>
  JSON.stringify({ data_digest: sha256(content), run_id: "0123456789abcdef" });

Deno.test("data versions: a model's digest leads to the commit that brought its data", async () => {
  await withProject(async ({ path, run, data }) => {
    const file = join(path, "data/raw/train.csv");
    await Deno.writeTextFile(file, contents[0]);
    assertStringIncludes((await data("add", "data/raw/train.csv")).err, "next: pip install dvc");
    assertStringIncludes((await data("versions")).err, "There are no files of DVC");
    await Deno.mkdir(join(path, ".dvc"));
    const commits: string[] = [];
    for (const content of contents) {
      await Deno.writeTextFile(file, content);
      assertEquals((await data("add", "data/raw/train.csv")).code, 0);
      await run("git", "add", "data");
      await run("git", "commit", "-qm", "data");
      commits.push((await run("git", "rev-parse", "HEAD")).trim());
    }
    assertEquals(await Deno.readTextFile(join(path, "data/raw/.gitignore")), "/train.csv\n");
    await Deno.writeTextFile(join(path, "models/old_v_1_metadata.json"), metadata(contents[0]));
    await Deno.writeTextFile(join(path, "models/damaged_metadata.json"), "{");

    const all = JSON.parse((await data("versions", "--json")).out);
    assertEquals(all.map(({ commit }: { commit: string }) => commit), commits.toReversed());
    const digest = sha256(contents[0]);
    for (const wanted of [digest, digest.slice(0, 36), `sha256:${digest}`, "old_v_1", all[1].md5]) {
      const { code, out } = await data("versions", wanted);
      assertEquals(code, 0, wanted);
      assertStringIncludes(
        out,
        `git checkout ${commits[0].slice(0, 12)} -- data/raw/train.csv.dvc`,
      );
      assertStringIncludes(out, "models  old_v_1");
      assert(!out.includes(commits[1].slice(0, 12)), out);
    }
    const missing = await data("versions", "0".repeat(36));
    assertEquals([missing.code, missing.out], [1, ""]);
    assertStringIncludes(missing.err, "No version of any data is 000");
    assertStringIncludes((await data("verions")).err, "versions");
    assertStringIncludes((await data("add", "../x")).err, "outside of the project");
    assertStringIncludes((await data("add", "data/raw")).err, "dvc add");
    assertStringIncludes((await data("add", "data/none.csv")).err, "there is no such file");

    // Gone from the tree, its versions are still known.
    await run("git", "rm", "-q", "data/raw/train.csv.dvc");
    await run("git", "commit", "-qm", "gone");
    assertEquals((await data("versions", digest)).code, 0);
  });
});

const venv = fromFileUrl(new URL("../../.dinoflow/dvc-venv/", import.meta.url));
const full = Deno.args.includes("--full");

/** DVC itself, put into an environment of its own the first time. */
async function dvcProgram(): Promise<string> {
  const program = join(venv, "bin/dvc");
  if (await Deno.stat(program).then(() => true, () => false)) return program;
  for (
    const [command, ...args] of [
      ["python3", "-m", "venv", venv],
      [join(venv, "bin/pip"), "install", "-q", "dvc[s3]==3.67.1"],
    ]
  ) {
    const { success } = await new Deno.Command(command, { args }).output();
    assert(success, `${command} ${args.join(" ")} failed`);
  }
  return program;
}

Deno.test({
  name: "data versions: DVC takes what we wrote to S3 and back, and we read what it wrote (--full)",
  ignore: !full || s3Program === undefined,
}, async () => {
  const dvc = await dvcProgram();
  await using server = await S3Server.start();
  const env = server.env();
  await withProject(async ({ path, run, data }) => {
    const file = join(path, "data/raw/train.csv");
    await run(dvc, "init", "-q");
    await run(dvc, "config", "core.analytics", "false");
    await run(
      dvc,
      "remote",
      "add",
      "-d",
      "team",
      "s3://team/dvc",
    );
    await run(dvc, "remote", "modify", "team", "endpointurl", env.AWS_ENDPOINT_URL);
    await run(dvc, "remote", "modify", "--local", "team", "access_key_id", env.AWS_ACCESS_KEY_ID);
    await run(
      dvc,
      ...["remote", "modify", "--local", "team"],
      ...["secret_access_key", env.AWS_SECRET_ACCESS_KEY],
    );
    await Deno.writeTextFile(file, contents[0]);
    assertEquals((await data("add", "data/raw/train.csv")).code, 0);
    assertStringIncludes(await run(dvc, "status"), "up to date");
    await run(dvc, "push", "-q");
    await run("git", "add", ".");
    await run("git", "commit", "-qm", "ours");

    // DVC's own next version keeps our note, which then says nothing.
    await Deno.writeTextFile(file, contents[1]);
    await run(dvc, "add", "-q", "data/raw/train.csv");
    await run("git", "commit", "-qam", "theirs");
    await run(dvc, "push", "-q");
    const [newest, oldest] = JSON.parse((await data("versions", "--json")).out);
    assertEquals([newest.sha256, oldest.sha256], contents.toReversed().map(sha256));

    // A fresh clone has neither file nor cache.
    await run("chmod", "-R", "u+w", ".dvc/cache");
    await Deno.remove(join(path, ".dvc/cache"), { recursive: true });
    await Deno.remove(file);
    const { out } = await data("versions", sha256(contents[0]));
    const [, command] = /again {3}(.*)$/m.exec(out)!;
    await run("sh", "-c", command.replace("&& dvc", `&& ${dvc}`));
    assertEquals(await Deno.readTextFile(file), contents[0]);
  });
});
