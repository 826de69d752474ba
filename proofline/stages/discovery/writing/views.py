"""The page where a proposal is written: its blocks beside what they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit import panels
from proofline.kit.components import toast
from proofline.records.access import load
from proofline.stages.discovery.admitting.guard import behind_link
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.matching import nearest
from proofline.stages.discovery.models import Proposal, ProposalImage, name_of
from proofline.stages.discovery.showing import Shown
from proofline.stages.discovery.writing import content as contents
from proofline.stages.discovery.writing import editing
from proofline.stages.discovery.writing.content import OWN, StaleBlockError
from proofline.stages.discovery.writing.forms import BlockForm

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.discovery.writing.content import Block

CONFLICT = 409


@require_GET
def writing(request: HttpRequest, pk: int) -> HttpResponse:
    """The blocks, and beside them what the customer would see."""
    return _page(request, _load(request, pk, write=False))


def _load(request: HttpRequest, pk: int, *, write: bool = True) -> Proposal:
    rows = Proposal.objects.select_related("study__account", "study__owner", "value_case__study", "configuration")
    found: Proposal = load(rows, user=request.user, write=write, pk=pk)
    return found


def _find(proposal: Proposal, key: str) -> Block:
    try:
        return contents.find(proposal.content, key)
    except LookupError as error:
        raise Http404 from error


def _page(
    request: HttpRequest,
    proposal: Proposal,
    *,
    form: BlockForm | None = None,
    conflict: Block | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page, or for htmx with the part of it that changes."""
    asked = request.GET.get("block", "")
    may_write = request.user.may_write("discovery")
    if form is None and asked and may_write:
        form = BlockForm(block=_find(proposal, asked), language=proposal.language)
    context: dict[str, Any] = {
        "proposal": proposal,
        "rows": [(block, name_of(block)) for block in proposal.content if not block.removed or block == conflict],
        "shown": _shown(request, proposal),
        "form": form,
        "conflict": conflict,
        "kinds": OWN.items(),
        "may_write": may_write,
    }
    if form and form.block.kind == "evidence":
        context |= _evidence(proposal, context["shown"])
    part = "#desk" if request.headers.get("HX-Target", "").endswith("desk") else ""
    return render(request, f"discovery/writing/page.html{part}", context, status=status)


def _shown(request: HttpRequest, proposal: Proposal) -> Shown:
    with translation.override(proposal.language):
        return Shown(proposal, price=panels.render("proposal.price", request=request, subject=proposal))


def _evidence(proposal: Proposal, shown: Shown) -> dict[str, Any]:
    """Return the stories chosen, in order, and those near to the customer, each with why it matches."""
    matches = nearest(proposal.study, language=proposal.language, today=timezone.localdate())
    why = {match.evidence.pk: ", ".join(match.why) for match in matches}
    chosen = shown.evidence
    keys = {item.pk for item in chosen}
    return {
        "chosen": [(item, why.get(item.pk, "")) for item in chosen],
        "matches": [(match.evidence, why[match.evidence.pk]) for match in matches if match.evidence.pk not in keys],
    }


