/** What `deno task runs --help` teaches. */

export const runsHelp = `Looks at MLflow runs, on a server or in ./mlruns, without Python.

  deno task runs list                  the newest runs, with what they reached
  deno task runs show RUN              all that a run logged, and the runs nested in it
  deno task runs compare RUN RUN…      where parameters differ, and every metric side by side
    --html reports/compare.html        one page that works offline: parallel coordinates, curves
                                       of metrics, differences of parameters
  deno task runs best METRIC           the runs that reached most, as best roc_auc
    --higher, --lower                  which values are better, where the metric's name does not
                                       tell

A RUN is its id, the beginning of it, or its name where no other run has that.

  --experiment NAME     runs of one experiment only
  --filter FILTER       as MLflow's search: 'metrics.roc_auc > 0.8 AND params.model = "LR"',
                        tags.stage LIKE "prod%", attributes.status = "FINISHED"
  --order ORDER         as MLflow's: 'metrics.roc_auc DESC, attributes.start_time'
  --columns LIST        what a list shows, as metrics.roc_auc,params.seed
  --max N               how many runs at the most (50)
  --tracking URI        http(s) address of a server, or a folder (MLFLOW_TRACKING_URI, ./mlruns)
  --json                the answer as JSON

Exit codes: 0 done, 1 failed, 2 wrong usage.
`;
