"""What stands on a page, as the ledger names it: the scopes of `{% history_of %}`."""

from collections.abc import Callable, Iterator
from itertools import islice

from django.db.models import Model, QuerySet

from letopis.accounts.models import Appointment, User
from letopis.attestation.models import CouncilDecision, YearMark
from letopis.ledger.queries import Change, history
from letopis.org.models import LocalAct, PolicyEdition
from letopis.people.models import Enrolment, Person, Pupil
from letopis.register.models import AbsenceDocument, Journal, JournalEntry, MakeUp, TermMark
from letopis.schooling.models import (
    AcademicYear,
    Break,
    CalendarDay,
    ClassTeacher,
    Course,
    CurriculumLine,
    Membership,
    PlanTopic,
    RosterCheck,
    SchoolClass,
    SetupSection,
    StudyGroup,
    Term,
    TimetableEdition,
    Workload,
)

MOST = 2000
"""The most objects whose history one page asks for. Source: the product's own."""

Rows = Iterator[QuerySet[Model]]


def _year(year: int) -> Rows:
    yield AcademicYear.objects.filter(pk=year)
    for model in (Term, Break, CalendarDay, SetupSection, TimetableEdition):
        yield model.objects.filter(year=year)


def _act(act: int) -> Rows:
    yield LocalAct.objects.filter(pk=act)
    yield PolicyEdition.objects.filter(act=act)


def _class(school_class: int) -> Rows:
    yield SchoolClass.objects.filter(pk=school_class)
    for model in (ClassTeacher, RosterCheck, CurriculumLine):
        yield model.objects.filter(school_class=school_class)
    yield StudyGroup.objects.filter(school_class=school_class)
    yield Course.objects.filter(group__school_class=school_class)
    yield Workload.objects.filter(course__group__school_class=school_class)
    yield Membership.objects.filter(group__school_class=school_class)


def _group(group: int) -> Rows:
    yield StudyGroup.objects.filter(pk=group)
    yield Course.objects.filter(group=group)
    yield Workload.objects.filter(course__group=group)
    yield Membership.objects.filter(group=group)


def _pupil(pupil: int) -> Rows:
    yield Pupil.objects.filter(pk=pupil)
    yield Person.objects.filter(pupil=pupil)
    for model in (Enrolment, Membership, AbsenceDocument):
        yield model.objects.filter(pupil=pupil)


def _account(user: int) -> Rows:
    yield User.objects.filter(pk=user)
    yield Person.objects.filter(user=user)
    yield Appointment.objects.filter(user=user)


def _plan(course: int) -> Rows:
    yield PlanTopic.objects.filter(course=course)
    yield Course.objects.filter(pk=course)


def _term_marks(course: int, term: int) -> Rows:
    pupils = Membership.objects.filter(group__courses=course).values("pupil")
    subject = Course.objects.filter(pk=course).values("subject")
    yield TermMark.objects.filter(term=term, subject__in=subject, pupil__in=pupils)


def _year_marks(course: int) -> Rows:
    pupils = Membership.objects.filter(group__courses=course).values("pupil")
    taught = Course.objects.filter(pk=course)
    yield YearMark.objects.filter(
        year__in=taught.values("year"), subject__in=taught.values("subject"), pupil__in=pupils
    )


def _council(school_class: int) -> Rows:
    pupils = Membership.objects.filter(group__school_class=school_class).values("pupil")
    year = SchoolClass.objects.filter(pk=school_class).values("year")
    yield CouncilDecision.objects.filter(year__in=year, pupil__in=pupils)


def _journal(journal: int) -> Rows:
    yield Journal.objects.filter(pk=journal)
    yield JournalEntry.objects.filter(journal=journal)


def _make_ups(course: int) -> Rows:
    yield MakeUp.objects.filter(lesson__course=course)


SCOPES: dict[str, Callable[..., Rows]] = {
    "act": _act,
    "year": _year,
    "class": _class,
    "group": _group,
    "pupil": _pupil,
    "account": _account,
    "plan": _plan,
    "term_marks": _term_marks,
    "year_marks": _year_marks,
    "council": _council,
    "journal": _journal,
    "make_ups": _make_ups,
}
"""What a page is about, and the rows that stand on it."""


def history_of(scope: str, keys: list[int]) -> list[Change]:
    """Return the changes of everything that stands on a page, the newest first. Raises KeyError for no such scope.

    One query for each table of the scope and one for the ledger, whatever the number of rows.
    """
    return history(list(islice(_names(SCOPES[scope](*keys)), MOST)))


def _names(rows: Rows) -> Iterator[str]:
    for query in rows:
        label = f"{query.model._meta.app_label}.{query.model._meta.object_name}"
        yield from (f"{label}:{key}" for key in query.order_by("-pk").values_list("pk", flat=True))
