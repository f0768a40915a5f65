/**
 * Versions of data and models that git and DVC keep.
 *
 * @module
 */

export { dataVersionCommands, type DataVersionsOptions, runDataVersions } from "./cli.ts";
export { dvcFileText, parseDvcFile, type TrackedOutput } from "./dvc_file.ts";
