"""The page about the metrics says what their classes say."""

from pathlib import Path

from proofline.insight import documenting
from proofline.insight.metrics import METRICS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "metrics.md"


def test_the_page_is_made_from_the_metrics():
    assert PAGE.read_text() == documenting.markdown(), "run: bin/proofline metric --document > docs/metrics.md"


def test_every_metric_documents_itself():
    for name, metric in METRICS.items():
        assert metric.name == name
        assert str(metric.sentence).endswith(".")
        assert metric.example
