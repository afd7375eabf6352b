"""How ready the set-up of a year is: every section with its gaps, and who answers for it (ORG-B017).

A section's facts are counted by one query or two, whatever the size of the school.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.people.models import EducationForm, Employee, Enrolment
from letopis.register.models import Lesson, Task
from letopis.register.queries.programme import NO_PLAN
from letopis.rules import setup as rules
from letopis.rules.classes import class_sort_key
from letopis.rules.policy import Policy
from letopis.schooling.models import (
    AcademicYear,
    Bell,
    Break,
    ClassTeacher,
    Course,
    CourseKind,
    CurriculumPart,
    GroupKind,
    Membership,
    PlanTopic,
    Room,
    SchoolClass,
    SetupSection,
    StudyGroup,
    Subject,
    Term,
    TimetableEdition,
    TimetableSlot,
    Workload,
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing in a section, in a sentence, and where to mend it."""

    count: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is entered in a section."""

    filled: int
    summary: str
    url: str
    gaps: tuple[Gap, ...] = ()
    is_needed: bool = True

    @property
    def missing(self) -> int:
        return sum(gap.count for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section as the page shows it."""

    section: rules.Section
    facts: Facts
    readiness: rules.Readiness
    responsible: Employee | None
    confirmed_by: Employee | None
    confirmed_on: date | None
    late_sentence: str

    @property
    def may_confirm(self) -> bool:
        return self.readiness.state == rules.TO_CONFIRM


@dataclass(frozen=True, slots=True)
class SetupPage:
    """The checklist of a year."""

    year: AcademicYear
    last_day: date
    lines: tuple[SectionLine, ...]
    late: tuple[tuple[str, tuple[str, ...]], ...]
    """Who is late: short name (or «не назначен») with the titles of his sections."""

    @property
    def ready(self) -> int:
        return sum(line.readiness.state == rules.READY for line in self.lines)


def setup_page(year: AcademicYear, *, today: date, policy: Policy) -> SetupPage:
    """Return the checklist of a year on a day. A fixed number of queries."""
    last_day = rules.deadline(year.starts_on, policy=policy)
    rows = {
        row.section: row
        for row in SetupSection.objects.filter(year=year).select_related("responsible__person", "confirmed_by__person")
    }
    zone = ZoneInfo(year.organisation.time_zone)
    facts = section_facts(year, today=today, policy=policy)
    lines = []
    for section in rules.SECTIONS:
        row = rows.get(section.code)
        confirmed_on = row.confirmed_at.astimezone(zone).date() if row and row.confirmed_at else None
        found = facts[section.code]
        ready = rules.readiness(
            filled=found.filled, gaps=found.missing, needed=found.is_needed,
            confirmed_on=confirmed_on, last_day=last_day, today=today,
        )  # fmt: skip
        late = rules.late_sentence(ready.days_late, last_day=last_day)
        lines.append(
            SectionLine(
                section,
                found,
                ready,
                row.responsible if row else None,
                row.confirmed_by if row else None,
                confirmed_on,
                late if ready.is_late and ready.state != rules.READY else "",
            )
        )
    return SetupPage(year, last_day, tuple(lines), _late(lines))


def section_facts(year: AcademicYear, *, today: date, policy: Policy) -> dict[str, Facts]:
    """Return the facts of every section by code."""
    day = min(max(today, year.starts_on), year.ends_on)
    classes = sorted(SchoolClass.objects.filter(year=year), key=lambda one: class_sort_key(one.grade, one.letter))
    edition = TimetableEdition.objects.filter(year=year, starts_on__lte=day).order_by("-starts_on").first()
    edition = edition or TimetableEdition.objects.filter(year=year).order_by("starts_on").first()
    return {
        "PERIODS": _periods(year, classes),
        "BREAKS": _breaks(year, classes),
        "FEDERAL_SUBJECTS": _federal_subjects(year, classes),
        "SCHOOL_SUBJECTS": _school_subjects(year),
        "ROOMS": _rooms(year, edition),
        "EMPLOYEES": _employees(year, day),
        "CLASSES": _classes(year, classes, day),
        "GROUPS": _groups(year, day),
        "INDIVIDUAL_PLANS": _individual_plans(year, day),
        "WORKLOAD": _workload(year, day),
        "TIMETABLE": _timetable(year, edition),
        "THEMATIC_PLANS": _thematic_plans(year),
        "CONTROL_WORKS": _control_works(year, classes, policy=policy),
    }


def _gaps(*gaps: tuple[int, str, str]) -> tuple[Gap, ...]:
    return tuple(Gap(count, text, url) for count, text, url in gaps if count)


def _year_url(year: AcademicYear) -> str:
    return f"{reverse('schooling:year')}?year={year.starts_on.year}"


