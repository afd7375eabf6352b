"""The printed register: the dict of the form, and the PDF made of it."""

import re
import subprocess
from datetime import date
from shutil import which

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from letopis.attestation.prints import consolidated_statement
from letopis.core.printer import PrinterDied
from letopis.core.typst import TypstFailed, render, sample
from letopis.ledger.checkpoints import issue
from letopis.people.models import EducationForm
from letopis.register.models import Attendance, Homework, Lesson, Mark
from letopis.register.prints import class_register, course_register
from letopis.register.prints.make_ups import marks_statement
from letopis.rules.policy.editions import NO_EDITIONS
from letopis.schooling.models import Course, GroupKind, Term
from tests import factories as make
from tests.attestation.results import set_quarter, set_year
from tests.cast import TODAY
from tests.ledger.logs import a_log

AT = make.moment(TODAY)


def fill(cast):
    """Two lessons of algebra with topics, homework, marks and an absence of a whole day."""
    first, second = cast.lessons[:2]
    Lesson.objects.filter(pk=first.pk).update(topic="Квадратный корень", teacher=cast.substitute)
    Lesson.objects.filter(pk=second.pk).update(topic="Иррациональные числа")
    Homework.objects.create(organisation=cast.organisation, lesson=first, text="§ 12, № 300")
    Homework.objects.create(organisation=cast.organisation, lesson=second, nothing_set=True)
    for pupil, value in zip(cast.pupils[:2], ("5", "4/3"), strict=True):
        Mark.objects.create(organisation=cast.organisation, task=first.tasks.get(), pupil=pupil, value=value, put_at=AT)
    first.tasks.update(kind="КР")
    for lesson, event, minutes, reason in ((second, "ABSENT", None, "ILL"), (first, "LATE", 10, "NOT_SET")):
        Attendance.objects.create(
            organisation=cast.organisation, lesson=lesson, pupil=cast.pupils[1], event=event, minutes=minutes,
            reason=reason, put_at=AT,
        )  # fmt: skip


def course_of(data, subject, group=""):
    return next(one for one in data["courses"] if (one["subject"], one["group"]) == (subject, group))


def test_the_left_side_has_marks_and_the_right_side_topics_and_homework(cast):
    fill(cast)

    algebra = course_of(class_register(cast.class_8a, on=TODAY, policies=NO_EDITIONS), "Алгебра")

    assert algebra["lessons"][:2] == [
        {
            "date": "2026-11-02",
            "number": 2,
            "topic": "Квадратный корень",
            "homework": "§ 12, № 300",
            "teacher": "Орлова Т. П.",
        },
        {
            "date": "2026-11-06",
            "number": 2,
            "topic": "Иррациональные числа",
            "homework": "Не задано",
            "teacher": "",
        },
    ]
    assert (algebra["teachers"], algebra["hours"]) == (["Копылова Мария Андреевна"], "3 ч в неделю")
    assert algebra["columns"][1:3] == [{"lesson": 0, "work": "КР"}, {"lesson": 1, "work": ""}]
    assert [row["cells"][1:3] for row in algebra["rows"][:2]] == [["5", ""], ["о10 4/3", "б"]]


def test_every_course_is_printed_with_its_subgroups(cast):
    data = class_register(cast.class_8a, on=TODAY, policies=NO_EDITIONS)

    english = course_of(data, "Иностранный язык (английский)", "2 подгруппа")
    assert [(one["subject"], one["group"]) for one in data["courses"]] == [
        ("Алгебра", ""),
        ("Иностранный язык (английский)", "1 подгруппа"),
        ("Иностранный язык (английский)", "2 подгруппа"),
        ("Русский язык", ""),
    ]
    assert [(row["number"], row["name"]) for row in english["rows"]] == [
        (4, "Ершова Полина"),
        (5, "Журавлёв Степан"),
        (6, "Зимина Ксения"),
    ]


def test_lessons_after_the_day_of_printing_are_left_out(cast):
    algebra = course_of(class_register(cast.class_8a, on=date(2026, 11, 9), policies=NO_EDITIONS), "Алгебра")

    assert [lesson["date"] for lesson in algebra["lessons"]] == ["2026-11-02", "2026-11-06", "2026-11-09"]


def test_results_follow_the_lessons_of_their_term_and_the_year_stands_last(cast):
    set_quarter(cast, 2, cast.algebra.subject, ["5"])
    set_year(cast, cast.algebra.subject, ["4"])
    results = {(cast.pupils[0].pk, cast.algebra.subject_id): "4"}

    data = class_register(cast.class_8a, on=TODAY, year_results=results, policies=NO_EDITIONS)

    algebra = course_of(data, "Алгебра")
    assert [column["result"] for column in algebra["columns"] if "result" in column] == [
        "1 четверть",
        "2 четверть",
        "Год",
    ]
    assert algebra["columns"][0] == {"result": "1 четверть"}
    assert algebra["rows"][0]["cells"][-2:] == ["5", "4"]


def test_missed_lessons_are_counted_by_term_and_reason(cast):
    fill(cast)

    attendance = class_register(cast.class_8a, on=TODAY, policies=NO_EDITIONS)["attendance"]

    assert attendance["periods"] == ["1 четверть", "2 четверть", "Год"]
    assert attendance["measures"] == [
        "дней", "уроков", "по болезни", "по уважит. причине", "без уважит. причины", "причина не указана", "опозданий",
    ]  # fmt: skip
    # On Friday 6 November there is one lesson, so the day was missed whole.
    assert attendance["rows"][1]["cells"][7:14] == ["1", "1", "1", "", "", "", "1"]


