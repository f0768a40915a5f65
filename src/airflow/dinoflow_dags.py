"""Builds an Airflow DAG from each `*.dinoflow.json` beside this file.

The files say how pipelines are wired; nothing of a pipeline is run to read them. Each task calls the
pipeline's own command line in a working copy on the worker, and all working copies share what steps
make by `DINOFLOW_STORE`. Workers have:

    DINOFLOW_PROJECT   folder of the working copy
    DINOFLOW_STORE     what they share, as s3://bucket/prefix, with its keys
    DINOFLOW_COMMAND   how a pipeline is called; `deno task pipeline` unless it is set
    DINOFLOW_POOL      pool whose slots are cores; the default pool unless it is set
"""

import json
import os
import shlex
import subprocess
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

try:  # Airflow 3
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.providers.standard.operators.empty import EmptyOperator
    from airflow.providers.standard.operators.python import BranchPythonOperator, PythonOperator
    from airflow.sdk import DAG, Asset, Param
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.datasets import Dataset as Asset
    from airflow.models.param import Param
    from airflow.operators.bash import BashOperator
    from airflow.operators.empty import EmptyOperator
    from airflow.operators.python import BranchPythonOperator, PythonOperator

from airflow.timetables.trigger import CronTriggerTimetable

PLAN = "plan"
DONE = "done"


def command():
    return shlex.split(os.environ.get("DINOFLOW_COMMAND", "deno task pipeline"))


def plan(spec, params):
    """What is still to be made: the pipeline's own plan, as a list of steps and items."""
    done = subprocess.run(
        [*command(), spec["pipeline"], "--plan", "--json", "--params=-"],
        input=json.dumps(params),
        cwd=os.environ.get("DINOFLOW_PROJECT", "."),
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the plan of {spec['pipeline']} failed:\n{done.stderr.strip()}")
    return [entry for entry in json.loads(done.stdout) if entry["verdict"] != "CACHED"]


def choose(spec, params, run_id, ti):
    """Gives the tasks that have to run; the others are skipped before a worker takes them."""
    waiting = plan(spec, params)
    steps = {entry["step"] for entry in waiting}
    print(f"to be made: {', '.join(sorted(steps)) or 'nothing'}")
    chosen = [task for task in spec["tasks"] if steps.intersection(task["steps"])]
    for task in chosen:
        if "each" in task:
            units = [f"{e['step']}[{e['item']}]" for e in waiting if e["step"] == task["each"]]
            given = {"DINOFLOW_PARAMS": json.dumps(params), "DINOFLOW_RUN": run_id}
            ti.xcom_push(key=task["id"], value=[{**given, "DINOFLOW_UNITS": one} for one in units])
    return [name for task in chosen for name in names(task)]


def names(task):
    """The tasks of Airflow that stand for one of ours."""
    return [f"{task['id']}.items", task["id"]] if "each" in task else [task["id"]]


# An interrupt goes to the group of the shell, and so to the step, which cleans up.
SCRIPT = """set -e
cd "${DINOFLOW_PROJECT:-.}"
units=()
while IFS= read -r unit; do units+=(--only "$unit"); done <<< "$DINOFLOW_UNITS"
printf %s "$DINOFLOW_PARAMS" | COMMAND --params=- --run "$DINOFLOW_RUN" "${units[@]}"
"""


def call(pipeline):
    words = "${DINOFLOW_COMMAND:-deno task pipeline} " + shlex.quote(pipeline)
    return SCRIPT.replace("COMMAND", words)


def operator(spec, task, planned):
    options = {
        "task_id": task["id"],
        "bash_command": call(spec["pipeline"]),
        "append_env": True,
        "retries": task["retries"],
        "retry_delay": timedelta(seconds=task.get("retry_delay", 5)),
        "pool_slots": task["cores"] if "DINOFLOW_POOL" in os.environ else 1,
        "pool": os.environ.get("DINOFLOW_POOL"),
        # Tasks before may be skipped: what they make is kept already.
        "trigger_rule": "none_failed",
    }
    if "timeout" in task:
        options["execution_timeout"] = timedelta(seconds=task["timeout"])
    if "queue" in task:
        options["queue"] = task["queue"]
    if "each" in task:
        # Tasks are mapped over what a task gives; the plan gives the branches.
        items = PythonOperator(
            task_id=f"{task['id']}.items",
            python_callable=lambda ti: ti.xcom_pull(task_ids=PLAN, key=task["id"]),
        )
        planned >> items
        named = "{{ task.env['DINOFLOW_UNITS'] }}"
        mapped = BashOperator.partial(**options, map_index_template=named)
        return mapped.expand(env=items.output)
    env = {
        "DINOFLOW_PARAMS": "{{ params | tojson }}",
        "DINOFLOW_RUN": "{{ run_id }}",
        "DINOFLOW_UNITS": "\n".join(task["steps"]),
    }
    return BashOperator(**options, env=env)


def tell(spec):
    """Tells of a failure: what failed, with the step's own words where there are any."""

    def failed(context):
        instance = context["task_instance"]
        told = {
            "pipeline": spec["pipeline"],
            "run": context["run_id"],
            "task": instance.task_id,
            "error": str(context.get("exception")),
        }
        text = json.dumps(told).encode()
        to = spec["on_failure"]
        if "webhook" in to:
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(to["webhook"], text, headers)
            urllib.request.urlopen(request, timeout=30).close()
        if "command" in to:
            subprocess.run(to["command"], input=text, check=True, timeout=60)

    return failed


def schedule(spec):
    if spec["after"]:
        return [Asset(f"dinoflow://{name}") for name in spec["after"]]
    if "schedule" not in spec:
        return None
    cron, zone = spec["schedule"]["cron"], spec["schedule"].get("time_zone", "UTC")
    return CronTriggerTimetable(cron, timezone=zone)


def parameter(schema):
    kept = {key: value for key, value in schema.items() if key != "default"}
    return Param(schema["default"], **kept) if "default" in schema else Param(**kept)


def build(spec):
    with DAG(
        dag_id=spec["pipeline"],
        description=spec["description"],
        schedule=schedule(spec),
        start_date=datetime(2020, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        max_active_runs=1,
        params={name: parameter(schema) for name, schema in spec["params"].items()},
        on_failure_callback=tell(spec) if "on_failure" in spec else None,
        tags=["dinoflow"],
        render_template_as_native_obj=False,
    ) as dag:
        planned = BranchPythonOperator(
            task_id=PLAN,
            python_callable=lambda params, run_id, ti: choose(spec, dict(params), run_id, ti),
            retries=1,
            retry_delay=timedelta(seconds=5),
        )
        tasks = {task["id"]: operator(spec, task, planned) for task in spec["tasks"]}
        # Told to pipelines that come after, whether this run made something or found all made.
        done = EmptyOperator(
            task_id=DONE,
            outlets=[Asset(f"dinoflow://{spec['pipeline']}")],
            trigger_rule="none_failed",
        )
        for task in spec["tasks"]:
            planned >> tasks[task["id"]]
            for before in task["upstream"]:
                tasks[before] >> tasks[task["id"]]
            tasks[task["id"]] >> done
    return dag


for path in sorted(Path(__file__).parent.glob("*.dinoflow.json")):
    read = json.loads(path.read_text())
    globals()[f"dag_{read['pipeline']}"] = build(read)
