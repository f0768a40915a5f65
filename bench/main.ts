/** Entry of `deno task bench`: joins the command line to the process. */

import { fromFileUrl } from "@std/path";
import { UsageError, UserError } from "../src/base/mod.ts";
import { allSuites, bench } from "./bench.ts";
import { helpText, parseBenchArgs } from "./command_line.ts";

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

function print(text: string, stream: typeof Deno.stdout | typeof Deno.stderr = Deno.stdout): void {
  let rest = new TextEncoder().encode(`${text}\n`);
  while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
}

const tell = (text: string) => print(text, Deno.stderr);

function show({ message, next }: UserError): void {
  tell(`error: ${message}${next === undefined ? "" : `\nnext: ${next}`}`);
}

/** A shared machine slows threads that wait for one another most: ratios would mislead. */
function warnWhereBusy(): void {
  const cores = navigator.hardwareConcurrency;
  const [load] = Deno.loadavg();
  if (load < cores / 4) return;
  tell(`warning: the machine is busy (load ${load.toFixed(1)} on ${cores} cores), ratios mislead`);
}

async function main(signal: AbortSignal): Promise<number> {
  let code = EXIT_DONE;
  try {
    const suites = await allSuites();
    const names = suites.map(({ name }) => name);
    const request = parseBenchArgs(Deno.args, names);
    if (request === "help") {
      print(helpText(names));
      return EXIT_DONE;
    }
    if (request.suites.length > 0) warnWhereBusy();
    const root = fromFileUrl(new URL("..", import.meta.url)).replace(/\/$/, "");
    const table = await bench(request, {
      ...{ root, out: root, suites, signal },
      date: new Date().toISOString().slice(0, 10),
      cores: navigator.hardwareConcurrency,
      say: tell,
      fail: (error) => {
        code = EXIT_FAILED;
        show(error);
      },
    });
    print(table);
    return code;
  } catch (error) {
    if (signal.aborted) {
      tell("Interrupted; the suites that were finished are in reports/bench.json");
      return EXIT_INTERRUPTED;
    }
    if (!(error instanceof UserError)) throw error;
    show(error);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}

if (import.meta.main) {
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGINT", () => interrupt.abort());
  Deno.exit(await main(interrupt.signal));
}
