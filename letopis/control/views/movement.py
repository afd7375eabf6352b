"""Movement of pupils: what it will do is shown first, then it is recorded; the last one can be taken back."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from letopis.control.access import groups as group_access
from letopis.control.actions import movement as verbs
from letopis.control.forms.groups import ChangeForm, KnownPupilForm, NewPupilForm
from letopis.control.queries import movement as consequences
from letopis.core.errors import Refused
from letopis.people.actions import NewPupil
from letopis.people.middleware import SchoolRequest
from letopis.people.models import EXTERN_FORMS, EducationForm, Enrolment, Pupil
from letopis.rules.names import full_name
from letopis.schooling import access
from letopis.schooling.access import OpenClass
from letopis.schooling.actions import movement
from letopis.schooling.actions.movement_undo import INTO_GROUPS, LastMovement, last_movement
from letopis.schooling.forms import GroupForm, LeaveForm, TransferForm
from letopis.schooling.models import SchoolClass, StudyGroup
from letopis.schooling.queries import classes as queries
from letopis.schooling.queries.groups import stays_of
from letopis.schooling.queries.teaching_groups import unplaced_pupils

NEW, KNOWN = "new", "known"
MOVEMENTS = {
    "schooling.enrol_in_class": gettext_lazy("зачисление в класс"),
    "schooling.transfer_pupil": gettext_lazy("перевод в другой класс"),
    "schooling.move_to_group": gettext_lazy("смена подгруппы"),
    "schooling.leave_school": gettext_lazy("выбытие из школы"),
    "schooling.change_form": gettext_lazy("смена формы обучения"),
}


@require_http_methods(["GET", "POST"])
def pupil(request: SchoolRequest, code: UUID, pupil: UUID) -> HttpResponse:
    """Record a transfer, leaving, another form of education or subgroup of one pupil; take the last movement back."""
    opened, moved = access.pupil_of_class_for(request.actor, code, pupil)
    today = _within(opened, request.today)
    asked = request.POST.get("verb", "") if request.method == "POST" else ""
    last = last_movement(moved)
    if asked == "withdraw" and _may_withdraw(opened, last):
        return _withdraw(request, opened, moved)
    found = _forms(request, opened, moved, asked=asked, today=today)
    if asked in found and found[asked].is_valid():
        form = found[asked]
        chosen = _chosen_groups(request, form) if asked == "transfer" else []
        is_trial = "confirmed" not in request.POST
        if _carry_out(request, moved, asked, form, groups=chosen, is_trial=is_trial):
            if is_trial:
                return _preview(request, opened, moved, asked, form)
            return redirect("schooling:school_class", code=code)
    context: dict[str, Any] = {
        "opened": opened,
        "pupil": moved,
        "forms": found,
        "stays": stays_of(moved),
        "enrolments": Enrolment.objects.filter(pupil=moved).order_by("-starts_on"),
        "last": last if _may_withdraw(opened, last) else None,
        "last_title": MOVEMENTS.get(last.verb, "") if last else "",
        "sees_plan": opened.sees_all,
    }
    return render(request, "control/pupil.html", context)


@require_http_methods(["GET", "POST"])
def enrol(request: SchoolRequest, code: UUID) -> HttpResponse:
    """Put a child into the class: a new one into the alphabet book too, or one of the book who is in no class."""
    opened = group_access.class_to_fill_for(request.actor, code)
    shown, today = opened.school_class, _within(opened, request.today)
    asked = request.POST.get("verb", "") if request.method == "POST" else ""
    common: dict[str, Any] = {"subgroups": queries.subgroups_of(shown), "today": today}
    unplaced = unplaced_pupils(shown.organisation_id, year=shown.year, day=today)
    new = NewPupilForm(request.POST if asked == NEW else None, auto_id="new_%s", **common)
    known = KnownPupilForm(request.POST if asked == KNOWN else None, auto_id="known_%s", pupils=unplaced, **common)
    forms_by_verb: dict[str, NewPupilForm | KnownPupilForm] = {NEW: new, KNOWN: known}
    form = forms_by_verb.get(asked)
    if form is not None and form.is_valid() and (name := _enrol(request, opened, form)):
        messages.success(request, _("Зачисление записано: %(name)s.") % {"name": name})
        return redirect("schooling:school_class", code=code)
    context = {"opened": opened, "school_class": shown, "new": new, "known": known, "has_known": bool(unplaced)}
    return render(request, "control/enrol.html", context)


def _enrol(request: SchoolRequest, opened: OpenClass, form: NewPupilForm | KnownPupilForm) -> str:
    """Enrol, and return the name; a refusal goes to the form."""
    values = dict(form.cleaned_data)
    told: dict[str, Any] = {"by": request.actor.author, "at": request.now}
    stay: dict[str, Any] = {key: values.pop(key) for key in ("on", "order", "form")}
    stay |= {"groups": values.pop("groups", []), "to_class": opened.school_class}
    try:
        if isinstance(form, NewPupilForm):
            membership = verbs.enrol_new_pupil(NewPupil(**values), **stay, **told)
        else:
            membership = movement.enrol_in_class(values["pupil"], **stay, **told)
    except Refused as refusal:
        form.add_error(None, refusal.verdict.sentence)
        return ""
    person = membership.pupil.person
    return full_name(person.last_name, person.first_name)


def _forms(
    request: SchoolRequest, opened: OpenClass, moved: Pupil, *, asked: str, today: date
) -> dict[str, forms.Form]:
    bound = {name: request.POST if asked == name else None for name in ("transfer", "leave", "group", "form")}
    found: dict[str, forms.Form] = {}
    if subgroups := queries.subgroups_of(opened.school_class):
        found["group"] = GroupForm(bound["group"], groups=subgroups, today=today)
    if opened.may_move:
        others = SchoolClass.objects.filter(year=opened.school_class.year, grade=opened.school_class.grade)
        if classes := list(others.exclude(pk=opened.school_class.pk).order_by("letter")):
            found["transfer"] = TransferForm(bound["transfer"], classes=classes, today=today)
        present = Enrolment.objects.filter(pupil=moved).on(today).values_list("form", flat=True).first()
        if present:
            found["form"] = ChangeForm(bound["form"], today=today, present=present)
        found["leave"] = LeaveForm(bound["leave"], today=today)
    return found


def _preview(request: SchoolRequest, opened: OpenClass, moved: Pupil, verb: str, form: forms.Form) -> HttpResponse:
    """Show what the movement will do; the same values go with the confirmation."""
    values = form.cleaned_data
    titles: dict[str, Callable[[], str]] = {
        "transfer": lambda: _("Перевод в %(title)s") % {"title": values["to_class"].title},
        "leave": lambda: _("Выбытие из школы"),
        "group": lambda: _("Переход в группу «%(name)s»") % {"name": values["group"].name},
        "form": lambda: _("Форма обучения: %(name)s") % {"name": EducationForm(values["form"]).label},
    }
    context = {
        "opened": opened,
        "pupil": moved,
        "verb": verb,
        "title": titles[verb](),
        "on": values["on"],
        "lines": _lines(opened, moved, verb, values),
        "subgroups": _subgroup_choices(values["to_class"]) if verb == "transfer" else [],
        "fields": [(name, value) for name, value in request.POST.items() if name.startswith(f"{verb}-")],
    }
    return render(request, "control/pupil_confirm.html", context)


def _lines(opened: OpenClass, moved: Pupil, verb: str, values: dict[str, Any]) -> list[str]:
    school_class, on = opened.school_class, values["on"]
    if verb == "transfer":
        return consequences.transfer_consequences(moved, school_class=school_class, to_class=values["to_class"], on=on)
    if verb == "group":
        return consequences.group_consequences(moved, group=values["group"], on=on)
    if verb == "leave":
        return consequences.leaving_consequences(moved, school_class=school_class, on=on)
    form = values["form"]
    is_extern = form in EXTERN_FORMS
    return consequences.form_consequences(form=form, is_home=form == EducationForm.HOME, is_extern=is_extern)


def _subgroup_choices(to_class: SchoolClass) -> list[tuple[str, list[StudyGroup]]]:
    """Return the subgroups of the new class by subject."""
    found: dict[str, list[StudyGroup]] = {}
    for group in queries.subgroups_of(to_class):
        found.setdefault(group.subject.name if group.subject else _("Подгруппа"), []).append(group)
    return list(found.items())


def _chosen_groups(request: SchoolRequest, form: forms.Form) -> list[StudyGroup]:
    wanted = {value for name, value in request.POST.items() if name.startswith("subgroup-") and value}
    return [group for group in queries.subgroups_of(form.cleaned_data["to_class"]) if str(group.code) in wanted]


def _carry_out(
    request: SchoolRequest, moved: Pupil, verb: str, form: forms.Form, *, groups: list[StudyGroup], is_trial: bool
) -> bool:
    """Carry the verb out and say so; a refusal goes to the form. A trial only finds it, and changes nothing."""
    values = form.cleaned_data | {"by": request.actor.author, "at": request.now}
    if verb == "transfer":
        values["groups"] = groups
    does: dict[str, tuple[Callable[..., object], str]] = {
        "transfer": (movement.transfer_pupil, _("Перевод записан: %(name)s.")),
        "leave": (movement.leave_school, _("Выбытие записано: %(name)s.")),
        "group": (movement.move_to_group, _("Подгруппа записана: %(name)s.")),
        "form": (movement.change_form, _("Форма обучения записана: %(name)s.")),
    }
    action, sentence = does[verb]
    try:
        with transaction.atomic():
            action(moved, **values)
            transaction.set_rollback(is_trial)
    except Refused as refusal:
        form.add_error(None, refusal.verdict.sentence)
        return False
    if is_trial:
        return True
    person = moved.person
    messages.success(request, sentence % {"name": full_name(person.last_name, person.first_name)})
    return True


def _may_withdraw(opened: OpenClass, last: LastMovement | None) -> bool:
    """The class teacher takes back what he may record: a change of subgroup."""
    return last is not None and (opened.may_move or last.verb == INTO_GROUPS[2])


def _withdraw(request: SchoolRequest, opened: OpenClass, moved: Pupil) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:200]
    try:
        verbs.withdraw_movement(
            moved, reason=reason or _("Записано по ошибке"), by=request.actor.author, at=request.now
        )
    except Refused as refusal:
        messages.error(request, refusal.verdict.sentence)
        return redirect("control:pupil", opened.school_class.code, moved.code)
    messages.success(request, _("Движение отменено: всё стоит, как было до него."))
    return redirect("schooling:school_class", code=opened.school_class.code)


def _within(opened: OpenClass, day: date) -> date:
    year = opened.school_class.year
    return min(max(day, year.starts_on), year.ends_on)
