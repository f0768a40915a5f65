/** The command line of pipelines, free of process state so that tests can call it. */

import {
  eventError,
  EXIT_INTERRUPTED,
  maskedText,
  packError,
  UsageError,
  UserError,
} from "../base/mod.ts";
import { parsePipelineArgs } from "./args.ts";
import type { PipelineCliOptions } from "./cli_options.ts";
import { listPipelines, loadPipeline, paramLine } from "../pipeline/mod.ts";
import type { StartData, StartRequest } from "./new_pipeline.ts";
import { runPipelineCommand } from "./run_command.ts";
import { errorLines, type Sink } from "../terminal/mod.ts";

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const help = `Runs the pipelines of the folder pipelines/.

  deno task pipeline NAME                  run pipelines/NAME.ts; finished work is not done twice
  deno task pipeline NAME --help           its parameters with types and defaults
  deno task pipeline NAME --plan           what a run would do, and why
  deno task pipeline NAME --graph [html]   the steps as Mermaid, or as a page in reports/
  deno task pipeline --list                all pipelines, their parameters and defaults
  deno task pipeline --new NAME            start a pipeline: a file that runs, and its test
  deno task pipeline --new NAME --from FILE --target COLUMN
                                           start a training for data of your own
  deno task pipeline schedule [NAME]       run pipelines when they are due (--list, --once)
  deno task pipeline runs [NAME]           the runs that were; runs rerun RUN: its parameters again
  deno task pipeline show [RUN] [--html]   one run: steps, timings, logs; or a page in reports/
  deno task pipeline diff RUN RUN          what changed in code, params, inputs, metrics
  deno task pipeline gc [--keep N]         remove what the newest N runs (5) do not need;
                                           --shared: in DINOFLOW_STORE; runs pin RUN keeps

  --param name=value   set a parameter (again for more; lists: a,b,c or JSON)
  --params FILE        parameters from YAML or JSON; --profile NAME: and from its profiles
  --sweep name=a,b     run every combination (again for more; lists: a,b;c), then compare
  --sort metric[:asc]  the best combination first: the highest, or with :asc the lowest
  --force [STEP]       run all, or STEP, even if cached
  --from STEP          run STEP and what depends on it again
  --only STEP[ITEM]    run one step, or one item of a fan-out, alone (again for more)
  --only STEP --run ID the steps' part of a run that an orchestrator carries out
  --keep-going         after a failure go on with what does not depend on it
  --cache MODE         of the store that DINOFLOW_STORE names: read-write, read or off
  --watch              run again what an edit invalidates, until Ctrl-C
  --jobs N             cores to use, by default all
  --quiet, -q          only results, warnings and errors
  --json               one JSON event per line
  --trace              stack traces of errors
  --help, -h           this page

Results go to standard output, progress and errors to standard error.
Ctrl-C stops the run and lets its steps clean up; a second one stops at once.
Exit codes: 0 done, 1 a step failed, 2 wrong usage, 130 interrupted.
A pipeline may define others, from 3 up.
`;

/** Does what `args` ask for and gives the exit code. */
export async function runCli(args: readonly string[], given: PipelineCliOptions): Promise<number> {
  const options = { ...given, stdout: secretive(given.stdout), stderr: secretive(given.stderr) };
  try {
    const request = parsePipelineArgs(args);
    switch (request.type) {
      case "help":
        options.stdout.write(help);
        return EXIT_DONE;
      case "list":
        return await list(options);
      case "new":
        return await startPipeline(request.pipeline, request.from, options);
      case "run":
        return await runPipelineCommand(request, args, options);
      // What follows is loaded here only: a run, which is what most starts are for, needs none.
      case "schedule": {
        const { runSchedule } = await import("./schedule/command.ts");
        const { watchParents } = await import("./process/parents.ts");
        using _parents = await watchParents();
        return await runSchedule(request, { ...options, ...request });
      }
      case "history": {
        const { answerHistory } = await import("./history_command.ts");
        await answerHistory(request.command, request.json, options);
        return EXIT_DONE;
      }
    }
  } catch (error) {
    const stopped = given.signal?.aborted === true && error === given.signal.reason;
    const exitCode = stopped
      ? EXIT_INTERRUPTED
      : error instanceof UsageError
      ? EXIT_USAGE
      : EXIT_FAILED;
    const trace = args.includes("--trace");
    const told = eventError(error);
    const lines = errorLines(told, trace);
    if (!(stopped || error instanceof UserError || trace)) {
      lines.push("next: see where with --trace");
    }
    options.stderr.write(`${lines.join("\n")}\n`);
    if (args.includes("--json")) {
      const { JsonView } = await import("./view/json_view.ts");
      const at = new Date().toISOString();
      new JsonView(options.stdout, trace).show({ type: "error", at, error: told, exitCode });
    }
    return exitCode;
  }
}

/** A stream that no secret gets into, whoever writes. */
function secretive(sink: Sink): Sink {
  return { write: (text) => sink.write(maskedText(text)), size: () => sink.size() };
}

async function startPipeline(
  name: string,
  from: StartData | undefined,
  { folder, root, stdout, stderr, starter }: PipelineCliOptions,
): Promise<number> {
  const { newPipeline } = await import("./new_pipeline.ts");
  if (from && !starter) {
    throw new UsageError("Cannot start a pipeline from data: this entry does not know how", {
      next: "start it with deno task pipeline --new NAME --from FILE --target COLUMN",
    });
  }
  const start = from && starter && ((request: StartRequest) => starter({ ...request, ...from }));
  const { paths, notes } = await newPipeline(name, folder, root, start);
  for (const note of notes) stderr.write(`${note}\n`);
  stdout.write(`${paths.join("\n")}\n`);
  stderr.write(`next: deno task pipeline ${name}\nthen: deno test --allow-all ${paths[1]}\n`);
  return EXIT_DONE;
}

async function list({ folder, stdout, stderr }: PipelineCliOptions): Promise<number> {
  const names = await listPipelines(folder);
  if (names.length === 0) stderr.write(`There are no pipelines in ${folder}\n`);
  const width = Math.max(...names.map((name) => name.length));
  for (const name of names) {
    const line = (text: string) => stdout.write(`${name.padEnd(width)}  ${text}\n`);
    try {
      const { description, params } = await loadPipeline(folder, name);
      line(description);
      for (const part of paramLine(params).match(/.{1,80}(?: |$)/g) ?? []) {
        stdout.write(`${" ".repeat(width)}  ${part.trimEnd()}\n`);
      }
    } catch (error) {
      const { message } = packError(error);
      line(`(cannot be loaded: ${message})`);
    }
  }
  return EXIT_DONE;
}
