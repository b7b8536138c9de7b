"""The MLflow tracking server and model registry."""

from components.workloads.mlflow.workload import Mlflow
from components.workloads.workload import Build
from config.workloads.mlflow import Mlflow as Settings

BUILD: Build[Settings] = Mlflow
