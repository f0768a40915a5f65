/** What the file of a logged model is called, by what it holds. */

/** Names of files in the folder of a model. */
export const modelFileNames = { onnx: "model.onnx", forecast: "model.json" } as const;
