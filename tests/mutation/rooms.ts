/** The rooms whose decisions mutation testing tries, and what must be noticed in each. */

/** Files that are mutated, and the tests that should notice. */
export interface Room {
  readonly about: string;
  /** Files, or folders of which all files. */
  readonly files: readonly string[];
  /** Test files, or folders of them; of these, the ones that reach the file are run. */
  readonly tests: readonly string[];
  /** The share of mutants that must be noticed, as the nightly form checks. */
  readonly floor: number;
}

export const rooms: Readonly<Record<string, Room>> = {
  cache: {
    about: "the runner's cache",
    files: ["src/pipeline/cache"],
    tests: [
      "tests/pipeline/step_cache_test.ts",
      "tests/pipeline/written_paths_test.ts",
      "tests/pipeline/fingerprint_test.ts",
      "tests/pipeline/outside_inputs_test.ts",
      "tests/pipeline/open_cache_test.ts",
      "tests/pipeline/module_facts_test.ts",
      "tests/pipeline/plan_test.ts",
      "tests/pipeline/environment_test.ts",
      "tests/pipeline/property_test.ts",
      "tests/artifact_store/remembered_test.ts",
      "tests/pipeline/run_test.ts",
      "tests/pipeline/side_by_side_test.ts",
      "tests/pipeline/incremental_test.ts",
      "tests/pipeline/missing_files_test.ts",
      "tests/step_code/configuration_test.ts",
      "tests/step_code/edits_contract_test.ts",
      "tests/step_code/entries_contract_test.ts",
      "tests/step_code/state_kept_contract_test.ts",
    ],
    floor: 0.85,
  },
  plan: {
    about: "the runner's plan",
    files: ["src/pipeline/run/plan.ts", "src/pipeline/run/expected.ts"],
    tests: [
      "tests/pipeline/plan_test.ts",
      "tests/pipeline/incremental_test.ts",
      "tests/pipeline/missing_files_test.ts",
      "tests/pipeline/sweep_test.ts",
    ],
    floor: 0.85,
  },
  drift: {
    about: "the judge of drift and its statistics",
    files: [
      "src/drift/judge.ts",
      "src/drift/chosen_test.ts",
      "src/drift/evidently_preset.ts",
      "src/drift/statistics",
    ],
    tests: [
      "tests/drift/judge_test.ts",
      "tests/drift/judgement_test.ts",
      "tests/drift/statistic_edges_test.ts",
      "tests/drift/statistics_test.ts",
      "tests/drift/p_values_test.ts",
      "tests/drift/evidently_rules_test.ts",
      "tests/drift/windows_test.ts",
      "tests/drift/bad_input_test.ts",
    ],
    floor: 0.85,
  },
  samplers: {
    about: "samplers",
    files: ["src/samplers"],
    tests: ["tests/samplers"],
    floor: 0.85,
  },
  splits: {
    about: "the learners' search for splits",
    files: [
      "src/tree_growth/class_splitter.ts",
      "src/tree_growth/gradient_splitter.ts",
      "src/tree_growth/mean_splitter.ts",
      "src/tree_growth/node_splitter.ts",
      "src/base/rising_order.ts",
      "src/tree_growth/leaf_shares.ts",
      "src/tree_growth/gradient_histogram.ts",
    ],
    tests: ["tests/tree_growth", "tests/base/rising_order_test.ts", "tests/learners"],
    floor: 0.85,
  },
  onnx: {
    about: "converters to ONNX",
    files: ["src/onnx/converters"],
    tests: ["tests/onnx"],
    floor: 0.85,
  },
  failover: {
    about: "the store that goes on in a folder when a server is lost",
    files: ["src/tracking/failover_store.ts"],
    tests: ["tests/tracking"],
    floor: 0.85,
  },
  swap: {
    about: "how a served model is replaced",
    files: ["serve/model/slot.ts", "serve/model/slots.ts", "serve/model/running_model.ts"],
    tests: [
      "tests/anomaly/pipeline_test.ts",
      "tests/serve/many_models_test.ts",
      "tests/serve/models_test.ts",
      "tests/serve/retire_test.ts",
      "tests/serve/running_model_test.ts",
      "tests/serve/slot_test.ts",
    ],
    floor: 0.85,
  },
  access: {
    about: "who may do what on the server",
    files: [
      "serve/http/access.ts",
      "serve/http/admission.ts",
      "serve/http/caller.ts",
      "serve/http/keys.ts",
      "serve/http/loopback.ts",
      "serve/http/rate.ts",
      "serve/config/follow_secrets.ts",
    ],
    tests: [
      "tests/serve/access_test.ts",
      "tests/serve/borders_test.ts",
      "tests/serve/caller_test.ts",
      "tests/serve/docs_test.ts",
      "tests/serve/http_test.ts",
      "tests/serve/keys_test.ts",
      "tests/serve/secrets_test.ts",
    ],
    floor: 0.85,
  },
};
