"""Phone numbers, e-mail addresses and Slack channels."""

from typing import Annotated

from pydantic import Field

from config.types.text import matching

PhoneNumber = Annotated[
    str,
    matching(
        r"\+[1-9]\d{6,14}", "is not a phone number; write it in quotes with its country code, like '+821012345678'"
    ),
]
"""E.164, the format of SNS: https://docs.aws.amazon.com/sns/latest/dg/sms_sms-to-phone.html"""

EmailAddress = Annotated[
    str,
    Field(max_length=254),
    matching(
        r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}",
        "is not an e-mail address; write it like you@example.com",
    ),
]

SlackChannel = Annotated[
    str, matching(r"#[a-z0-9_-]{1,79}", "is not a Slack channel; write it in quotes like '#alerts'")
]
