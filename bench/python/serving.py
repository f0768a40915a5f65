"""Measures a server of the model: starts it, sees that it predicts what the model predicts, and
puts it under load by the same client. With 32 connections the seconds are those per answer, all
connections together, and the quality is the 99th percentile of the latency in ms; with one they
are the median latency, and the quality is what that is above ONNX Runtime's own time, in µs;
of texts it is the 99th percentile too, of series the median in ms.
Memory is that of all processes of the server after the load, shared pages counted once."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

CHECKED = 20
WARM_UP_SECONDS = 2
# New connections fall on the workers anew: the best of some is what a server can do.
TRIALS = 4
TRIAL_SECONDS = 1
LOAD_SECONDS = 4
START_SECONDS = 90
STOP_SECONDS = 10

options = json.loads(sys.argv[1])
folder = Path(options["folder"])
here = Path(__file__).parent
asked = json.loads((folder / options.get("asked", "asked.json")).read_text())
schema = [] if "model" in options else json.loads((folder / "schema.json").read_text())
commands = json.loads((folder / "commands.json").read_text())


def tool(name):
    """A command of the packages of this interpreter."""
    return str(Path(sys.executable).parent / name)


def split(record):
    return {"dataframe_split": {"columns": list(record), "data": [list(record.values())]}}


def tensors(record):
    return {
        "inputs": [
            {
                "name": column["name"],
                "shape": [1],
                "datatype": "FP32" if column["kind"] == "number" else "BYTES",
                "data": [record[column["name"]]],
            }
            for column in schema
        ]
    }


class Ours:
    workers = [1, 2]
    same = True
    path = "/predict"

    def command(self, port, workers):
        return [*commands["server"], "--port", str(port), "--workers", str(workers)]

    def body(self, record):
        return record

    def label(self, answer):
        return answer["prediction"]


class FastApi(Ours):
    def command(self, port, workers):
        app = ["serving_fastapi:app", "--app-dir", str(here)]
        fast = ["--loop", "uvloop", "--http", "httptools", "--no-access-log"]
        return [tool("uvicorn"), *app, *fast, "--port", str(port), "--workers", str(workers)]


class BentoMl(Ours):
    def command(self, port, workers):
        where = ["--working-dir", str(here), "--host", "127.0.0.1", "--port", str(port)]
        return [tool("bentoml"), "serve", "serving_bentoml:Credit", *where]

    def body(self, record):
        return {"record": record}


class MlServer(Ours):
    workers = [0, 1, 2]  # 0: in the process of the server
    path = "/v2/models/credit/infer"

    def command(self, port, workers):
        model = {"name": "credit", "implementation": "serving_mlserver.OnnxModel"}
        (folder / "mlserver").mkdir(exist_ok=True)
        (folder / "mlserver" / "model-settings.json").write_text(json.dumps(model))
        return [tool("mlserver"), "start", str(folder / "mlserver")]

    def body(self, record):
        return tensors(record)

    def label(self, answer):
        return answer["outputs"][0]["data"][0]


class MlFlow(Ours):
    path = "/invocations"

    def command(self, port, workers):
        model = ["--model-uri", str(folder / "mlflow_model"), "--env-manager", "local"]
        where = ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
        return [tool("mlflow"), "models", "serve", *model, *where]

    def body(self, record):
        return split(record)

    def label(self, answer):
        return answer["predictions"][0]["label"]


class Texts(Ours):
    """Ours, with the model that the options name."""

    def command(self, port, workers):
        return [*super().command(port, workers), "--model", options["model"]]

    def label(self, answer):
        if "entities" not in answer:
            return answer["prediction"]
        return " ".join(f"{one['start']}-{one['end']} {one['label']}" for one in answer["entities"])


class Series(Texts):
    """Ours, whose forecasts and scores tests compare."""

    same = False


class FastApiTexts(FastApi):
    """A model of its own, learned from the same texts: its answers need not be ours."""

    same = False
    kind = "texts"

    def command(self, port, workers):
        app = f"serving_{self.kind}_{options['server']}:app"
        return [app if part == "serving_fastapi:app" else part for part in super().command(port, workers)]


class FastApiSeries(FastApiTexts):
    kind = "series"


servers = {
    "ours": Ours(),
    "texts": Texts(),
    "series": Series(),
    "statsforecast": FastApiSeries(),
    "shap": FastApiSeries(),
    "sklearn": FastApiTexts(),
    "onnx": FastApiTexts(),
    "crfsuite": FastApiTexts(),
    "spacy": FastApiTexts(),
    "fastapi": FastApi(),
    "bentoml": BentoMl(),
    "mlserver": MlServer(),
    "mlflow": MlFlow(),
}
server = servers[options["server"]]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Running:
    """The server with all its processes, from its start to its end."""

    def __init__(self, workers):
        self.port = free_port()
        self.said = tempfile.TemporaryFile()
        ports = {f"MLSERVER_{kind}_PORT": str(free_port()) for kind in ("GRPC", "METRICS")}
        self.process = subprocess.Popen(
            server.command(self.port, workers),
            env={
                **os.environ,
                **ports,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "MLSERVER_HTTP_PORT": str(self.port),
                "MLSERVER_PARALLEL_WORKERS": str(workers),
                "SERVING_FOLDER": str(folder),
                "SERVING_WORKERS": str(workers),
                "PYTHONPATH": str(here),
                "BENTOML_DO_NOT_TRACK": "true",
                "MLFLOW_DISABLE_TELEMETRY": "true",
            },
            cwd=commands["root"] if options["server"] in ("ours", "texts", "series") else folder,
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self):
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self):
        """Waits until it answers, and sees that the answers are right."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                status, text = self.post(asked[0]["record"])
                if status == 200:
                    break
                found = f"{status} {text[:2000]}"
            except OSError as error:
                found = str(error)
            if self.process.poll() is not None or time.monotonic() > until:
                self.said.seek(0)
                sys.exit(f"{self.said.read().decode()[-2000:]}\nit does not answer: {found}")
            time.sleep(0.1)
        for one in asked[:CHECKED] if server.same else []:
            _, text = self.post(one["record"])
            if server.label(json.loads(text)) != one["label"]:
                sys.exit(f"it answers {text} where the model says {one['label']}")

    def post(self, record):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", server.path, json.dumps(server.body(record)), headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def load(self, connections, seconds):
        bodies = folder / f"bodies_{options['server']}_{options.get('model', '')}.json"
        bodies.write_text(json.dumps([server.body(one["record"]) for one in asked]))
        given = {
            "port": self.port,
            "path": server.path,
            "bodies": str(bodies),
            "connections": connections,
            "seconds": seconds,
        }
        return run(commands["client"], given)

    def megabytes(self):
        kilobytes = 0
        for pid in family(self.process.pid):
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            pss = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
            kilobytes += int(pss.split()[1])
        return kilobytes * 1024 / 1e6

    def __exit__(self, *_):
        # Asked first: some have workers in groups of their own and end them themselves.
        pids = family(self.process.pid)
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        self.said.close()


