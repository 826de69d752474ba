"""The REST API: `/api/v1`, its rooms' routers in one table. OpenAPI stands at `/api/openapi.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.config.api_overview import router as overview
from proofline.config.api_problems import HANDLERS
from proofline.config.api_search import router as search
from proofline.config.imports.api import router as imports
from proofline.enablement import kinds as playbook_kinds
from proofline.enablement.api import router as enablement
from proofline.enablement.api import router_of as playbook_of
from proofline.insight.api import router as insight
from proofline.insight.api_questions import router as questions
from proofline.kit.openapi import Api
from proofline.kit.rest import Json, PlainParser
from proofline.outreach.api import router as outreach
from proofline.records import kinds
from proofline.records.api import TokenAuth, router_of
from proofline.records.api import router as records
from proofline.records.models.duplicates import MODELS
from proofline.stages.closing.api import router as closing
from proofline.stages.delivery.api import router as delivery
from proofline.stages.discovery.api import router as discovery
from proofline.stages.growth.api import router as growth
from proofline.stages.reach.api import router as reach

if TYPE_CHECKING:
    from ninja import Router
    from ninja.operation import Operation

ROUTERS: tuple[Router, ...] = (
    records,
    outreach,
    reach,
    discovery,
    closing,
    delivery,
    growth,
    enablement,
    insight,
    questions,
    imports,
    search,
    overview,
)


def moving(operation: Operation) -> tuple[int, ...]:
    """Return 301 where a record that became another one leads to that."""
    slugs = {kind.slug for kind in kinds.every() if kind.model in MODELS.values()}
    path = operation.path.split("/")
    return (301,) if operation.methods == ["GET"] and path[1] in slugs and path[2:3] == ["{int:pk}"] else ()


api = Api(
    title="Proofline",
    version="1",
    description="The whole sale of internet products. Every request carries `Authorization: Bearer pl_…`.",
    auth=TokenAuth(),
    parser=PlainParser(),
    renderer=Json(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    more=moving,
)
for router in (*ROUTERS, *map(router_of, kinds.every()), *map(playbook_of, playbook_kinds.every())):
    api.add_router("/v1", router)

for kind, handler in HANDLERS.items():
    api.add_exception_handler(kind, handler)
