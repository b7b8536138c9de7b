"""Recognize secrets in text by their published forms: a stack file has none, and no message shows one."""

import base64
import binascii
import re
from typing import NamedTuple

_HELP = "https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"


class Kind(NamedTuple):
    """A kind of secret."""

    what: str
    pattern: re.Pattern[str]
    source: str


def _kind(what: str, pattern: str, source: str = _HELP) -> Kind:
    return Kind(what, re.compile(pattern), source)


_REFERENCE = r"\$\(\w+\)|\$\{[^}]*\}|\$\w+|\{\{[^}]*\}\}|\{\w+\}|<[^>]*>|%\w|\*+"
"""What stands for a value: a variable, a template, or a mask."""

_MIXED = r"(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])"
"""Letters of both cases and digits, which words with hyphens do not have."""

ASSIGNED = _kind(
    "a password or key",
    r"(?i)(?<![a-z0-9])(?:[\w.-]*[_.-])?(?:password|passwd|api[_-]?key|secret[_-]?key|access[_-]?key|auth[_-]?token)"
    rf"[\"']?\s*[:=]\s*[\"']?(?!{_REFERENCE}|[\"'])(?![a-z]*:?/|arn:|true\b|false\b|none\b|null\b)[^\s\"'$<{{]{{6,}}",
    "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
)

