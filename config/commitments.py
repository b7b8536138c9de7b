"""Savings Plans and reserved instances that the account has bought or will buy: section `costs.commitments`.

They are not resources of the stack: the bill counts them, and `aiplatform` warns where the stack does not use them.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.types.text import matching

Discount = Annotated[float, Field(gt=0, lt=100, allow_inf_nan=False)]
Family = Annotated[
    str,
    matching(r"[a-z][a-z0-9-]*\d[a-z0-9-]*", "is not a family of instance types; write it like m7g, without a size"),
]
ReservedClass = Annotated[
    str,
    matching(
        r"(?:db|cache)\.[a-z0-9]+\.[a-z0-9]+",
        "is not a class of RDS or ElastiCache; write it like db.r7g.large or cache.t4g.small",
    ),
]


class SavingsPlan(Model):
    """A Savings Plan: an amount an hour for On-Demand usage, used or not. Spot usage is never covered.

    https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html
    """

    kind: Literal["compute", "ec2Instance"] = "compute"
    """`compute`: instances of every family and region, and Lambda. `ec2Instance`: of one family in this region."""

    family: Family | None = None
    """Family of an EC2 Instance Savings Plan, such as m7g."""

    usd_per_hour: float = Field(gt=0, le=1e5, allow_inf_nan=False)
    """Commitment in USD an hour."""

    discount_percent: Discount | None = None
    """Discount on On-Demand prices, as the Savings Plans console shows it for the term, payment and family. Without it,
    what the plan covers is unknown, and so is the bill."""

    @model_validator(mode="after")
    def _family_of_an_instance_plan(self) -> Self:
        if self.kind == "ec2Instance" and self.family is None:
            raise ValueError("an EC2 Instance Savings Plan is for one family; set family")
        if self.kind == "compute" and self.family is not None:
            raise ValueError("family has no effect on a Compute Savings Plan; set kind: ec2Instance, or remove it")
        return self


class Reserved(Model):
    """Reserved instances of RDS or nodes of ElastiCache of one class, billed every hour of the term, used or not.

    Size flexibility within a family is not counted.
    """

    engine: Literal["postgres", "mysql", "auroraPostgres", "redis", "valkey"]
    """Engine."""

    instance_class: ReservedClass
    """Instance class or node type."""

    multi_az: bool = False
    """Whether the reservation is for an RDS instance with a standby."""

    count: int = Field(default=1, ge=1, le=100)
    """Number of instances or nodes."""

    discount_percent: Discount | None = None
    """Discount on On-Demand prices, as the console shows it for the term and payment. Without it, the price is unknown,
    and so is the bill."""

    @model_validator(mode="after")
    def _class_of_the_engine(self) -> Self:
        cache = self.engine in {"redis", "valkey"}
        if cache != self.instance_class.startswith("cache."):
            raise ValueError(f"{self.instance_class} is no class of {self.engine}; change one of them")
        if self.multi_az and self.engine not in {"postgres", "mysql"}:
            raise ValueError(
                f"multiAz has no effect with {self.engine}, whose instances are reserved one by one; remove it"
            )
        return self

    def item(self) -> str:
        """Return the item of the price table."""
        if self.engine == "auroraPostgres":
            return f"aurora_pg_{self.instance_class}"
        if self.engine in {"redis", "valkey"}:
            return f"elasticache_{self.engine}_{self.instance_class}"
        return f"rds_{self.engine}_{'multi_az' if self.multi_az else 'single_az'}_{self.instance_class}"


class Commitments(Model):
    """Section `costs.commitments`."""

    savings_plans: tuple[SavingsPlan, ...] = Field(default=(), max_length=20)
    """Savings Plans."""

    reserved: tuple[Reserved, ...] = Field(default=(), max_length=50)
    """Reserved instances of databases and caches."""
