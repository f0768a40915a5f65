import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runDataCommand } from "../../pipelines/credit_score/data_command.ts";
import { inFolder } from "../in_folder.ts";

async function run(args: string[], { terminal = false, signal }: {
  terminal?: boolean;
  signal?: AbortSignal;
} = {}): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const size = () => terminal ? { columns: 80, rows: 24 } : undefined;
  const code = await runDataCommand(args, {
    stdout: { write: (text) => void (out += text), size },
    stderr: { write: (text) => void (err += text), size },
    signal,
  });
  return { code, out, err };
}

Deno.test("data command writes the file and says what it wrote", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "train.csv");
    const { code, out, err } = await run(["--customers", "4", "--seed", "7", "--out", path]);
    assertEquals({ code, err }, { code: 0, err: "" });
    assertEquals(out, `Wrote 32 rows of 4 customers to ${path} (seed 7)\n`);
    assertEquals((await Deno.readTextFile(path)).trimEnd().split("\n").length, 33);
  });
});

Deno.test("data command shows progress on a terminal and clears it", async () => {
  await inFolder(async (folder) => {
    const args = ["--customers", "500", "--out", join(folder, "train.csv")];
    const { err } = await run(args, { terminal: true });
    assertStringIncludes(err, ": 50 %");
    assertEquals(err.endsWith("\r\x1b[K"), true);
  });
});

Deno.test("data command teaches with --help", async () => {
  const { code, out } = await run(["--help"]);
  assertEquals(code, 0);
  for (const word of ["--customers", "--seed", "--out", "data/raw/train.csv"]) {
    assertStringIncludes(out, word);
  }
});

Deno.test("data command refuses wrong usage with code 2", async () => {
  const wrong: [string[], string][] = [
    [["--customers", "0"], 'Cannot use --customers "0"'],
    [["--customers", "1e3"], 'Cannot use --customers "1e3"'],
    [["--customers"], 'Cannot use --customers ""'],
    [["--seed=-1"], 'Cannot use --seed "-1"'],
    [["--rows", "5"], "Cannot understand the option --rows"],
    [["100"], "Cannot understand 100"],
    [["--out", "train.parquet"], 'Cannot write "train.parquet"'],
  ];
  for (const [args, message] of wrong) {
    const { code, out, err } = await run(args);
    assertEquals({ code, out }, { code: 2, out: "" });
    assertStringIncludes(err, `error: ${message}`);
    assertStringIncludes(err, "\nnext: ");
  }
});

Deno.test("data command tells why a path cannot be written, with code 1", async () => {
  await inFolder(async (folder) => {
    const { code, err } = await run(["--customers", "1", "--out", folder]);
    assertEquals(code, 1);
    assertStringIncludes(err, `error: Cannot write ${folder}: a folder or file is in the way`);
  });
});

Deno.test({
  name: "data command tells that a path is closed to it, not which permission Deno wants",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const entry = new URL("../../pipelines/credit_score/data_cli.ts", import.meta.url).href;
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--allow-read", "--allow-write"],
        ...[entry, "--customers", "1", "--out", "/proc/x.csv"],
      ],
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder().decode(stderr);
    assertStringIncludes(said, "error: Cannot write /proc/x.csv: permission denied\nnext: ");
  },
});

Deno.test("data command ends with code 130 and no file when interrupted", async () => {
  await inFolder(async (folder) => {
    const { code, err } = await run(["--out", join(folder, "train.csv")], {
      signal: AbortSignal.abort(),
    });
    assertEquals({ code, err }, { code: 130, err: "Interrupted, nothing was written\n" });
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});
