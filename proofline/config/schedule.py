"""What runs by the clock: the one table of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from proofline.kit.jobs import Job, schedule
from proofline.kit.search import jobs as search
from proofline.records import jobs as records
from proofline.stages.delivery import jobs as delivery
from proofline.stages.discovery import jobs as discovery
from proofline.stages.growth import jobs as growth
from proofline.timeline import jobs as timeline

TABLE: tuple[tuple[str, str | timedelta, Job[..., Any]], ...] = (
    # name, when, job
    ("ticket clocks", timedelta(minutes=5), delivery.watch_ticket_clocks),
    ("value reports", "06:00 daily", delivery.make_due_reports),
    ("weekly round", "02:00 monday", growth.go_weekly_round),
    ("renewal reminders", "07:00 daily", growth.remind_of_renewals),
    ("duplicates of new records", timedelta(minutes=1), records.match_new),
    ("archive and retention", "03:00 daily", timeline.keep),
    ("removed notes and files", "04:00 daily", records.sweep),
    ("files of answers", "04:20 daily", discovery.sweep_answer_files),
    ("files of interviews", "04:25 daily", discovery.sweep_interview_files),
    ("erasures", timedelta(minutes=15), timeline.finish_erasures),
    ("reminders", timedelta(minutes=1), records.remind),
    ("removed tasks", "04:10 daily", records.forget_tasks),
    ("digests", timedelta(minutes=15), records.prepare_digests),
    ("old notifications", "04:00 daily", records.forget_notifications),
    ("exports", timedelta(hours=1), timeline.remove_exports),
    ("search index", "04:30 daily", search.tidy),
)


def wire() -> None:
    """Put the table into force."""
    for name, when, job in TABLE:
        schedule.register(name, when, job)