def test_an_extern_stands_in_no_register(cast):
    """C-006."""
    extern = make.make_pupil(cast.organisation, "Абрамов Пётр Ильич", form=EducationForm.FAMILY)
    make.join(make.make_group(cast.class_8a, GroupKind.INDIVIDUAL, "Абрамов П. И."), extern)

    assert "Абрамов Пётр Ильич" not in [
        pupil["name"] for pupil in class_register(cast.class_8a, on=TODAY, policies=NO_EDITIONS)["pupils"]
    ]


def test_who_came_in_the_middle_is_noted(cast):
    late = make.make_pupil(cast.organisation, "Яковлева Инна Петровна", since=date(2026, 11, 5))
    late.person.sex = "F"
    late.person.save()
    make.join(make.whole_class(cast.class_8a), late, since=date(2026, 11, 5))

    data = class_register(cast.class_8a, on=TODAY, policies=NO_EDITIONS)

    assert data["pupils"][-1]["note"] == "прибыла 05.11.2026"
    assert course_of(data, "Алгебра")["rows"][-1]["note"] == "с 05.11"


def test_a_term_is_printed_alone(cast):
    first = Term.objects.get(kind=Term.Kind.QUARTER, number=1)

    data = class_register(cast.class_8a, on=TODAY, term=first, policies=NO_EDITIONS)

    assert (data["period"], course_of(data, "Алгебра")["lessons"]) == ("1 четверть", [])


def test_the_queries_do_not_grow_with_the_class(cast):
    counts = []
    for extra in (0, 24):
        pupils = [make.make_pupil(cast.organisation, f"Новиков Ученик{chr(1072 + one)}") for one in range(extra)]
        make.join(make.whole_class(cast.class_8a), *pupils)
        with CaptureQueriesContext(connection) as queries:
            class_register(cast.class_8a, on=TODAY, policies=NO_EDITIONS)
        counts.append(len(queries))

    assert counts == [13, 13]


def test_the_foot_tells_the_newest_checkpoint_once_there_is_one(cast, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert class_register(cast.class_8a, on=TODAY, policies=NO_EDITIONS)["checkpoint"] == ""
    a_log(3, cast.organisation.code, at=AT)
    row = issue(cast.organisation.code, at=AT, past_is_known=True)

    root = " ".join(row.root_groups[:4])
    told = f"Журнал изменений: записей {row.size}, корень {root}…, {timezone.localtime(row.at):%d.%m.%Y %H:%M}"
    assert class_register(cast.class_8a, on=TODAY, policies=NO_EDITIONS)["checkpoint"] == told
    policy = NO_EDITIONS.on(TODAY)
    assert consolidated_statement(cast.class_8a, on=TODAY, term=None, policy=policy)["checkpoint"] == told
    assert marks_statement(cast.pupils[0], cast.class_8a, on=TODAY)["checkpoint"] == told


@pytest.mark.skipif(not which("pdftotext"), reason="pdftotext is not installed")
@pytest.mark.parametrize(
    "form",
    [
        ("register", "class_register"), ("register", "group_register"), ("register", "marks_statement"),
        ("attestation", "consolidated_statement"),
    ],
)  # fmt: skip
def test_a_form_shows_the_checkpoint_at_the_foot_and_is_whole_without_it(form, tmp_path):
    told = sample(*form)
    assert told["checkpoint"].startswith("Журнал изменений: записей 244243")
    pages = []
    for data in (told, told | {"checkpoint": ""}, {name: said for name, said in told.items() if name != "checkpoint"}):
        file = tmp_path / "form.pdf"
        file.write_bytes(render((*form, TODAY), data, issued_on=TODAY))
        words = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
        pages.append((words.count("\f"), "корень a8d2 0d4b 5105 1585…, 16.11.2026 10:46" in words))
    assert pages == [(pages[0][0], True), (pages[0][0], False), (pages[0][0], False)]


@pytest.mark.skipif(not which("pdftotext"), reason="pdftotext is not installed")
def test_the_pdf_has_marks_topics_and_homework(cast, tmp_path):
    fill(cast)
    file = tmp_path / "register.pdf"

    course = Course.objects.get(pk=cast.algebra.pk)
    data = course_register(course, grade=8, on=TODAY, policies=NO_EDITIONS)
    file.write_bytes(render(("register", "class_register", TODAY), data, issued_on=TODAY))

    words = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"1\s+Антонова Дарья\s+5", words)
    assert re.search(r"2\s+Белов Тимофей\s+о10 4/3\s+б", words)
    assert re.search(r"1\s+02\.11\s+2\s+Квадратный корень\s+§ 12, № 300\s+Орлова Т\. П\.", words)


def test_a_teacher_opens_his_page_of_the_register_as_pdf(cast):
    response = cast.client("teacher").get(reverse("register:print", args=[cast.algebra.code]))

    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_topic_with_a_sign_that_no_font_has_is_printed(cast):
    Lesson.objects.filter(pk=cast.lessons[0].pk).update(topic="Степени 🚀")

    response = cast.client("teacher").get(reverse("register:print", args=[cast.algebra.code]))

    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize(
    "failure",
    [
        TypstFailed(form="class_register", edition=date(2026, 9, 1), messages=("Ершова",)),
        PrinterDied(form="class_register", exit_code=-9),
    ],
    ids=["refused by Typst", "died"],
)
def test_a_document_that_is_not_printed_leads_back_with_one_sentence(cast, monkeypatch, failure):
    def fail(self, job):
        raise failure

    monkeypatch.setattr("letopis.core.printer.Printer.render", fail)

    response = cast.client("teacher").get(reverse("register:print", args=[cast.algebra.code]), follow=True)

    assert response.redirect_chain == [(reverse("register:grid", args=[cast.algebra.code]), 302)]
    (message,) = response.context["messages"]
    assert str(message).startswith("Документ не напечатан")
    assert "Ершова" not in str(message)
