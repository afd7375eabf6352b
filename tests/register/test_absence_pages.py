"""Pages of absences: what they show and save, for whom, in how many queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.register.models import AbsenceDocument, AbsenceNotice, Attendance, Lesson
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.register.test_absence_reasons import AT, FRIDAY, absent, lessons_of_day, notice, paper, reasons

pytestmark = pytest.mark.django_db


def url(cast: Cast, name="week", **arguments):
    return reverse(f"register:absence_{name}", args=[cast.class_8a.code, *arguments.values()])


def field(pupil, on=TODAY, lesson=None):
    return ":".join([str(pupil.code), on.isoformat(), *([str(lesson.code)] if lesson else [])])


def post(cast: Cast, cells, *, name="week", member="class_teacher", **arguments):
    data = {}
    for key, (seen, text) in cells.items():
        data |= {f"cell:{key}": text, f"seen:{key}": seen}
    return cast.client(member).post(url(cast, name, **arguments), data, follow=True)


def html(response):
    return response.content.decode()


def test_the_week_shows_letters_lessons_lateness_and_what_families_wrote(cast):
    absent(cast, cast.polina, *lessons_of_day(cast))
    absent(cast, cast.pupils[0], cast.today_lesson, event="LATE")
    send = notice(cast)

    page = html(cast.client("class_teacher").get(url(cast)))

    assert f'name="cell:{field(cast.polina)}" value="н"' in page
    assert "<small>2–3</small>" in page
    assert 'title="2. Алгебра, 3. Русский язык"' in page
    assert '<span class="late">о</span>' in page
    assert f"семья сообщила: {send.get_reason_display()}" in page
    assert "без причины: 2" in page


def test_a_week_is_saved_by_one_press_and_taken_back_by_another(cast):
    absent(cast, cast.polina, *lessons_of_day(cast))
    absent(cast, cast.pupils[0], cast.today_lesson)

    saved = post(cast, {field(cast.polina): ("н", "б"), field(cast.pupils[0]): ("н", ",")})

    assert "Причины записаны: 3 пропуска." in html(saved)
    assert (reasons(cast.polina), reasons(cast.pupils[0])) == (["ILL"] * 2, ["ILL"])

    client = cast.client("class_teacher")
    client.post(url(cast), {f"cell:{field(cast.polina)}": "у", f"seen:{field(cast.polina)}": "б"})
    back = client.post(url(cast, "undo"), {"back": url(cast)}, follow=True)
    assert "Возвращено: 2 пропуска." in html(back)
    assert reasons(cast.polina) == ["ILL"] * 2
    assert "Возвращать нечего" in html(client.post(url(cast, "undo"), follow=True))


def test_what_was_refused_stays_in_its_field_with_the_reason(cast):
    absent(cast, cast.polina, *lessons_of_day(cast))

    answer = post(cast, {field(cast.polina): ("н", "ббб")})

    page = html(answer)
    assert answer.status_code == 409
    assert 'value="ббб"' in page
    assert "Пропущено уроков: 2, а букв 3." in page


def test_the_day_shows_lessons_and_saves_one_of_them(cast):
    first, second = lessons_of_day(cast)
    absent(cast, cast.polina, first, second)
    english = Lesson.objects.filter(course=cast.english_1, on=TODAY).get()

    page = html(cast.client("class_teacher").get(url(cast, "day")))
    assert f'name="cell:{field(cast.polina, lesson=first)}"' in page
    assert [f"</span>{number}</th>" in page for number in (2, 3, english.number)] == [True] * 3

    post(cast, {field(cast.polina, lesson=second): ("н", "у")}, name="day")
    assert reasons(cast.polina) == ["NOT_SET", "VALID"]


def test_several_pupils_and_days_get_one_reason(cast):
    friday = [one for one in cast.lessons if one.on == FRIDAY]
    absent(cast, cast.polina, *friday, cast.today_lesson)
    absent(cast, cast.pupils[0], cast.today_lesson)
    asked = {
        "pupils": [str(cast.polina.code), str(cast.pupils[0].code)], "first": "2026-11-13", "last": "2026-11-16",
        "reason": "VALID", "only_unset": "on", "back": url(cast),
    }  # fmt: skip

    answer = cast.client("class_teacher").post(url(cast, "span"), asked, follow=True)

    assert "Причины записаны: 3 пропуска." in html(answer)
    assert set(Attendance.objects.values_list("reason", flat=True)) == {"VALID"}


def test_a_way_back_to_another_site_is_not_followed(cast):
    answer = cast.client("class_teacher").post(url(cast, "undo"), {"back": "https://example.org/"})

    assert answer.url == url(cast)


def test_the_pupil_page_has_topics_and_saves(cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(topic="Корни")
    absent(cast, cast.polina, cast.today_lesson)

    page = html(cast.client("class_teacher").get(url(cast, "pupil", pupil=cast.polina.code)))
    assert "Корни" in page

    post(cast, {field(cast.polina): ("н", "п")}, name="pupil", pupil=cast.polina.code)
    assert reasons(cast.polina) == ["UNEXCUSED"]


def test_a_controller_sees_the_same_without_fields(cast):
    absent(cast, cast.polina, cast.today_lesson)

    page = html(cast.client("deputy").get(url(cast)))
    refused = post(cast, {field(cast.polina): ("н", "б")}, member="deputy")

    assert "Причину отсутствия ставит классный руководитель" in page
    assert "<input class=" not in page
    assert (refused.status_code, reasons(cast.polina)) == (403, ["NOT_SET"])


def test_the_list_without_reasons_shortens_as_reasons_are_set(cast):
    absent(cast, cast.polina, cast.today_lesson)
    client = cast.client("class_teacher")
    assert "Ершова Полина" in html(client.get(url(cast, "unset")))

    page = post(cast, {field(cast.polina): ("н", "б")}, name="unset")

    assert "У всех пропусков есть причина" in html(page)


def test_a_document_is_entered_found_and_withdrawn(cast):
    absent(cast, cast.polina, cast.today_lesson)
    client = cast.client("class_teacher")
    form = {
        "pupil": str(cast.polina.code), "kind": "MEDICAL", "reason": "ILL", "starts_on": "2026-11-16",
        "ends_on": "2026-11-20", "number": "17-б", "issuer": "Детская поликлиника № 2",
    }  # fmt: skip

    entered = client.post(url(cast, "documents"), form, follow=True)

    assert "Документ внесён, причина записана: 1 пропуск." in html(entered)
    for query, found in (("?q=ершова", True), ("?q=17-б", True), ("?q=смирнов", False), ("?state=ended", False)):
        assert (
            "17-б" in html(client.get(url(cast, "documents") + query)).split('id="enter"')[0].split("</form>", 2)[-1]
        ) is found
    document = AbsenceDocument.objects.get()
    refused = client.post(url(cast, "withdraw", document=document.code), {"reason": " "}, follow=True)
    assert "Напишите, почему документ отзывается." in html(refused)
    client.post(url(cast, "withdraw", document=document.code), {"reason": "Не тот ребёнок"})
    assert reasons(cast.polina) == ["NOT_SET"]
    assert "Не тот ребёнок" in html(client.get(url(cast, "documents") + "?state=withdrawn"))


def test_a_document_with_wrong_dates_is_refused_in_the_form(cast):
    form = {
        "pupil": str(cast.polina.code), "kind": "MEDICAL", "reason": "ILL", "starts_on": "2026-11-20",
        "ends_on": "2026-11-16",
    }  # fmt: skip

    answer = cast.client("class_teacher").post(url(cast, "documents"), form)

    assert answer.status_code == 409
    assert "Последний день раньше первого" in html(answer)
    assert not AbsenceDocument.objects.exists()


def test_a_notice_is_accepted_or_declined(cast):
    first, second = notice(cast), notice(cast, first=TODAY + timedelta(days=2), last=TODAY + timedelta(days=2))
    absent(cast, cast.polina, cast.today_lesson)
    client = cast.client("class_teacher")

    client.post(url(cast, "decide", notice=first.code), {"verb": "accept", "reason": "ILL"})
    client.post(url(cast, "decide", notice=second.code), {"verb": "decline"})

    assert reasons(cast.polina) == ["ILL"]
    assert sorted(AbsenceNotice.objects.values_list("state", flat=True)) == ["ACCEPTED", "DECLINED"]
    assert "Новых сообщений нет" in html(client.get(url(cast, "notices")))


# totals


def filled(cast: Cast):
    friday = [one for one in cast.lessons if one.on == FRIDAY]
    absent(cast, cast.polina, *friday, cast.today_lesson)
    absent(cast, cast.pupils[0], cast.today_lesson, event="LATE")
    paper(cast, first=FRIDAY, last=FRIDAY)


def test_totals_by_pupil_subject_and_day(cast):
    filled(cast)
    client = cast.client("class_teacher")

    by_pupil, by_subject, by_day = (
        html(client.get(url(cast, "totals") + f"?by={by}")) for by in ("pupil", "subject", "day")
    )

    # Friday's only lesson was missed, so the day was; on Monday one of three.
    assert _figures(by_pupil, "Ершова Полина") == ["1", "2", "1", "", "", "1", ""]
    assert _figures(by_pupil, "Антонова Дарья") == ["", "", "", "", "", "", "1"]
    assert _figures(by_pupil, "Всего") == ["1", "2", "1", "0", "0", "1", "1"]
    assert _figures(by_subject, "Алгебра") == ["—", "2", "1", "", "", "1", "1"]
    assert _figures(by_day, "13.11.2026, пт") == ["1", "1", "1", "", "", "", ""]
    assert _figures(by_day, "16.11.2026, пн") == ["", "1", "", "", "", "1", "1"]


def _figures(page: str, title: str) -> list[str]:
    import re

    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if re.search(rf">{title}(<| <)", row))
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]


@pytest.mark.parametrize(
    ("query", "lessons"),
    [
        ("?period=term-1", "0"),
        ("?period=month-2026-11", "2"),
        ("?from=2026-11-16&to=2026-11-16", "1"),
        ("?period=year", "2"),
        ("?period=term-2&from=2026-11-16&to=2026-11-16&was=2026-11-02/2026-12-29", "1"),
        ("?period=term-2&from=2026-09-01&to=2026-10-23&was=2026-09-01/2026-10-23", "2"),
    ],
)
def test_totals_follow_the_period_of_the_address(cast, query, lessons):
    filled(cast)

    page = html(cast.client("deputy").get(url(cast, "totals") + query))

    assert _figures(page, "Всего")[1] == lessons


def test_totals_of_one_subject_count_no_days(cast):
    filled(cast)

    page = html(cast.client("class_teacher").get(url(cast, "totals") + f"?subject={cast.russian.subject.code}"))

    assert _figures(page, "Всего")[:2] == ["—", "0"]


def test_the_school_is_for_controllers_by_class(cast):
    filled(cast)

    page = html(cast.client("director").get(reverse("register:school_absences")))

    assert _figures(page, "8А")[:2] == ["1", "2"]
    assert _figures(page, "7А")[:2] == ["", ""]
    assert cast.client("class_teacher").get(reverse("register:school_absences")).status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_totals_go_out_as_a_file(cast, kind):
    filled(cast)

    answer = cast.client("class_teacher").get(url(cast, "totals_file", kind=kind))

    if kind == "csv":
        rows = answer.content.decode("utf-8-sig").splitlines()
    else:
        from io import BytesIO

        from openpyxl import load_workbook

        sheet = load_workbook(BytesIO(answer.content)).active
        rows = [";".join(str(value) for value in row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0].startswith("Обучающийся;Дней;Уроков;")
    assert "Ершова Полина;1;2;1;0;0;1;0" in rows
    assert rows[-1].startswith("Всего;1;2")


@pytest.mark.parametrize(("name", "query"), [("totals_pdf", "?by=day"), ("missed_pdf", ""), ("missed_pdf", "?pupil=")])
def test_totals_and_missed_topics_are_printed(cast, name, query):
    filled(cast)
    query += str(cast.polina.code) if query.endswith("pupil=") else ""

    answer = cast.client("class_teacher").get(url(cast, name) + query)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")


def test_lessons_without_attendance_are_listed_by_teacher(cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(attendance_taken_at=AT)

    mine = html(cast.client("class_teacher").get(reverse("register:attendance_gaps")))
    school = html(cast.client("deputy").get(reverse("register:attendance_gaps") + "?teacher=Орлова+Т.+П."))

    # Before today and today: five days of algebra, three of the others, in two English groups.
    assert "Уроков без отметки о посещаемости: 13 из 14" in mine
    assert reverse("register:lesson", args=[cast.today_lesson.code]) not in mine
    assert reverse("register:lesson", args=[cast.lessons[0].code]) not in school
    assert "1 подгруппа" in school
    assert cast.client("teacher").get(reverse("register:attendance_gaps")).status_code == 404


def test_the_way_in_leads_to_ones_class_or_to_the_school(cast):
    start = reverse("register:absences")

    assert cast.client("class_teacher").get(start).url == url(cast)
    assert cast.client("deputy").get(start).url == reverse("register:school_absences")
    assert "Вы не руководите классом" in html(cast.client("teacher").get(start))


@pytest.mark.parametrize("name", ["week", "day", "unset", "documents", "notices", "totals"])
def test_the_number_of_queries_does_not_grow(cast, name):
    absent(cast, cast.polina, cast.today_lesson)
    client = cast.client("class_teacher")
    client.get(url(cast, name))

    def asked():
        with CaptureQueriesContext(connection) as statements:
            client.get(url(cast, name))
        return len(statements)

    before = asked()
    group = make.whole_class(cast.class_8a)
    for number in range(12):
        pupil = make.make_pupil(cast.organisation, f"Яковлев{number:02} Пётр")
        make.join(group, pupil)
        absent(cast, pupil, *lessons_of_day(cast), *[one for one in cast.lessons if one.on == date(2026, 11, 13)])
        paper(cast, pupil, first=FRIDAY, last=FRIDAY)

    assert asked() == before <= 12
