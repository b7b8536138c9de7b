"""Edits of the base for rows of workloads and applications: one setting more, and what is told of it."""

from tests.config import gateway_mistakes, kafka_mistakes, model_mistakes, redis_mistakes
from tests.config.base import shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

API = "api: {image: ghcr.io/shop/api:v1, port: 8080}"
RELEASES = "    repository: https://github.com/shop/releases\n"


def kafka(new: str, *told: str) -> Row:
    """A setting of Kafka."""
    return kafka_mistakes.row("      quorum: 3\n", f"      quorum: 3\n      {new}\n", *told)


def redis(new: str, *told: str) -> Row:
    """A setting of Redis."""
    return redis_mistakes.row("      port: 6379\n", f"      port: 6379\n      {new}\n", *told)


def gateway(new: str, *told: str) -> Row:
    """A setting of LiteLLM."""
    cache = "      cache: counters\n"
    return gateway_mistakes.row(f"{cache}      providers", f"{cache}      {new}\n      providers", *told)


def provider(url: str, *told: str) -> Row:
    """The URL of a provider."""
    return gateway_mistakes.row('"https://models.shop.dev/v1"', f'"{url}"', *told)


def pages(new: str, *told: str) -> Row:
    """A setting of Open WebUI."""
    return gateway_mistakes.row("      virtualKey: pages\n", f"      virtualKey: pages\n      {new}\n", *told)


def model(settings: str, *told: str) -> Row:
    """A model on GPUs."""
    return model_mistakes.row(settings, *told)


def large(settings: str, *told: str) -> Row:
    """A model on nodes with several GPUs."""
    return model_mistakes.row(settings, *told, nodes=model_mistakes.MANY)


def mlflow(new: str, *told: str) -> Row:
    """A setting of MLflow."""
    return (("", f"      {new}\n"),), told


def database(new: str, *told: str) -> Row:
    """A setting of the database."""
    return (("databaseName: mlflow\n", f"databaseName: mlflow\n      {new}\n"),), told


def alarm(rule: str, *told: str) -> Row:
    """An alarm."""
    sections = (
        "  ai-platform:addons: {cloudwatchObservability: {enabled: true}}\n  ai-platform:alarms:\n"
        "    emails: [a@shop.dev]\n    rules: {one: {%s}}\n"
    )
    return (("", sections % rule),), told


def scheduled(times: str, *told: str) -> Row:
    """A schedule of the database."""
    name = "databaseName: mlflow\n"
    return ((name, f"{name}      schedule: hours\n"), ("", f"  ai-platform:schedules: {{hours: {{{times}}}}}\n")), told


def service(old: str, new: str, *told: str) -> Row:
    """A text of the environments replaced."""
    return shared((old, new)), told


def application(new: str, *told: str) -> Row:
    """A setting of the application."""
    return shared((API, f"{API[:-1]}, {new}}}")), told


def alerted(settings: str, alerts: str, *told: str) -> Row:
    """Alerts of an environment, and a setting of its application."""
    services = "services: {api: {}}"
    return shared((API, f"{API[:-1]}{settings}}}"), (services, f"{services}\n      alerts: {alerts}")), told


def monitoring(new: str, *told: str) -> Row:
    """A setting of monitoring."""
    return shared(("    defaultReceiver: chat\n", f"    defaultReceiver: chat\n    {new}\n")), told


def gitops(new: str, *told: str) -> Row:
    """A setting of Argo CD."""
    return shared((RELEASES, f"{RELEASES}    {new}\n")), told


def updater(*told: str, image: str = "", repository: str = "", more: str = "") -> Row:
    """An image that is updated: settings of the image, of its repository and of Argo CD."""
    added = (
        f"    credentials: git\n    imageUpdater: {{images: {{api: {{repository: api{image}}}}}}}\n"
        f"  ai-platform:repositories: {{api: {{{repository}}}}}\n"
    )
    secrets, services = "    slack: {description: Slack}\n", "      services: {api: {}}\n"
    return shared(
        (RELEASES, f"{RELEASES}{more}{added}"),
        (secrets, f"{secrets}    git: {{description: Git}}\n"),
        (services, f"{services}      delivery: {{automatic: true, wave: 1}}\n"),
    ), told
