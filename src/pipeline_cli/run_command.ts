/** `deno task pipeline NAME …`: runs a pipeline; other wishes go to modules of their own. */

import { EXIT_INTERRUPTED, join, resolve } from "../base/mod.ts";
import type { OutputFormat } from "./args.ts";
import type { PipelineCliOptions } from "./cli_options.ts";
import {
  coerceParams,
  findPipeline,
  loadPipeline,
  paramTable,
  parseParams,
  planPipeline,
  readSecretParams,
  type RunOptions,
  runPipeline,
} from "../pipeline/mod.ts";
import { openStore } from "../artifact_store/mod.ts";
import { againArgs, type PipelineCommand, type RunRequest } from "./pipeline_command.ts";
import { PlainView, type RunSink } from "./view/plain_view.ts";

const EXIT_DONE = 0;

/** Runs a pipeline, or shows what a run would do; gives the exit code. */
export async function runPipelineCommand(
  request: RunRequest,
  args: readonly string[],
  options: PipelineCliOptions,
): Promise<number> {
  if (request.watch) return await watch(request.pipeline, args, options);
  const loadedAt = Date.now();
  const note = (text: string) => options.stderr.write(`warning: ${text}\n`);
  const { home, signal } = options;
  const store = await openStore({ home, cache: request.cache, note, signal });
  if (request.rerun !== undefined) {
    const { rerunRequest } = await import("./rerun.ts");
    request = await rerunRequest(request, store);
  }
  const pipeline = await loadPipeline(options.folder, request.pipeline);
  if (request.help) {
    options.stdout.write(
      `${pipeline.name}  ${pipeline.description}\n\nParameters (--param name=value):\n` +
        `${paramTable(pipeline.params)}\n`,
    );
    return EXIT_DONE;
  }
  const { paramsFile: from } = request;
  const read = from &&
    await (await import("./params_file.ts")).readParamsFile(from.path, from.profile);
  const params = { ...request.earlier, ...read, ...coerceParams(pipeline.params, request.params) };
  const given = {
    params: await readSecretParams(pipeline.params, params),
    cache: {
      store,
      file: resolve(join(options.folder, `${request.pipeline}.ts`)),
      root: resolve(options.root),
      loadedAt,
    },
    picks: request.picks,
    keepGoing: request.keepGoing,
    ...request.partOf !== undefined && { partOf: request.partOf },
  };
  const job: PipelineCommand = { request, pipeline, store, given };
  if (!request.show) return await run(job, options);
  const { showPipeline } = await import("./show_command.ts");
  await showPipeline(job, options);
  return EXIT_DONE;
}

/** Runs the pipeline again and again, each time in a process of its own. */
async function watch(
  name: string,
  args: readonly string[],
  { folder, root, stderr, signal }: PipelineCliOptions,
): Promise<number> {
  const { watchPipeline } = await import("./watch/watch.ts");
  using _parents = await watchParents();
  await watchPipeline({
    file: await findPipeline(folder, name),
    root,
    args: args.filter((arg) => arg !== "--watch"),
    note: (line) => stderr.write(`${line}\n`),
    signal,
  });
  return EXIT_INTERRUPTED;
}

async function run(job: PipelineCommand, options: PipelineCliOptions): Promise<number> {
  const { request, pipeline, given } = job;
  if (request.watchRound !== undefined) {
    const { reportFiles, roundText } = await import("./watch/round.ts");
    const graph = pipeline.graph(parseParams(pipeline.params, given.params));
    await reportFiles(request.watchRound, graph);
    options.stderr.write(roundText(await planPipeline(pipeline, given)));
  }
  const view = await chooseView(request, options);
  const { jobs } = request;
  const { signal } = options;
  let parents: ReturnType<typeof watchParents> | undefined;
  const onEvent: RunOptions["onEvent"] = (event) => {
    if (event.type === "step_started") parents ??= watchParents(); // else it is over soon
    view.show(event);
    options.hear?.(event);
  };
  await using _parents = { [Symbol.asyncDispose]: async () => (await parents)?.[Symbol.dispose]() };
  if (request.sweep.length > 0) {
    const { sweepTable, sweep } = await import("./sweep_command.ts");
    const result = await closing(view, sweep(job, { jobs, signal, onEvent }, options));
    if (!request.json) sweepTable(result, request.sort, options);
    return result.exitCode;
  }
  const result = await closing(view, runPipeline(pipeline, { ...given, jobs, signal, onEvent }));
  if (result.failure && !request.json) {
    const { failureText } = await import("./failure_text.ts");
    options.stderr.write(failureText(result.failure, pipeline, againArgs(request), options.home));
  }
  return result.exitCode;
}

/** Hears of the end of npx. */
async function watchParents(): Promise<Disposable | undefined> {
  const parents = await import("./process/parents.ts");
  return await parents.watchParents();
}

async function closing<T>(view: RunSink, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    view.close();
  }
}

async function chooseView(
  { json, quiet, trace }: OutputFormat,
  { stdout, stderr }: PipelineCliOptions,
): Promise<RunSink> {
  if (json) {
    const { JsonView } = await import("./view/json_view.ts");
    return new JsonView(stdout, trace);
  }
  const now = () => performance.now();
  const streams = { results: stdout, notes: stderr, quiet, trace, now };
  if (stderr.size() === undefined) return new PlainView(streams);
  const { TerminalView } = await import("./view/terminal_view.ts");
  return new TerminalView(streams);
}
