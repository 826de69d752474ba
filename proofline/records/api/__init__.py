"""The room's part of the REST API."""

from ninja import Router

from proofline.records.api.about import router_of
from proofline.records.api.battlecards import router as battlecards
from proofline.records.api.belonging import router as belonging
from proofline.records.api.custom import CustomIn, CustomOut, named
from proofline.records.api.custom import router as custom
from proofline.records.api.customers import router as customers
from proofline.records.api.duplicates import router as duplicates
from proofline.records.api.exports import router as exports
from proofline.records.api.feeds import router as feeds
from proofline.records.api.library import router as library
from proofline.records.api.list_actions import router as list_actions
from proofline.records.api.listing import ListingQuery, listed
from proofline.records.api.listing import router as lists
from proofline.records.api.notifications import router as notifications
from proofline.records.api.people import router as people
from proofline.records.api.programs import router as programs
from proofline.records.api.segments import router as segments
from proofline.records.api.tasks import router as tasks
from proofline.records.api.tokens import TokenAuth, linked, user_of
from proofline.records.api.views import router as views
from proofline.records.api.visitors import router as visitors
from proofline.records.api.wordings import router as wordings

__all__ = [
    "CustomIn",
    "CustomOut",
    "ListingQuery",
    "TokenAuth",
    "linked",
    "listed",
    "named",
    "router",
    "router_of",
    "user_of",
]

router = Router()
router.add_router("", customers)
router.add_router("", duplicates)
router.add_router("", tasks)
router.add_router("", library)
router.add_router("", battlecards)
router.add_router("", notifications)
router.add_router("", people)
router.add_router("", programs)
router.add_router("", visitors)
router.add_router("", feeds)
router.add_router("", exports)
router.add_router("", lists)
router.add_router("", list_actions)
router.add_router("", views)
router.add_router("", segments)
router.add_router("", belonging)
router.add_router("", custom)
router.add_router("", wordings)
