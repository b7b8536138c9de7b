"""Protects what holds data or an identity from `pulumi destroy` and from edits of the stack file."""

import copy
from collections.abc import Mapping

import pulumi

from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import Keeps
from catalog.kubernetes_kinds import KINDS
from components.base.renaming import Transformation
from config.settings import Settings

SECRET = "aws:secretsmanager/secret:Secret"
RECOVERY_DAYS = 7

_KEEPS: Mapping[str, Keeps | None] = {
    "eks:index:Cluster": Keeps("data", "every object of Kubernetes"),
    **{token: known.keeps for token, known in AWS_TYPES.items()},
    **{f"kubernetes:{kind}": known.keeps for kind, known in KINDS.items()},
}
PROTECTED: Mapping[str, Keeps] = {
    token: keeps for token, keeps in _KEEPS.items() if keeps is not None and keeps.is_protected()
}
"""The types that a protected stack protects, and what each of them keeps."""


def protection(settings: Settings) -> Transformation:
    """Return the transformation that sets `protect` and `retainOnDelete`, and the recovery window of secrets.

    Pulumi refuses to delete or replace a protected resource. A preview refuses it, too, and `pulumi destroy` deletes
    nothing unless its preview succeeds: https://www.pulumi.com/docs/iac/concepts/resources/options/protect/
    The name of a deleted secret is taken during its recovery window, and the next `up` would fail. Therefore only a
    protected stack has one by default.
    """
    protected = settings.is_protected()
    retains = settings.project.retain_on_delete

    def protect(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        props = args.props
        if args.type_ == SECRET and props.get("recovery_window_in_days") is None:
            props = {**props, "recovery_window_in_days": RECOVERY_DAYS if protected else 0}
        elif not protected or args.type_ not in PROTECTED:
            return None
        opts = copy.copy(args.opts)
        if protected:
            opts.protect = True
            # A bucket whose objects may be deleted with it is not retained.
            opts.retain_on_delete = (
                retains and PROTECTED[args.type_].retain and not props.get("force_destroy")
            ) or None
        return pulumi.ResourceTransformationResult(props=dict(props), opts=opts)

    return protect
