"""Secrets in a stack file, wherever they stand. The values are made up, and put together so that no scanner finds them
here."""
# ruff: noqa: E501, the expected lines stand here whole

import base64

from tests.config.base import shared
from tests.config.refused.case import Case

_36 = "a1B2" * 9
AWS_KEY = "AKIA" + "QWERTZUIOPASDFG2"
AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/bPx" + "RfiCYzzKEYzzKEY"
GITHUB = "ghp_" + _36
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\\nMIIEow\\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NSJ9" + ".dBjftJeZ4CVPmB92K27uhbU"
PASSWORD_URL = "postgresql://shop:" + "hunter2@db.example.com:5432/shop"

HUB = "https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"
OWASP = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"

ADVICE = (
    ", which users with access to this file could read; store the value in Secrets Manager, add the secret to the section "
    "secrets, and refer to its key"
)


def _variable(value: str, what: str, name: str = "X") -> Case:
    edit = ("port: 8080}", f'port: 8080, environment: {{{name}: "{value}"}}}}')
    return Case(shared(edit), (f"39: applications.api.environment.{name}: looks like {what}{ADVICE}",), HUB)


def _tag(value: str, what: str) -> Case:
    edit = ("region: us-west-2\n", f'region: us-west-2\n    tags: {{Owner: "{value}"}}\n')
    return Case((edit,), (f"6: project.tags.Owner: looks like {what}{ADVICE}",), HUB)


def _named(name: str) -> Case:
    edit = ("port: 8080}", f"port: 8080, environment: {{{name}: hunter2}}}}")
    line = f"39: applications.api.environment.{name}: {name} is named like a secret{ADVICE}"
    return Case(shared(edit), (line,), OWASP)


CASES: dict[str, Case] = {
    "secrets: an AWS access key": _variable(AWS_KEY, "an AWS access key"),
    "secrets: an AWS access key of a session": _variable("ASIA" + AWS_KEY[4:], "an AWS access key"),
    "secrets: an AWS secret access key": _variable(AWS_SECRET, "an AWS secret access key"),
    "secrets: an AWS secret access key in a line": _variable(
        f"aws_secret_access_key = {AWS_SECRET}", "an AWS secret access key"
    ),
    "secrets: a GitHub token": _variable(GITHUB, "a GitHub token"),
    "secrets: a fine-grained GitHub token": _variable("github_pat_" + _36, "a GitHub token"),
    "secrets: a GitHub token in the address of a repository": _variable(
        f"https://{GITHUB}@github.com/shop/releases", "a GitHub token"
    ),
    "secrets: a GitLab token": _variable("glpat-" + _36[:20], "a GitLab token"),
    "secrets: a GitLab deploy token": _variable("gldt-" + _36[:20], "a GitLab token"),
    "secrets: a Hugging Face token": _variable("hf_" + _36[:34], "a Hugging Face token"),
    "secrets: an OpenAI key": _variable("sk-" + _36, "an API key"),
    "secrets: an OpenAI key of a project": _variable("sk-proj-" + _36, "an API key"),
    "secrets: an Anthropic key": _variable("sk-ant-api03-" + _36, "an API key"),
    "secrets: a Slack token": _variable("xoxb-" + "123456789012-abcdefABCDEF", "a Slack token"),
    "secrets: a Slack webhook": _variable(
        "https://hooks.slack.com/services/" + "T0001/B0001/abcdefABCDEF", "a webhook address with a token"
    ),
    "secrets: a private key": _variable(PEM, "a private key"),
    "secrets: an OpenSSH key": _variable(PEM.replace("RSA", "OPENSSH"), "a private key"),
    "secrets: a PKCS #8 key": _variable(PEM.replace("RSA ", ""), "a private key"),
    "secrets: a private key in base64": _variable(
        base64.b64encode(PEM.replace("\\n", "\n").encode()).decode(), "a private key"
    ),
    "secrets: a JSON web token": _variable(JWT, "a JSON web token"),
    "secrets: an authorization header": _variable("Bearer " + _36, "an authorization header"),
    "secrets: a URL with a password": _variable(PASSWORD_URL, "a URL with a password"),
    "secrets: a URL with a password and no user": _variable(
        "redis://:" + "hunter2@cache.example.com:6379/0", "a URL with a password"
    ),
    "secrets: a URL with a key": _variable("https://api.example.com/v1?api_key=" + _36, "a URL with a key"),
    "secrets: an option with a key": _variable("serve --api-key=" + "hunter2hunter2", "a password or key"),
    "secrets: a Google key": _variable("AIza" + "Sy" + "aB3" * 11, "a Google API key"),
    "secrets: an npm token": _variable("npm_" + _36, "an npm token"),
    "secrets: a Stripe key": _variable("sk_live_" + "abcdefghijklmnop", "a Stripe key"),
    "secrets: a Docker token": _variable("dckr_pat_" + _36, "a Docker token"),
    "secrets: a Grafana token": _variable("glsa_" + _36, "a Grafana token"),
    "secrets: a tag": _tag(GITHUB, "a GitHub token"),
    "secrets: a region": Case(
        (("region: us-west-2", f"region: {GITHUB}"),), (f"5: project.region: looks like a GitHub token{ADVICE}",), HUB
    ),
    "secrets: the image of an application": Case(
        shared(("ghcr.io/shop/api:v1", f"https://me:{'hunter2'}@ghcr.io/shop/api:v1")),
        (f"39: applications.api.image: looks like a URL with a password{ADVICE}",),
        OWASP,
    ),
    "secrets: a repository": Case(
        shared(("https://github.com/shop", f"https://bot:{GITHUB}@github.com/shop")),
        (f"57: gitops.repository: looks like a GitHub token{ADVICE}",),
        HUB,
    ),
    "secrets: the name of a variable": Case(
        shared(("port: 8080}", f"port: 8080, environment: {{{GITHUB}: x}}}}")),
        (f"39: applications.api.environment: the key looks like a GitHub token{ADVICE}",),
        HUB,
    ),
    "secrets: an unknown key": Case(
        (("cidr: 10.0.0.0/16\n", f"cidr: 10.0.0.0/16\n    accessKey: {AWS_KEY}\n"),),
        (f"8: network.accessKey: looks like an AWS access key{ADVICE}",),
        HUB,
    ),
    "secrets: a key of the provider": Case(
        (("", f"  aws:secretKey: {AWS_SECRET}\n"),),
        (
            "27: aws:secretKey: has no effect, because the platform has AWS providers of its own; remove it, and set the credentials in the environment or in a profile (project.profile)",
        ),
        "https://github.com/pulumi/pulumi-aws/issues/3259",
    ),
    "secrets: a tag of the engine": Case(
        (("", f"  pulumi:tags: {{owner: {GITHUB}}}\n"),),
        (f"27: pulumi:tags.owner: looks like a GitHub token{ADVICE}",),
        HUB,
    ),
    "secrets: a comment": Case(
        (("region: us-west-2\n", f"region: us-west-2  # {AWS_KEY}\n"),),
        (f"5: the comment looks like an AWS access key{ADVICE}",),
        HUB,
    ),
    "secrets: a variable for a password": _named("DB_PASSWORD"),
    "secrets: a variable for a token": _named("HF_TOKEN"),
    "secrets: a variable for a key": _named("OPENAI_API_KEY"),
    "secrets: a variable for a client secret": _named("OAUTH_CLIENT_SECRET"),
}

