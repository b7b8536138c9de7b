"""The naming rule: default names, and the names that follow it."""

import pytest
from pydantic import ValidationError

from config.naming import Naming
from config.project import Project

USUAL = Naming(exceptions=("shop-worker-sg",))


def follows(name: str, naming: Naming = USUAL) -> bool:
    return naming.follows(name, project="shop", environment="dev")


@pytest.mark.requirement("004-nam-01")
@pytest.mark.parametrize(
    "name",
    [
        "shop-vpc-dev",
        "shop-public-subnet-dev-a",
        "shop-eks-sg-dev",
        "shop-eks-dev",
        "shop-primary-nodes-dev",
        "shop-alb-dev",
        "shop-vpc-dev-nat-ap-northeast-2a",
    ],
)
def test_examples_of_the_document_follow_its_rule(name: str) -> None:
    assert follows(name) is True


@pytest.mark.requirement("004-nam-03")
@pytest.mark.parametrize(
    "name",
    ["shop-alb-sg", "shop-dev", "other-alb-dev", "shop-alb-prod", "shop-alb-devs", "shop-Alb-dev", "shop--dev", ""],
)
def test_name_without_project_type_or_environment_breaks_the_rule(name: str) -> None:
    assert follows(name) is False


@pytest.mark.requirement("004-nam-03")
def test_exception_matches_a_whole_name() -> None:
    assert follows("shop-worker-sg") is True
    assert not follows("shop-worker-sg-2")


def test_default_name_follows_the_rule_where_there_is_one() -> None:
    plain = Project(name="shop", environment="dev", region="us-west-2")
    assert plain.called("alb") == "shop-alb"
    assert plain.follows_naming("anything")
    ruled = Project(name="shop", environment="dev", region="us-west-2", naming=USUAL)
    assert ruled.called("alb") == "shop-alb-dev"
    assert ruled.follows_naming(ruled.called("open-webui-files"))


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{project}-{environment}-{type}-{suffix}", "shop-dev-alb"),
        ("{project}-{type}-{environment}", "shop-alb-dev"),
        ("{project}-ai-{environment}-{type}", "shop-ai-dev-alb"),
    ],
)
def test_order_of_the_parts_is_a_setting(pattern: str, name: str) -> None:
    naming = Naming(pattern=pattern)
    assert naming.name("alb", project="shop", environment="dev") == name
    assert follows(name, naming)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("{project}-{kind}-{environment}", "unknown placeholder {kind}"),
        ("{project}-{type}", "must contain {environment} once"),
        ("{project}-{type}-{type}-{environment}", "must contain {type} once"),
        ("{type}-{project}-{environment}", "must begin with {project}-"),
        ("{project}-{type}_{environment}", "other characters than lower-case letters"),
        ("{project}-{type}-{environment}-{", "other characters than lower-case letters"),
    ],
)
def test_invalid_pattern_is_refused_with_the_missing_part(pattern: str, problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Naming(pattern=pattern)
    assert problem in str(refused.value)
