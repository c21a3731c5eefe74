"""cgroup(): the identity of a path, as the core reads it."""

import pytest

import oomkit

CRI = (
    "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod282bb4b9_acc8_4c6a_4bf0_7428e6f2162e.slice/"
    "cri-containerd-95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c.scope"
)


def test_a_container_of_a_pod():
    identity = oomkit.cgroup(CRI)
    assert isinstance(identity, oomkit.Identity)
    assert identity.runtime == "containerd" and identity.qos_class == "burstable"
    assert identity.pod_uid == "282bb4b9-acc8-4c6a-4bf0-7428e6f2162e"
    assert identity == oomkit.cgroup(CRI.encode())


def test_paths_that_name_nobody():
    for path in "/", "/myapp", "", "(null)", b"/\xff", "/\udcff", "/\ud800":
        assert oomkit.cgroup(path) is None


def test_bytes_that_are_not_utf8_come_through_str_unchanged():
    path = b"/system.slice/a\xffb.service"
    assert oomkit.cgroup(path) == oomkit.cgroup(path.decode(errors="surrogateescape"))


def test_other_objects_are_a_type_error():
    for wrong in None, 5, ["/"]:
        with pytest.raises(TypeError, match="takes str or bytes"):
            oomkit.cgroup(wrong)
