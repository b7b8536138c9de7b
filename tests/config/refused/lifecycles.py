"""Lifecycle rules that S3 rejects or that never move an object."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "from One Zone-IA to Standard-IA": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {transitions: {a: {days: 30, storageClass: ONEZONE_IA}, b: {days: 60, storageClass: STANDARD_IA}}}}\n",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.transitions.b.storageClass: S3 moves no object from ONEZONE_IA (transition a) to STANDARD_IA; choose a colder class, or remove it",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    ),
    "from Glacier to Standard-IA": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {transitions: {a: {days: 30, storageClass: GLACIER_IR}, b: {days: 90, storageClass: STANDARD_IA}}}}\n",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.transitions.b.storageClass: S3 moves no object from GLACIER_IR (transition a) to STANDARD_IA; choose a colder class, or remove it",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    ),
    "out of Standard-IA after 15 days": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {transitions: {a: {days: 30, storageClass: STANDARD_IA}, b: {days: 45, storageClass: GLACIER_IR}}}}\n",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.transitions.b.days: 45 is less than 30 days after transition a to STANDARD_IA; set 60 or more",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    ),
    "twice on one day": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {transitions: {a: {days: 60, storageClass: STANDARD_IA}, b: {days: 60, storageClass: GLACIER_IR}}}}\n",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.transitions.b.days: 60 is already the day of transition a of the same objects; choose another",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    ),
    "twice to one class": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {transitions: {a: {days: 30, storageClass: STANDARD_IA}, b: {days: 60, storageClass: STANDARD_IA}}}}\n",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.transitions.b.storageClass: S3 moves no object from STANDARD_IA (transition a) to STANDARD_IA; choose a colder class, or remove it",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    ),
    "back from an archive, below a prefix": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {transitions: {a: {days: 30, storageClass: GLACIER_IR, prefix: logs/}, b: {days: 90, storageClass: STANDARD_IA, prefix: logs/old/}}}}\n",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.transitions.b.storageClass: S3 moves no object from GLACIER_IR (transition a) to STANDARD_IA; choose a colder class, or remove it",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    ),
    "warning: a prefix with a slash": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {transitions: {a: {days: 30, storageClass: STANDARD_IA, prefix: /logs}}}}\n",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.transitions.a.prefix: /logs begins with a slash, as no key of a usual client does, and matches no object; write logs",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html",
    ),
    "a prefix of 1,025 characters": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {transitions: {a: {days: 30, storageClass: STANDARD_IA, prefix: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'}}}}\n",
            ),
        ),
        ("22: buckets.artifacts.lifecycle.transitions.a.prefix: is longer than 1024 characters; shorten it",),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html",
    ),
    "more days than S3 counts": Case(
        (("    artifacts: {}\n", "    artifacts: {lifecycle: {expireDays: 4000000000}}\n"),),
        ("22: buckets.artifacts.lifecycle.expireDays: 4000000000 is too large; the maximum is 2147483647",),
        "https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html",
    ),
    "noncurrent versions back from an archive": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {noncurrentDays: 400, noncurrentTransitions: {a: {days: 30, storageClass: GLACIER}, b: {days: 60, storageClass: STANDARD_IA}}}}\n",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.noncurrentTransitions.b.storageClass: S3 moves no object from GLACIER (transition a) to STANDARD_IA; choose a colder class, or remove it",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    ),
    "noncurrent versions out of Standard-IA after 10 days": Case(
        (
            (
                "    artifacts: {}\n",
                "    artifacts: {lifecycle: {noncurrentDays: 400, noncurrentTransitions: {a: {days: 30, storageClass: STANDARD_IA}, b: {days: 40, storageClass: DEEP_ARCHIVE}}}}\n",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.noncurrentTransitions.b.days: 40 is less than 30 days after transition a to STANDARD_IA; set 60 or more",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    ),
}
# fmt: on
