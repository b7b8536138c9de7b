"""Budgets. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html."""

from collections.abc import Mapping

from tests.aws.requests import Call, Entry, Inputs

SUBSCRIBERS = {"subscriberEmailAddresses": "EMAIL", "subscriberSnsTopicArns": "SNS"}


def _budget(inputs: Inputs) -> Inputs:
    """Return flat inputs of Terraform as structures, and filters as a map."""
    kept = {name: value for name, value in inputs.items() if name == "tags"}
    return {
        **kept,
        "budget": {
            "budgetName": inputs["name"],
            "budgetType": inputs["budgetType"],
            "timeUnit": inputs["timeUnit"],
            "budgetLimit": {"amount": inputs["limitAmount"], "unit": inputs["limitUnit"]},
            "costFilters": {each["name"]: each["values"] for each in inputs.get("costFilters", ())},
        },
        "notificationsWithSubscribers": [
            {
                "notification": {key: value for key, value in each.items() if key not in SUBSCRIBERS},
                "subscribers": [
                    {"subscriptionType": kind, "address": address}
                    for name, kind in SUBSCRIBERS.items()
                    for address in each.get(name, ())
                ],
            }
            for each in inputs.get("notifications", ())
        ],
    }


COSTS: Mapping[str, Entry] = {
    "aws:budgets/budget:Budget": Entry(
        (Call("budgets", "CreateBudget", {"tags": "ResourceTags"}, {"AccountId": "123456789012"}),),
        taggable=True,
        before=_budget,
    )
}
