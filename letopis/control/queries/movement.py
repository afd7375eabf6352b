"""What a movement of a pupil will do, in sentences, before it is recorded."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.people.models import Pupil
from letopis.register.queries.pupil_facts import SubjectMarks, marks_by_subject
from letopis.schooling.models import Course, GroupKind, Membership, SchoolClass, StudyGroup, Term

OF_CLASS = (GroupKind.WHOLE_CLASS, GroupKind.SUBGROUP)


def transfer_consequences(pupil: Pupil, *, school_class: SchoolClass, to_class: SchoolClass, on: date) -> list[str]:
    """Return what a transfer from a day will do. Five queries."""
    groups = _groups(pupil, school_class=school_class, kinds=OF_CLASS, on=on)
    taught_there = set(
        Course.objects.filter(group__school_class=to_class).values_list("subject__name", flat=True).distinct()
    )
    marks = _marks(pupil, groups, school_class=school_class, on=on)
    lines = _kept_marks(marks, new_place=_("в %(title)s") % {"title": to_class.title})
    if lost := [one.subject for one in marks if one.subject not in taught_there]:
        names = ", ".join(lost)
        lines.append(
            _("В %(title)s не преподают: %(names)s — отметки по ним останутся только в прежнем журнале.")
            % {"title": to_class.title, "names": names}
        )
    ended = [group.name for group in groups if group.kind == GroupKind.SUBGROUP]
    if ended:
        lines.append(_("Накануне закончатся подгруппы прежнего класса: %(names)s.") % {"names": ", ".join(ended)})
    lines.append(_("Курсы по выбору, объединения и индивидуальный план продолжатся без изменений."))
    return lines + _already(pupil, groups, school_class=school_class, on=on)


def group_consequences(pupil: Pupil, *, group: StudyGroup, on: date) -> list[str]:
    """Return what a change of subgroup from a day will do. Four queries."""
    assert group.school_class  # noqa: S101 (subgroups are of a class)
    siblings = [
        one
        for one in _groups(pupil, school_class=group.school_class, kinds=(GroupKind.SUBGROUP,), on=on)
        if one.subject_id == group.subject_id and one.pk != group.pk
    ]
    if not siblings:
        return [_("До этого дня обучающийся не был ни в одной подгруппе: прежние отметки не затрагиваются.")]
    names = ", ".join(one.name for one in siblings)
    lines = [_("Накануне закончится: %(names)s.") % {"names": names}]
    marks = _marks(pupil, siblings, school_class=group.school_class, on=on)
    lines += _kept_marks(marks, new_place=_("в группе «%(name)s»") % {"name": group.name})
    return lines + _already(pupil, siblings, school_class=group.school_class, on=on)


def leaving_consequences(pupil: Pupil, *, school_class: SchoolClass, on: date) -> list[str]:
    """Return what leaving the school from a day will do. Three queries."""
    stays = Membership.objects.filter(pupil=pupil, group__year=school_class.year_id).on(on).select_related("group")
    groups = [stay.group for stay in stays.order_by("group__name")]
    names = ", ".join(group.name for group in groups)
    lines = [_("С этого дня обучающегося не будет в списках: %(names)s.") % {"names": names}] if names else []
    lines.append(_("Всё записанное останется в журналах и перейдёт в архив; в дневнике семья его больше не увидит."))
    return lines + _already(pupil, groups, school_class=school_class, on=on)


def form_consequences(*, form: str, is_home: bool, is_extern: bool) -> list[str]:
    """Return what another form of education will do."""
    if is_extern:
        return [
            _("Обучающийся выйдет из списков класса и групп и останется прикреплённым для аттестации."),
            _("Записанное останется в журналах."),
        ]
    if is_home:
        return [
            _("Обучающийся останется в списке класса; отметок и пропусков на страницах класса с этого дня не ведут."),
            _("Составьте индивидуальный план: предметы, часы, учителя. По нему появятся отдельные журналы."),
            _("Итоги за период из этих журналов войдут в ведомость класса."),
        ]
    return [_("Обучающийся учится с классом: отметки и посещаемость ведутся на общих страницах.")]


def _groups(pupil: Pupil, *, school_class: SchoolClass, kinds: Iterable[str], on: date) -> list[StudyGroup]:
    stays = Membership.objects.filter(pupil=pupil, group__school_class=school_class, group__kind__in=list(kinds))
    return [stay.group for stay in stays.on(on).select_related("group").order_by("group__name")]


def _marks(pupil: Pupil, groups: Sequence[StudyGroup], *, school_class: SchoolClass, on: date) -> list[SubjectMarks]:
    """Return the marks of the term that the day lies in, before that day."""
    term = Term.objects.filter(
        year=school_class.year_id,
        grade_from__lte=school_class.grade,
        grade_to__gte=school_class.grade,
        starts_on__lte=on,
        ends_on__gte=on,
    ).first()
    return (
        marks_by_subject(pupil, groups, first=term.starts_on, last=date.fromordinal(on.toordinal() - 1)) if term else []
    )


def _kept_marks(marks: Sequence[SubjectMarks], *, new_place: str) -> list[str]:
    total = sum(one.marks for one in marks)
    if not total:
        return [_("Отметок за этот период на прежнем месте нет.")]
    many = ngettext(
        "%(n)d отметка за этот период останется видна серым и войдёт в предложение итога; "
        "итог ставит новый учитель %(where)s.",
        "Отметок за этот период: %(n)d. Они останутся видны серым и войдут в предложение итога; "
        "итог ставит новый учитель %(where)s.",
        total,
    ) % {"n": total, "where": new_place}
    return [many, _("По предметам: %(list)s.") % {"list": ", ".join(f"{one.subject} — {one.marks}" for one in marks)}]


def _already(pupil: Pupil, groups: Sequence[StudyGroup], *, school_class: SchoolClass, on: date) -> list[str]:
    """Warn of marks put from the day on: the movement is recorded late."""
    later = marks_by_subject(pupil, groups, first=on, last=school_class.year.ends_on)
    if not later:
        return []
    return [
        ngettext(
            "С этого дня на прежнем месте уже стоит %(n)d отметка: она останется в журнале, но вне списка группы.",
            "С этого дня на прежнем месте уже стоят отметки (%(n)d): они останутся в журнале, но вне списка группы.",
            total := sum(one.marks for one in later),
        )
        % {"n": total}
    ]
