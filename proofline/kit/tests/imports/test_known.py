from __future__ import annotations

from proofline.kit.imports.known import Known


def test_nothing_is_near_where_nothing_is_known():
    known = Known([])
    assert known.find("GTXPro") is None
    assert known.suggest("GTXPro") is None
    known.add("GTX Pro", 1)
    assert known.suggest("GTXPro") == "GTX Pro"
