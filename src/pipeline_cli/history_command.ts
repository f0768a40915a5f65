/** `deno task pipeline runs [show | diff | gc | pin | unpin]`: what is asked of the runs that were. */

import { dirname, join, relative, writeFileAtomic } from "../base/mod.ts";
import type { HistoryCommand } from "./args.ts";
import type { PipelineCliOptions } from "./cli_options.ts";
import { readLogs, type RunRecord } from "../pipeline/mod.ts";
import {
  collectGarbage,
  diffRuns,
  findRun,
  type GcResult,
  listPins,
  listRuns,
  setPin,
} from "../run_history/mod.ts";
import {
  type ArtifactStore,
  LocalStore,
  objectKey,
  openSharedView,
  openStore,
} from "../artifact_store/mod.ts";
import { diffText, runsText, runText } from "./view/history_text.ts";
import { runPage } from "./view/run_page.ts";
import { size } from "../terminal/mod.ts";

const DAY = 24 * 60 * 60 * 1000;

/** Answers, as text or as JSON. */
export async function answerHistory(
  command: HistoryCommand,
  json: boolean,
  { stdout, home, root }: PipelineCliOptions,
): Promise<void> {
  const own = new LocalStore(home);
  // What other machines did is looked at, never changed.
  const store = await openStore({ home, cache: Deno.env.has("DINOFLOW_STORE") ? "read" : "off" });
  const write = <T>(value: T, text: (value: T) => string) =>
    stdout.write(json ? `${JSON.stringify(value)}\n` : text(value));
  switch (command.name) {
    case "runs": {
      const runs = await listRuns(store);
      const { pipeline } = command;
      const pins = await listPins(own);
      const asked = runs.filter((run) => pipeline === undefined || run.pipeline === pipeline)
        .map((run): RunRecord => pins.includes(run.run) ? { ...run, pinned: true } : run);
      return write(asked, (runs) => runsText(runs, stdout.size()?.columns));
    }
    case "show":
      if (command.html) {
        return stdout.write(`${await writeReport(store, home, command.run, root)}\n`);
      }
      {
        const record = await findRun(store, command.run);
        const logs = await readLogs(store, record.run);
        return write({ ...record, logs }, () => runText(record, logs));
      }
    case "pin":
    case "unpin": {
      const { run } = await findRun(store, command.run);
      await setPin(own, run, command.name === "pin");
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
      const { keep, sharedOlderThan: days } = command;
      if (days === undefined) return write(await collectGarbage(own, keep), text);
      const { store: shared, leases } = await openSharedView();
      await using lease = await leases.clean();
      const limits = { before: lease.takenAt - days * DAY, pinned: await listPins(own) };
      return write(await collectGarbage(shared, keep, limits), text);
    }
  }
}

/** Writes the report of a run and gives its path. Made from the history, so also of old runs. */
async function writeReport(
  store: ArtifactStore,
  home: string,
  name: string,
  root: string,
): Promise<string> {
  const record = await findRun(store, name);
  const path = join(root, "reports", `run_${record.run}.html`);
  const link = (digest: string) => relative(dirname(path), join(home, objectKey(digest)));
  await writeFileAtomic(path, runPage(record, link, await readLogs(store, record.run)));
  return path;
}
