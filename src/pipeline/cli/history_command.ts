/** `deno task pipeline runs [show | diff | gc | pin | unpin]`: what is asked of the runs that were. */

import { dirname, join, relative, writeFileAtomic } from "../../base/mod.ts";
import type { HistoryCommand } from "./args.ts";
import type { PipelineCliOptions } from "./cli_options.ts";
import { diffRuns, findRun } from "../history/diff.ts";
import { collectGarbage, type GcResult } from "../history/gc.ts";
import { listPins, setPin } from "../history/pins.ts";
import { listRuns, type RunRecord } from "../history/run_record.ts";
import { readLogs } from "../history/step_log.ts";
import { objectKey } from "../store/artifacts.ts";
import { LocalStore } from "../store/local_store.ts";
import { diffText, runsText, runText } from "../view/history_text.ts";
import { runPage } from "../view/run_page.ts";
import { size } from "../view/words.ts";

/** Answers, as text or as JSON. */
export async function answerHistory(
  command: HistoryCommand,
  json: boolean,
  { stdout, home, root }: PipelineCliOptions,
): Promise<void> {
  const store = new LocalStore(home);
  const write = <T>(value: T, text: (value: T) => string) =>
    stdout.write(json ? `${JSON.stringify(value)}\n` : text(value));
  switch (command.name) {
    case "runs": {
      const runs = await listRuns(store);
      const { pipeline } = command;
      const pins = await listPins(store);
      const own = runs.filter((run) => pipeline === undefined || run.pipeline === pipeline)
        .map((run): RunRecord => pins.includes(run.run) ? { ...run, pinned: true } : run);
      return write(own, (runs) => runsText(runs, stdout.size()?.columns));
    }
    case "show":
      if (command.html) return stdout.write(`${await writeReport(store, command.run, root)}\n`);
      {
        const record = await findRun(store, command.run);
        const logs = await readLogs(store, record.run);
        return write({ ...record, logs }, () => runText(record, logs));
      }
    case "pin":
    case "unpin": {
      const { run } = await findRun(store, command.run);
      await setPin(store, run, command.name === "pin");
      return write(
        { run, pinned: command.name === "pin" },
        ({ run, pinned }) =>
          pinned
            ? `${run} is kept until it is unpinned\n`
            : `${run} is kept no longer than others\n`,
      );
    }
    case "diff": {
      const [from, to] = [await findRun(store, command.from), await findRun(store, command.to)];
      return write(await diffRuns(store, from, to), diffText);
    }
    case "gc": {
      const text = ({ removed, freed, kept }: GcResult) =>
        `removed ${removed} objects, ${size(freed)} freed, ${kept} kept\n`;
      return write(await collectGarbage(store, command.keep), text);
    }
  }
}

/** Writes the report of a run and gives its path. Made from the history, so also of old runs. */
async function writeReport(store: LocalStore, name: string, root: string): Promise<string> {
  const record = await findRun(store, name);
  const path = join(root, "reports", `run_${record.run}.html`);
  const link = (digest: string) => relative(dirname(path), store.path(objectKey(digest)));
  await writeFileAtomic(path, runPage(record, link, await readLogs(store, record.run)));
  return path;
}
