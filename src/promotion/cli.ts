/** The command line of models, free of process state so that tests can call it. */

import { EXIT_INTERRUPTED, packError, UsageError, UserError } from "../base/mod.ts";
import { errorLines, type Sink } from "../terminal/mod.ts";
import { type ModelsRequest, parseModelsArgs } from "./arguments.ts";
import { archiveVersion } from "./commands/archive.ts";
import { compareVersions } from "./commands/compare.ts";
import type { Desk } from "./commands/desk.ts";
import { listModels } from "./commands/list.ts";
import { nameChallenger, promote, rollBack } from "./commands/promote.ts";
import { prune } from "./commands/prune.ts";
import { showModel } from "./commands/show.ts";
import { modelsHelp } from "./help.ts";
import { openPlaces } from "./places.ts";

/** What the command line needs of the process around it. */
export interface ModelsOptions {
  /** Standard output: results. */
  readonly stdout: Sink;
  /** Standard error: progress and errors. */
  readonly stderr: Sink;
  /** Reads a variable of the environment. */
  readonly env: (name: string) => string | undefined;
  /** Interrupts it. */
  readonly signal: AbortSignal;
}

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const commands: Record<string, (request: ModelsRequest, desk: Desk) => Promise<number>> = {
  list: listModels,
  show: showModel,
  compare: compareVersions,
  promote,
  rollback: rollBack,
  challenger: nameChallenger,
  archive: archiveVersion,
  prune,
};

/** Does what `args` ask for and gives the exit code. */
export async function runModelsCli(
  args: readonly string[],
  { stdout, stderr, env, signal }: ModelsOptions,
): Promise<number> {
  try {
    const request = parseModelsArgs(args, env);
    if (request === undefined) {
      stdout.write(modelsHelp);
      return 0;
    }
    const places = openPlaces(request);
    return await commands[request.command](request, {
      places,
      signal,
      tell: (text) => (request.json ? stderr : stdout).write(`${text}\n`),
      warn: (text) => stderr.write(`warning: ${text}\n`),
      json: (value) => {
        if (request.json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      },
    });
  } catch (error) {
    if (signal.aborted) {
      stderr.write("interrupted\n");
      return EXIT_INTERRUPTED;
    }
    const told = error instanceof Deno.errors.NotCapable && error.message.includes("write access")
      ? new UserError(error.message, {
        next: "the task may write below models/ only: for another folder take the command of the " +
          "task from deno.json, with --allow-write=FOLDER",
      })
      : error;
    stderr.write(`${errorLines(packError(told), !(told instanceof UserError)).join("\n")}\n`);
    return told instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}
