"""Who teaches and who leads a class; the individual plan of a pupil; combined classes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from letopis.control.access import groups as access
from letopis.control.actions.groups import give_course
from letopis.control.forms.groups import (
    CombineForm,
    EndLineForm,
    GiveCourseForm,
    LeaderForm,
    LevelForm,
    PlanLineForm,
    codes_of,
)
from letopis.core.errors import Refused
from letopis.people.middleware import SchoolRequest
from letopis.people.models import EducationForm, Enrolment
from letopis.register.models import Lesson
from letopis.schooling.actions.combining import combine_classes, separate_classes
from letopis.schooling.actions.plans import end_plan_line, set_plan_line
from letopis.schooling.actions.teaching import appoint_class_teacher, set_level
from letopis.schooling.models import ClassTeacher, Course, GroupKind, SchoolClass, Subject, Workload
from letopis.schooling.queries import teaching_groups as queries


@require_http_methods(["GET", "POST"])
def give(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Give a course to another teacher: how many lessons go to him is shown before it is recorded."""
    course = access.course_to_give_for(request.actor, code)
    day = _within(course.year, request)
    present = [
        row.teacher for row in Workload.objects.filter(course=course, ends_on=None).select_related("teacher__person")
    ]
    form = GiveCourseForm(
        request.POST if request.method == "POST" else None,
        employees=queries.employees_of(course.organisation_id, day=day),
        present=[one for one in present if one],
        initial={"starts_on": day},
    )
    levels = LevelForm(request.POST if request.POST.get("verb") == "level" else None, initial={"level": course.level})
    if levels.is_valid():
        try:
            set_level(course, level=levels.cleaned_data["level"], by=request.actor.author, at=request.now)
        except Refused as refusal:
            messages.error(request, refusal.verdict.sentence)
        else:
            messages.success(request, _("Уровень записан."))
        return redirect("control:give_course", code)
    ahead = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if "confirmed" not in request.POST:
            planned = Lesson.objects.filter(course=course, on__gte=values["starts_on"], state=Lesson.State.PLANNED)
            ahead = planned.count()
        else:
            try:
                _workload, given = give_course(course, **values, by=request.actor.author, at=request.now)
            except Refused as refusal:
                form.add_error(None, refusal.verdict.sentence)
            else:
                messages.success(request, _("Учитель назначен. Занятий передано: %(n)d.") % {"n": given})
                return redirect(_page_of(course))
    context = {
        "course": course,
        "form": form,
        "levels": levels,
        "spans": queries.teacher_spans(course),
        "ahead": ahead,
        "back": _page_of(course),
        "fields": [(name, value) for name, value in request.POST.items() if name in form.fields],
    }
    return render(request, "control/give_course.html", context)


