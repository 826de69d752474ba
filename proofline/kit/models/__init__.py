from proofline.kit.models.jobs import Lease, Progress, Timetable

__all__ = ["Lease", "Progress", "Timetable"]
