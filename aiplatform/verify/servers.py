"""Checks of EC2 instances outside the cluster, and of applications of environments."""

from aiplatform.verify.ask import deployment_outcome
from aiplatform.verify.model import Outcome, Subject, failed, passed, warned
from components.base.naming import deployed_names
from config.settings import Settings

GONE = ("terminated", "shutting-down")


def servers(subject: Subject) -> Outcome:
    """Check that each instance is running; one with a schedule can be stopped."""
    settings = subject.settings
    stopped = []
    for key, server in settings.instances.items():
        for name in deployed_names(settings, (f"{settings.project.name}-{label}" for label in server.names(key))):
            state = _state(subject, name)
            if state == "":
                return failed(f"there is no instance {name}", "apply the stack again: `pulumi up`")
            if state == "stopped" and server.schedule is not None:
                stopped.append(name)
            elif state != "running":
                return failed(
                    f"{name} is {state}", f"aws ec2 describe-instance-status --filters Name=tag:Name,Values={name}"
                )
    if stopped:
        return warned(f"stopped: {', '.join(stopped)}; they may be stopped by a schedule")
    return passed(f"{', '.join(settings.instances)} run")


def _state(subject: Subject, name: str) -> str:
    """Return the state of an instance by its name; empty if it does not exist."""
    filters = [{"Name": "tag:Name", "Values": [name]}]
    answer = subject.cloud.call("ec2", "describe_instances", Filters=filters)
    found = [str(one["State"]["Name"]) for held in answer["Reservations"] for one in held["Instances"]]
    return next((state for state in found if state not in GONE), "")


def runs_applications(settings: Settings) -> bool:
    """Return whether an environment runs an application."""
    return any(environment.services for environment in settings.environments.values())


def applications(subject: Subject) -> Outcome:
    """Check that every application of every environment is available."""
    settings = subject.settings
    found = []
    for key in settings.environments:
        for name, application in settings.services(key).items():
            if application.scaling is None and application.replicas == 0:
                continue
            outcome = deployment_outcome(subject.cluster, settings.namespace(key), name)
            if outcome.verdict != "passed":
                return outcome
            found.append(outcome.detail)
    return passed("; ".join(found))
