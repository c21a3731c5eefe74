"""Declared and used memory of Kubernetes: quantities, overcommit, waste, headroom, risk, recommendations, lint.

Sources are paths, JSON (`str` or `bytes`) or plain objects, or lists of them; nothing is asked of a cluster.

>>> import oomkit
>>> pod = {"kind": "Pod", "metadata": {"namespace": "shop", "name": "web"}, "spec": {"containers": [
...     {"name": "app", "resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "4Gi"}}}]}}
>>> worst, = oomkit.resources.overcommit(pods=pod).rows
>>> worst.pod, worst.overcommit_bytes // 2**30
('web', 3)
"""

from ._oomkit import _resources

globals().update({name: getattr(_resources, name) for name in _resources.__all__})

__all__ = sorted(_resources.__all__)