@require_GET
def class_teachers(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Show who teaches a class, each course with the way to another teacher."""
    opened = access.class_to_staff_for(request.actor, code)
    day = _within(opened.school_class.year, request)
    context = {
        "school_class": opened.school_class,
        "courses": queries.courses_of_class(opened.school_class, day=day),
        "leaders": _leaders(opened.school_class),
    }
    return render(request, "control/class_teachers.html", context)


@require_http_methods(["GET", "POST"])
def leader(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Appoint the class teacher from a day."""
    opened = access.class_to_staff_for(request.actor, code)
    shown = opened.school_class
    day = _within(shown.year, request)
    form = LeaderForm(
        request.POST if request.method == "POST" else None,
        employees=queries.employees_of(shown.organisation_id, day=day),
        initial={"starts_on": day},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        told: dict[str, Any] = {"by": request.actor.author, "at": request.now}
        try:
            appoint_class_teacher(
                shown, employee=values["teacher"], starts_on=values["starts_on"], order=values["order"], **told
            )
        except Refused as refusal:
            form.add_error(None, refusal.verdict.sentence)
        else:
            messages.success(request, _("Классный руководитель назначен."))
            return redirect("control:class_teachers", code)
    return render(request, "control/leader.html", {"school_class": shown, "form": form, "leaders": _leaders(shown)})


@require_http_methods(["GET", "POST"])
def plan(request: SchoolRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Show the individual plan of a pupil; add or change a subject, or end one."""
    opened, person, may_change = access.plan_for(request.actor, code, pupil)
    year = opened.school_class.year
    day = _within(year, request)
    asked = request.POST.get("verb", "") if request.method == "POST" else ""
    lines = queries.plan_lines(person, year=year, day=day)
    subjects = Subject.objects.filter(organisation=year.organisation_id).order_by("sort_key")
    form = PlanLineForm(
        request.POST if asked == "set" else None,
        employees=queries.employees_of(year.organisation_id, day=day),
        subjects=subjects,
        initial={"starts_on": day, "subject": request.GET.get("subject", "")},
    )
    ending = EndLineForm(request.POST if asked == "end" else None, initial={"on": day}, auto_id="end_%s")
    if asked and not may_change:
        access.class_to_staff_for(request.actor, code)
    told: dict[str, Any] = {"by": request.actor.author, "at": request.now}
    try:
        if asked == "set" and form.is_valid():
            set_plan_line(person, year=year, **form.cleaned_data, **told)
            messages.success(request, _("План изменён: у предмета есть свой журнал."))
            return redirect("control:plan", code, pupil)
        subject = subjects.filter(code__in=codes_of([request.POST.get("subject", "")])).first()
        if asked == "end" and subject is not None and ending.is_valid():
            end_plan_line(person, year=year, subject=subject, **ending.cleaned_data, **told)
            messages.success(request, _("Предмет снят с плана. Записанное в журнале осталось."))
            return redirect("control:plan", code, pupil)
    except Refused as refusal:
        (form if asked == "set" else ending).add_error(None, refusal.verdict.sentence)
    enrolment = Enrolment.objects.filter(pupil=person).on(day).first()
    context = {
        "school_class": opened.school_class,
        "pupil": person,
        "lines": lines,
        "hours": sum(one.line.weekly_hours for one in lines),
        "form": form,
        "ending": ending,
        "ending_subject": request.POST.get("subject", "") if asked == "end" else "",
        "may_change": may_change,
        "form_of_education": enrolment.get_form_display() if enrolment else "",
        "is_home": enrolment is not None and enrolment.form == EducationForm.HOME,
        "sees_registers": request.actor.controls or opened.leads,
    }
    return render(request, "control/individual_plan.html", context)


@require_http_methods(["GET", "POST"])
def combined(request: SchoolRequest) -> HttpResponse:
    """Show the combined classes of a year; combine classes, or teach them apart again."""
    year = access.year_to_group_for(request.actor, request.GET.get("year", ""))
    classes = SchoolClass.objects.filter(year=year).order_by("grade", "letter")
    is_apart = request.POST.get("verb") == "separate"
    form = CombineForm(request.POST if request.method == "POST" and not is_apart else None, classes=classes)
    told: dict[str, Any] = {"by": request.actor.author, "at": request.now}
    try:
        if is_apart:
            separate_classes(year, name=request.POST.get("name", "")[:40] or "—", **told)
            messages.success(request, _("Классы снова учатся отдельно."))
            return redirect(f"{reverse('control:combined')}?year={year.starts_on.year}")
        if request.method == "POST" and form.is_valid():
            name = combine_classes(year, **form.cleaned_data, **told)
            messages.success(request, _("Класс-комплект создан: %(name)s.") % {"name": name})
            return redirect(f"{reverse('control:combined')}?year={year.starts_on.year}")
    except Refused as refusal:
        form.add_error(None, refusal.verdict.sentence)
    context = {"year": year, "form": form, "found": queries.combined_classes(year)}
    return render(request, "control/combined.html", context)


def _leaders(school_class: SchoolClass) -> list[ClassTeacher]:
    rows = ClassTeacher.objects.filter(school_class=school_class).select_related("employee__person")
    return list(rows.order_by("-starts_on", "-pk"))


def _page_of(course: Course) -> str:
    """Return where a change of teacher leads back to: the group, or the teachers of the class."""
    if course.group.kind in access.OWN_KINDS:
        return reverse("control:group", args=[course.group.code])
    if course.group.kind == GroupKind.INDIVIDUAL or course.group.school_class is None:
        return reverse("control:groups")
    return reverse("control:class_teachers", args=[course.group.school_class.code])


def _within(year: Any, request: SchoolRequest) -> Any:
    return min(max(request.today, year.starts_on), year.ends_on)
