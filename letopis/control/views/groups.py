"""Teaching groups: the list, a new one, the page of one with its pupils and lessons, the end of one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from letopis.control.access import groups as access
from letopis.control.access.groups import OpenGroup
from letopis.control.actions import groups as verbs
from letopis.control.forms.groups import (
    CloseGroupForm,
    JoinForm,
    LeaveGroupForm,
    LessonForm,
    NewGroupForm,
    WeekForm,
    codes_of,
)
from letopis.core.errors import Refused
from letopis.people.access import invisible
from letopis.people.middleware import SchoolRequest
from letopis.register.actions.extra_lessons import add_lessons, remove_lesson
from letopis.register.models import Lesson
from letopis.rules.names import match_key
from letopis.rules.registers import REGISTERS
from letopis.schooling.actions import groups as schooling
from letopis.schooling.models import SchoolClass, Subject
from letopis.schooling.queries import teaching_groups as queries

SHOWN_LESSONS = 12


@require_GET
def groups(request: SchoolRequest) -> HttpResponse:
    """List the groups of a year that no class has; kind and words are kept in the address."""
    year, years = access.year_of_groups_for(request.actor, request.GET.get("year", ""))
    lines = queries.group_lines(year, day=_within(year, request), kinds=access.OWN_KINDS) if year else []
    kind, words = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    shown = [line for line in lines if kind in ("", line.register.code)]
    for word in match_key(words).split():
        shown = [line for line in shown if word in match_key(f"{line.course.group.name} {line.course.subject.name}")]
    context = {
        "year": year,
        "years": years,
        "lines": shown,
        "total": len(lines),
        "kind": kind,
        "words": words,
        "kinds": [one for one in REGISTERS if any(line.register == one for line in lines)],
        "may_change": access.may_change_groups(request.actor),
        "open": access.groups_open_to(request.actor, [line.course for line in shown]),
    }
    return render(request, "control/groups.html", context)


@require_http_methods(["GET", "POST"])
def new_group(request: SchoolRequest) -> HttpResponse:
    """Make a group with its course and its teacher."""
    year = access.year_to_group_for(request.actor, request.GET.get("year", ""))
    day = _within(year, request)
    names = Subject.objects.filter(organisation=year.organisation).order_by("sort_key").values_list("name", flat=True)
    form = NewGroupForm(
        request.POST if request.method == "POST" else None,
        employees=queries.employees_of(year.organisation_id, day=day),
        subjects=names,
        initial={"starts_on": day, "course_kind": request.GET.get("kind", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            course = schooling.create_group(year, **form.values(), by=request.actor.author, at=request.now)
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Группа создана. Теперь запишите в неё обучающихся."))
            return redirect("control:group", course.group.code)
    return render(request, "control/new_group.html", {"form": form, "year": year})


@require_http_methods(["GET", "POST"])
def group(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show a group; add pupils, plan lessons, close it."""
    opened = access.group_for(request.actor, code)
    asked = request.POST.get("verb", "") if request.method == "POST" else ""
    if asked:
        opened = (access.group_to_plan_for if asked in ("lesson", "week") else access.group_to_change_for)(
            request.actor, code
        )
    course, day = opened.course, _within(opened.course.year, request)
    forms = _forms(request, opened, asked)
    if asked in forms and forms[asked].is_valid() and _carry_out(request, opened, asked, forms[asked]):
        return redirect(f"{reverse('control:group', args=[code])}{_kept(request)}")
    school_class, words = request.GET.get("class", ""), request.GET.get("q", "").strip()
    lessons = Lesson.objects.filter(course=course).exclude(state=Lesson.State.CANCELLED)
    context: dict[str, Any] = {
        "opened": opened,
        "course": course,
        "group": course.group,
        "line": next(iter(_line_of(opened, day=day)), None),
        "members": queries.member_lines(course.group, day=day),
        "teachers": queries.teacher_spans(course),
        "forms": forms,
        "day": day,
        "lessons_total": lessons.count(),
        "lessons_ahead": lessons.filter(on__gte=day).select_related("room").order_by("on", "number")[:SHOWN_LESSONS],
    }
    if opened.may_change:
        context |= {
            "school_class": school_class,
            "words": words,
            "classes": SchoolClass.objects.filter(year=course.year).order_by("grade", "letter"),
            "candidates": queries.candidates(course.group, day=day, school_class=school_class, words=words),
        }
    return render(request, "control/group.html", context)


