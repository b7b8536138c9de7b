"""Other namespaces of the configuration: the platform has explicit providers, which do not read them.

https://github.com/pulumi/pulumi-aws/issues/3259, https://github.com/pulumi/pulumi/issues/1307
"""

from collections.abc import Iterator

from catalog.reading.problems import Problem, nearest
from config.rules.stack import Rule, Stack
from config.settings import NAMESPACE, Settings

ENGINE = "pulumi"
"""The namespace of the engine itself, such as `pulumi:tags`: https://www.pulumi.com/docs/iac/concepts/config/"""

_CREDENTIALS = "remove it, and set the credentials in the environment or in a profile (project.profile)"

_AWS = {
    "accessKey": _CREDENTIALS,
    "allowedAccountIds": "set project.accountId",
    "assumeRole": "set project.deployer and project.assumeDeployer: true",
    "assumeRoles": "set project.deployer and project.assumeDeployer: true",
    "assumeRoleWithWebIdentity": "set it in a profile, and project.profile",
    "defaultTags": "set project.tags",
    "endpoints": "set AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE> in the environment",
    "forbiddenAccountIds": "set project.accountId, which allows one account",
    "profile": "set project.profile",
    "region": "set project.region",
    "secretKey": _CREDENTIALS,
    "token": _CREDENTIALS,
}
"""The setting or variable that has the effect of each key of `aws:`."""

_OTHER_AWS = "remove it, or set it in the AWS configuration (~/.aws/config) or the environment"


def namespaces(stack: Stack) -> Iterator[Problem]:
    """Every key is read: keys of other namespaces are refused, with the setting that has their effect."""
    settings = stack.settings
    for key, value in stack.others.items():
        namespace, _, name = key.partition(":")
        if namespace == ENGINE:
            continue
        if key == "aws:region":
            if value != settings.project.region:
                yield Problem(
                    (key,),
                    f"{value} differs from project.region, {settings.project.region}, and has no effect; remove it",
                    because=(("project", "region"),),
                )
        elif namespace == "aws":
            found = _AWS.get(name.partition(".")[0].partition("[")[0], _OTHER_AWS)
            yield Problem((key,), f"has no effect, because the platform has AWS providers of its own; {found}")
        else:
            yield Problem((key,), f"has no effect, because nothing reads the namespace {namespace}{_meant(key)}")


def _meant(key: str) -> str:
    namespace, _, name = key.partition(":")
    sections = [field.alias or name for name, field in Settings.model_fields.items()]
    if nearest(namespace, [NAMESPACE]):
        return f"; did you mean {NAMESPACE}:{nearest(name, sections) or name}?"
    return "; remove it"


RULES: tuple[Rule, ...] = (namespaces,)
