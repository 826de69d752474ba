from proofline.kit.models.jobs import Lease, Progress, Timetable
from proofline.kit.models.search import SearchEntry, SearchFill, SearchTerm

__all__ = ["Lease", "Progress", "SearchEntry", "SearchFill", "SearchTerm", "Timetable"]