KINDS: tuple[Kind, ...] = (
    _kind(
        "an AWS access key",
        r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids",
    ),
    _kind(
        "an AWS secret access key",
        r"(?i:secret_?access_?key|aws_?secret(?:_?key)?)[\"']?\s*[:=]\s*[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
        "https://github.com/awslabs/git-secrets#options-for---register-aws",
    ),
    _kind(
        "an AWS secret access key",
        r"\A(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])(?![0-9a-fA-F]{40}\Z)[A-Za-z0-9/+]{40}\Z",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    ),
    _kind(
        "a GitHub token",
        r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b|\bgithub_pat_[A-Za-z0-9_]{22,255}\b",
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    ),
    _kind(
        "a GitLab token",
        r"\b(?:gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct)-|GR1348941)[A-Za-z0-9_-]{20,}",
        "https://docs.gitlab.com/security/tokens/#token-prefixes",
    ),
    _kind(
        "a Hugging Face token",
        r"\b(?:hf|api_org)_[A-Za-z0-9]{30,}\b",
        "https://huggingface.co/docs/hub/security-tokens",
    ),
    _kind(
        "an API key",
        rf"(?<![\w-])(?:sk|gsk|rk|pk-lf|sk-lf|xai|r8|fw|pplx|tgp_v1|nvapi|csk)[-_]{_MIXED}[\w-]{{20,}}",
        "https://platform.openai.com/docs/api-reference/authentication",
    ),
    _kind(
        "a Slack token",
        r"\bxox[abceoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}|\bxoxe\.xox[bp]-\d-[A-Za-z0-9-]{10,}",
        "https://docs.slack.dev/authentication/tokens",
    ),
    _kind(
        "a webhook address with a token",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9]+/[A-Za-z0-9]+/[A-Za-z0-9/]+"
        r"|\bdiscord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}"
        r"|\bwebhook\.office\.com/webhookb2/[\w@-]+/IncomingWebhook/\w+",
        "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
    ),
    _kind(
        "a private key",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*",
        "https://www.rfc-editor.org/rfc/rfc7468#section-10",
    ),
    _kind("a private key", r"\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b", "https://age-encryption.org/v1"),
    _kind(
        "a JSON web token",
        r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
        "https://www.rfc-editor.org/rfc/rfc7519#section-3",
    ),
    _kind(
        "a URL with a password",
        rf"\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@]*:(?!(?:{_REFERENCE})@)[^\s/?#@]+@",
        "https://www.rfc-editor.org/rfc/rfc3986#section-7.5",
    ),
    _kind(
        "a URL with a key",
        rf"(?i)[?&](?:api[_-]?key|access[_-]?token|token|password|secret|sig|x-amz-signature)=(?!{_REFERENCE})[^&\s]{{8,}}",
        "https://www.rfc-editor.org/rfc/rfc6750#section-5.3",
    ),
    _kind(
        "an authorization header",
        r"\b(?:Bearer|Basic)\s+(?=\S*[0-9])[A-Za-z0-9._~+/-]{16,}=*",
        "https://www.rfc-editor.org/rfc/rfc6750#section-2.1",
    ),
    ASSIGNED,
    _kind(
        "a Google API key",
        r"\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])",
        "https://docs.cloud.google.com/docs/authentication/api-keys",
    ),
    _kind("a Stripe key", r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}", "https://docs.stripe.com/keys"),
    _kind("an npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _kind("a PyPI token", r"\bpypi-[A-Za-z0-9_-]{50,}", "https://pypi.org/help/#apitoken"),
    _kind("a Docker token", r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    _kind(
        "a Vault token", r"\bhv[sbr]\.[A-Za-z0-9_-]{24,}", "https://developer.hashicorp.com/vault/docs/concepts/tokens"
    ),
    _kind("a Grafana token", r"\bgl(?:sa|c)_[A-Za-z0-9+/=_]{32,}"),
    _kind("a Databricks token", r"\bdapi[0-9a-f]{32}\b"),
    _kind("a Pulumi token", r"\bpul-[0-9a-f]{40}\b"),
    _kind("a SendGrid key", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{32,}"),
    _kind(
        "a Telegram token",
        r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b",
        "https://core.telegram.org/bots/api#authorizing-your-bot",
    ),
    _kind("an Atlassian token", r"\bATATT3[A-Za-z0-9_=-]{50,}"),
    _kind("a DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
    _kind("an Azure key", r"(?i)\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}={0,2}"),
)
"""Forms of secrets that issuers publish. Digests, UUIDs, ARNs, image names and certificates match none."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
HIDDEN = "[secret]"


def secret_kind(text: str) -> str | None:
    """Return what kind of secret a text contains, as it is or in base64; None if it contains none."""
    found = _plain(text)
    packed = "".join(text.split())
    if found is None and _BASE64.fullmatch(packed):
        found = _plain(_decoded(packed))
    return found


def _plain(text: str) -> str | None:
    if len(text) < _SHORTEST:
        return None
    return next((kind.what for kind in KINDS if kind.pattern.search(text)), None)


_SHORTEST = 8


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(
            text + "=" * (-len(text) % 4), altchars=b"-_" if set(text) & set("-_") else None
        ).decode()
    except (binascii.Error, ValueError):
        return ""


def redacted(text: str) -> str:
    """Return a message without the secrets in it; words that follow a name are not taken for one."""
    for kind in KINDS:
        if kind is not ASSIGNED:
            text = kind.pattern.sub(HIDDEN, text)
    return text


_NAMES = re.compile(
    r"PASSWORD|PASSWD|PASSPHRASE|SECRET|API_?KEY|(?:PRIVATE|ACCESS|SIGNING|ENCRYPTION)_KEY|(?:TOKEN|CREDENTIALS?)(?:_|$)"
)
_REFERS = re.compile(
    r"_(?:FILE|PATH|DIR|NAME|URL|URI|ENDPOINT|HOST|ARN|ID|TTL|LIMIT|TOKENS|TYPE|HEADER|ALGORITHM|SECONDS|MINUTES|LENGTH|ENABLED"
    r"|REQUIRED|COUNT|SIZE|EXPIRY|EXPIRATION|ISSUER|AUDIENCE|CLASS|FIELD|PREFIX|REGEX|POLICY|MODE)$"
)
"""Ends of names of variables that refer to a secret, or describe it."""

_NO_SECRET = re.compile(rf"(?i:true|false|yes|no|on|off|none|null|)|-?[\d.]+[a-z]?|arn:.*|/.*|(?:{_REFERENCE}).*")


def is_named_secret(name: str, value: str) -> bool:
    """Return whether a variable's name says that its value is secret, and the value is not a switch, a number, a path
    or a reference to another variable."""
    upper = name.upper()
    return bool(_NAMES.search(upper)) and not _REFERS.search(upper) and not _NO_SECRET.fullmatch(value)