def _classes_url(year: AcademicYear) -> str:
    return f"{reverse('schooling:classes')}?year={year.starts_on.year}"


def _named(titles: Iterable[str]) -> str:
    """Return at most five of the titles."""
    every = list(titles)
    return ", ".join(every[:5]) + (" …" if len(every) > 5 else "")


def _periods(year: AcademicYear, classes: list[SchoolClass]) -> Facts:
    terms = list(Term.objects.filter(year=year))
    without = [one for one in classes if not any(term.grade_from <= one.grade <= term.grade_to for term in terms)]
    url = _year_url(year)
    text = _("классы без учебных периодов: %(classes)s") % {"classes": _named(one.title for one in without)}
    summary = ngettext("%(n)d период", "Периодов: %(n)d", len(terms)) % {"n": len(terms)}
    return Facts(len(terms), summary, url, _gaps((len(without), text, url)))


def _breaks(year: AcademicYear, classes: list[SchoolClass]) -> Facts:
    breaks = list(Break.objects.filter(year=year))
    bells = Bell.objects.filter(year=year).count()
    without = [one for one in classes if not any(rest.grade_from <= one.grade <= rest.grade_to for rest in breaks)]
    url = _year_url(year)
    summary = _("Каникул: %(n)d, звонков: %(bells)d") % {"n": len(breaks), "bells": bells}
    return Facts(
        len(breaks),
        summary,
        url,
        _gaps(
            (len(without), _("классы без каникул: %(c)s") % {"c": _named(one.title for one in without)}, url),
            (int(not bells), _("не внесены звонки"), url),
        ),
    )


def _federal_subjects(year: AcademicYear, classes: list[SchoolClass]) -> Facts:
    compulsory = Q(curriculum__subject__part=CurriculumPart.COMPULSORY)
    with_lines = set(SchoolClass.objects.filter(compulsory, year=year).values_list("pk", flat=True))
    subjects = Subject.objects.filter(organisation=year.organisation, part=CurriculumPart.COMPULSORY).count()
    without = [one for one in classes if one.pk not in with_lines]
    text = _("классы без учебного плана: %(classes)s") % {"classes": _named(one.title for one in without)}
    summary = _("Предметов: %(n)d") % {"n": subjects}
    return Facts(subjects, summary, _classes_url(year), _gaps((len(without), text, _classes_url(year))))


def _school_subjects(year: AcademicYear) -> Facts:
    own = Subject.objects.filter(organisation=year.organisation).exclude(part=CurriculumPart.COMPULSORY).count()
    return Facts(own, _("Предметов: %(n)d") % {"n": own}, _classes_url(year), is_needed=False)


def _rooms(year: AcademicYear, edition: TimetableEdition | None) -> Facts:
    rooms = Room.objects.filter(organisation=year.organisation).count()
    homeless = TimetableSlot.objects.filter(edition=edition, room=None).count() if edition else 0
    url = reverse("schooling:timetable")
    text = _("занятий расписания без кабинета: %(n)d") % {"n": homeless}
    return Facts(rooms, _("Кабинетов: %(n)d") % {"n": rooms}, url, _gaps((homeless, text, url)))


def _employees(year: AcademicYear, day: date) -> Facts:
    working = Employee.objects.filter(organisation=year.organisation).filter(
        Q(dismissed_on=None) | Q(dismissed_on__gt=day)
    )
    of_year = Workload.objects.filter(course__year=year, teacher=OuterRef("pk"))
    counts = working.aggregate(every=Count("pk"), without=Count("pk", filter=Exists(of_year) & Q(person__user=None)))
    url = reverse("people:accounts")
    text = _("учителей с нагрузкой, но без входа: %(n)d") % {"n": counts["without"]}
    summary = _("Сотрудников: %(n)d") % {"n": counts["every"]}
    return Facts(counts["every"], summary, url, _gaps((counts["without"], text, url)))


def _classes(year: AcademicYear, classes: list[SchoolClass], day: date) -> Facts:
    led = set(ClassTeacher.objects.filter(school_class__year=year).on(day).values_list("school_class", flat=True))
    whole = Membership.objects.filter(group__year=year, group__kind=GroupKind.WHOLE_CLASS).on(day)
    peopled = set(whole.values_list("group__school_class", flat=True))
    no_leader = [one.title for one in classes if one.pk not in led]
    empty = [one.title for one in classes if one.pk not in peopled]
    url = _classes_url(year)
    return Facts(
        len(classes),
        _("Классов: %(n)d") % {"n": len(classes)},
        url,
        _gaps(
            (len(no_leader), _("без классного руководителя: %(c)s") % {"c": _named(no_leader)}, url),
            (len(empty), _("без обучающихся: %(c)s") % {"c": _named(empty)}, url),
        ),
    )


