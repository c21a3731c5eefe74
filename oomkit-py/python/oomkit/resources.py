"""Declared and used memory of Kubernetes: quantities, overcommit, waste, headroom.

Sources are paths, JSON (`str` or `bytes`) or plain objects, or lists of them; nothing is asked of a cluster.

>>> import oomkit
>>> pod = {"kind": "Pod", "metadata": {"namespace": "shop", "name": "web"}, "spec": {"containers": [
...     {"name": "app", "resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "4Gi"}}}]}}
>>> worst, = oomkit.resources.overcommit(pods=pod).rows
>>> worst.pod, worst.overcommit_bytes // 2**30
('web', 3)
"""

from ._oomkit import resources as _native

ClusterHeadroom = _native.ClusterHeadroom
Headroom = _native.Headroom
NodeHeadroom = _native.NodeHeadroom
NodeLoss = _native.NodeLoss
Overcommit = _native.Overcommit
OvercommitRow = _native.OvercommitRow
Waste = _native.Waste
WasteRow = _native.WasteRow
headroom = _native.headroom
overcommit = _native.overcommit
parse_quantity = _native.parse_quantity
waste = _native.waste

__all__ = [
    "ClusterHeadroom",
    "Headroom",
    "NodeHeadroom",
    "NodeLoss",
    "Overcommit",
    "OvercommitRow",
    "Waste",
    "WasteRow",
    "headroom",
    "overcommit",
    "parse_quantity",
    "waste",
]
