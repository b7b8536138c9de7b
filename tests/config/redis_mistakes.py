"""Invalid values of Redis: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

BEFORE = """\
  ai-platform:secrets: {keys: {description: Password of Redis, generate: true}, other: {description: A key}}
  ai-platform:priorityClasses: {usual: {value: 1, description: All}}
  ai-platform:environments: {live: {quota: {pods: "9"}, priorityClasses: [usual]}}
"""
REDIS = """\
    redis:
      secret: keys
      sentinels: 3
      quorum: 2
      port: 6379
      environments: [live]
      resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {memory: 1Gi}}
"""


def row(old: str, new: str, *told: str) -> Row:
    """The sections with one text replaced, and what is told of it."""
    text = BEFORE + REDIS
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    before, redis = BEFORE.replace(old, new), REDIS.replace(old, new)
    return (("  ai-platform:databases:\n", f"{before}  ai-platform:databases:\n"), ("", redis)), told


MISTAKES: dict[str, Row] = {
    "redis: a secret that is not there": row(
        "secret: keys", "secret: kyes", "31: workloads.redis.secret: unknown secret 'kyes'; did you mean keys?"
    ),
    "redis: a secret that a person fills": row(
        "secret: keys",
        "secret: other",
        "31: workloads.redis.secret: other is not generated, but the password must be; set secrets.other.generate: true",
    ),
    "redis: no secret": row("      secret: keys\n", "", "30: workloads.redis.secret: is missing; choose keys"),
    "redis: a caller that is not there": row(
        "environments: [live]",
        "environments: [life]",
        "35: workloads.redis.environments[0]: unknown environment 'life'; did you mean live?",
    ),
    "redis: a caller twice": row(
        "environments: [live]",
        "environments: [live, live]",
        "35: workloads.redis.environments[1]: duplicate environment live",
    ),
    "redis: too few Sentinels": row(
        "sentinels: 3", "sentinels: 2", "32: workloads.redis.sentinels: 2 is too small; the minimum is 3"
    ),
    "redis: a quorum above the Sentinels": row(
        "quorum: 2", "quorum: 4", "33: workloads.redis.quorum: 4 exceeds the 3 Sentinels; set 2"
    ),
    "redis: a quorum that is no majority": row(
        "sentinels: 3\n      quorum: 2",
        "sentinels: 5\n      quorum: 2",
        "33: workloads.redis.quorum: 2 of 5 Sentinels is not a majority; set 3 to 4",
    ),
    "redis: a quorum of all": row(
        "quorum: 2",
        "quorum: 3",
        "33: workloads.redis.quorum: 3 of 3 Sentinels allows no failover while one is unavailable; set 2",
    ),
    "redis: the port of the Sentinels": row(
        "port: 6379",
        "port: 26379",
        "34: workloads.redis.port: 26379 is the port of the Sentinels; choose another, such as 6379",
    ),
    "redis: requests above the limit": row(
        "limits: {memory: 1Gi}",
        "limits: {memory: 512Mi}",
        "36: workloads.redis.resources.requests.memory: 1Gi is above the limit, 512Mi; decrease it, or increase the limit",
    ),
    "redis: no room for data": row(
        "{requests: {cpu: 100m, memory: 1Gi}, limits: {memory: 1Gi}}",
        "{requests: {cpu: 100m, memory: 32Mi}, limits: {memory: 64Mi}}",
        "36: workloads.redis.resources.limits.memory: 64Mi leaves 38 MiB for data; set 128Mi or more",
    ),
    "redis: an eviction that Redis does not know": row(
        "port: 6379",
        "eviction: lru",
        "34: workloads.redis.eviction: 'lru' is not one of noeviction, allkeys-lru, allkeys-lfu, volatile-lru, volatile-lfu, volatile-ttl",
    ),
}
