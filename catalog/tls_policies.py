"""Predefined TLS policies of Application Load Balancers with TLS 1.3."""

AS_OF = "2026-11"

_PLAIN = ("1-3-2021-06", "1-2-2021-06", "1-2-Res-2021-06", "1-2-Ext1-2021-06", "1-2-Ext2-2021-06")
_OLD = ("1-1-2021-06", "1-0-2021-06")
_FIPS = ("1-3-FIPS", "1-2-FIPS", "1-2-Res-FIPS", "1-2-Ext0-FIPS", "1-2-Ext1-FIPS", "1-2-Ext2-FIPS")
_POST_QUANTUM = ("1-3-PQ", "1-2-PQ", "1-2-Res-PQ", "1-2-Ext1-PQ", "1-2-Ext2-PQ", "1-0-PQ")

TLS_POLICIES = tuple(
    f"ELBSecurityPolicy-TLS13-{name}"
    for name in (
        *_PLAIN,
        *_OLD,
        *(f"{name}-2023-04" for name in (*_FIPS, "1-1-FIPS", "1-0-FIPS")),
        *(f"{name}-2025-09" for name in _POST_QUANTUM),
        *(f"{name}-PQ-2025-09" for name in (*_FIPS, "1-1-FIPS", "1-0-FIPS")),
    )
)
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""
