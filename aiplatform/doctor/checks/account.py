"""What the account has once: roles of services, and cost allocation tags."""

from collections.abc import Iterator
from functools import partial

from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, listed, unknown, wrong
from aiplatform.iam.permissions import LINKED
from aiplatform.quotas.vcpus import POOL

TITLE, ORDER = "Account", 80

WORLD = "us-east-1"
"""The region of Cost Explorer."""

SPOT = "spot"
"""Service of the role that EC2 needs for Spot; only EKS and users create it, Karpenter does not:
https://karpenter.sh/docs/troubleshooting/#missing-service-linked-role"""

_FILTERED = ("aws:budgets/budget:Budget", "aws:costexplorer/costAllocationTag:CostAllocationTag")


def questions(subject: Subject) -> Iterator[Question]:
    """Yield a question for each service-linked role, and one for the tags by which costs are filtered."""
    types = {one.type for one in subject.plan.resources}
    services = {one for type_, linked in LINKED.items() if any(t.startswith(type_) for t in types) for one in linked}
    pools = any(subject.of(POOL))
    for service in sorted(services):
        yield Question(
            f"service-linked role of {service}.amazonaws.com", partial(_role, subject.region, service, pools)
        )
    if any(subject.of(*_FILTERED)):
        tags = list(subject.settings.project.default_tags())
        yield Question(f"cost allocation tags {listed(tags)} are active", partial(_tags, tags))


def _role(region: str, service: str, pools: bool, account: Account) -> Answer:
    path = f"/aws-service-role/{service}.amazonaws.com/"
    if next(iter(account.listed(region, "iam", "list_roles", "Roles", PathPrefix=path)), None) is not None:
        return fine("exists")
    command = f"aws iam create-service-linked-role --aws-service-name {service}.amazonaws.com"
    if service == SPOT and pools:
        return wrong("it is missing, and Karpenter does not create it", command)
    return fine("it is missing, and AWS creates it with the first resource")


def _tags(tags: list[str], account: Account) -> Answer:
    found = {
        str(one["TagKey"]): str(one["Status"])
        for one in account.listed(WORLD, "ce", "list_cost_allocation_tags", "CostAllocationTags", TagKeys=tags)
    }
    inactive = [name for name in tags if found.get(name) == "Inactive"]
    if inactive:
        status = " ".join(f"TagKey={name},Status=Active" for name in inactive)
        return wrong(
            f"{listed(inactive)}: inactive, so that budgets with these tags count nothing",
            f"aws ce update-cost-allocation-tags-status --cost-allocation-tags-status {status}",
        )
    absent = [name for name in tags if name not in found]
    if absent:
        return unknown(f"AWS lists {listed(absent)} up to 24 hours after the first resource has it; activate it then")
    return fine("they are")
