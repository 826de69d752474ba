"""Why an event was refused is said in the reader's language, with what it says of the event itself."""

import pytest
from django.utils import translation

from proofline.records.views.reasons import told


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("event is required", "缺少 event"),
        ("Unknown type 'what'", "未知类型 'what'"),
        ("Unknown type '…'", "未知类型 '…'"),
        ("no JSON object", "no JSON object"),
    ],
)
def test_reasons_in_chinese(error, said):
    with translation.override("zh-hans"):
        assert told(error) == said
    with translation.override("en"):
        assert told(error) == error
