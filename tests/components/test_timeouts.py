"""Time limits of the load balancer, of servers behind it and of their pods agree, in every stack."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.timeouts import Timeouts
from tests.components.base import EVERY_STACK, Found, recorded

DEPLOYMENT, GROUPS = "kubernetes:apps/v1:Deployment", "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"
BINDING, TARGETS = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "aws:lb/targetGroup:TargetGroup"
INGRESS, SERVICE = "kubernetes:networking.k8s.io/v1:Ingress", "kubernetes:core/v1:Service"
DELAY = "deregistration_delay.timeout_seconds="

# The programs' own settings, in their order: seconds that an idle connection is kept, and that a response may take.
# https://github.com/vllm-project/vllm/issues/18472, https://github.com/BerriAI/litellm/issues/14334
VARIABLES = (
    ("VLLM_HTTP_TIMEOUT_KEEP_ALIVE", None),
    ("KEEPALIVE_TIMEOUT", "GRACEFUL_SHUTDOWN_TIMEOUT"),
    ("UVICORN_TIMEOUT_KEEP_ALIVE", "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN"),
)
OPTIONS = ("--timeout-keep-alive", "--timeout-graceful-shutdown")
ROUTER = ("--idle-connection-timeout-secs", "--shutdown-grace-period-secs")
VLLM = "--shutdown-timeout="


def limits(container: dict[str, Any]) -> tuple[int, int]:
    """The seconds for which a server keeps an idle connection, and completes its responses after SIGTERM."""
    words = [word for part in (*container.get("command", ()), *container.get("args", ())) for word in str(part).split()]
    env = {item["name"]: item.get("value", "") for item in container.get("env", ())}
    if OPTIONS[0] in words:
        kept, drained = (int(words[words.index(option) + 1]) for option in OPTIONS)
        return kept, drained
    given = dict(word.partition("=")[::2] for word in words)
    if ROUTER[0] in given:
        return int(given[ROUTER[0]]), int(given[ROUTER[1]])
    for keep, drain in VARIABLES:
        if keep in env:
            ended = env[drain] if drain else next(word for word in words if word.startswith(VLLM)).removeprefix(VLLM)
            return int(env[keep]), int(ended)
    raise AssertionError(f"{container['name']} has no keep-alive of its own")


def pods(found: Found) -> Iterator[tuple[str, dict[str, str], dict[str, Any]]]:
    """Namespace, labels and specification of the pods of every Deployment and group."""
    for item in (*found.all(DEPLOYMENT), *found.all(GROUPS)):
        spec = item.inputs["spec"]
        template = spec["template"] if item.type == DEPLOYMENT else spec["leaderWorkerTemplate"]["leaderTemplate"]
        yield item.inputs["metadata"]["namespace"], template["metadata"]["labels"], template["spec"]


def served(found: Found) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Services with a route of the load balancer, its deregistration delay, and the pods; not of charts."""
    routed: list[tuple[str, str, int]] = []
    for item in found.all(BINDING):
        arn = item.inputs["spec"]["targetGroupARN"]
        (group,) = (one.inputs for one in found.all(TARGETS) if f"/{one.inputs['name']}/" in arn)
        name = item.inputs["spec"]["serviceRef"]["name"]
        routed.append((item.inputs["metadata"]["namespace"], name, group["deregistrationDelay"]))
    for item in found.all(INGRESS):
        attributes = item.inputs["metadata"]["annotations"]["alb.ingress.kubernetes.io/target-group-attributes"]
        name = item.inputs["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["name"]
        routed.append((item.inputs["metadata"]["namespace"], name, int(attributes.removeprefix(DELAY))))
    for namespace, service, delay in routed:
        for item in found.all(SERVICE):
            metadata = item.inputs["metadata"]
            if (metadata["namespace"], metadata["name"]) == (namespace, service):
                chosen = item.inputs["spec"]["selector"].items()
                for place, labels, spec in pods(found):
                    if place == namespace and chosen <= labels.items():
                        yield service, delay, spec


@EVERY_STACK
def test_servers_outlast_the_load_balancer_and_complete_their_responses(stack: str) -> None:
    recording = recorded(stack)
    idle = recording.settings.ingress.idle_timeout_seconds
    for service, delay, spec in served(recording):
        (server, *_) = spec["containers"]
        kept, drained = limits(server)
        pause = server["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert kept > idle, f"{service}: the server closes a connection that the load balancer uses: 502"
        assert pause >= 20, f"{service}: the load balancer still sends requests"
        assert pause + drained < spec["terminationGracePeriodSeconds"], f"{service} is killed in a response"
        assert pause + drained <= delay <= 3600, f"{service}: the load balancer ends a response"


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        ("dev", {"mlflow": 120}),
        ("chat", {"litellm": 600, "open-webui": 600}),
        ("openwebui", {"open-webui": 600}),
        ("vllm", {"chat-server": 600, "duo-server": 600}),
        ("pingvas", {"user-service": 60, "generation-service": 60}),
        ("controller", {"mlflow": 120}),
    ],
)
def test_responses_may_take_as_long_after_sigterm_as_before(stack: str, expected: dict[str, int]) -> None:
    found = {
        service.removesuffix("-node-port"): limits(spec["containers"][0])[1]
        for service, _, spec in served(recorded(stack))
    }
    assert expected.items() <= found.items()


@pytest.mark.parametrize(
    ("timeouts", "expected"),
    [
        (Timeouts(), (15, 60, 90, 80)),
        (Timeouts(600, 600), (615, 600, 630, 620)),
        (Timeouts(60, 4000), (4015, 60, 90, 80)),
        (Timeouts(1, 1), (16, 1, 31, 21)),
        (Timeouts(3580, 60), (75, 3580, 3610, 3600)),
        # The longest that AWS and so the pod can wait.
        (Timeouts(3600, 3600), (3615, 3580, 3610, 3600)),
    ],
)
def test_time_limits_follow_from_response_and_idle_timeout(timeouts: Timeouts, expected: tuple[int, ...]) -> None:
    found = (timeouts.keep_alive, timeouts.drain, timeouts.grace_period, timeouts.deregistration_delay)
    assert found == expected
