"""The thematic plan of a course: the table, one topic, the sharing out of hours."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from letopis.core.errors import Refused
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.register.access import OpenCourse, course_for, plan_for
from letopis.register.actions.plan import Correction, change_plan, lay_plan, link_lessons
from letopis.register.queries.plan import carried_topics, plan_page
from letopis.register.queries.plan_facts import PlanFacts, item_of, plan_facts
from letopis.register.views.plan_forms import FIRST, TopicForm
from letopis.rules.plan import IN_PLAN
from letopis.rules.plan_changes import PlanItem


@require_GET
def plan(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show the plan of a course against its lessons on a day (?on=)."""
    opened = course_for(request.actor, code)
    page = plan_page(opened, on=day_of(request), policy=request.actor.policy)
    return render(request, "register/plan.html", {"opened": opened, "page": page, "course": opened.course})


@require_http_methods(["GET", "POST"])
def plan_topic(request: SchoolRequest, code: UUID, topic: UUID | None = None) -> HttpResponse:
    """Change a topic of the plan, or add one (?after=)."""
    opened = plan_for(request.actor, code)
    facts = plan_facts(opened.course)
    items = facts.items()
    item = next((one for one in items if one.key == str(topic)), None)
    if topic and item is None:
        invisible()
    others = [one for one in items if one is not item]
    place = items.index(item) if item else -1
    after = items[place - 1].key if place > 0 else FIRST
    if not item:
        asked = request.GET.get("after", "")
        after = asked if any(one.key == asked for one in items) else items[-1].key if items else FIRST
    is_in_use = facts.is_in_use(on=request.today)
    form = TopicForm(
        request.POST if request.method == "POST" else None,
        item=item,
        others=others,
        after=after,
        is_in_use=is_in_use,
        policy=request.actor.policy,
    )
    if request.method == "POST":
        drops = request.POST.get("intent") == "drop" and item
        if drops:
            reason = request.POST.get("reason", "")
            if save_plan(request, opened, others, reason=reason, refuse=lambda text: form.add_error(None, text)):
                messages.success(request, _("Тема исключена из плана."))
                return redirect("register:plan", code=code)
        elif form.is_valid():
            typed = form.item(key=item.key if item else "", given=item.given if item else 0)
            following = form.cleaned_data["after"]
            at = 0 if following == FIRST else next(i for i, one in enumerate(others, 1) if one.key == following)
            changed = [*others[:at], typed, *others[at:]]
            reason = form.cleaned_data.get("reason", "")
            if save_plan(request, opened, changed, reason=reason, refuse=lambda text: form.add_error(None, text)):
                messages.success(request, _("План сохранён."))
                return redirect("register:plan", code=code)
    context = {
        "opened": opened,
        "course": opened.course,
        "form": form,
        "item": item,
        "seen": facts.digest,
        "is_in_use": is_in_use,
    }
    return render(request, "register/plan_topic.html", context, status=409 if form.errors else 200)


@require_POST
def plan_lay(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Lay the plan over the lessons as they stand, link lessons that were held, or take last year's topics in."""
    opened = plan_for(request.actor, code)
    correction = correction_of(request, request.POST.get("reason", ""))
    intent = request.POST.get("intent", "")
    try:
        if intent == "link":
            linked = link_lessons(opened.course, correction=correction)
            text = ngettext("Связан %(n)s урок.", "Связано уроков: %(n)s.", linked) % {"n": linked}
            said = text if linked else _("Уроков с темами из плана не нашлось: укажите темы на страницах уроков.")
        elif intent == "carry":
            said = _carry(opened, plan_facts(opened.course), correction)
        else:
            moved = lay_plan(opened.course, correction=correction)
            text = ngettext("Изменена дата %(n)s темы.", "Изменены даты тем: %(n)s.", moved) % {"n": moved}
            said = text if moved else _("Даты тем уже соответствуют урокам.")
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    return redirect("register:plan", code=code)


def _carry(opened: OpenCourse, facts: PlanFacts, correction: Correction) -> str:
    """Put last year's topics before the others, marked with where they come from."""
    carried = carried_topics(opened)
    new = [replace(item_of(topic), key="", fate=IN_PLAN) for topic in carried]
    after = [*new, *facts.items()]
    # Of what somebody added since nothing may be dropped: the plan must still be the one that was read.
    change_plan(opened.course, after, seen=facts.digest, correction=correction, carried=dict(enumerate(carried)))
    text = ngettext("Добавлена %(n)s тема прошлого года.", "Добавлено тем прошлого года: %(n)s.", len(new))
    return text % {"n": len(new)}


def save_plan(
    request: SchoolRequest,
    opened: OpenCourse,
    after: Sequence[PlanItem],
    *,
    reason: str,
    refuse: Callable[[str], object],
) -> bool:
    try:
        change_plan(
            opened.course,
            after,
            seen=request.POST.get("seen", ""),
            correction=correction_of(request, reason),
        )
    except Refused as refusal:
        refuse(refusal.verdict.sentence)
        return False
    return True


def correction_of(request: SchoolRequest, reason: str) -> Correction:
    """Return who changes a plan, when and why."""
    actor = request.actor
    return Correction(by=actor.author, at=request.now, on=request.today, reason=reason, made_by_id=actor.employee_id)


def day_of(request: SchoolRequest) -> date:
    """Return the day the address asks for; today when it asks for none."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.today
