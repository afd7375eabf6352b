"""Homework beyond the fields of a lesson: the day of a class, its week, progress, single pupils, recommendations."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from letopis.core.errors import Refused
from letopis.people.access import Actor, forbid, invisible
from letopis.people.middleware import SchoolRequest
from letopis.people.models import Employee
from letopis.register.access import OpenLesson, lesson_for
from letopis.register.access import homework as access
from letopis.register.actions import pupil_homework as verbs
from letopis.register.forms import OTHER_DAY
from letopis.register.queries.class_homework import DUE, SET, HomeworkDay, week_homework
from letopis.register.queries.homework_progress import homework_progress, recommendation_list
from letopis.register.queries.lesson_homework import load_of
from letopis.register.queries.locks import may_write, period_of
from letopis.rules import windows
from letopis.rules.dates import parse_day
from letopis.rules.verdict import Verdict, refused
from letopis.schooling.models import SchoolClass
from letopis.schooling.queries import pupils_of
from letopis.schooling.queries.years import year_of_day, years_of

INDIVIDUAL, TAKE_BACK, RECOMMEND = "individual", "take_back", "recommend"


@require_GET
def day_load(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show what the class of a lesson has for the day chosen in its form (?due=)."""
    opened = lesson_for(request.actor, code)
    text = request.GET.get("due", "")
    due = parse_day(request.GET.get("due-other", "")) if text == OTHER_DAY else parse_day(text)
    load = load_of(opened, due, policies=request.actor.policies)
    return render(request, "register/_day_load.html", {"load": load})


@require_GET
def class_homework(request: SchoolRequest) -> HttpResponse:
    """Show a week of a class's homework: ?class=, ?week= any day of it, ?by=due or set, ?only=over."""
    actor, asked = request.actor, request.GET
    day = _day(asked.get("week", ""), default=request.today)
    year = year_of_day(years_of(actor.organisation), day)
    classes = access.homework_classes_of(actor, year) if year else []
    if not classes and _keeps_no_register(actor):
        invisible()
    chosen = _chosen(classes, asked.get("class"))
    by = SET if asked.get("by") == SET else DUE
    first = day - timedelta(days=day.weekday())
    days: tuple[HomeworkDay, ...] = ()
    if chosen is not None:
        zone = actor.organisation.time_zone
        days = week_homework(chosen, first=first, by=by, today=request.today, zone=zone, policies=actor.policies)
    context = {
        "classes": classes,
        "shown_class": chosen,
        "days": days,
        "by": by,
        "first": first,
        "last": first + timedelta(days=6),
        "previous": first - timedelta(days=7),
        "following": first + timedelta(days=7),
    }
    return render(request, "register/class_homework.html", context)


@dataclass(slots=True)
class Typed:
    """What the forms of the page held when one was refused."""

    text: str = ""
    due: str = ""
    assessment: str = ""
    recommendation: str = ""
    pupils: frozenset[str] = frozenset()
    error: str = ""
    recommendation_error: str = ""

    @classmethod
    def of(cls, post: QueryDict) -> "Typed":
        texts = {name: post.get(name, "") for name in ("text", "due", "assessment", "recommendation")}
        return cls(**texts, pupils=frozenset(post.getlist("pupil")))


