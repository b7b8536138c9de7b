"""Certificates of the stores in the cluster: their renewal, and their authority for clients elsewhere."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack

_RENEWED: Path = ("tls", "renewed")


def renewal(stack: Stack) -> Iterator[Problem]:
    """Certificates are renewed before they expire, on a day that has come."""
    tls, today = stack.settings.tls, stack.today
    expires, due = tls.expires(), tls.due()
    if tls.renewed is None or expires is None or due is None:
        return
    if not stack.settings.needs_authority():
        yield Problem(_RENEWED, "no store uses TLS; set stores: true, or remove it", because=(("tls", "stores"),))
    elif tls.renewed > today.isoformat():
        yield Problem(_RENEWED, f"{tls.renewed} is in the future; set {today} or an earlier date")
    elif due <= today:
        yield Problem(
            _RENEWED,
            f"the certificates of Kafka and Redis {'expired' if expires < today else 'expire'} on {expires}; "
            f"set {today}, which renews them and restarts the pods one by one",
            severity="warning",
        )


def authority(stack: Stack) -> Iterator[Problem]:
    """A secret with the authority's certificate has nothing else, and there is an authority."""
    for name, secret in stack.settings.secrets.items():
        if not secret.authority:
            continue
        here: Path = ("secrets", name, "authority")
        if secret.generate:
            yield Problem(
                here,
                "a secret has a generated password or the certificate of the authority; remove one of generate and "
                "authority",
                because=(("secrets", name, "generate"),),
            )
        elif not stack.settings.needs_authority():
            yield Problem(
                here,
                "no store uses TLS, so there is no authority; set tls.stores: true, or remove it",
                because=(("tls", "stores"),),
            )


RULES: tuple[Rule, ...] = (renewal, authority)
