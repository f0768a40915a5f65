/** The command line of notebooks, free of process state so that tests can call it. */

import { EXIT_INTERRUPTED, packError, UsageError, UserError } from "../../base/mod.ts";
import { errorLines } from "../../terminal/mod.ts";
import { parseNotebookArgs } from "./args.ts";
import type { NotebookCliOptions } from "./cli_options.ts";

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const help = `Notebooks on the Deno kernel: run like code, checked like code, made into pipelines.

  deno task notebook install               make the kernel known to Jupyter and VS Code, where
                                           JUPYTER_DATA_DIR says, or --user, --prefix FOLDER,
                                           --sys-prefix (the active Python environment)
  deno task notebook uninstall             forget it again (the same options)
  deno task notebook lab [FOLDER]          open JupyterLab, or say how to get it; what follows
                                           -- goes to it: lab -- --port 9999
  deno task notebook new NAME              start notebooks/NAME.ipynb
  deno task notebook run FILE…             run every cell, write the outputs back; no Python
    --param name=value                     set what the cell tagged "parameters" declares, read
                                           as its type or default says: text stays as it is typed
    --timeout SECONDS                      what a cell may take (600), then the kernel is killed
    --changed                              run only cells that changed, or take what did, and
                                           what they need; data that cells read are not seen
    --out FILE                             write there instead of back
  deno task notebook check FILE…           check the types of all cells, as one module
  deno task notebook html FILE…            one page each that works offline (--out FILE)
  deno task notebook strip FILE…           remove outputs and counts
  deno task notebook to-pipeline FILE      cells tagged "step:NAME" become pipelines/FILE.ts (--out)
  deno task notebook from-pipeline NAME    a notebook that walks through a pipeline's results

run fails, with notebook, cell and line, where a cell throws or cannot be read, a Deno.test in
it fails, a promise is rejected that nothing awaits, or a cell takes too long. A cell tagged
"raises-exception" may throw, one tagged "skip-execution" is not run. Cells are counted from 1,
text included.

Exit codes: 0 done, 1 a notebook failed, 2 wrong usage, 130 interrupted.
`;

/** Does what `args` ask for and gives the exit code. */
export async function runNotebookCli(
  args: readonly string[],
  options: NotebookCliOptions,
): Promise<number> {
  try {
    return await perform(args, options) ? EXIT_DONE : EXIT_FAILED;
  } catch (error) {
    if (options.signal.aborted) {
      options.stderr.write("interrupted\n");
      return EXIT_INTERRUPTED;
    }
    options.stderr.write(
      `${errorLines(packError(error), !(error instanceof UserError)).join("\n")}\n`,
    );
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}

/** Whether all went well. Commands are loaded as they are asked for: starting a run takes no page. */
async function perform(args: readonly string[], options: NotebookCliOptions): Promise<boolean> {
  const request = parseNotebookArgs(args);
  switch (request.command) {
    case "help":
      options.stdout.write(help);
      return true;
    case "run": {
      const { runNotebooks } = await import("./run_command.ts");
      return await runNotebooks(request, options);
    }
    case "check": {
      const { checkFiles } = await import("./check_command.ts");
      return await checkFiles(request.files, options);
    }
    case "html": {
      const { exportPages } = await import("./html_command.ts");
      await exportPages(request, options);
      return true;
    }
    case "strip": {
      const { stripNotebooks } = await import("./strip_command.ts");
      await stripNotebooks(request.files, options);
      return true;
    }
    case "new": {
      const { startNotebook } = await import("./new_command.ts");
      await startNotebook(request.name, options);
      return true;
    }
    case "install": {
      const { installKernel } = await import("./install_command.ts");
      await installKernel(request.place, options);
      return true;
    }
    case "uninstall": {
      const { uninstallKernel } = await import("./install_command.ts");
      await uninstallKernel(request.place, options);
      return true;
    }
    case "lab": {
      const { openLab } = await import("./lab_command.ts");
      return await openLab(request.folder, request.flags, options);
    }
    case "to-pipeline": {
      const { toPipeline } = await import("./convert_command.ts");
      await toPipeline(request, options);
      return true;
    }
    case "from-pipeline": {
      const { fromPipeline } = await import("./convert_command.ts");
      await fromPipeline(request.name, options);
      return true;
    }
  }
}
