"""Facts that every stage shares."""

from proofline.records.models.acting import ListAction, ListActionRow
from proofline.records.models.battlecards import Answer, Claim, card_of, check_figure
from proofline.records.models.calendar_feeds import CalendarFeed
from proofline.records.models.catalogue import Module, Pain, Product, ServicePack, Tier, ValueMetric
from proofline.records.models.custom import CustomField
from proofline.records.models.customers import Account, Contact
from proofline.records.models.customized import Customized
from proofline.records.models.digests import Digest, DigestRule
from proofline.records.models.duplicates import Apart, MatchKey, Pair, Scan
from proofline.records.models.files import FileRemoval, RecordFile
from proofline.records.models.gone import Gone
from proofline.records.models.history import Change
from proofline.records.models.library import Competitor, Evidence
from proofline.records.models.merging import Merger, Unmerger
from proofline.records.models.notes import Mention, Note, NotePin, NoteRemoval
from proofline.records.models.notifications import Notification, NotificationChoice
from proofline.records.models.people import Team, User
from proofline.records.models.segments import Segment, SegmentMember
from proofline.records.models.tasks import Task, TaskCompletion
from proofline.records.models.tokens import ApiToken
from proofline.records.models.views import FirstView, SavedView
from proofline.records.models.wordings import Wording
from proofline.records.models.workspace import ExchangeRate, NoExchangeRateError, Workspace

__all__ = [
    "Account",
    "Answer",
    "Apart",
    "ApiToken",
    "CalendarFeed",
    "Change",
    "Claim",
    "Competitor",
    "Contact",
    "CustomField",
    "Customized",
    "Digest",
    "DigestRule",
    "Evidence",
    "ExchangeRate",
    "FileRemoval",
    "FirstView",
    "Gone",
    "ListAction",
    "ListActionRow",
    "MatchKey",
    "Mention",
    "Merger",
    "Module",
    "NoExchangeRateError",
    "Note",
    "NotePin",
    "NoteRemoval",
    "Notification",
    "NotificationChoice",
    "Pain",
    "Pair",
    "Product",
    "RecordFile",
    "SavedView",
    "Scan",
    "Segment",
    "SegmentMember",
    "ServicePack",
    "Task",
    "TaskCompletion",
    "Team",
    "Tier",
    "Unmerger",
    "User",
    "ValueMetric",
    "Wording",
    "Workspace",
    "card_of",
    "check_figure",
]
