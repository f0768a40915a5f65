"""Reads stored features of entities from Redis: by Feast in this process, by its server, by ours.

Starts a Redis of its own and fills it as ours does. With a server, the client is the one of all
servers. The seconds are those per read, 32 under way at a time; the quality is the 99th percentile
of the latency of a request in ms. Memory is that of the reader, or of all processes of the server."""

import datetime
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from side import answer, arguments, family, megabytes_of, own_peak_megabytes

READERS = 32
WARM_UP_SECONDS = 2
TRIAL_SECONDS = 2
LOAD_SECONDS = 4
START_SECONDS = 90
STOP_SECONDS = 10

options = arguments()
folder = Path(options["folder"])
asked = json.loads((folder / "asked.json").read_text())
commands = json.loads((folder / "commands.json").read_text())
fill = [*commands["client"][:-1], str(Path(commands["client"][-1]).with_name("fill_features.ts"))]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port, process):
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                sys.exit("it does not listen")
            time.sleep(0.1)


def feast_repository(redis):
    """Declares the view as ours does, so that Feast reads what ours wrote."""
    import pandas as pd
    from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
    from feast.types import Bool, Float64, Int64, String

    kinds = {"payments": Int64, "mean_payment": Float64, "largest_payment": Float64,
             "channel": String, "late": Bool}
    repository = folder / "feast"
    repository.mkdir(exist_ok=True)
    (repository / "feature_store.yaml").write_text(
        "project: shop\nregistry: registry.db\nprovider: local\n"
        f"online_store:\n  type: redis\n  connection_string: 127.0.0.1:{redis}\n"
        "offline_store:\n  type: file\nentity_key_serialization_version: 3\n"
    )
    empty = {"customer": ["x"], "payments": [1], "mean_payment": [1.0], "largest_payment": [1.0],
             "channel": ["x"], "late": [True],
             "event_timestamp": [pd.Timestamp(0, tz=datetime.timezone.utc)]}
    pd.DataFrame(empty).to_parquet(repository / "rows.parquet")
    customer = Entity(name="customer", join_keys=["customer"], value_type=ValueType.STRING)
    view = FeatureView(
        name=asked["view"], entities=[customer], ttl=datetime.timedelta(days=36500),
        schema=[Field(name="customer", dtype=String),
                *(Field(name=name, dtype=kinds[name]) for name in asked["features"])],
        source=FileSource(path=str(repository / "rows.parquet"),
                          timestamp_field="event_timestamp"),
    )
    store = FeatureStore(repo_path=str(repository))
    store.apply([customer, view])
    return repository, store


features = [f"{asked['view']}:{name}" for name in asked["features"]]


def library_reads(store, readers, seconds):
    ids, latencies, lock = asked["ids"], [], threading.Lock()
    end = time.perf_counter() + seconds

    def read(first):
        own, at = [], first
        while (start := time.perf_counter()) < end:
            found = store.get_online_features(
                features=features, entity_rows=[{"customer": ids[at % len(ids)]}]
            ).to_dict()
            if found["payments"][0] is None:
                raise SystemExit("an entity is not there")
            own.append(time.perf_counter() - start)
            at += readers
        with lock:
            latencies.extend(own)

    threads = [threading.Thread(target=read, args=(first,)) for first in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(latencies)


def measure_library(redis):
    _, store = feast_repository(redis)
    library_reads(store, 1, WARM_UP_SECONDS)
    rates = {n: len(library_reads(store, n, TRIAL_SECONDS)) for n in (1, READERS)}
    print(f"reads in {TRIAL_SECONDS} s by threads: {rates}")
    found = library_reads(store, max(rates, key=rates.get), LOAD_SECONDS)
    answer(LOAD_SECONDS / len(found), own_peak_megabytes(), 1e3 * found[int(0.99 * len(found))])


def server_of(redis, port, workers):
    where = ["--port", str(port), "--workers", str(workers)]
    if options["reader"] == "ours":
        address = {"REDIS_URL": f"redis://127.0.0.1:{redis}/0", "FEATURE_PROJECT": "shop"}
        return [*commands["server"], *where], commands["root"], address
    repository, _ = feast_repository(redis)
    program = str(Path(sys.executable).parent / "feast")
    # Its workers do not end, with their connections, after a thousand requests.
    steady = ["--max-requests", "0", "--max-requests-jitter", "0"]
    command = [program, "serve", "--host", "127.0.0.1", "--no-access-log", *steady, *where]
    return command, repository, {}


class Running:
    """The server with all its processes, from its start to its end."""

    def __init__(self, redis, workers):
        self.port = free_port()
        command, cwd, env = server_of(redis, self.port, workers)
        self.process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **env, "FEAST_USAGE": "False"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def __enter__(self):
        wait_for(self.port, self.process)
        return self

    def load(self, seconds, limited=True):
        ids, size = asked["ids"], int(options["entities"])
        groups = [ids[at:at + size] for at in range(0, len(ids), size)]
        if options["reader"] == "ours":
            view = f"/features/{asked['view']}"
            path = {}
            requests = [f"{view}/{group[0]}" if size == 1 else f"{view}?id={'&id='.join(group)}"
                        for group in groups]
        else:
            requests = [{"features": features, "entities": {"customer": group}} for group in groups]
            path = {"path": "/get-online-features"}
        bodies = folder / f"feature_bodies_{size}.json"
        bodies.write_text(json.dumps(requests))
        given = {"port": self.port, "bodies": str(bodies), "connections": READERS,
                 "seconds": seconds, **path}
        if limited and "rate" in options:
            given["rate"] = options["rate"]
        done = subprocess.run([*commands["client"], json.dumps(given)], capture_output=True,
                              text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return json.loads(done.stdout)

    def megabytes(self):
        parts = [megabytes_of(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in family()
                 if os.getpgid(pid) == self.process.pid]
        return sum(part for part in parts if part is not None)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def measure_server(redis):
    chosen = folder / f"workers_{options['reader'].replace(' ', '_')}_{options['entities']}"
    if not chosen.exists():
        rates = {}
        for workers in (1, 2):
            with Running(redis, workers) as running:
                running.load(WARM_UP_SECONDS)
                rates[workers] = running.load(TRIAL_SECONDS, limited=False)["rate"]
        print(f"reads per second by workers: {rates}")
        chosen.write_text(str(max(rates, key=rates.get)))
    with Running(redis, int(chosen.read_text())) as running:
        running.load(WARM_UP_SECONDS)
        found = running.load(LOAD_SECONDS)
        seconds = 1 / (found["rate"] * int(options["entities"]))
        answer(seconds, running.megabytes(), found["p99_ms"])


def main():
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
               "--dir", str(folder)]
    redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port, redis)
        subprocess.run([*fill, str(port), str(options["rows"])], check=True)
        if options["reader"] == "feast":
            measure_library(port)
        else:
            measure_server(port)
    finally:
        redis.kill()
        redis.wait()


main()
