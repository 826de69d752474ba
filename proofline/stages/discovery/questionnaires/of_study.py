"""What a study's page shows of questionnaires: who answered, and which links wait for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from proofline.stages.discovery.models import Reply

if TYPE_CHECKING:
    from proofline.stages.discovery.models import Study


def replies_of(study: Study) -> Any:
    """Return the study's replies, the newest first."""
    return (
        Reply.objects.filter(study=study)
        .select_related("version__questionnaire", "contact", "submission")
        .order_by("-pk")
    )


def open_links(study: Study) -> Any:
    """Return the study's links through which somebody may still answer, and those that were never used; the newest first."""
    submitted = Exists(Reply.objects.filter(link=OuterRef("pk"), submission__isnull=False))
    links = study.questionnaire_links.select_related("questionnaire", "contact", "closing")
    return links.exclude(submitted, is_public=False).order_by("-pk")
