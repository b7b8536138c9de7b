"""What keeps a rollout from being quicker than the load balancer."""

READINESS_LABEL = {"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}
"""Of a namespace with pods behind the load balancer: its health check gates their rollout.
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/pod_readiness_gate/"""
