/**
 * Compiles the kernels: `deno task kernels` after a change of `assembly/kernels.ts`. The compiler is
 * pinned, and the same source gives the same bytes.
 *
 * @module
 */

/** The compiler, as npm knows it. */
const compiler = "npm:assemblyscript@0.28.20/asc";

const flags = [
  ...["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd,threads"],
  ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
];

/** The kernels as WebAssembly. */
export async function compileKernels(): Promise<Uint8Array<ArrayBuffer>> {
  const source = new URL("./assembly/kernels.ts", import.meta.url);
  const file = await Deno.makeTempFile({ suffix: ".wasm" });
  try {
    const { success, stderr } = await new Deno.Command("deno", {
      args: ["run", "--no-lock", "-A", compiler, source.pathname, ...flags, "-o", file],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readFile(file);
  } finally {
    await Deno.remove(file);
  }
}

/** The module that carries the bytes to every thread, whatever it may read. */
export function moduleOf(bytes: Uint8Array): string {
  const lines = bytes.toBase64().match(/.{1,92}/g)!.map((line) => `  "${line}",`);
  return [
    "/** The kernels of `assembly/kernels.ts` as WebAssembly; written by `deno task kernels`. */",
    "",
    "/** Base64 text of the bytes. */",
    "export const kernelBytes: string = [",
    ...lines,
    '].join("");',
    "",
  ].join("\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(
    new URL("./kernel_bytes.ts", import.meta.url),
    moduleOf(await compileKernels()),
  );
}
