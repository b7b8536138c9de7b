"""The Pulumi program: load the settings, build the platform, export its outputs."""

from pathlib import Path

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from catalog.reading.problems import SettingsError
from components.platform import Platform
from config.loader import load_config

try:
    loaded = load_config({**get_config_env(), **CONFIG.get()}, Path(__file__).parent, pulumi.get_stack())
except SettingsError as error:
    raise pulumi.RunError(str(error)) from None

for warning in loaded.warnings:
    pulumi.log.warn(warning)
platform = Platform(loaded.settings.project.name, loaded.settings)
for name, value in platform.outputs.items():
    pulumi.export(name, value)
