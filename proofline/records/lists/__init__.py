"""The one list of records: any kind that is registered with `kit.lists`, with filters, saved views, columns, groups and sums.

A page answers with `RecordList.of(request, kind=…).render("room/page.html")`.
"""

from proofline.records.lists.listing import RecordList

__all__ = ["RecordList"]
