"""What the jobs need beside the task's own row: a lease while it runs, its progress, and the timetable."""

from __future__ import annotations

from django.db import models
from django_tasks_db.models import DBTaskResult


class Lease(models.Model):
    """A worker's right to run a job, as long as its heart beats. Where it has run out, the worker is dead."""

    task = models.OneToOneField(DBTaskResult, on_delete=models.CASCADE, primary_key=True, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.task_id} until {self.expires_at}"


class Progress(models.Model):
    """How far a job has come."""

    task = models.OneToOneField(DBTaskResult, on_delete=models.CASCADE, primary_key=True, related_name="+")
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=250, blank=True)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


class Timetable(models.Model):
    """When a scheduled job last fell due and was enqueued: one row per entry of the schedule."""

    name = models.CharField(max_length=80, primary_key=True)
    last_due = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