@require_http_methods(["GET", "POST"])
def group_member(request: SchoolRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Take a pupil off a group from a day, or take a mistaken entry back."""
    opened = access.group_to_change_for(request.actor, code)
    one = next(
        (line for line in queries.member_lines(opened.course.group, day=request.today) if line.pupil.code == pupil),
        None,
    )
    if one is None:
        invisible()
    is_mistake = request.POST.get("verb") == "withdraw"
    form = LeaveGroupForm(
        request.POST if request.method == "POST" and not is_mistake else None,
        initial={"on": max(request.today, opened.course.year.starts_on)},
    )
    told: dict[str, Any] = {"by": request.actor.author, "at": request.now}
    if request.method == "POST" and (is_mistake or form.is_valid()):
        try:
            if is_mistake:
                verbs.withdraw_stay(opened.course.group, pupil=one.pupil, reason=_("Запись по ошибке"), **told)
                messages.success(request, _("Запись убрана: %(name)s.") % {"name": one.pupil.person.full_name})
            else:
                schooling.leave_group(opened.course.group, pupil=one.pupil, **form.cleaned_data, **told)
                messages.success(
                    request, _("Выбытие из группы записано: %(name)s.") % {"name": one.pupil.person.full_name}
                )
        except Refused as refusal:
            if not is_mistake:
                form.add_error(None, refusal.verdict.sentence)
            else:
                messages.error(request, refusal.verdict.sentence)
        else:
            return redirect("control:group", code)
    context = {"opened": opened, "group": opened.course.group, "member": one, "form": form}
    return render(request, "control/group_member.html", context)


@require_POST
def remove_extra(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Remove a lesson beside the timetable in which nothing stands."""
    lesson, course = access.extra_lesson_for(request.actor, code)
    try:
        remove_lesson(lesson, reason=_("Занятие убрано"), by=request.actor.author, at=request.now)
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
    else:
        messages.success(request, _("Занятие убрано."))
    if course.group.kind in access.OWN_KINDS:
        return redirect("control:group", course.group.code)
    return redirect("register:sessions", course.code)


def _forms(request: SchoolRequest, opened: OpenGroup, asked: str) -> dict[str, Form]:
    """Return the forms that the actor has on the page, by verb."""
    day, last = _within(opened.course.year, request), opened.course.year.ends_on
    makers: dict[str, tuple[bool, Callable[..., Form], dict[str, Any]]] = {
        "join": (opened.may_change, JoinForm, {"on": day}),
        "lesson": (opened.may_plan, LessonForm, {"on": day, "number": 8}),
        "week": (opened.may_plan, WeekForm, {"first": day, "last": last, "number": 8}),
        "close": (opened.may_change, CloseGroupForm, {"on": day}),
    }
    return {
        verb: maker(request.POST if verb == asked else None, initial=initial, auto_id=f"{verb}_%s")
        for verb, (allowed, maker, initial) in makers.items()
        if allowed
    }


def _carry_out(request: SchoolRequest, opened: OpenGroup, verb: str, form: Form) -> bool:
    """Carry the verb out and say so; a refusal goes to the form."""
    does = {"join": _join, "lesson": _add_lesson, "week": _add_week, "close": _close}
    try:
        sentence = does[verb](request, opened, form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.verdict.sentence)
        return False
    messages.success(request, sentence)
    return True


def _join(request: SchoolRequest, opened: OpenGroup, values: dict[str, Any]) -> str:
    pupils = queries.pupils_by_code(request.actor.organisation.pk, codes_of(request.POST.getlist("pupil")))
    made = schooling.join_group(opened.course.group, pupils=pupils, **values, by=request.actor.author, at=request.now)
    text = ngettext("Записан %(n)d обучающийся.", "Записано обучающихся: %(n)d.", len(made))
    return text % {"n": len(made)}


def _add_lesson(request: SchoolRequest, opened: OpenGroup, values: dict[str, Any]) -> str:
    places = [(values["on"], values["number"])]
    done = add_lessons(opened.course, places=places, by=request.actor.author, at=request.now)
    return _("Занятие добавлено.") if done.lessons else _("Такое занятие уже есть.")


def _add_week(request: SchoolRequest, opened: OpenGroup, values: dict[str, Any]) -> str:
    done = verbs.plan_lessons_of_week(opened.course, **values, by=request.actor.author, at=request.now)
    text = ngettext("Добавлено %(n)d занятие.", "Добавлено занятий: %(n)d.", len(done.lessons))
    return text % {"n": len(done.lessons)}


def _close(request: SchoolRequest, opened: OpenGroup, values: dict[str, Any]) -> str:
    left, removed = verbs.close_group(opened.course.group, **values, by=request.actor.author, at=request.now)
    return _("Группа закрыта. Выбыло обучающихся: %(left)d, убрано пустых занятий: %(removed)d.") % {
        "left": left,
        "removed": removed,
    }


def _line_of(opened: OpenGroup, *, day: Any) -> list[queries.GroupLine]:
    lines = queries.group_lines(opened.course.year, day=day, kinds=[opened.course.group.kind])
    return [line for line in lines if line.course.pk == opened.course.pk]


def _kept(request: SchoolRequest) -> str:
    """Return the search that the page keeps after a pupil was added, so that the next one stands there."""
    query = request.GET.urlencode()
    return f"?{query}#members" if query else ""


def _within(year: Any, request: SchoolRequest) -> Any:
    """The groups of a year that is over are those of its last day, and of one to come those of its first."""
    return min(max(request.today, year.starts_on), year.ends_on) if year else request.today
