"""The certificate of hosts: ACM limits the first of them alone."""

from aiplatform.preview.record import record_function
from components.ingress.certificate import Certificate
from tests.each import each

LONG = f"{'a' * 40}.{'b' * 30}.shop.dev"


@each(
    ("hosts", "first", "others"),
    [
        (["a.shop.dev", "b.shop.dev"], "a.shop.dev", ["b.shop.dev"]),
        ([LONG, "b.shop.dev", "c.shop.dev"], "b.shop.dev", [LONG, "c.shop.dev"]),
        (["a.shop.dev"], "a.shop.dev", None),
    ],
)
def test_first_host_of_a_certificate_is_short_enough_for_acm(
    hosts: list[str], first: str, others: list[str] | None
) -> None:
    plan = record_function(lambda: Certificate("tls", hosts=hosts, zone_id="Z1"))
    (made,) = (one for one in plan.resources if one.type == "aws:acm/certificate:Certificate")
    assert made.inputs["domainName"] == first
    assert made.inputs.get("subjectAlternativeNames") == others
    records = [one for one in plan.resources if one.type == "aws:route53/record:Record"]
    assert len(records) == len(hosts)
