"""The advice of a fit finding makes the pods fit."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aiplatform.fit.advice import advise
from aiplatform.fit.placement import place
from aiplatform.fit.pods import workloads
from tests.aiplatform.test_fit_figures import GPU_TAINT, deployment, group_of

SPREAD = {
    "topologySpreadConstraints": [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": {"matchLabels": {"app": "web"}},
        }
    ]
}
PODS = st.fixed_dictionaries(
    {
        "cpu": st.integers(10, 6000).map(lambda value: f"{value}m"),
        "memory": st.integers(1, 30000).map(lambda value: f"{value}Mi"),
        "ephemeral-storage": st.integers(1, 90).map(lambda value: f"{value}Gi"),
    }
)
WISHES: st.SearchStrategy[dict[str, Any]] = st.sampled_from([{}, {"nodeSelector": {"team": "a"}}, SPREAD])


@given(PODS, st.integers(1, 12), WISHES, st.booleans())
def test_advice_places_every_pod_of_its_workload(
    requests: dict[str, str], replicas: int, wishes: dict[str, Any], gpu: bool
) -> None:
    asked = {**requests, **({"nvidia.com/gpu": "1"} if gpu else {})}
    pods = workloads([deployment("web", replicas, asked, **wishes)])
    on = [group_of("cpu", "t3.large"), group_of("train", "g5.xlarge", taints=(GPU_TAINT,))]
    placement = place(on, pods, "expected", "maximum")
    advised = advise(on, pods, placement, placement)
    assert set(advised) == {one.workload.identity for one in placement.pending()}
    for identity, advice in advised.items():
        assert advice.text
        groups, changed = advice.apply(on, pods)
        after = place(groups, changed, "expected", "maximum")
        assert [one.workload.identity for one in after.pending()] == [], (identity, advice.text)
