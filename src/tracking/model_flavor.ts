/**
 * The files of an MLflow model beside the model's own. One of ONNX is of MLflow's flavor, which its
 * Python loads; another is of a flavor of ours, for which Python has no loader. MLmodel is YAML, of
 * which JSON is a part, so it is written as JSON.
 *
 * Source: MLflow 3.17's `mlflow.onnx.save_model`, whose folders this imitates.
 */

import type { InputExample, PythonVersions, TrackedColumn, TrackedModel } from "./contract.ts";
import { modelFileNames } from "./model_files.ts";

/** The versions this writer was tested with; named if the caller gives none. */
export const testedVersions: PythonVersions = {
  python: "3.11.7",
  mlflow: "3.17.2",
  onnx: "1.23.2",
  onnxruntime: "1.31.1",
};

/** A model folder to be described. */
export interface ModelFolder {
  /** Signature, example and versions. */
  readonly model: Omit<TrackedModel, "name" | "file">;
  /** URI or path of the folder. */
  readonly artifactPath: string;
  /** The run that made the model. */
  readonly runId: string;
  /** Id of the LoggedModel the folder belongs to, if there is one. */
  readonly modelId?: string;
  /** Id that tells this model from all others. */
  readonly modelUuid: string;
  /** Size of the model's file. */
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** MLflow's `YYYY-MM-DD HH:MM:SS.ffffff`, in UTC without a zone. */
function mlflowTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("T", " ").replace("Z", "000");
}

function columnSpecs(columns: readonly TrackedColumn[]): string {
  return JSON.stringify(
    columns.map(({ type, name, required = true }) => ({ type, name, required })),
  );
}

function requirements({ mlflow, onnx, onnxruntime }: PythonVersions): string[] {
  // MLflow's ONNX loader hands each column's `.values` to ONNX Runtime; the text columns of
  // pandas 3 are no NumPy arrays and are refused (seen with MLflow 3.17.2 and pandas 3.1.1).
  return [`mlflow==${mlflow}`, `onnx==${onnx}`, `onnxruntime==${onnxruntime}`, "pandas<3"];
}

function onnxFlavors(versions: PythonVersions): Record<string, unknown> {
  return {
    onnx: {
      code: null,
      data: modelFileNames.onnx,
      onnx_session_options: null,
      onnx_version: versions.onnx,
      providers: ["CPUExecutionProvider"],
    },
    python_function: {
      data: modelFileNames.onnx,
      env: { conda: "conda.yaml", virtualenv: "python_env.yaml" },
      loader_module: "mlflow.onnx",
      python_version: versions.python,
    },
  };
}

function environmentFiles(versions: PythonVersions): Record<string, string> {
  const packages = requirements(versions);
  return {
    "requirements.txt": packages.join("\n") + "\n",
    "python_env.yaml": [
      `python: "${versions.python}"`,
      "build_dependencies:",
      "- pip",
      "- setuptools",
      "- wheel",
      "dependencies:",
      "- -r requirements.txt",
      "",
    ].join("\n"),
    "conda.yaml": [
      "name: mlflow-env",
      "channels:",
      "- conda-forge",
      "dependencies:",
      `- python=${versions.python}`,
      "- pip",
      "- pip:",
      ...packages.map((name) => `  - ${name}`),
      "",
    ].join("\n"),
  };
}

function exampleFiles({ columns, data }: InputExample): Record<string, string> {
  const split = { columns, data };
  return {
    "input_example.json": JSON.stringify(split),
    "serving_input_example.json": JSON.stringify({ dataframe_split: split }, null, 2),
  };
}

/**
 * Writes the texts of a model folder: file name to content.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const files = modelFolderFiles({
 *   model: {
 *     inputs: [{ name: "age", type: "double" }],
 *     outputs: [{ name: "label", type: "string" }],
 *   },
 *   artifactPath: "model",
 *   runId: "0123456789abcdef0123456789abcdef",
 *   modelUuid: "fedcba9876543210fedcba9876543210",
 *   sizeBytes: 1024,
 *   createdAt: Date.UTC(2026, 10, 21),
 * });
 * assertEquals(JSON.parse(files.MLmodel).utc_time_created, "2026-11-21 00:00:00.000000");
 * ```
 */
export function modelFolderFiles(folder: ModelFolder): Record<string, string> {
  const { model } = folder;
  const versions = { ...testedVersions, ...model.versions };
  const runs = (model.holds ?? "onnx") === "onnx";
  const mlmodel = {
    artifact_path: folder.artifactPath,
    flavors: runs ? onnxFlavors(versions) : { dinoflow: { data: modelFileNames.forecast } },
    metadata: model.metadata,
    mlflow_version: versions.mlflow,
    model_id: folder.modelId,
    model_size_bytes: folder.sizeBytes,
    model_uuid: folder.modelUuid,
    run_id: folder.runId,
    saved_input_example_info: model.inputExample && {
      artifact_path: "input_example.json",
      pandas_orient: "split",
      serving_input_path: "serving_input_example.json",
      type: "dataframe",
    },
    signature: {
      inputs: columnSpecs(model.inputs),
      outputs: columnSpecs(model.outputs),
      params: null,
    },
    utc_time_created: mlflowTime(folder.createdAt),
  };
  return {
    MLmodel: JSON.stringify(mlmodel, null, 2) + "\n",
    ...(runs && environmentFiles(versions)),
    ...(model.inputExample && exampleFiles(model.inputExample)),
    ...model.files,
  };
}
