/** `deno task data add FILE` and `deno task data versions`. */

import { isAbsolute, join, readCommand, resolve, UsageError, UserError } from "../base/mod.ts";
import { addFile } from "./add.ts";
import { type DataVersion, dataVersions, findVersions } from "./versions.ts";

/** The commands of `deno task data` that are about versions. */
export const dataVersionCommands = ["add", "versions"] as const;

const helpText = `Versions of data and models, by git and DVC (https://dvc.org).

  deno task data add FILE…             put files under DVC's care, as dvc add does
  deno task data versions              all versions of all files, and the models trained on each
  deno task data versions DIGEST       the version of a digest: of a model's data_digest, of MLflow's
                                       data set, of DVC
  deno task data versions MODEL        the version that a model or run was trained on

  --models FOLDER   models folder (models)
  --json            the answer as JSON
  --help, -h        this page

After add: git add FILE.dvc, and dvc push takes the content to the store of the team.
Exit codes: 0 done, 1 failed or not found, 2 wrong usage.
`;

/** What the command line needs of the process around it. */
export interface DataVersionsOptions {
  /** Takes answers. */
  readonly write: (text: string) => void;
  /** Takes errors. */
  readonly warn: (text: string) => void;
  /** The project's folder. */
  readonly root: string;
}

/** Does what `args` ask for and gives the exit code. */
export async function runDataVersions(
  args: readonly string[],
  { write, warn, root }: DataVersionsOptions,
): Promise<number> {
  try {
    const given = readCommand(args, {
      program: "deno task data",
      commands: dataVersionCommands,
      flags: { json: ["add", "versions"] },
      valued: { models: ["versions"] },
    });
    if (given === undefined) {
      write(helpText);
      return 0;
    }
    const { command, names, flag, value } = given;
    if (command === "add") {
      if (names.length === 0) {
        throw new UsageError("Cannot tell what to add", {
          next: "write: deno task data add data/raw/train.csv",
        });
      }
      for (const name of names) {
        const { output, dvcFile } = await addFile(resolve(root), below(root, name));
        write(
          flag.json
            ? `${JSON.stringify({ dvcFile, ...output })}\n`
            : `Wrote ${name}.dvc (md5 ${output.md5}); next: git add ${name}.dvc, dvc push\n`,
        );
      }
      return 0;
    }
    const all = await dataVersions(resolve(root), below(root, value.models ?? "models"));
    const [wanted] = names;
    const found = wanted === undefined ? all : findVersions(all, wanted);
    if (flag.json) write(`${JSON.stringify(found, null, 2)}\n`);
    else write(found.map(versionText).join("\n") || "");
    if (found.length > 0 || wanted === undefined && flag.json) return 0;
    throw new UserError(
      wanted === undefined
        ? "There are no files of DVC in the project"
        : `No version of any data is ${wanted}`,
      {
        next: wanted === undefined
          ? "put data under DVC's care: deno task data add FILE"
          : "deno task data versions lists all; contents that are not on this machine have a digest " +
            "after dvc fetch --all-commits",
      },
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    warn(`error: ${error.message}\n${error.next ? `next: ${error.next}\n` : ""}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function below(root: string, path: string): string {
  return isAbsolute(path) ? path : resolve(join(root, path));
}

function versionText({ file, md5, sha256, size, commit, at, here, models }: DataVersion): string {
  const back = commit === undefined
    ? ""
    : `  again   git checkout ${commit.slice(0, 12)} -- ${file}.dvc && dvc ${
      here === "no" ? "pull" : "checkout"
    } ${file}.dvc\n`;
  return `${file}${size === undefined ? "" : `, ${size} bytes`}, ${
    commit === undefined ? "not committed" : `since ${at} (${commit.slice(0, 12)})`
  }\n  md5     ${md5}\n  sha256  ${sha256 ?? "unknown here"}\n${
    models.length === 0 ? "" : `  models  ${models.map(({ name }) => name).join(", ")}\n`
  }${back}`;
}
