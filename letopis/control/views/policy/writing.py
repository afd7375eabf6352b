"""A new edition of the rules: where it begins, its sections as forms, what it would change; an edition from a file."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from letopis.control.access import acts as access
from letopis.control.actions.policy import shut_until
from letopis.control.actions.policy_files import begin_edition
from letopis.control.forms.policy import SectionForm
from letopis.control.forms.policy.start import LARGEST_FILE, StartForm, read_file
from letopis.control.queries import rules as queries
from letopis.control.queries.policy_preview import consequences
from letopis.control.views.policy.reading import editions_page
from letopis.core.errors import Refused
from letopis.org.actions.policy import plain_of, prepare_policy, wrong_values
from letopis.org.models import LocalAct
from letopis.people.middleware import SchoolRequest
from letopis.rules.dates import parse_day
from letopis.rules.policy import section_title
from letopis.rules.policy.editions import Editions
from letopis.rules.policy.file import PolicyFileError, Problem
from letopis.schooling.queries import current_year


@require_http_methods(["GET", "POST"])
def new_rules(request: SchoolRequest) -> HttpResponse:
    """Begin a new edition from the school's, a shipped act or nothing."""
    actor = request.actor
    access.require_draft(actor)
    today = request.today
    bases = [
        (queries.NOW, _("правил школы, какие действуют сейчас")),
        (queries.BY_DEFAULT, _("чистого листа: закон и значения по умолчанию")),
        *queries.shipped_choices(),
    ]
    drafts = LocalAct.objects.filter(organisation=actor.organisation, state=LocalAct.State.DRAFT).defer("text")
    form = StartForm(
        request.POST if request.method == "POST" else None,
        bases=bases,
        drafts=drafts.order_by("-pk"),
        initial={"base": request.GET.get("base", queries.NOW), "title": _("Положение о ведении электронного журнала")},
    )
    if request.method == "POST" and form.is_valid():
        side = queries.side_of(actor.organisation, form.cleaned_data["base"], day=today)
        # The number and the agreements are those of the act that said so; the new act has none yet.
        edition = replace(side.edition, number="", agreed_with=()) if side and side.edition else None
        made_from = form.cleaned_data["base"] if form.cleaned_data["base"] not in (queries.NOW, "default") else ""
        try:
            act = form.cleaned_data["act"]
            if act:
                stated = plain_of(edition.values) if edition else {}
                prepare_policy(act, stated=stated, made_from=made_from, **_told(request))
            else:
                act = begin_edition(
                    actor.organisation,
                    title=form.cleaned_data["title"],
                    kind=form.cleaned_data["kind"] or LocalAct.Kind.REGULATION,
                    edition=edition,
                    made_from=made_from,
                    **_told(request),
                )
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            return redirect("control:draft_rules", act.code)
    return render(request, "control/new_rules.html", {"form": form})


@require_POST
def upload_rules(request: SchoolRequest) -> HttpResponse:
    """Make a draft of an uploaded file, or say what is wrong in it, by line and field."""
    access.require_draft(request.actor)
    upload = request.FILES.get("file")
    if upload is None:
        return _refused_file(request, [Problem(0, "", _("Выберите файл правил."))])
    if (upload.size or 0) > LARGEST_FILE:
        return _refused_file(request, [Problem(0, "", _("Файл слишком велик: правила школы занимают меньше 0,5 МБ."))])
    try:
        edition = read_file(upload.name or "", upload.read())
        act = begin_edition(
            request.actor.organisation, title=edition.title, kind=edition.kind, edition=edition, **_told(request)
        )
    except PolicyFileError as refused:
        return _refused_file(request, list(refused.problems))
    except Refused as refusal:
        return _refused_file(request, [Problem(0, "", refusal.verdict.sentence)])
    messages.success(request, _("Файл прочитан: проект можно изменить, посмотреть последствия и принять."))
    return redirect("control:preview_rules", act.code)


def _refused_file(request: SchoolRequest, problems: list[Problem]) -> HttpResponse:
    return editions_page(request, problems=[str(one) for one in problems], status=422)


@require_http_methods(["GET", "POST"])
def draft_rules(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show and save one section of an edition in preparation."""
    act = access.act_to_draft_for(request.actor, code)
    if act.state != LocalAct.State.DRAFT:
        messages.error(request, _("Принятый акт не правят: введите новую редакцию."))
        return redirect("control:act", code)
    section = request.GET.get("section", "")
    if section not in queries.SECTION_NAMES:
        section = queries.SECTION_NAMES[0]
    before = act.prepared.get("stated", {})
    sent = request.POST if request.method == "POST" else None
    form = SectionForm(section, stated=before, day=request.today, data=sent)
    other_problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        whole = form.whole()
        other_problems = form.blame(wrong_values(whole))
        if form.is_valid() and not other_problems:
            prepare_policy(act, stated=whole, **_told(request))
            said = ngettext("Сохранено, акт задаёт %(n)d правило.", "Сохранено, акт задаёт правил: %(n)d.", len(whole))
            messages.success(request, said % {"n": len(whole)})
            return redirect(_next_address(request, act, section))
    at = queries.SECTION_NAMES.index(section)
    context = {
        "act": act,
        "form": form,
        "section": section,
        "title": section_title(section),
        "tabs": [(name, section_title(name)) for name in queries.SECTION_NAMES],
        "other_problems": other_problems,
        "stated": len(before),
        "is_last": at + 1 == len(queries.SECTION_NAMES),
        "may_adopt": access.may_adopt(request.actor),
    }
    return render(request, "control/draft_rules.html", context, status=200 if not sent else 422)


def _next_address(request: SchoolRequest, act: LocalAct, section: str) -> str:
    """Return where the button leads: the next section, the preview, or this section again."""
    address = reverse("control:draft_rules", args=[act.code])
    names = queries.SECTION_NAMES
    if request.POST.get("then") == "preview":
        return reverse("control:preview_rules", args=[act.code])
    at = names.index(section)
    if request.POST.get("then") == "next" and at + 1 < len(names):
        section = names[at + 1]
    return f"{address}?section={section}"


@require_safe
def preview_rules(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show what an edition in preparation changes, and what that means for what is already written."""
    act = access.act_to_draft_for(request.actor, code)
    if act.state != LocalAct.State.DRAFT or act.prepared.get("stated") is None:
        return redirect("control:act", code)
    actor, today = request.actor, request.today
    latest = max((one.in_force_from for one in actor.policies.editions), default=today)
    first = parse_day(request.GET.get("from", "")) or max(today, latest) + timedelta(days=1)
    edition = queries.draft_edition(act, first=first)
    year = current_year(actor.organisation, today)
    now = queries.Side(queries.NOW, _("Сейчас"), actor.policies.on(first), actor.policies.edition_on(first))
    proposed = queries.Side(str(code), _("По проекту"), Editions((edition,)).on(first), edition)
    shut = shut_until(actor.organisation)
    context: dict[str, Any] = {
        "act": act,
        "first": first,
        "one": now,
        "other": proposed,
        "lines": queries.differences(now, proposed),
        "consequences": consequences(year, now=now.edition, proposed=edition, today=today) if year else (),
        "year": year,
        "is_back": first < today,
        "shut_until": shut if shut and first <= shut else None,
        "too_early": latest if actor.policies.editions and first <= latest else None,
        "stated": len(edition.values),
        "may_adopt": access.may_adopt(actor),
    }
    return render(request, "control/preview_rules.html", context)


def _told(request: SchoolRequest) -> dict[str, Any]:
    return {"by": request.actor.author, "at": request.now}
