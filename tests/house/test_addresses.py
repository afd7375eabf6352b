"""The access matrix: every address with every member of the cast; an address without a row fails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from letopis.archive.models import Package
from letopis.exchange.models import ImportRun
from letopis.ledger.models import Checkpoint, TimeStamp
from letopis.notices.models import Notice
from letopis.org.actions.policy import prepare_policy
from letopis.org.models import LocalAct
from letopis.register.models import (
    AbsenceDocument,
    AbsenceNotice,
    Correction,
    Homework,
    HomeworkFile,
    Journal,
    JournalEntry,
    Lesson,
    MakeUp,
    OutsideStatement,
    Recommendation,
    Remark,
    Substitution,
    Task,
)
from letopis.schooling.models import Course, DistancePeriod, PlanTopic, StudyGroup, Term
from tests import factories as make
from tests.cast import MEMBERS, TODAY, Cast
from tests.factories import moment
from tests.org import acts

OFFICE = {"deputy", "director", "clerk", "archivist", "administrator"}
EMPLOYEES = {"teacher", "substitute", "class_teacher", *OFFICE}
EVERYONE = set(MEMBERS)
SEE_8A = {"teacher", "class_teacher", "deputy", "director"}
"""Who sees the algebra of 8А."""
SEE_RESULTS_8A = SEE_8A | {"substitute", "clerk", "archivist"}
ACCOUNT_READERS = {"director", "administrator"}


@dataclass(frozen=True)
class Row:
    """Who gets what at an address: 2xx/3xx for `sees`, 403 for `forbidden`, 404 for everybody else.

    arguments: of the address, from the cast. data: of a POST.
    """

    sees: set[str]
    forbidden: set[str] = field(default_factory=set)
    arguments: Callable[[Cast], dict[str, Any]] = lambda cast: {}
    query: str = ""
    method: str = "get"
    data: Callable[[Cast], Any] = lambda cast: {}
    content_type: str = ""
    anonymous: bool = False
    signed_out: int = 302
    """Status for one who is not signed in: the way to the door, or 401 where a script asks."""


def import_run(cast: Cast) -> dict[str, Any]:
    run = ImportRun.objects.create(
        organisation=cast.organisation,
        file_name="school.xlsx",
        digest="0",
        state=ImportRun.State.REFUSED,
        report={"sheets": {}, "problems": [], "conflicts": [], "vanished": [], "ignored": []},
        uploaded_at=moment(TODAY),
        uploaded_by="Березина Т. Е.",
    )
    return {"code": run.code}


IMPORTERS = {"administrator", "clerk", "director"}


def teachers_account(cast: Cast) -> dict[str, Any]:
    return {"code": cast.users["teacher"].code}


def lesson(cast: Cast) -> dict[str, Any]:
    return {"code": cast.today_lesson.code}


def a_substitution(cast: Cast) -> dict[str, Any]:
    """Орлова gives a lesson of Копылова, a week later than the lesson of the other rows."""
    lesson = cast.lessons[-1]
    row, _ = Substitution.objects.get_or_create(
        organisation=cast.organisation,
        lesson=lesson,
        kind=Substitution.Kind.OTHER_TEACHER,
        defaults={
            "absent_teacher": cast.teacher, "acting_teacher": cast.substitute, "old_on": lesson.on,
            "old_number": lesson.number, "reason": "Болезнь", "made_at": moment(TODAY),
        },
    )  # fmt: skip
    return {"code": row.code}


def algebra(cast: Cast) -> dict[str, Any]:
    return {"code": cast.algebra.code}


def homework_file(cast: Cast) -> dict[str, Any]:
    homework, _ = Homework.objects.get_or_create(lesson=cast.today_lesson, organisation=cast.organisation)
    file, _ = HomeworkFile.objects.get_or_create(
        homework=homework, organisation=cast.organisation, name="задачи.pdf", defaults={"size": 1, "digest": "0"}
    )
    if not file.file:
        file.file.save("homework/test", ContentFile(b"1"))
    return {"code": file.code}


def recommendation(cast: Cast) -> dict[str, Any]:
    row, _ = Recommendation.objects.get_or_create(
        organisation=cast.organisation,
        pupil=cast.polina,
        author=cast.teacher,
        defaults={"text": "Повторите формулы", "on": TODAY, "put_at": moment(TODAY)},
    )
    return {"code": row.code}


def control_work(cast: Cast) -> dict[str, Any]:
    task = cast.today_lesson.tasks.get()
    Task.objects.filter(pk=task.pk).update(kind="КР")
    return {"code": task.code}


def distance_period(cast: Cast) -> dict[str, Any]:
    row, _ = DistancePeriod.objects.get_or_create(
        organisation=cast.organisation, year=cast.year, starts_on=TODAY, basis="Приказ № 12"
    )
    return {"code": row.code}


def a_cell(cast: Cast) -> dict[str, Any]:
    return {"task": cast.today_lesson.tasks.get().code, "pupil": cast.polina.code}


PLAN_8A = {"teacher", "deputy", "director"}
"""Who changes the thematic plan of the algebra of 8А."""


def plan_topic(cast: Cast) -> dict[str, Any]:
    topic, _ = PlanTopic.objects.get_or_create(
        organisation=cast.organisation, course=cast.algebra, position=1, title="Корни", hours=2
    )
    return {"code": cast.algebra.code, "topic": topic.code}


GROUP_KEEPERS = {"administrator", "deputy", "director"}
CALENDAR_KEEPERS = {"administrator", "deputy", "director"}


def class_8a(cast: Cast) -> dict[str, Any]:
    return {"code": cast.class_8a.code}


def class_in_term(cast: Cast) -> dict[str, Any]:
    return {"code": cast.class_8a.code, "term": cast.term.code}


def a_ready_class(cast: Cast) -> dict[str, Any]:
    """7А has no course, so that its first quarter lacks nothing."""
    return {"code": cast.class_7a.code, "term": Term.objects.get(year=cast.year, kind="QUARTER", number=1).code}


def pupil_of_8a(cast: Cast) -> dict[str, Any]:
    return {"code": cast.class_8a.code, "pupil": cast.polina.code}


def a_year(cast: Cast) -> dict[str, Any]:
    return {"code": cast.year.code}


def a_club(cast: Cast) -> Course:
    """A club of the teacher, with Polina in it."""
    course = Course.objects.filter(group__kind="CLUB").first()
    if course is None:
        group = StudyGroup.objects.create(
            organisation=cast.organisation, year=cast.year, kind="CLUB", name="Шахматы, 7–8 классы"
        )
        subject = make.make_subject(cast.organisation, "Шахматы", part="EXTRACURRICULAR", scale="UNGRADED")
        course = make.make_course(group, subject, teacher=cast.teacher, kind="EXTRACURRICULAR", weekly_hours=1)
        make.join(group, cast.polina)
    return course


def club(cast: Cast) -> dict[str, Any]:
    return {"code": a_club(cast).group.code}


def an_extra_lesson(cast: Cast) -> dict[str, Any]:
    lesson = Lesson.objects.create(
        organisation=cast.organisation, course=a_club(cast), on=TODAY, number=Lesson.objects.count(),
        teacher=cast.teacher, is_extra=True,
    )  # fmt: skip
    return {"code": lesson.code}


def a_journal(cast: Cast) -> dict[str, Any]:
    row, _ = Journal.objects.get_or_create(
        organisation=cast.organisation, year=cast.year, title="Олимпиады",
        defaults={"keeper": cast.teacher, "columns": ["Результат"]},
    )  # fmt: skip
    return {"code": row.code}


def a_journal_line(cast: Cast) -> dict[str, Any]:
    journal = Journal.objects.get(code=a_journal(cast)["code"])
    row, _ = JournalEntry.objects.get_or_create(
        organisation=cast.organisation, journal=journal, number=1,
        defaults={"on": TODAY, "values": ["призёр"], "put_at": moment(TODAY)},
    )  # fmt: skip
    return {"code": row.code}


def a_package(cast: Cast) -> dict[str, Any]:
    """A package whose files were lost: every page of it still answers."""
    row, _ = Package.objects.get_or_create(
        organisation=cast.organisation,
        object_id="school-school_2026-27_register_8A",
        defaults={
            "kind": Package.Kind.REGISTER, "title": "Классный журнал 8А", "year_starts": 2026, "class_title": "8А",
            "path": "lost/lost", "version": 1, "files": 1, "size": 1, "manifest_digest": "0" * 128,
            "built_at": moment(TODAY),
        },
    )  # fmt: skip
    return {"code": row.code}


ABSENCES_8A = {"class_teacher", "deputy", "director"}
"""Who sees the absences of 8А; the class teacher sets their reasons."""
NOT_ABSENCES = EMPLOYEES - ABSENCES_8A
NOT_SETTERS = EMPLOYEES - {"class_teacher"}


def a_document(cast: Cast) -> dict[str, Any]:
    document, _ = AbsenceDocument.objects.get_or_create(
        organisation=cast.organisation, pupil=cast.polina, kind="MEDICAL", reason="ILL", starts_on=TODAY, ends_on=TODAY,
        defaults={"entered_at": moment(TODAY)},
    )  # fmt: skip
    return {"code": cast.class_8a.code, "document": document.code}


def a_notice(cast: Cast) -> dict[str, Any]:
    notice, _ = AbsenceNotice.objects.get_or_create(
        organisation=cast.organisation, pupil=cast.polina, sent_by=cast.users["mother"].person, reason="ILL",
        starts_on=TODAY, ends_on=TODAY, defaults={"sent_at": moment(TODAY)},
    )  # fmt: skip
    return {"code": cast.class_8a.code, "notice": notice.code}


def a_make_up(cast: Cast) -> dict[str, Any]:
    """The protocol of the first lesson."""
    row, _ = MakeUp.objects.get_or_create(
        organisation=cast.organisation, lesson=cast.lessons[0], pupil=cast.polina, teacher=cast.teacher,
        defaults={"held_on": TODAY, "topic": "Корни", "made_at": moment(TODAY)},
    )  # fmt: skip
    return {"code": row.code}


def a_statement(cast: Cast) -> dict[str, Any]:
    row, _ = OutsideStatement.objects.get_or_create(
        organisation=cast.organisation, pupil=cast.polina, year=cast.year, school="Гимназия",
        defaults={"entered_at": moment(TODAY)},
    )  # fmt: skip
    return pupil_of_8a(cast) | {"statement": row.code}


SEE_STATEMENTS = {"class_teacher", "deputy", "director", "clerk"}
LEDGER_READERS = {"administrator", "deputy", "director"}


def a_checkpoint(cast: Cast) -> dict[str, Any]:
    row, _ = Checkpoint.objects.get_or_create(
        organisation=cast.organisation.code, size=1, root=b"0" * 32, note="note", at=moment(TODAY)
    )
    return {"code": row.code}


def a_time_stamp(cast: Cast) -> dict[str, Any]:
    checkpoint = Checkpoint.objects.get(**a_checkpoint(cast))
    row, _ = TimeStamp.objects.get_or_create(
        checkpoint=checkpoint, service="https://tsa.example/", nonce="1", at=moment(TODAY), reply=b"0"
    )
    return {"code": row.code}


def a_remark(cast: Cast) -> dict[str, Any]:
    row, _ = Remark.objects.get_or_create(
        organisation=cast.organisation,
        course=cast.algebra,
        teacher=cast.teacher,
        defaults={"text": "Не записана тема", "due_on": TODAY, "made_at": moment(TODAY)},
    )
    return {"code": row.code}


def a_reminder(cast: Cast) -> dict[str, Any]:
    row, _ = Notice.objects.get_or_create(
        organisation_code=cast.organisation.code,
        recipient=cast.users["teacher"].code,
        key="duties",
        defaults={"kind": "DUTIES", "title": "Просрочено: 1", "url": "/day/", "created_at": moment(TODAY)},
    )
    return {"code": row.code}


FAMILIES = {"mother", "father", "pupil", "other_parent"}
STAFF = EMPLOYEES | {"foreign_teacher"}
DRAFTERS = {"director", "deputy", "administrator"}
SIGN_KEEPERS = DRAFTERS | {"clerk"}
POLICY_FILE = b"""[edition]
act = "a"
title = "b"
in_force_from = 2026-12-01
[values.remark_days]
value = 5
clause = "1"
"""


def an_act(cast: Cast) -> dict[str, Any]:
    """An act in force, with a file, marked for the site."""
    act = LocalAct.objects.filter(organisation=cast.organisation, state="IN_FORCE").first()
    if act is None:
        act = acts.adopted(cast.organisation)
        stored = default_storage.save("acts/test", ContentFile(b"1"))
        LocalAct.objects.filter(pk=act.pk).update(is_published=True, file=stored, file_name="акт.pdf")
    return {"code": act.code}


def a_draft(cast: Cast) -> dict[str, Any]:
    """A draft that is to decide a rule."""
    act = acts.draft(cast.organisation)
    prepare_policy(act, stated={"remark_days": {"value": 5, "clause": "1"}}, **acts.told(cast.organisation))
    return {"code": act.code}


def a_correction(cast: Cast) -> dict[str, Any]:
    """The teacher asks for a correction in the first lesson."""
    lesson = cast.lessons[0]
    row, _ = Correction.objects.get_or_create(
        organisation=cast.organisation, kind="MARK", course=cast.algebra, lesson=lesson, task=lesson.tasks.get(),
        pupil=cast.polina, requested_by=cast.teacher,
        defaults={"new_value": "4", "reason": "Ошибка", "requested_at": moment(TODAY)},
    )  # fmt: skip
    return {"code": row.code}


def a_first_cell(cast: Cast) -> dict[str, Any]:
    return {"task": cast.lessons[0].tasks.get().code, "pupil": cast.polina.code}


ROWS: dict[str, Row] = {
    "register:corrections": Row(EMPLOYEES | {"foreign_teacher"}),
    "register:ask_correction": Row({"teacher"}, forbidden=SEE_8A - {"teacher"}, data=a_first_cell),
    "register:correction": Row(SEE_8A, arguments=a_correction),
    "register:correction_pdf": Row(SEE_8A, arguments=a_correction),
    "register:approve_correction": Row(
        {"deputy", "director"}, forbidden={"teacher", "class_teacher"}, arguments=a_correction, method="post"
    ),
    "register:decline_correction": Row(
        {"deputy", "director"},
        forbidden={"teacher", "class_teacher"},
        arguments=a_correction,
        method="post",
        data=lambda cast: {"reason": "Нет"},
    ),
    "register:withdraw_correction": Row(
        {"teacher"}, forbidden=SEE_8A - {"teacher"}, arguments=a_correction, method="post"
    ),
    "control:acts": Row(STAFF | FAMILIES),
    "control:act": Row(EMPLOYEES | FAMILIES, arguments=an_act),
    "control:act_file": Row(EMPLOYEES | FAMILIES, arguments=an_act),
    "control:acts_zip": Row(DRAFTERS, forbidden=STAFF - DRAFTERS),
    "control:decisions": Row(STAFF),
    "control:new_act": Row(DRAFTERS, forbidden=STAFF - DRAFTERS),
    "control:change_act": Row(DRAFTERS, forbidden=EMPLOYEES - DRAFTERS, arguments=a_draft),
    "control:amend_act": Row(DRAFTERS, forbidden=(EMPLOYEES - DRAFTERS), arguments=an_act, method="post"),
    "control:adopt_act": Row({"director"}, forbidden=EMPLOYEES - {"director"}, arguments=a_draft),
    "control:withdraw_act": Row({"director"}, forbidden=EMPLOYEES - {"director"}, arguments=a_draft, method="post"),
    "control:publish_act": Row({"director"}, forbidden=EMPLOYEES - {"director"}, arguments=a_draft, method="post"),
    "control:know_act": Row(EMPLOYEES, arguments=an_act, method="post"),
    "control:enter_paper": Row(SIGN_KEEPERS, forbidden=EMPLOYEES - SIGN_KEEPERS, arguments=an_act, method="post"),
    "control:sheet_pdf": Row(SIGN_KEEPERS, forbidden=EMPLOYEES - SIGN_KEEPERS, arguments=an_act),
    "control:sheet_csv": Row(SIGN_KEEPERS, forbidden=EMPLOYEES - SIGN_KEEPERS, arguments=an_act),
    "control:rules": Row(STAFF),
    "control:rule_editions": Row(STAFF),
    "control:compare_rules": Row(STAFF),
    "control:rules_file": Row(STAFF, arguments=lambda cast: {"side": "model"}),
    "control:rules_json": Row(STAFF, arguments=lambda cast: {"side": "now"}),
    "control:new_rules": Row(DRAFTERS, forbidden=STAFF - DRAFTERS),
    "control:upload_rules": Row(
        DRAFTERS,
        forbidden=STAFF - DRAFTERS,
        method="post",
        data=lambda cast: {"file": SimpleUploadedFile("rules.toml", POLICY_FILE)},
    ),
    "control:draft_rules": Row(DRAFTERS, forbidden=EMPLOYEES - DRAFTERS, arguments=a_draft),
    "control:preview_rules": Row(DRAFTERS, forbidden=EMPLOYEES - DRAFTERS, arguments=a_draft),
    "notices:notices": Row(EVERYONE),
    "notices:read_all": Row(EVERYONE, method="post"),
    "notices:read": Row({"teacher"}, arguments=a_reminder, method="post"),
    "register:remarks": Row(EMPLOYEES | {"foreign_teacher"}),
    "register:remarks_csv": Row(EMPLOYEES | {"foreign_teacher"}),
    "register:remarks_pdf": Row(
        {"deputy", "director"}, forbidden=(EMPLOYEES | {"foreign_teacher"}) - {"deputy", "director"}
    ),
    "register:new_remark": Row(
        {"deputy", "director"},
        forbidden=SEE_8A - {"deputy", "director"},
        method="post",
        data=lambda cast: {"course": cast.algebra.code, "text": "Не записана тема"},
    ),
    "register:remark": Row(SEE_8A, arguments=a_remark),
    "register:review": Row(SEE_8A, arguments=algebra),
    "register:review_pdf": Row(SEE_8A, arguments=algebra),
    "register:make_ups": Row(SEE_8A, arguments=algebra),
    "register:make_up": Row(SEE_8A, arguments=lambda cast: {"code": cast.lessons[0].code, "pupil": cast.polina.code}),
    "register:make_up_pdf": Row(SEE_8A, arguments=a_make_up),
    "register:withdraw_make_up": Row({"teacher"}, forbidden=SEE_8A - {"teacher"}, arguments=a_make_up, method="post"),
    "register:postponed": Row(EMPLOYEES | {"foreign_teacher"}),
    "register:postpone": Row(SEE_8A, arguments=lambda cast: algebra(cast) | {"pupil": cast.polina.code}, method="post"),
    "register:outside": Row(SEE_STATEMENTS, forbidden=EMPLOYEES - SEE_STATEMENTS, arguments=pupil_of_8a),
    "register:statement_pdf": Row(SEE_STATEMENTS, forbidden=EMPLOYEES - SEE_STATEMENTS, arguments=pupil_of_8a),
    "register:withdraw_outside": Row(
        SEE_STATEMENTS, forbidden=EMPLOYEES - SEE_STATEMENTS, arguments=a_statement, method="post"
    ),
    "schooling:health": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=class_8a),
    "schooling:health_pupil": Row({"class_teacher"}, forbidden=NOT_SETTERS, arguments=pupil_of_8a),
    "register:absences": Row(EMPLOYEES | {"foreign_teacher"}),
    "register:school_absences": Row({"deputy", "director"}),
    "register:attendance_gaps": Row({"class_teacher", "substitute", "deputy", "director"}),
    "register:absence_week": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=class_8a),
    "register:absence_day": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=class_8a),
    "register:absence_unset": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=class_8a),
    "register:absence_pupil": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=pupil_of_8a),
    "register:absence_span": Row({"class_teacher"}, forbidden=NOT_SETTERS, arguments=class_8a, method="post"),
    "register:absence_undo": Row({"class_teacher"}, forbidden=NOT_SETTERS, arguments=class_8a, method="post"),
    "register:absence_documents": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=class_8a),
    "register:absence_withdraw": Row({"class_teacher"}, forbidden=NOT_SETTERS, arguments=a_document, method="post"),
    "register:absence_notices": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=class_8a),
    "register:absence_decide": Row({"class_teacher"}, forbidden=NOT_SETTERS, arguments=a_notice, method="post"),
    "register:absence_totals": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=class_8a),
    "register:absence_totals_pdf": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=class_8a),
    "register:absence_totals_file": Row(
        ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=lambda cast: class_8a(cast) | {"kind": "csv"}
    ),
    "register:absence_missed_pdf": Row(ABSENCES_8A, forbidden=NOT_ABSENCES, arguments=class_8a),
    "diary:absence": Row({"mother", "father", "other_parent"}, forbidden={"pupil"}),
    "diary:withdraw_notice": Row(
        {"mother"},
        arguments=lambda cast: {"code": AbsenceNotice.objects.get(code=a_notice(cast)["notice"]).code},
        method="post",
    ),
    "control:my_day": Row(EMPLOYEES | {"foreign_teacher"}),
    "control:my_duties": Row(EMPLOYEES | {"foreign_teacher"}),
    "diary:week": Row({"mother", "father", "pupil", "other_parent"}),
    "diary:progress": Row({"mother", "father", "pupil", "other_parent"}),
    "diary:progress_subject": Row(
        # The other parent's child is taught the same algebra: he sees his own child's, whatever the address.
        {"mother", "father", "pupil", "other_parent"},
        arguments=lambda cast: {"subject": cast.algebra.subject.code},
    ),
    "diary:teachers": Row({"mother", "father", "pupil", "other_parent"}),
    "diary:homework_file": Row({"mother", "pupil", "other_parent"}, arguments=homework_file),
    "register:courses": Row(SEE_8A | {"substitute", "foreign_teacher"}),
    "register:lesson": Row(SEE_8A, arguments=lesson),
    "register:topic_row": Row(SEE_8A, arguments=lesson),
    "register:topics": Row(SEE_8A, arguments=algebra),
    "register:programme": Row(SEE_8A | {"substitute", "foreign_teacher"}),
    "register:plan": Row(SEE_8A, arguments=algebra),
    "register:plan_add": Row(PLAN_8A, forbidden=SEE_8A - PLAN_8A, arguments=algebra),
    "register:plan_topic": Row(PLAN_8A, forbidden=SEE_8A - PLAN_8A, arguments=plan_topic),
    "register:plan_distribute": Row(PLAN_8A, forbidden=SEE_8A - PLAN_8A, arguments=algebra),
    "register:plan_lay": Row(PLAN_8A, forbidden=SEE_8A - PLAN_8A, arguments=algebra, method="post"),
    "register:plan_corrections": Row(SEE_8A, arguments=algebra),
    "register:plan_corrections_pdf": Row(SEE_8A, arguments=algebra),
    "exchange:plans": Row({"teacher", "substitute", "class_teacher", "deputy", "director"}),
    "register:homework_file": Row(SEE_8A, arguments=homework_file),
    "exchange:imports": Row(IMPORTERS),
    "exchange:import_run": Row(IMPORTERS, arguments=import_run),
    "exchange:confirm": Row(IMPORTERS, arguments=import_run, method="post"),
    "schooling:year": Row(EMPLOYEES | {"foreign_teacher"}),
    "schooling:timetable": Row(EMPLOYEES | {"foreign_teacher"}),
    "schooling:classes": Row(EMPLOYEES | {"foreign_teacher"}),
    "schooling:school_class": Row(EMPLOYEES - {"archivist"}, forbidden={"archivist"}, arguments=class_8a),
    "schooling:check_roster": Row(
        {"class_teacher"}, forbidden=EMPLOYEES - {"class_teacher"}, arguments=class_8a, method="post"
    ),
    "control:pupil": Row(
        {"clerk", "deputy", "director", "class_teacher"},
        forbidden={"teacher", "substitute", "administrator", "archivist"},
        arguments=pupil_of_8a,
    ),
    "control:calendar_day": Row(CALENDAR_KEEPERS, forbidden=EMPLOYEES - CALENDAR_KEEPERS),
    "control:proposed_days": Row(CALENDAR_KEEPERS, forbidden=EMPLOYEES - CALENDAR_KEEPERS),
    "control:editions": Row(CALENDAR_KEEPERS, forbidden=EMPLOYEES - CALENDAR_KEEPERS),
    "control:change_timetable": Row(CALENDAR_KEEPERS, forbidden=EMPLOYEES - CALENDAR_KEEPERS),
    "control:setup": Row(CALENDAR_KEEPERS, forbidden=EMPLOYEES - CALENDAR_KEEPERS),
    "control:confirm_section": Row(
        CALENDAR_KEEPERS,
        forbidden=EMPLOYEES - CALENDAR_KEEPERS,
        arguments=lambda cast: {"section": "ROOMS"},
        method="post",
    ),
    "control:assign_section": Row(
        CALENDAR_KEEPERS,
        forbidden=EMPLOYEES - CALENDAR_KEEPERS,
        arguments=lambda cast: {"section": "ROOMS"},
        method="post",
    ),
    "control:closing": Row({"deputy", "director"}, forbidden=EMPLOYEES - {"deputy", "director"} | {"foreign_teacher"}),
    "control:close_ready": Row(
        {"deputy", "director"},
        forbidden=EMPLOYEES - {"deputy", "director"} | {"foreign_teacher"},
        method="post",
    ),
    "control:closing_class": Row(
        {"deputy", "director"}, forbidden=EMPLOYEES - {"deputy", "director"}, arguments=class_in_term
    ),
    "control:close_period": Row(
        {"deputy", "director"}, forbidden=EMPLOYEES - {"deputy", "director"}, arguments=a_ready_class, method="post"
    ),
    "control:reopen_period": Row(
        {"director"}, forbidden=EMPLOYEES - {"director"}, arguments=class_in_term, method="post"
    ),
    "control:close_year": Row({"deputy", "director"}, forbidden=EMPLOYEES - {"deputy", "director"}, arguments=a_year),
    "control:reopen_year": Row({"director"}, forbidden=EMPLOYEES - {"director"}, arguments=a_year, method="post"),
    "control:enrol": Row(
        {"clerk", "deputy", "director"},
        forbidden=EMPLOYEES - {"clerk", "deputy", "director"},
        arguments=class_8a,
    ),
    "control:class_teachers": Row(GROUP_KEEPERS, forbidden=EMPLOYEES - GROUP_KEEPERS, arguments=class_8a),
    "control:leader": Row(GROUP_KEEPERS, forbidden=EMPLOYEES - GROUP_KEEPERS, arguments=class_8a),
    "control:plan": Row(
        GROUP_KEEPERS | {"class_teacher", "clerk"},
        forbidden={"teacher", "substitute", "archivist"},
        arguments=pupil_of_8a,
    ),
    "control:combined": Row(GROUP_KEEPERS, forbidden=EMPLOYEES - GROUP_KEEPERS),
    "control:give_course": Row(GROUP_KEEPERS, forbidden=EMPLOYEES - GROUP_KEEPERS, arguments=algebra),
    "control:groups": Row(EMPLOYEES | {"foreign_teacher"}),
    "control:new_group": Row(GROUP_KEEPERS, forbidden=EMPLOYEES - GROUP_KEEPERS),
    "control:group": Row(
        GROUP_KEEPERS | {"teacher", "clerk"}, forbidden={"substitute", "class_teacher", "archivist"}, arguments=club
    ),
    "control:group_member": Row(
        GROUP_KEEPERS,
        forbidden=EMPLOYEES - GROUP_KEEPERS,
        arguments=lambda cast: club(cast) | {"pupil": cast.polina.code},
    ),
    "control:remove_extra": Row(
        GROUP_KEEPERS | {"teacher"},
        forbidden=EMPLOYEES - GROUP_KEEPERS - {"teacher"},
        arguments=an_extra_lesson,
        method="post",
    ),
    "register:sessions": Row(SEE_8A, arguments=algebra),
    "register:journals": Row(
        {"teacher", "substitute", "class_teacher", "deputy", "director", "foreign_teacher"},
    ),
    "register:new_journal": Row(
        {"deputy", "director"}, forbidden={"teacher", "substitute", "class_teacher", "foreign_teacher"}
    ),
    "register:journal": Row({"teacher", "deputy", "director"}, arguments=a_journal),
    "register:journal_pdf": Row({"teacher", "deputy", "director"}, arguments=a_journal),
    "register:journal_csv": Row({"teacher", "deputy", "director"}, arguments=a_journal),
    "register:close_journal": Row({"deputy", "director"}, forbidden={"teacher"}, arguments=a_journal, method="post"),
    "register:strike_line": Row({"teacher", "deputy", "director"}, arguments=a_journal_line),
    "register:term_marks": Row(SEE_8A, arguments=algebra),
    "register:why": Row(SEE_8A, arguments=lambda cast: algebra(cast) | {"pupil": cast.polina.code}),
    "register:day_load": Row(SEE_8A, arguments=lesson, query="?due=2026-11-20"),
    "register:lesson_homework": Row(SEE_8A, arguments=lesson),
    "register:class_homework": Row(SEE_8A | {"substitute", "foreign_teacher"}),
    "register:recommendations": Row(SEE_8A | {"substitute", "foreign_teacher"}),
    "register:withdraw_recommendation": Row(
        {"teacher", "deputy", "director"}, forbidden={"class_teacher"}, arguments=recommendation, method="post"
    ),
    "register:control_works": Row(EMPLOYEES | {"foreign_teacher"}),
    "register:control_works_pdf": Row(EMPLOYEES),
    "register:control_works_csv": Row(EMPLOYEES),
    "register:place_control_work": Row(SEE_8A | {"substitute"}),
    "register:withdraw_control_work": Row(
        SEE_8A - {"class_teacher"}, forbidden={"class_teacher"}, arguments=control_work, method="post"
    ),
    "schooling:distance": Row(EMPLOYEES | {"foreign_teacher"}),
    "schooling:distance_end": Row(
        {"deputy", "director"},
        forbidden=EMPLOYEES - {"deputy", "director"},
        arguments=distance_period,
        method="post",
        data=lambda cast: {"ends_on": "2026-11-20"},
    ),
    "diary:homework_opened": Row({"pupil"}, forbidden={"mother", "father", "other_parent"}, method="post"),
    "diary:homework_done": Row(
        {"pupil"},
        forbidden={"mother", "father", "other_parent"},
        arguments=lesson,
        method="post",
        data=lambda cast: {"done": "1"},
    ),
    "register:print": Row(SEE_8A, arguments=algebra),
    "control:change_break": Row(CALENDAR_KEEPERS, forbidden=EMPLOYEES - CALENDAR_KEEPERS),
    "control:history": Row(set()),
    "control:ledger": Row(LEDGER_READERS),
    "control:ledger_check": Row(LEDGER_READERS, method="post"),
    "control:issue_checkpoint": Row(LEDGER_READERS, method="post"),
    "control:checkpoint": Row(LEDGER_READERS, arguments=a_checkpoint),
    "control:time_stamp": Row(LEDGER_READERS, arguments=a_time_stamp),
    "control:ledger_key": Row(LEDGER_READERS),
    "control:events": Row(LEDGER_READERS),
    "control:unfilled": Row(
        {"deputy", "director"}, forbidden=(EMPLOYEES | {"foreign_teacher"}) - {"deputy", "director"}
    ),
    "control:board": Row({"deputy", "director"}, forbidden=(EMPLOYEES | {"foreign_teacher"}) - {"deputy", "director"}),
    "control:duties": Row({"deputy", "director"}, forbidden=(EMPLOYEES | {"foreign_teacher"}) - {"deputy", "director"}),
    "register:substitutions": Row(EMPLOYEES | {"foreign_teacher"}),
    "register:substitution_plan": Row(
        {"deputy", "director"}, forbidden=(EMPLOYEES | {"foreign_teacher"}) - {"deputy", "director"}
    ),
    "register:substitutions_pdf": Row(
        {"deputy", "director"}, forbidden=(EMPLOYEES | {"foreign_teacher"}) - {"deputy", "director"}
    ),
    "register:substitutions_csv": Row(
        {"deputy", "director"}, forbidden=(EMPLOYEES | {"foreign_teacher"}) - {"deputy", "director"}
    ),
    "register:withdraw_substitution": Row(
        {"deputy", "director"}, forbidden={"teacher", "substitute"}, arguments=a_substitution, method="post"
    ),
    "register:acknowledge_substitution": Row(
        {"teacher", "substitute", "deputy", "director"}, arguments=a_substitution, method="post"
    ),
    "attestation:classes": Row(EMPLOYEES | {"foreign_teacher"}),
    "attestation:year_marks": Row(SEE_8A, arguments=algebra),
    "attestation:year_why": Row(SEE_8A, arguments=lambda cast: algebra(cast) | {"pupil": cast.polina.code}),
    "attestation:forecast": Row(
        {"class_teacher", "deputy", "director"},
        forbidden={"teacher", "substitute", "clerk", "archivist"},
        arguments=class_8a,
    ),
    "attestation:statement": Row(SEE_RESULTS_8A, arguments=class_8a),
    "attestation:statement_pdf": Row(SEE_RESULTS_8A, arguments=class_8a),
    "attestation:decisions": Row(
        {"deputy", "director"},
        forbidden=SEE_RESULTS_8A - {"deputy", "director"},
        arguments=class_8a,
        method="post",
        data=lambda cast: {"protocol_number": "9", "protocol_on": "2026-11-16", "common": "PROMOTED"},
    ),
    "attestation:class_register_pdf": Row(
        {"class_teacher", "deputy", "director", "archivist"},
        forbidden={"teacher", "substitute", "clerk"},
        arguments=class_8a,
    ),
    "home": Row(EVERYONE),
    "set_language": Row(EVERYONE, method="post", data=lambda cast: {"language": "ru"}, anonymous=True),
    "accounts:sign_in": Row(EVERYONE, anonymous=True),
    "accounts:password": Row(EVERYONE),
    "people:accounts": Row(ACCOUNT_READERS),
    "people:give_access": Row({"administrator"}, forbidden={"director"}, query="?person=none"),
    "people:account": Row(ACCOUNT_READERS, arguments=teachers_account),
    "people:reset_password": Row({"administrator"}, forbidden={"director"}, arguments=teachers_account),
    "people:close_account": Row({"administrator"}, forbidden={"director"}, arguments=teachers_account),
    "people:reopen_account": Row({"administrator"}, forbidden={"director"}, arguments=teachers_account),
    "people:appoint": Row(ACCOUNT_READERS, arguments=teachers_account, method="post"),
    "people:end_office": Row(
        ACCOUNT_READERS,
        arguments=lambda cast: {"code": cast.users["deputy"].code},
        method="post",
        data=lambda cast: {"role": "DEPUTY", "starts_on": "2025-09-01", "ends_on": "2026-12-31"},
    ),
    "accounts:sign_out": Row(EVERYONE, method="post"),
    "register:grid": Row(SEE_8A, arguments=lambda cast: {"code": cast.algebra.code}),
    "register:cells": Row(
        SEE_8A,
        signed_out=401,
        arguments=lambda cast: {"code": cast.algebra.code},
        method="post",
        data=lambda cast: {"cells": [a_cell(cast) | {"seen": "", "text": ""}]},
        content_type="application/json",
    ),
    "register:whole_class": Row(SEE_8A, arguments=lambda cast: {"code": cast.algebra.code}),
    "register:page_state": Row(SEE_8A, arguments=lambda cast: {"code": cast.algebra.code}),
    "register:new_task": Row(SEE_8A, arguments=lambda cast: {"code": cast.today_lesson.code}),
    "register:task": Row(SEE_8A, arguments=lambda cast: {"code": cast.today_lesson.code, "task": a_cell(cast)["task"]}),
    "register:everyone": Row(
        {"teacher"},
        forbidden=SEE_8A - {"teacher"},
        arguments=lambda cast: {"code": cast.today_lesson.code},
        method="post",
    ),
    "register:cell": Row(SEE_8A, arguments=lambda cast: {"code": cast.algebra.code}, data=lambda cast: a_cell(cast)),
    "register:note": Row(
        {"teacher"},
        forbidden=SEE_8A - {"teacher"},
        arguments=lambda cast: {"code": cast.algebra.code, **a_cell(cast)},
        method="post",
        data=lambda cast: {"lesson": "Работал у доски"},
    ),
    "register:task_kind": Row(
        {"teacher"},
        forbidden=SEE_8A - {"teacher"},
        arguments=lambda cast: {"code": cast.algebra.code, "task": a_cell(cast)["task"]},
        method="post",
        data=lambda cast: {"kind": "КР"},
    ),
    "archive:packages": Row({"archivist", "director", "deputy"}),
    "archive:build": Row({"archivist", "director"}, forbidden={"deputy"}, arguments=a_year, method="post"),
    "archive:archive_year": Row({"archivist", "director"}, forbidden={"deputy"}, arguments=a_year, method="post"),
    "archive:verify_year": Row({"archivist", "director", "deputy"}, arguments=a_year, method="post"),
    "archive:package": Row({"archivist", "director", "deputy"}, arguments=a_package),
    "archive:verify": Row({"archivist", "director", "deputy"}, arguments=a_package, method="post"),
    "archive:download": Row({"archivist", "director", "deputy"}, arguments=a_package),
}


def addresses(resolver: URLResolver | None = None, namespace: str = "") -> list[str]:
    """Return the names of all addresses, with their namespaces."""
    names = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            names.append(f"{namespace}{pattern.name}")
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names.extend(addresses(pattern, inner))
    return names


def answer(client: Client, row: Row, name: str, cast: Cast) -> int:
    url = reverse(name, kwargs=row.arguments(cast)) + row.query
    options = {"content_type": row.content_type} if row.content_type else {}
    response = getattr(client, row.method)(url, row.data(cast), **options)
    list(response)  # a file that is sent is closed after its last byte
    return response.status_code


def test_every_address_has_a_row():
    assert sorted(set(addresses()) - set(ROWS)) == []


def test_every_row_has_an_address():
    assert sorted(set(ROWS) - set(addresses())) == []


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_member_gets_what_the_row_says(name: str, cast: Cast):
    row = ROWS[name]
    expected = {
        member: "sees" if member in row.sees else "forbidden" if member in row.forbidden else "invisible"
        for member in MEMBERS
    }

    found = {}
    for member in MEMBERS:
        status = answer(cast.client(member), row, name, cast)
        found[member] = {403: "forbidden", 404: "invisible"}.get(status, "sees" if status < 400 else status)

    assert found == expected


@pytest.mark.parametrize("name", sorted(ROWS))
def test_without_signing_in_every_address_but_the_door_leads_to_the_door(name: str, cast: Cast):
    row = ROWS[name]
    client = Client()
    url = reverse(name, kwargs=row.arguments(cast)) + row.query

    response = getattr(client, row.method)(url, row.data(cast))

    if row.anonymous:
        assert response.status_code < 400
    elif row.signed_out != 302:
        assert response.status_code == row.signed_out
    else:
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("accounts:sign_in"))
