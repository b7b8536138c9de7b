"""Typical use of MLflow through its client: `write` to an empty server, `read` all data and print it as JSON.

It runs in the environment of the part, with MLFLOW_TRACKING_URI, -_USERNAME and -_PASSWORD.
"""

import hashlib
import json
import pathlib
import random
import sys
import tempfile
import time

from mlflow import MlflowClient
from mlflow.entities import Metric, Param
from wanted import EXPERIMENT, MODEL, RUNS, SIZES, STEPS


def write(client: MlflowClient) -> None:
    experiment = client.create_experiment(EXPERIMENT)
    client.create_registered_model(MODEL, description="versions of every run")
    for number in range(RUNS):
        run = client.create_run(experiment, tags={"number": str(number)}, run_name=f"run {number}")
        identifier = run.info.run_id
        now = int(time.time() * 1000)
        metrics = [Metric("loss", 1 / (step + 1 + number), now + step, step) for step in range(STEPS)]
        client.log_batch(identifier, metrics, [Param("rate", str(0.1 * number)), Param("umlaut", "Größe 🙂")])
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "weights.bin")
            file.write_bytes(random.Random(number).randbytes(SIZES[number]))  # noqa: S311, only to tell files apart
            client.log_artifact(identifier, str(file), "model")
        client.set_terminated(identifier)
        source = f"{run.info.artifact_uri}/model"
        version = client.create_model_version(MODEL, source, identifier, tags={"number": str(number)})
        client.set_registered_model_alias(MODEL, f"alias{number}", version.version)


def read(client: MlflowClient) -> dict[str, object]:
    experiment = client.get_experiment_by_name(EXPERIMENT)
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time"])
    return {
        "runs": [_run(client, run) for run in runs],
        "versions": sorted(
            [version.version, version.run_id, version.source, version.status, version.tags, version.aliases]
            for version in client.search_model_versions(f"name = '{MODEL}'")
        ),
        "models": {model.name: [model.description, model.aliases] for model in client.search_registered_models()},
    }


def _run(client: MlflowClient, run: object) -> dict[str, object]:
    identifier = run.info.run_id
    history = client.get_metric_history(identifier, "loss")
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(client.download_artifacts(identifier, "model/weights.bin", folder))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return {
        "id": identifier,
        "status": run.info.status,
        "user": run.info.user_id,
        "params": dict(run.data.params),
        "tags": dict(run.data.tags),
        "metrics": [[metric.step, metric.value, metric.timestamp] for metric in history],
        "artifact": digest,
    }


if __name__ == "__main__":
    made = MlflowClient()
    if sys.argv[1] == "write":
        write(made)
    # The client prints its own lines before.
    sys.stdout.write(f"\n{json.dumps(read(made))}\n")
