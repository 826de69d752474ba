"""What the REST API says of itself: every endpoint with the problems that it may answer with, every schema under its own name."""

from __future__ import annotations

from functools import cache, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema

from proofline.kit.rest import Problem, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.urls import URLPattern
    from ninja.operation import Operation

ALWAYS = (400, 401, 403, 405, 503)
BODIES = {"body", "form", "file"}


class NamesakeError(TypeError):
    """Two schemas have one name: the description would tell of one what the other is."""


class Description(OpenAPISchema):
    """The OpenAPI document of an API."""

    api: Api

    def get_components(self) -> dict[str, Any]:
        """Return what the paths refer to."""
        said = Problem.model_json_schema(ref_template=REF_TEMPLATE)
        self.add_schema_definitions({**said.pop("$defs"), "Problem": said})
        return super().get_components()

    def responses(self, operation: Operation) -> dict[int, Any]:
        """Return the answers of an operation, its problems among them."""
        answers: dict[int, Any] = super().responses(operation)
        for status in sorted({*problems_of(operation), *self.api.more(operation)}):
            answers.setdefault(
                status,
                {
                    "description": HTTPStatus(status).phrase,
                    "content": {"application/problem+json": {"schema": {"$ref": REF_TEMPLATE.format(model="Problem")}}},
                },
            )
        return answers

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        """Take in schemas by their names.

        Raises:
            NamesakeError: one of the names is another schema's.
        """
        for name, said in definitions.items():
            if self.schemas.setdefault(name, said) != said:
                raise NamesakeError(name)


def problems_of(operation: Operation) -> Iterator[int]:
    """Yield the statuses of the problems that any operation of this shape may answer with."""
    sources = {model.__ninja_param_source__ for model in operation.models}
    yield from ALWAYS
    if sources:
        yield 422
    if "path" in sources:
        yield 404
    if sources & BODIES:
        yield 413
    if set(operation.methods) != {"GET"}:
        yield 409


class Api(NinjaAPI):
    """A REST API whose description is whole; `more` tells what else an operation may answer with."""

    def __init__(self, *, more: Callable[[Operation], tuple[int, ...]], **options: Any) -> None:
        super().__init__(**options)
        self.more = more
        self.described = cache(lambda prefix: Description(self, prefix))

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description, which is made once."""
        return self.described(self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)

    @property
    def urls(self) -> Any:
        """Return the addresses; a method that there is not is a problem like others."""
        patterns, *names = cast("tuple[list[URLPattern], str, str]", super().urls)
        for pattern in patterns:
            pattern.callback = csrf_exempt(_explaining(pattern.callback))  # a program has no cookie
        return (patterns, *names)


def _explaining(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def explained(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        answer = view(request, *args, **named)
        if not isinstance(answer, HttpResponseNotAllowed):
            return answer
        allowed = answer["Allow"]
        answer = problem(status=405, title="There is no such method here.", detail=f"There is: {allowed}.")
        answer["Allow"] = allowed
        return answer

    return explained
