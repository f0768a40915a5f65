/** What `deno task models --help` teaches. */

export const modelsHelp = `Takes models to production and out again.

  deno task models list [NAME]             models, or the versions of one, with their aliases
  deno task models show NAME [VERSION]     all that is known of a version, and what happened
  deno task models compare NAME A [B]      two versions on the same held-out rows (B: champion)
  deno task models promote NAME [VERSION]  make a version champion, if the checklist passes it;
                                           the challenger, else the newest, where none is given
  deno task models rollback NAME           make the champion before this one champion again
  deno task models challenger NAME VERSION name the version that may come next (--remove: none)
  deno task models archive NAME VERSION    take a version out of use (--undo: back in use)
  deno task models prune NAME              remove old versions for good

A VERSION is its moment (20261121_101500), its number in MLflow, the name of its files, champion,
challenger or newest. The champion is what latest_<name>.json points at: servers follow it within
their --poll-seconds, and no request fails. Once a champion was promoted by hand, a training
publishes no other by itself; --policy newest gives that back.

promote goes through a checklist and refuses with reasons, exit code 3:
  files      both are whole, and of the digests that the metadata tell
  parity     the ONNX file predicts kept rows as the native model did
  gates      the gates of the training were reached
  schema     what callers send to the champion is taken, and the classes are the same
  champion   not worse than the champion on the same held-out rows: the lower end of the paired
             bootstrap interval (95 %) of the difference is not below the tolerance
  fairness   the fairness gates of the training hold on these rows
  server     the real server, in a process of its own, answers with it
challenger and rollback go through those that need no held-out rows.

  --data FILE           held-out rows with the truth; the training's test part where left out
  --metric NAME         compare by it; the metric that the model was chosen by where left out
  --tolerance 0.02      how much worse it may be; of errors a share of the champion's
  --threshold 0.4542    from which probability on to act (--threshold-class LABEL): kept with the
                        deployment, beside the model, never in it; /version tells it
  --force --why TEXT    overrule a refusal; the reason and what was overruled are kept. Damaged
                        files cannot be overruled
  --dry-run             look, and change nothing
  --why TEXT, --by NAME the reason, and who asks (USER where left out)
  --keep N              versions that prune leaves beside those in use
  --older-than 30d      prune only what is older: h, d or w
  --to VERSION          where rollback goes, instead of the champion before
  --registry KIND       folder, mlflow or both; both where a server is named
  --models FOLDER       models folder (models)
  --tracking URI        MLflow server (MLFLOW_TRACKING_URI)
  --json                the answer as JSON

With both, an alias moves in the folder and on the server, or in neither. A command that was
killed or lost the server on the way leaves a note in the folder, and the next one about that
model brings both to the same side. One change of a model runs at a time; another one is refused.
Every change is a line of models/audit.jsonl and a tag of the registered model in MLflow.

prune never removes what an alias points at, what a server of this machine holds, and the
champion that a rollback would go back to. A server elsewhere that was given a number of MLflow's
registry is not known here: have it follow an alias.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by the checklist, 130 interrupted.
`;