def _groups(year: AcademicYear, day: date) -> Facts:
    members = Membership.objects.filter(group=OuterRef("pk")).on(day)
    groups = StudyGroup.objects.filter(year=year).exclude(kind__in=[GroupKind.WHOLE_CLASS, GroupKind.INDIVIDUAL])
    counts = groups.aggregate(every=Count("pk"), empty=Count("pk", filter=~Exists(members)))
    url = _classes_url(year)
    text = _("групп без обучающихся: %(n)d") % {"n": counts["empty"]}
    summary = _("Групп: %(n)d") % {"n": counts["every"]}
    return Facts(counts["every"], summary, url, _gaps((counts["empty"], text, url)), is_needed=False)


def _individual_plans(year: AcademicYear, day: date) -> Facts:
    plans = StudyGroup.objects.filter(year=year, kind=GroupKind.INDIVIDUAL, courses__isnull=False).distinct().count()
    own = Membership.objects.filter(
        pupil=OuterRef("pupil"), group__year=year, group__kind=GroupKind.INDIVIDUAL, group__courses__isnull=False
    ).on(day)
    at_home = Enrolment.objects.filter(organisation=year.organisation, form=EducationForm.HOME).on(day)
    without = at_home.filter(~Exists(own)).count()
    url = _classes_url(year)
    text = _("обучающихся на дому без индивидуального плана: %(n)d") % {"n": without}
    return Facts(plans, _("Планов: %(n)d") % {"n": plans}, url, _gaps((without, text, url)), is_needed=False)


def _workload(year: AcademicYear, day: date) -> Facts:
    taught = Workload.objects.filter(course=OuterRef("pk"), teacher__isnull=False).on(day)
    counts = Course.objects.filter(year=year).aggregate(every=Count("pk"), vacant=Count("pk", filter=~Exists(taught)))
    url = reverse("register:courses")
    text = _("журналов без учителя: %(n)d") % {"n": counts["vacant"]}
    summary = _("Журналов: %(n)d") % {"n": counts["every"]}
    return Facts(counts["every"], summary, url, _gaps((counts["vacant"], text, url)))


def _timetable(year: AcademicYear, edition: TimetableEdition | None) -> Facts:
    url = f"{reverse('control:editions')}?year={year.starts_on.year}"
    if edition is None:
        return Facts(0, _("расписание не принято"), url)
    courses = Course.objects.filter(year=year, kind=CourseKind.COMPULSORY).annotate(
        given=Count("slots", filter=Q(slots__edition=edition))
    )
    other = sum(course.given != course.weekly_hours for course in courses)
    lessons = Lesson.objects.filter(course__year=year).exists()
    slots = edition.slots.count()
    return Facts(
        slots,
        _("Занятий в неделю: %(n)d, с %(day)s") % {"n": slots, "day": f"{edition.starts_on:%d.%m.%Y}"},
        url,
        _gaps(
            (other, _("журналов, где часов в расписании не столько, сколько в плане: %(n)d") % {"n": other}, url),
            (int(not lessons), _("уроки года ещё не созданы"), url),
        ),
    )


def _thematic_plans(year: AcademicYear) -> Facts:
    topics = PlanTopic.objects.filter(course=OuterRef("pk"))
    counts = Course.objects.filter(year=year, kind=CourseKind.COMPULSORY).aggregate(
        every=Count("pk"), planned=Count("pk", filter=Exists(topics))
    )
    without = counts["every"] - counts["planned"]
    url = f"{reverse('register:programme')}?year={year.code}&only={NO_PLAN}"
    text = _("журналов без тематического плана: %(n)d") % {"n": without}
    summary = _("Планов: %(n)d из %(every)d") % {"n": counts["planned"], "every": counts["every"]}
    return Facts(counts["planned"], summary, url, _gaps((without, text, url)))


def _control_works(year: AcademicYear, classes: list[SchoolClass], *, policy: Policy) -> Facts:
    kinds = [kind.code for kind in policy.work_kinds if kind.is_control]
    controls = Task.objects.filter(lesson__course__year=year, kind__in=kinds).order_by()
    by_class = dict(controls.values_list("lesson__course__group__school_class").annotate(n=Count("pk")))
    graded = [one for one in classes if one.grade > 1]
    without = [one.title for one in graded if one.pk not in by_class]
    url = reverse("register:control_works")
    text = _("классы без единой контрольной в графике: %(c)s") % {"c": _named(without)}
    number = sum(by_class.values())
    return Facts(number, _("Контрольных работ: %(n)d") % {"n": number}, url, _gaps((len(without), text, url)))


def _late(lines: Iterable[SectionLine]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.late_sentence:
            who = line.responsible.person.short_name if line.responsible else _("ответственный не назначен")
            found.setdefault(who, []).append(line.section.title)
    return tuple((who, tuple(titles)) for who, titles in sorted(found.items(), key=lambda pair: -len(pair[1])))