def family(pid):
    """A process and all that descend from it."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found.extend(children.get(one, []))
    return found


def run(command, given):
    done = subprocess.run([*command, json.dumps(given)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def best_workers():
    """As many workers as answer most requests; tried once for all rounds."""
    chosen = folder / f"workers_{options['server']}_{options.get('model', '')}"
    if not chosen.exists():
        rates = {}
        for workers in server.workers:
            with Running(workers) as running:
                running.load(32, WARM_UP_SECONDS)
                tried = [running.load(32, TRIAL_SECONDS)["rate"] for _ in range(TRIALS)]
                rates[workers] = max(tried)
        print(f"answers per second by workers: {rates}")
        chosen.write_text(str(max(rates, key=rates.get)))
    return int(chosen.read_text())


def main():
    connections = options["connections"]
    with Running(best_workers()) as running:
        running.load(connections, WARM_UP_SECONDS)
        found = running.load(connections, LOAD_SECONDS)
        megabytes = running.megabytes() if sys.platform == "linux" else None
    if "model" in options:
        seconds = found["p50_ms"] / 1e3 if connections == 1 else 1 / found["rate"]
        quality = found[options.get("quality", "p99_ms")]
    elif connections == 1:
        bare = run(commands["bare"], {"folder": str(folder)})
        seconds = found["p50_ms"] / 1e3
        quality = 1e3 * found["p50_ms"] - bare["p50_us"]
    else:
        seconds = 1 / found["rate"]
        quality = found["p99_ms"]
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "quality": quality}))


main()