@require_http_methods(["GET", "POST"])
def lesson_homework(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show who did the homework of a lesson; set single pupils one of their own, and recommend."""
    opened = lesson_for(request.actor, code)
    lock = period_of(opened.opened, opened.lesson.on)
    may_set = may_write(opened.opened, opened.lesson, part=windows.HOMEWORK, policy=opened.policy, lock=lock)
    may_recommend = access.may_recommend(opened)
    typed = Typed()
    if request.method == "POST":
        intent = request.POST.get("intent")
        if intent == RECOMMEND and not may_recommend:
            forbid(_("Рекомендации пишут учителя класса и классный руководитель."))
        if intent != RECOMMEND and not may_set:
            forbid(may_set.sentence)
        typed = Typed.of(request.POST)
        if _carry_out(request, opened, intent or "", typed):
            return redirect(request.path)
    context = {
        "opened": opened,
        "lesson": opened.lesson,
        "page": homework_progress(opened),
        "typed": typed,
        "may_set": may_set,
        "may_recommend": may_recommend,
        "assessment_forms": opened.policy.assessment_forms,
    }
    status = 409 if typed.error or typed.recommendation_error else 200
    return render(request, "register/lesson_homework.html", context, status=status)


def _carry_out(request: SchoolRequest, opened: OpenLesson, intent: str, typed: Typed) -> bool:
    """Do what the page asks; the reason of a refusal goes into `typed`. Return whether it was done."""
    try:
        said = _recommend(request, opened, typed) if intent == RECOMMEND else _set(request, opened, intent, typed)
    except Refused as refusal:
        name = "recommendation_error" if intent == RECOMMEND else "error"
        setattr(typed, name, refusal.verdict.sentence)
        messages.error(request, _("Не сохранено: причина написана рядом с полем."))
        return False
    messages.success(request, said)
    return True


def _set(request: SchoolRequest, opened: OpenLesson, intent: str, typed: Typed) -> str:
    due = parse_day(typed.due)
    if typed.due and due is None:
        raise Refused(_wrong_day())
    if intent == INDIVIDUAL and not typed.text.strip():
        raise Refused(_empty())
    changed = verbs.set_pupil_homework(
        opened,
        pupils=_codes(typed.pupils),
        text="" if intent == TAKE_BACK else typed.text,
        due_on=due,
        assessment=typed.assessment,
        at=request.now,
    )
    if not changed:
        return _("Изменений нет: всё уже записано.")
    if intent == TAKE_BACK:
        return _("Индивидуальное задание снято.")
    return ngettext("Задано: %(n)s обучающемуся.", "Задано: %(n)s обучающимся.", changed) % {"n": changed}


def _recommend(request: SchoolRequest, opened: OpenLesson, typed: Typed) -> str:
    course, actor = opened.opened.course, request.actor
    author = Employee.objects.get(pk=actor.employee_id or 0)
    pupils = [one for one in pupils_of(course.group, opened.lesson.on) if str(one.code) in typed.pupils]
    whole = "whole-class" in request.POST and course.group.school_class
    rows = verbs.recommend(
        author=author,
        to=whole or pupils,
        subject=course.subject,
        on=request.today,
        text=typed.recommendation,
        by=actor.author,
        at=request.now,
    )
    if len(rows) == 1:
        return _("Рекомендация записана: её видно в дневнике.")
    return _("Рекомендаций записано: %(n)s. Их видно в дневниках.") % {"n": len(rows)}


@require_GET
def recommendations(request: SchoolRequest) -> HttpResponse:
    """List recommendations of the year (?class=): the actor's own, those to his class, or all for who controls."""
    actor = request.actor
    year = year_of_day(years_of(actor.organisation), request.today)
    classes = access.homework_classes_of(actor, year) if year else []
    code = request.GET.get("class", "")
    chosen = next((one for one in classes if str(one.code) == code), None)
    lines = recommendation_list(actor, year, school_class=chosen.code if chosen else None) if year else ()
    if not (classes or lines) and _keeps_no_register(actor):
        invisible()
    context = {"lines": lines, "classes": classes, "shown_class": chosen, "year": year}
    return render(request, "register/recommendations.html", context)


@require_POST
def withdraw_recommendation(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Take a recommendation back; it stays in the list as withdrawn."""
    row = access.recommendation_to_withdraw(request.actor, code)
    if verbs.withdraw_recommendation(row, by=request.actor.author, at=request.now):
        messages.success(request, _("Рекомендация снята: в дневнике её больше нет."))
    else:
        messages.info(request, _("Рекомендация уже снята."))
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if back.startswith("/") and is_ours else reverse("register:recommendations"))


def _keeps_no_register(actor: Actor) -> bool:
    """Say whether the actor is no teacher and does not control: for one without classes there is no such page."""
    return not actor.controls and (actor.employee_id is None or bool(actor.roles))


def _chosen(classes: list[SchoolClass], text: str | None) -> SchoolClass | None:
    """Return the class of the address; one that the actor does not see is 404, without one the first."""
    if not text:
        return classes[0] if classes else None
    return next((one for one in classes if str(one.code) == text), None) or invisible()


def _day(text: str, *, default: date) -> date:
    day = parse_day(text)
    return day if day and abs((day - default).days) < 3660 else default


def _codes(texts: frozenset[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _wrong_day() -> Verdict:
    return refused("WRONG_DAY", _("Срок задания не похож на день: напишите его как 20.11.2026."))


def _empty() -> Verdict:
    return refused("EMPTY_HOMEWORK", _("Напишите задание. Чтобы снять его, нажмите «Снять задание»."))
