"""Declared and used memory of Kubernetes: quantities, overcommit, waste, headroom, risk, recommendations, lint.

Sources are paths, JSON (`str` or `bytes`) or plain objects, or lists of them; nothing is asked of a cluster.

>>> import oomkit
>>> pod = {"kind": "Pod", "metadata": {"namespace": "shop", "name": "web"}, "spec": {"containers": [
...     {"name": "app", "resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "4Gi"}}}]}}
>>> worst, = oomkit.resources.overcommit(pods=pod).rows
>>> worst.pod, worst.overcommit_bytes // 2**30
('web', 3)
"""

from ._oomkit import resources as _native

Beside = _native.Beside
Candidate = _native.Candidate
Checked = _native.Checked
ClusterHeadroom = _native.ClusterHeadroom
Eviction = _native.Eviction
Finding = _native.Finding
Gate = _native.Gate
Headroom = _native.Headroom
Hurt = _native.Hurt
Idle = _native.Idle
IgnoredFinding = _native.IgnoredFinding
KillSummary = _native.KillSummary
Krr = _native.Krr
LainAdvice = _native.LainAdvice
LainBand = _native.LainBand
LimitHazard = _native.LimitHazard
LintReport = _native.LintReport
Names = _native.Names
NodeHazard = _native.NodeHazard
NodeHeadroom = _native.NodeHeadroom
NodeKill = _native.NodeKill
NodeLoss = _native.NodeLoss
NodesLoss = _native.NodesLoss
Overcommit = _native.Overcommit
OvercommitRow = _native.OvercommitRow
Problem = _native.Problem
Recommend = _native.Recommend
Recommendation = _native.Recommendation
Risk = _native.Risk
RiskTotals = _native.RiskTotals
Share = _native.Share
Trend = _native.Trend
Vpa = _native.Vpa
Waste = _native.Waste
WasteRow = _native.WasteRow
ZoneLoss = _native.ZoneLoss
headroom = _native.headroom
lint = _native.lint
overcommit = _native.overcommit
parse_quantity = _native.parse_quantity
recommend = _native.recommend
risk = _native.risk
waste = _native.waste

__all__ = [
    "Beside",
    "Candidate",
    "Checked",
    "ClusterHeadroom",
    "Eviction",
    "Finding",
    "Gate",
    "Headroom",
    "Hurt",
    "Idle",
    "IgnoredFinding",
    "KillSummary",
    "Krr",
    "LainAdvice",
    "LainBand",
    "LimitHazard",
    "LintReport",
    "Names",
    "NodeHazard",
    "NodeHeadroom",
    "NodeKill",
    "NodeLoss",
    "NodesLoss",
    "Overcommit",
    "OvercommitRow",
    "Problem",
    "Recommend",
    "Recommendation",
    "Risk",
    "RiskTotals",
    "Share",
    "Trend",
    "Vpa",
    "Waste",
    "WasteRow",
    "ZoneLoss",
    "headroom",
    "lint",
    "overcommit",
    "parse_quantity",
    "recommend",
    "risk",
    "waste",
]