def _done(request: HttpRequest, proposal: Proposal, *, block: str = "") -> HttpResponse:
    """Answer with the changed part; a browser without htmx goes back to the page."""
    if request.headers.get("HX-Target", "").endswith("desk"):
        return _page(
            request,
            proposal,
            form=BlockForm(block=_find(proposal, block), language=proposal.language) if block else None,
        )
    address = reverse("discovery:proposal_writing", args=[proposal.pk])
    return redirect(f"{address}?block={block}#block-{block}" if block else address)


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a block (`kind`) after another (`after`)."""
    proposal = _load(request, pk)
    try:
        block = editing.add_block(
            proposal,
            by=request.user,
            now=timezone.now(),
            kind=request.POST.get("kind", ""),
            after=request.POST.get("after"),
        )
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=422, content_type="text/plain; charset=utf-8")
    return _done(request, proposal, block=block.key)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, block: str) -> HttpResponse:
    """Edit a block in its place. Each change is saved at once; `done` closes the editor."""
    proposal = _load(request, pk)
    found = _find(proposal, block)
    form = BlockForm(posted(request), request.FILES or None, block=found, language=proposal.language)
    if request.method == "GET":
        return _page(request, proposal, form=form)
    if not form.is_valid():
        return _page(request, proposal, form=form, status=422)
    values = {**form.cleaned_data, "removed": False}
    was = values.pop("version")
    try:
        if upload := values.pop("image", None):
            values["image"] = ProposalImage.objects.attach(proposal, upload, by=request.user, now=timezone.now()).pk
        editing.change_block(proposal, block, by=request.user, now=timezone.now(), was=was, **values)
    except StaleBlockError as error:
        typed = request.POST.copy()
        typed["version"] = str(error.block.version)
        again = BlockForm(typed, block=error.block, language=proposal.language)
        return _page(request, proposal, form=again, conflict=error.block, status=CONFLICT)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, proposal, form=form, status=422)
    return _done(request, proposal, block="" if "done" in request.POST else block)


@require_POST
def place(request: HttpRequest, pk: int, block: str) -> HttpResponse:
    """Move a block after another (`after`, empty for the beginning), or one place (`to`: `up` or `down`)."""
    proposal = _load(request, pk)
    _find(proposal, block)
    whose: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    try:
        if (to := request.POST.get("to")) in {"up", "down"}:
            editing.shift_block(proposal, block, down=to == "down", **whose)
        else:
            editing.move_block(proposal, block, after=request.POST.get("after", ""), **whose)
    except LookupError as error:
        raise Http404 from error
    return _done(request, proposal)


@require_POST
def hiding(request: HttpRequest, pk: int, block: str) -> HttpResponse:
    """Hide a block, or show it again (`shown`)."""
    proposal = _load(request, pk)
    _find(proposal, block)
    editing.change_block(proposal, block, by=request.user, now=timezone.now(), hidden="shown" not in request.POST)
    return _done(request, proposal)


@require_POST
def removal(request: HttpRequest, pk: int, block: str) -> HttpResponse:
    """Remove a block of one's own; `?back=1` brings it back."""
    proposal = _load(request, pk)
    found, back = _find(proposal, block), request.GET.get("back") == "1"
    try:
        editing.remove_block(proposal, block, by=request.user, now=timezone.now(), back=back)
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=422, content_type="text/plain; charset=utf-8")
    if not back:
        undo = reverse("discovery:proposal_block_removal", args=[pk, block]) + "?back=1"
        toast(request, _("Removed: %(item)s") % {"item": name_of(found)}, undo=undo)
    return _done(request, proposal)


@require_POST
def stories(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a story (`add`) or no longer (`remove`), or all in another order (`order`, once for each)."""
    proposal = _load(request, pk)
    chosen = Shown(proposal).evidence
    keys = [item.pk for item in chosen]
    near = {
        match.evidence.pk: match.evidence
        for match in nearest(proposal.study, language=proposal.language, today=timezone.localdate())
    }
    known = near | {item.pk: item for item in chosen}
    given = [int(one) if one.isdecimal() and len(one) < 16 else 0 for one in request.POST.getlist("order")]  # noqa: PLR2004 - no longer key is kept
    order = [key for key in dict.fromkeys(given) if key in keys] + [key for key in keys if key not in given]
    for key in [*known]:
        if request.POST.get("add") == str(key) and key not in order:
            order.append(key)
        if request.POST.get("remove") == str(key) and key in order:
            order.remove(key)
    editing.choose_evidence(proposal, [known[key] for key in order], by=request.user, now=timezone.now())
    return _done(request, proposal, block="evidence")


@login_not_required
@require_GET
def image(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """A picture: for us, and for whoever gets past the link to the proposal."""
    user = request.user
    if user.is_authenticated:
        found = Proposal.objects.visible_to(user).filter(token=token).first()
        if found is not None:
            return _picture(found, pk)
    return _behind_link(request, token=token, pk=pk)


@behind_link()
def _behind_link(_request: HttpRequest, proposal: Proposal, pk: int) -> HttpResponse:
    return _picture(proposal, pk)


def _picture(proposal: Proposal, pk: int) -> HttpResponse:
    found = get_object_or_404(ProposalImage, proposal=proposal, pk=pk)
    response = HttpResponse(found.read(), content_type=found.type)
    response["X-Content-Type-Options"] = "nosniff"
    return response
