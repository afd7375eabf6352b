"""The page of a deputy: whose lessons, what becomes of each, a look at the whole, and all of it saved at once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from letopis.core.errors import Refused
from letopis.core.web import read_code
from letopis.people.middleware import SchoolRequest
from letopis.people.models import Employee
from letopis.register import access
from letopis.register.actions import substitutions as verbs
from letopis.register.actions.arrangement import Judged, Wish
from letopis.register.models import Lesson, Substitution
from letopis.register.queries.lesson_gaps import group_title
from letopis.register.queries.substitution_plan import (
    CANCEL,
    JOIN,
    LONGEST_SPAN,
    MOVE,
    TEACHER,
    Wanted,
    lessons_wanted,
    plan_of,
    teachers_of,
)
from letopis.rules.dates import parse_day
from letopis.rules.russian import short_date
from letopis.rules.substitutions import MAY_BE_OVERRULED
from letopis.schooling.models import SchoolClass

NUMBERS = range(1, 11)
"""Numbers of lessons that a move may choose."""


@require_http_methods(["GET", "POST"])
def substitution_plan(request: SchoolRequest) -> HttpResponse:
    """Choose lessons (GET), look at what was chosen (POST, intent=preview), save it (POST, intent=save)."""
    access.require_planner(request.actor)
    wanted = read_wanted(request)
    context: dict[str, Any] = {
        "wanted": wanted,
        "by_class": bool(wanted.classes) or (request.GET.get("by") == "class" and not wanted.teachers),
        "teachers": [
            one
            for one in teachers_of(request.actor.organisation)
            if one.dismissed_on is None or one.dismissed_on > wanted.first
        ],
        "classes": _classes(request, wanted),
        "numbers": NUMBERS,
        "reason": request.POST.get("reason", ""),
        "order": request.POST.get("order", ""),
    }
    if wanted.is_empty:
        return render(request, "register/substitution_plan.html", context)
    if request.method == "GET":
        context["plan"] = plan_of(request.actor.organisation, wanted)
        return render(request, "register/substitution_plan.html", context)
    return _post(request, wanted, context)


def read_wanted(request: SchoolRequest) -> Wanted:
    """Return which lessons the address asks for: today when it names no days, and at most a month."""
    first = parse_day(request.GET.get("first", "")) or request.today
    last = max(first, parse_day(request.GET.get("last", "")) or first)
    return Wanted(
        first=first,
        last=min(last, first + timedelta(days=LONGEST_SPAN - 1)),
        teachers=tuple(filter(None, map(read_code, request.GET.getlist("teacher")))),
        classes=tuple(filter(None, map(read_code, request.GET.getlist("class")))),
        lesson=read_code(request.GET.get("lesson", "")),
    )


def _post(request: SchoolRequest, wanted: Wanted, context: dict[str, Any]) -> HttpResponse:
    actor, intent = request.actor, request.POST.get("intent", "")
    chosen = {key[3:]: str(value) for key, value in request.POST.items() if key.startswith("do-")}
    lessons = list(lessons_wanted(actor.organisation, wanted).filter(code__in=_codes(chosen)).order_by("on", "number"))
    wishes = read_wishes(request.POST, lessons, employees=context["teachers"])
    judged: list[Judged] = []
    status = 200
    if intent == "save" and wishes:
        try:
            rows = verbs.arrange(
                actor, wishes, reason=context["reason"], order=context["order"],
                overrule="overrule" in request.POST, at=request.now,
            )  # fmt: skip
        except verbs.NotArranged as refusal:
            judged, status = list(refusal.judged), 409
            messages.error(request, _("Ничего не записано: причины указаны у уроков."))
        except Refused as refusal:
            status = 409
            context["error"] = refusal.verdict.sentence
        else:
            said = _("Записано уроков: %(n)d.") % {"n": len(rows)}
            messages.success(request, said)
            days = [lesson.on for lesson in lessons]
            first, last = min(wanted.first, *days), max(wanted.last, *days)
            return redirect(f"{reverse('register:substitutions')}?first={first:%Y-%m-%d}&last={last:%Y-%m-%d}")
    if intent in ("preview", "save") and wishes:
        context["judged"] = _shown(judged or verbs.preview(actor, wishes), request)
        context["is_allowed"] = all(one["verdict"] or one["may_overrule"] for one in context["judged"])
        context["asks"] = any(one["warning"] for one in context["judged"])
        context["hidden"] = _hidden(request)
    else:
        if intent in ("preview", "save"):
            messages.info(request, _("Ни для одного урока ничего не выбрано."))
        context["plan"] = plan_of(actor.organisation, wanted, chosen=chosen, asked=dict(_hidden(request)))
        context["moves"] = {
            key: request.POST.get(key, "") for key in request.POST if key.startswith(("on-", "number-"))
        }
    return render(request, "register/substitution_plan.html", context, status=status)


def read_wishes(asked: Mapping[str, str], lessons: list[Lesson], *, employees: list[Employee]) -> list[Wish]:
    """Return what the form asks for, lesson by lesson; a lesson that nothing is chosen for is left out. One query.

    What is chosen wrongly stays a wish without its whom or where, which the rules refuse with a sentence.
    """
    by_code = {str(one.code): one for one in employees}
    choices = {lesson.pk: asked.get(f"do-{lesson.code}", "") for lesson in lessons}
    joins = [value.removeprefix(JOIN) for value in choices.values() if value.startswith(JOIN)]
    others = dict(
        Lesson.objects.filter(
            code__in=filter(read_code, joins), organisation__in={one.organisation_id for one in lessons}
        ).values_list("code", "pk")
    )
    found = []
    for lesson in lessons:
        choice = choices[lesson.pk]
        if choice == CANCEL:
            found.append(Wish(lesson.pk, Substitution.Kind.CANCELLED))
        elif choice == MOVE:
            number = asked.get(f"number-{lesson.code}", "")
            found.append(
                Wish(
                    lesson.pk,
                    Substitution.Kind.MOVED,
                    on=parse_day(asked.get(f"on-{lesson.code}", "")),
                    number=int(number) if len(number) <= 2 and number.isdecimal() and int(number) in NUMBERS else None,
                )
            )
        elif choice.startswith(JOIN):
            other = read_code(choice.removeprefix(JOIN))
            found.append(Wish(lesson.pk, Substitution.Kind.JOINED, joined_with=others.get(other) if other else None))
        elif choice.startswith(TEACHER):
            acting = by_code.get(choice.removeprefix(TEACHER))
            found.append(Wish(lesson.pk, Substitution.Kind.OTHER_TEACHER, acting=acting))
    return found


def _shown(judged: list[Judged], request: SchoolRequest) -> list[dict[str, Any]]:
    """Return the lines of the preview. `verdict` refuses, `warning` asks whether it is meant."""
    shown = []
    for one in judged:
        asks = one.verdict.code in MAY_BE_OVERRULED
        shown.append(
            {
                "lesson": one.lesson,
                "on": one.put.old_on if one.put else one.lesson.on,
                "number": one.put.old_number if one.put else one.lesson.number,
                "group": group_title(one.lesson),
                "what": _what(one),
                "verdict": one.verdict,
                "may_overrule": asks,
                "warning": one.in_spite_of or (one.verdict.sentence if asks else ""),
                "refusal": "" if one.verdict or asks else one.verdict.sentence,
                "stands": one.stands,
            }
        )
    return shown


def _what(one: Judged) -> str:
    wish = one.wish
    if wish.kind == Substitution.Kind.CANCELLED:
        return _("отменить урок")
    if wish.kind == Substitution.Kind.MOVED:
        if wish.on is None or wish.number is None:
            return _("перенести")
        return _("перенести на %(day)s, %(number)s-й урок") % {"day": short_date(wish.on), "number": wish.number}
    if wish.kind == Substitution.Kind.JOINED:
        name = one.put.acting_teacher.person.short_name if one.put and one.put.acting_teacher else ""
        return _("объединить: ведёт %(name)s") % {"name": name} if name else _("объединить группы")
    return _("замена: %(name)s") % {"name": wish.acting.person.short_name if wish.acting else "—"}


def _hidden(request: SchoolRequest) -> list[tuple[str, str]]:
    return [(key, str(value)) for key, value in request.POST.items() if key.startswith(("do-", "on-", "number-"))]


def _codes(chosen: Mapping[str, str]) -> list[UUID]:
    return [code for code in map(read_code, chosen) if code]


def _classes(request: SchoolRequest, wanted: Wanted) -> list[SchoolClass]:
    rows = SchoolClass.objects.filter(
        organisation=request.actor.organisation, year__starts_on__lte=wanted.first, year__ends_on__gte=wanted.first
    )
    return list(rows.order_by("grade", "letter"))
