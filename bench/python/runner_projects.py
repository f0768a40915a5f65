"""Writes the steps of bench/sides/runner_project.ts as projects of Kedro, Hamilton and DVC, as
their documentation sets one up, and runs each once, so that every measurement finds all outputs
kept."""

import json
import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent

# Nothing is sent and no version is looked up: that would measure the network.
ENV = {
    "DO_NOT_TRACK": "1",
    "DVC_NO_ANALYTICS": "1",
    # An environment of its own would hold none of the packages that these extend.
    "HAMILTON_AUTOLOAD_EXTENSIONS": "0",
    # As in a shell where the environment is activated: `python` is its own.
    "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
}

STEP = '''def step{step}({parameters}){type}:
    return kept({sum})
'''

KEPT = '''def kept(value):
    """Notes that a step was run."""
    with open("ran", "a") as ran:
        ran.write(".")
    return value
'''


def function(step, inputs, parameter="step{}", type=""):
    return STEP.format(
        step=step,
        parameters=", ".join(parameter.format(i) for i in inputs),
        type=type,
        sum=" + ".join([str(step), *(f"step{i}" for i in inputs)]),
    )


def kedro(folder, steps):
    """The template of `kedro new`, one node for each step, all outputs persisted as JSON by one
    dataset factory; a re-run leaves out what is there with --only-missing-outputs."""
    run(
        folder.parent,
        [BIN / "kedro", "new", "--name", folder.name, "--tools", "none", "--example", "no"]
        + ["--telemetry", "no"],
    )
    pipeline = folder / "src" / folder.name / "pipelines" / "steps"
    pipeline.mkdir()
    write(pipeline / "__init__.py", "from .pipeline import create_pipeline\n")
    write(pipeline / "nodes.py", KEPT, *(function(*step) for step in enumerate(steps)))
    nodes = [
        f"        Node(nodes.step{step}, {[f'step{i}' for i in inputs] or None}, 'step{step}'),"
        for step, inputs in enumerate(steps)
    ]
    write(
        pipeline / "pipeline.py",
        "from kedro.pipeline import Node, Pipeline\n\nfrom . import nodes\n",
        "def create_pipeline(**kwargs):\n    return Pipeline([\n" + "\n".join(nodes) + "\n    ])\n",
    )
    write(
        folder / "conf" / "base" / "catalog.yml",
        '"step{number}":\n  type: json.JSONDataset\n  filepath: data/step{number}.json\n',
    )
    return [BIN / "kedro", "run", "--only-missing-outputs"]


def hamilton(folder, steps):
    """One function for each step; a script that builds a driver with a cache and asks for the
    last layer, as a re-run does."""
    folder.mkdir()
    functions = [function(*step, "step{}: int", " -> int") for step in enumerate(steps)]
    write(folder / "steps.py", KEPT.replace("def kept", "def _kept"), *[
        text.replace("kept(", "_kept(") for text in functions
    ])
    taken = {i for inputs in steps for i in inputs}
    last = [f"step{step}" for step in range(len(steps)) if step not in taken]
    write(
        folder / "run.py",
        "import steps\nfrom hamilton import driver\n",
        f"dr = driver.Builder().with_modules(steps).with_cache().build()\n"
        f"print(dr.execute({last}))\n",
    )
    return [sys.executable, "run.py"]


def dvc(folder, steps):
    """One stage for each step with the step's script and the outputs that it reads as
    dependencies; a re-run is `dvc repro`."""
    folder.mkdir()
    write(
        folder / "step.py",
        "import json\nimport sys\n",
        KEPT,
        "step, *inputs = sys.argv[1:]\n"
        "values = [json.load(open(f'step{i}.json')) for i in inputs]\n"
        "json.dump(kept(int(step) + sum(values)), open(f'step{step}.json', 'w'))\n",
    )
    lines = ["stages:"]
    for step, inputs in enumerate(steps):
        files = [f"step{i}.json" for i in inputs]
        lines += [
            f"  step{step}:",
            f"    cmd: python step.py {' '.join(map(str, [step, *inputs]))}",
            "    deps:",
            *(f"      - {file}" for file in ["step.py", *files]),
            "    outs:",
            f"      - step{step}.json",
        ]
    write(folder / "dvc.yaml", "\n".join(lines) + "\n")
    git(folder, "init", "--quiet")
    run(folder, [BIN / "dvc", "init", "--quiet"])
    run(folder, [BIN / "dvc", "config", "--quiet", "core.check_update", "false"])
    return [BIN / "dvc", "repro"]


def write(path, *parts):
    path.write_text("\n\n".join(parts))


def git(folder, *args):
    author = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    run(folder, ["git", *author, *args])


def run(folder, command):
    subprocess.run(
        list(map(str, command)), cwd=folder, env={**os.environ, **ENV}, check=True,
        stdout=subprocess.DEVNULL,
    )


def main():
    folder = Path(json.loads(sys.argv[1])["folder"])
    steps = json.loads((folder / "steps.json").read_text())
    for make in [kedro, hamilton, dvc]:
        # A folder named after a package would hide it.
        project = folder / f"{make.__name__}steps"
        command = make(project, steps)
        if not (project / ".git").exists():
            git(project, "init", "--quiet")
        git(project, "add", "--all")
        git(project, "commit", "--quiet", "--message", "steps")
        run(project, command)
        described = {
            "command": list(map(str, command)),
            "bare": [sys.executable, "-c", ""],
            "env": ENV,
        }
        write(project / "command.json", json.dumps(described))


main()
