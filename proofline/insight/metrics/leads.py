"""Metrics of leads."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from proofline.insight.metrics.base import Share, Total, Unit, summed
from proofline.timeline import columns

LEADS = f"""
    SELECT
        subject,
        minIf(at, event = 'lead.created') AS created_at,
        max(event = 'lead.qualified') AS qualified,
        argMaxIf(({columns.text("owner_id")}, {{slice}}), (at, event != 'lead.created', received), event LIKE 'lead.%') AS told,
        told.1 AS owner_id,
        told.2 AS slice
    FROM events
    WHERE subject_kind = 'lead' AND event IN ('lead.created', 'lead.changed', 'lead.qualified', 'lead.disqualified',
        'record.removed', 'record.restored')
    GROUP BY subject
    HAVING maxIf(at, event = 'record.removed') <= maxIf(at, event = 'record.restored')
        AND maxIf(at, event = 'lead.created') > toDateTime64(0, 3)
"""  # noqa: S608 - its parts are constants


class Count(Total):
    name = "leads.count"
    label = _("Leads")
    sentence = _("Leads that came in, by the month in which they came.")
    unit = Unit.LEADS
    sql = summed("count(), count()", over=LEADS)
    month_of = "created_at"
    records: ClassVar = ("leads", {})
    example = "3 leads from a form, 2 from an import → 5"


class Conversion(Share):
    name = "leads.conversion"
    label = _("Lead conversion")
    sentence = _(
        "Of the leads that came in, the share that has been qualified by now, by the month in which they came."
    )
    unit = Unit.PERCENT
    sql = summed("sum(qualified), count()", over=LEADS)
    month_of = "created_at"
    records: ClassVar = ("leads", {"state": "qualified"})
    example = "5 leads, 2 of them qualified → 40 %"
