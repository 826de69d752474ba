"""Work outside of requests, on django-tasks and its database backend, with what those lack.

    @job(attempts=5)
    def send_message(*, message_id: int) -> None: ...

    send_message.enqueue(message_id=message.pk)      # in a transaction: the job exists if and only if it commits
    send_message.using(run_after=later).enqueue(message_id=message.pk)

A job takes ids as keywords, makes one domain call, and may run twice without harm: a job whose worker was killed runs again
within a minute. Each attempt counts, a crash too; after the last one the job is dead and is kept, to be seen and revived.
"""

from proofline.kit.jobs.declaring import Job, PositionalArgumentsError, job
from proofline.kit.jobs.progress import CurrentJob, JobStatus, current_job, report, status
from proofline.kit.jobs.redacting import redact

__all__ = [
    "CurrentJob",
    "Job",
    "JobStatus",
    "PositionalArgumentsError",
    "current_job",
    "job",
    "redact",
    "report",
    "status",
]
