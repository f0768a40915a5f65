"""Jupyter's own conformance tests of kernels, on ours. Finds it by JUPYTER_PATH."""

import unittest

import jupyter_kernel_test

# The language server loads the compiler before its first answer.
jupyter_kernel_test.TIMEOUT = 90


class Dinoflow(jupyter_kernel_test.KernelTests):
    kernel_name = "dinoflow"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [{"text": "consol", "matches": {"console"}}]
    complete_code_samples = ["1", "const a = 1", "function f(x: number) {\n  return x\n}"]
    incomplete_code_samples = ["function f(x) {", "const a = `one", "[1, 2,", "f("]
    invalid_code_samples = ["const = 5", "let a = }"]
    code_generate_error = "throw new Error('no')"
    code_execute_result = [
        {"code": "1 + 2", "result": "\x1b[33m3\x1b[39m"},
        {"code": "'a'", "result": '\x1b[32m"a"\x1b[39m'},
    ]
    code_display_data = [
        {"code": "await Deno.jupyter.display(Deno.jupyter.html`<b>x</b>`)", "mime": "text/html"}
    ]
    code_inspect_sample = "console"
    code_history_pattern = "1?+?2*"
    supported_history_operations = ("tail", "range", "search")
    code_clear_output = "await Deno.jupyter.broadcast('clear_output', { wait: false })"


if __name__ == "__main__":
    unittest.main(verbosity=2)
