"""Open WebUI: chat with language models in a browser."""

from components.workloads.open_webui.workload import OpenWebui
from components.workloads.workload import Build
from config.workloads.open_webui import OpenWebui as Settings

BUILD: Build[Settings] = OpenWebui
