"""Papers, notices of families and the health sheet of one class, by the verbs of the register and of schooling."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import islice
from uuid import UUID

from letopis.demo.lessons import Season
from letopis.people.access import Actor, actor_of, load_user
from letopis.people.models import Guardianship, Pupil
from letopis.register.access.classes import absences_for
from letopis.register.actions.absence_documents import DocumentValue, enter_document, send_notice
from letopis.register.models import AbsenceDocument, Attendance
from letopis.schooling.actions.health import HealthValue, record_health
from letopis.schooling.models import ClassTeacher, HealthRecord
from letopis.schooling.queries.groups import class_list

GRADE, LETTER = 8, "А"
"""The class whose teacher and families have the logins of the demo."""
DOCUMENTS = 4
KINDS = (
    (AbsenceDocument.Kind.MEDICAL, "ILL", "Городская детская поликлиника № 2"),
    (AbsenceDocument.Kind.APPLICATION, "VALID", ""),
    (AbsenceDocument.Kind.ORDER, "VALID", "Приказ школы об участии в олимпиаде"),
    (AbsenceDocument.Kind.MEDICAL, "ILL", "Городская детская поликлиника № 2"),
)


def add(season: Season, *, on: date) -> None:
    """Show absences in depth in one class. A later day adds papers of its own; the same day changes nothing."""
    led = ClassTeacher.objects.filter(
        school_class__year=season.year, school_class__grade=GRADE, school_class__letter=LETTER
    ).select_related("school_class", "employee__person")
    leader = led.on(on).first()
    if leader is None or leader.employee.person.user_id is None or on >= season.year.ends_on:
        return
    actor = _actor(leader.employee.person.user_id, on=on)
    at = datetime.combine(on, time(14), season.zone)
    _enter_documents(actor, leader.school_class.code, on=on, at=at)
    pupils = class_list(leader.school_class, on)
    _keep_health(season, actor, pupils)
    _send_notice(pupils, on=on, at=at - timedelta(hours=7))


def _enter_documents(actor: Actor, code: UUID, *, on: date, at: datetime) -> None:
    """Enter a paper for the longest absences of the last weeks."""
    opened = absences_for(actor, code)
    rows = Attendance.objects.filter(
        event=Attendance.Event.ABSENT,
        lesson__on__range=(on - timedelta(days=20), on),
        lesson__course__group__school_class=opened.school_class,
    ).values_list("pupil_id", "lesson__on")
    days: dict[int, set[date]] = defaultdict(set)
    for pupil, day in rows:
        days[pupil].add(day)
    longest = sorted(days, key=lambda pupil: (-len(days[pupil]), pupil))
    pupils = Pupil.objects.in_bulk(longest[:DOCUMENTS])
    for number, pk in enumerate(islice(longest, DOCUMENTS)):
        kind, reason, issuer = KINDS[number]
        value = DocumentValue(
            kind=kind,
            reason=reason,
            starts_on=min(days[pk]),
            ends_on=max(days[pk]),
            number=f"{117 + number}",
            issuer=issuer,
            issued_on=max(days[pk]),
        )
        enter_document(opened, pupil=pupils[pk], value=value, at=at)


def _keep_health(season: Season, actor: Actor, pupils: list[Pupil]) -> None:
    starts = season.year.starts_on
    at = datetime.combine(starts, time(15), season.zone)
    groups = HealthRecord.PhysicalGroup
    for number, pupil in enumerate(pupils):
        value = HealthValue(
            physical_group=groups.PREPARATORY if number % 7 == 3 else groups.MAIN,
            starts_on=starts,
            health_group=1 + number % 3,
            seat="Первая парта" if number % 9 == 4 else "",
        )
        if number == 5:
            value = HealthValue(
                physical_group=groups.EXEMPT,
                starts_on=starts,
                health_group=3,
                basis=f"Справка № 64 от {starts:%d.%m.%Y}",
            )
        record_health(pupil, value=value, by=actor.author, at=at)


def _send_notice(pupils: list[Pupil], *, on: date, at: datetime) -> None:
    """Let the first family with a login write of tomorrow; nobody has decided it yet."""
    link = (
        Guardianship.objects.filter(pupil__in=[pupil.pk for pupil in pupils], guardian__person__user__isnull=False)
        .select_related("pupil", "guardian__person")
        .order_by("pk")
        .first()
    )
    if link is None:
        return
    actor = _actor(link.guardian.person.user_id or 0, on=on)
    day = on + timedelta(days=1)
    send_notice(actor, pupil=link.pupil, first=day, last=day, reason="VALID", text="Приём у врача утром", at=at)


def _actor(user: int, *, on: date) -> Actor:
    return actor_of(load_user(user), today=on)