ACCEPTED = {
    "an ARN": "arn:aws:iam::123456789012:role/AWSReservedSSO_Admin_0123456789abcdef",
    "a KMS key": "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "a UUID": "1234abcd-12ab-34cd-56ef-1234567890ab",
    "an image by digest": "ghcr.io/shop/api@sha256:" + "0123456789abcdef" * 4,
    "a SHA-1": "0123456789abcdef0123456789abcdef01234567",
    "a SHA-256": "0123456789abcdef" * 4,
    "a certificate": "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----",
    "a certificate in base64": base64.b64encode(
        b"-----BEGIN CERTIFICATE-----\nMIIBqwerASDF1234\n-----END-----\n"
    ).decode(),
    "a public key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBuCMzSbVfBvSoYhsiULyjz8rD3Ox0SWAzbBYtjHiHC8 me",
    "a public key in PEM": "-----BEGIN PUBLIC KEY-----\\nMIIB\\n-----END PUBLIC KEY-----",
    "a URL": "https://api.example.com:8443/v1/models?limit=10",
    "a URL with a user": "ssh://git@github.com/shop/api.git",
    "a URL with a port and an at sign": "http://proxy.example.com:3128/@scope/package",
    "a URL with the variable of a password": "postgresql://$(DB_USER):$(DB_PASSWORD)@$(DB_HOST):5432/shop",
    "a URL with a placeholder": "postgresql://user:<password>@db.example.com/shop",
    "a reference to a variable": "--api-key=$(API_KEY)",
    "a model": "meta-llama/Llama-3.2-3B-Instruct",
    "a name that begins like a key": "sk-search-service-for-the-shop-in-staging",
    "an hf name": "hf_transfer",
    "a path of a key": "--tls-key=/etc/tls/tls.key --password-file=/etc/password",
    "a number of tokens": "--max-tokens=4096",
    "a bearer in words": "Bearer authentication is required",
}
"""Texts in which nothing is secret."""

ACCEPTED_NAMES = {
    "TOKENIZERS_PARALLELISM": "false",
    "MAX_TOKENS": "4096",
    "HF_TOKEN_PATH": "/var/run/token",
    "OAUTH_TOKEN_URL": "https://id.example.com/token",
    "DB_PASSWORD": "$(REDIS_PASSWORD)",
    "DB_PASSWORD_FILE": "/run/secrets/db",
    "AWS_ROLE_SESSION_NAME": "shop",
    "ENABLE_API_KEY": "true",
    "PASSWORD_MIN_LENGTH": "12",
    "KEYBOARD": "qwerty",
}
"""Variables whose names are nearly those of secrets."""
