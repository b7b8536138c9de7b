"""One large artifact, sparse, through MLflow's own client: written to a run, and read again.

The argument is its number of bytes. MLFLOW_TRACKING_URI, -_USERNAME and -_PASSWORD are set.
"""

import hashlib
import json
import pathlib
import sys
import tempfile

from mlflow import MlflowClient

MARKS = 64
"""Places with content, so that a lost or exchanged part changes the digest."""


def digest(file: pathlib.Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def main(size: int) -> dict[str, object]:
    client = MlflowClient()
    run = client.create_run(client.create_experiment(f"large {size}"))
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "weights.bin")
        with file.open("wb") as content:
            content.truncate(size)
            for mark in range(MARKS):
                content.seek(size * mark // MARKS)
                content.write(f"mark {mark}".encode())
        before = digest(file)
        client.log_artifact(run.info.run_id, str(file), "model")
        file.unlink()
        read = pathlib.Path(client.download_artifacts(run.info.run_id, "model/weights.bin", folder))
        return {"size": read.stat().st_size, "written": before, "read": digest(read), "uri": run.info.artifact_uri}


if __name__ == "__main__":
    # The client prints its own lines before.
    sys.stdout.write(f"\n{json.dumps(main(int(sys.argv[1])))}\n")
