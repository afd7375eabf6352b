"""The pages of substitutions: the deputy's plan, the log, the print, the table, and who may do what by them."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from letopis.people.models import Employee
from letopis.register.actions import substitutions as verbs
from letopis.register.models import Lesson, Mark, Substitution
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)
PLAN, LOG = reverse("register:substitution_plan"), reverse("register:substitutions")
WEEK = "first=2026-11-16&last=2026-11-20"


def lesson(course: Any, on: date = TODAY) -> Lesson:
    return Lesson.objects.get(course=course, on=on)


def substitute(cast: Cast, one: Lesson | None = None, **more: Any) -> Substitution:
    asked = {"acting": cast.substitute, "reason": "Болезнь", "order": "Приказ № 91", "at": AT} | more
    return verbs.substitute(cast.actor("deputy"), one or cast.today_lesson, **asked)


def ill(cast: Cast) -> str:
    return f"{PLAN}?teacher={cast.teacher.code}&{WEEK}"


def test_lists_the_lessons_of_the_absent_teacher_and_offers_a_colleague_of_the_class(cast: Cast):
    plan = cast.client("deputy").get(ill(cast)).context["plan"]

    assert [(day.on, [line.lesson.number for line in day.lines]) for day in plan.days] == [
        (TODAY, [2]),
        (date(2026, 11, 20), [2]),
    ]
    first = plan.lines[0]
    # Both teach 8А; Зайцева has lessons that day, one of them just after.
    assert first.proposed == f"t:{cast.class_teacher.code}"
    titles = [option.title for group in first.groups for option in group.options]
    assert titles == ["Зайцева А. А. · класс, уроков в этот день: 2", "Орлова Т. П. · класс, уроков в этот день: 1"]


def test_a_dismissed_colleague_is_not_offered(cast: Cast):
    make.make_course(
        make.whole_class(cast.class_7a),
        make.make_subject(cast.organisation, "Физика"),
        teacher=Employee.objects.get(dismissed_on__isnull=False),
    )

    page = cast.client("deputy").get(ill(cast)).content.decode()

    assert "Хохлов Ф. Г. ·" not in page


def test_who_is_absent_too_is_not_offered(cast: Cast):
    both = f"{ill(cast)}&teacher={cast.class_teacher.code}"

    plan = cast.client("deputy").get(both).context["plan"]

    offered = {option.title.split(" · ")[0] for line in plan.lines for group in line.groups for option in group.options}
    assert "Орлова Т. П." in offered
    assert not offered & {"Гусева Н. М.", "Зайцева А. А."}


def test_who_has_a_substitute_himself_that_day_is_not_offered(cast: Cast):
    substitute(cast, lesson(cast.russian))

    plan = cast.client("deputy").get(ill(cast)).context["plan"]

    today, friday = plan.lines
    titles = [[option.title for group in line.groups for option in group.options] for line in (today, friday)]
    assert not any("Зайцева" in title for title in titles[0])
    assert any("Зайцева" in title for title in titles[1])


def test_the_look_before_saving_changes_nothing(cast: Cast):
    data = {f"do-{cast.today_lesson.code}": f"t:{cast.substitute.code}", "intent": "preview", "reason": "Болезнь"}

    response = cast.client("deputy").post(ill(cast), data)

    shown = response.context["judged"]
    assert [(one["what"], one["warning"], one["refusal"]) for one in shown] == [("замена: Орлова Т. П.", "", "")]
    assert lesson(cast.algebra).teacher == cast.teacher
    assert not Substitution.objects.exists()


def test_the_whole_week_is_saved_at_once_by_all_four_kinds(cast: Cast):
    today, friday = lesson(cast.algebra), lesson(cast.algebra, date(2026, 11, 20))
    english_1, english_2, russian = lesson(cast.english_1), lesson(cast.english_2), lesson(cast.russian)
    teachers = "&".join(f"teacher={one.code}" for one in (cast.teacher, cast.class_teacher, cast.substitute))
    data = {
        f"do-{today.code}": f"t:{cast.class_teacher.code}",
        f"do-{friday.code}": "move",
        f"on-{friday.code}": "2026-11-18",
        f"number-{friday.code}": "4",
        f"do-{english_1.code}": f"j:{english_2.code}",
        f"do-{russian.code}": "cancel",
        f"do-{english_2.code}": "",
        "reason": "Болезнь",
        "order": "Приказ № 91",
        "intent": "save",
    }

    response = cast.client("deputy").post(f"{PLAN}?{teachers}&{WEEK}", data)

    assert response.status_code == 302
    assert sorted(Substitution.objects.values_list("kind", flat=True)) == [
        "CANCELLED", "JOINED", "MOVED", "OTHER_TEACHER",
    ]  # fmt: skip
    assert lesson(cast.english_1).teacher == cast.class_teacher
    assert Lesson.objects.get(pk=friday.pk).on == date(2026, 11, 18)


def test_a_number_that_is_none_is_a_reason_not_an_error(cast: Cast):
    friday = lesson(cast.algebra, date(2026, 11, 20))
    data = {f"do-{friday.code}": "move", f"on-{friday.code}": "2026-11-18", "reason": "Болезнь", "intent": "save"}

    for number in ("9" * 5000, "²", "40000"):
        response = cast.client("deputy").post(f"{PLAN}?lesson={friday.code}", data | {f"number-{friday.code}": number})

        assert response.status_code == 409
    assert lesson(cast.algebra, date(2026, 11, 20)).pk == friday.pk


def test_a_clash_is_saved_only_when_it_is_meant(cast: Cast):
    english = lesson(cast.english_2)
    address = f"{PLAN}?lesson={english.code}"
    data = {f"do-{english.code}": f"t:{cast.substitute.code}", "reason": "Болезнь", "intent": "save"}
    client = cast.client("deputy")

    refused = client.post(address, data)
    meant = client.post(address, data | {"overrule": "on"})

    assert (refused.status_code, refused.context["asks"], refused.context["is_allowed"]) == (409, True, True)
    assert meant.status_code == 302
    assert lesson(cast.english_2).teacher == cast.substitute


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("t:00000000-0000-0000-0000-000000000000", "Укажите, кто замещает, с кем объединить или куда перенести урок."),
        ("t:nobody", "Укажите, кто замещает, с кем объединить или куда перенести урок."),
        ("j:nothing", "Укажите, кто замещает, с кем объединить или куда перенести урок."),
        ("move", "Укажите, кто замещает, с кем объединить или куда перенести урок."),
    ],
)
def test_a_choice_that_is_not_whole_is_refused_with_a_sentence(cast: Cast, choice: str, sentence: str):
    data = {f"do-{cast.today_lesson.code}": choice, "reason": "Болезнь", "intent": "save"}

    response = cast.client("deputy").post(ill(cast), data)

    assert response.status_code == 409
    assert response.context["judged"][0]["refusal"] == sentence


def test_without_a_reason_nothing_is_saved_and_the_choice_stays(cast: Cast):
    data = {f"do-{cast.today_lesson.code}": "cancel", "intent": "save"}

    response = cast.client("deputy").post(ill(cast), data)

    assert response.status_code == 409
    assert response.context["error"] == "Укажите причину: она стоит в журнале замещения уроков."
    assert (f"do-{cast.today_lesson.code}", "cancel") in response.context["hidden"]


def test_a_class_has_its_whole_day_proposed_for_cancelling(cast: Cast):
    page = cast.client("deputy").get(f"{PLAN}?by=class&class={cast.class_8a.code}&first=2026-11-16&last=2026-11-16")

    assert [line.proposed for line in page.context["plan"].lines] == ["cancel"] * 4


def test_another_schools_lessons_are_out_of_reach(cast: Cast):
    stranger = Employee.objects.get(person__last_name="Чужова")
    foreign = make.make_year(stranger.organisation)
    course = make.make_course(
        make.whole_class(make.make_class(foreign, 8, "А")),
        make.make_subject(stranger.organisation, "Химия"),
        teacher=stranger,
    )
    theirs = Lesson.objects.create(
        organisation=stranger.organisation, course=course, on=TODAY, number=1, teacher=stranger
    )
    data = {f"do-{theirs.code}": "cancel", "reason": "Болезнь", "intent": "save"}

    page = cast.client("deputy").post(f"{PLAN}?lesson={theirs.code}", data)

    assert page.status_code == 200
    assert Lesson.objects.get(pk=theirs.pk).state == "PLANNED"


def test_the_plan_page_costs_the_same_for_a_day_and_a_month(cast: Cast, django_assert_max_num_queries):
    client = cast.client("deputy")
    with django_assert_max_num_queries(14) as day:
        client.get(f"{PLAN}?teacher={cast.teacher.code}&first=2026-11-16&last=2026-11-16")
    with django_assert_max_num_queries(len(day)):
        client.get(f"{PLAN}?teacher={cast.teacher.code}&first=2026-11-01&last=2026-11-30")


# The log


def test_the_log_is_the_administrations_and_a_teachers_own(cast: Cast):
    substitute(cast)
    address = f"{LOG}?{WEEK}"

    lines = {
        member: [line.words for line in cast.client(member).get(address).context["lines"]]
        for member in ("deputy", "director", "substitute", "teacher", "class_teacher", "foreign_teacher")
    }

    own = ["замена: Орлова Т. П."]
    assert lines == {
        "deputy": own, "director": own, "substitute": own, "teacher": own, "class_teacher": [], "foreign_teacher": [],
    }  # fmt: skip


def test_the_reason_is_told_to_the_administration_only(cast: Cast):
    substitute(cast, reason="Операция")

    assert "Операция" in cast.client("deputy").get(f"{LOG}?{WEEK}").content.decode()
    assert "Операция" not in cast.client("substitute").get(f"{LOG}?{WEEK}").content.decode()


def test_filters_by_day_teacher_class_and_kind(cast: Cast):
    substitute(cast)
    verbs.cancel(cast.actor("deputy"), [lesson(cast.russian)], reason="Карантин", at=AT)
    client = cast.client("deputy")

    def shown(query: str) -> list[str]:
        return [line.kind for line in client.get(f"{LOG}?{query}").context["lines"]]

    assert shown(WEEK) == ["OTHER_TEACHER", "CANCELLED"]
    assert shown("first=2026-11-17&last=2026-11-20") == []
    assert shown(f"{WEEK}&kind=CANCELLED") == ["CANCELLED"]
    assert shown(f"{WEEK}&teacher={cast.substitute.code}") == ["OTHER_TEACHER"]
    assert shown(f"{WEEK}&class={cast.class_7a.code}") == []
    assert shown("first=rubbish&teacher=rubbish&class=1&kind=x") == ["OTHER_TEACHER", "CANCELLED"]


def test_a_withdrawn_row_stays_struck(cast: Cast):
    row = substitute(cast)
    client = cast.client("deputy")

    client.post(reverse("register:withdraw_substitution", args=[row.code]), {"back": f"{LOG}?{WEEK}"})

    line = client.get(f"{LOG}?{WEEK}").context["lines"][0]
    assert line.withdrawn_at is not None
    assert lesson(cast.algebra).teacher == cast.teacher


def test_only_an_address_of_our_own_is_gone_back_to(cast: Cast):
    row = substitute(cast)

    response = cast.client("deputy").post(
        reverse("register:withdraw_substitution", args=[row.code]), {"back": "https://example.org/"}
    )

    assert response.url == LOG


def test_the_log_costs_the_same_for_one_row_and_many(cast: Cast, django_assert_max_num_queries):
    substitute(cast)
    client = cast.client("deputy")
    with django_assert_max_num_queries(5) as one:
        client.get(f"{LOG}?first=2026-11-01&last=2026-11-30")
    rest = [row for row in Lesson.objects.filter(state="PLANNED") if row.pk != cast.today_lesson.pk]
    verbs.cancel(cast.actor("deputy"), rest, reason="Карантин", at=AT)

    with django_assert_max_num_queries(len(one)):
        assert len(client.get(f"{LOG}?first=2026-11-01&last=2026-11-30").context["lines"]) == len(rest) + 1


def test_the_table_holds_every_row_and_no_formula(cast: Cast):
    substitute(cast, reason="=1+1")

    text = cast.client("deputy").get(f"{reverse('register:substitutions_csv')}?{WEEK}").content.decode("utf-8-sig")

    assert text.splitlines()[1] == ("16.11.2026;2;8А;Алгебра;Копылова М. А.;'=1+1;замена;Орлова Т. П.;Приказ № 91;;")


def test_the_log_is_printed(cast: Cast):
    substitute(cast)

    response = cast.client("deputy").get(f"{reverse('register:substitutions_pdf')}?{WEEK}")

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF")


# Rights for that lesson only


def test_the_acting_teacher_fills_that_lesson_as_its_teacher_would(cast: Cast):
    substitute(cast)
    one, task, pupil = cast.today_lesson, cast.today_lesson.tasks.get(), cast.polina
    client, address = cast.client("substitute"), reverse("register:lesson", args=[cast.today_lesson.code])

    page = client.get(address)
    client.post(
        address,
        {
            "topic": "Корни", "seen-topic": "", "homework": "№ 5", "seen-homework": "", "seen-due": "",
            "seen-nothing": "", f"mark-{task.code}_{pupil.code}": "5", f"seen-mark-{task.code}_{pupil.code}": "",
            "attendance-checked": "on", "intent": "save",
        },
    )  # fmt: skip

    one.refresh_from_db()
    assert page.context["page"].may_fill
    assert (one.topic, one.homework.text, one.state, one.teacher) == ("Корни", "№ 5", "HELD", cast.substitute)
    mark = Mark.objects.get()
    assert (mark.value, mark.pupil, mark.put_by) == ("5", pupil, cast.substitute)


def test_he_opens_no_other_lesson_and_no_course_and_gets_no_link_to_them(cast: Cast):
    substitute(cast)
    client, other = cast.client("substitute"), cast.lessons[0]

    page = client.get(reverse("register:lesson", args=[cast.today_lesson.code])).content.decode()

    assert client.get(reverse("register:lesson", args=[other.code])).status_code == 404
    assert client.get(reverse("register:grid", args=[cast.algebra.code])).status_code == 404
    assert client.get(reverse("register:topics", args=[cast.algebra.code])).status_code == 404
    assert 'rel="prev"' not in page
    assert 'rel="next"' not in page


def test_his_right_goes_with_the_substitution(cast: Cast):
    row = substitute(cast)
    address = reverse("register:lesson", args=[cast.today_lesson.code])
    assert cast.client("substitute").get(address).status_code == 200

    verbs.withdraw(cast.actor("deputy"), row, at=AT)

    assert cast.client("substitute").get(address).status_code == 404


def test_the_regular_teacher_still_checks_the_works_of_his_pupils(cast: Cast):
    substitute(cast)

    page = cast.client("teacher").get(reverse("register:lesson", args=[cast.today_lesson.code]))

    assert page.context["page"].may_fill
    assert "Орлова Т. П." in page.content.decode()


def test_the_lesson_page_says_what_was_arranged_and_leads_the_deputy_on(cast: Cast):
    row = substitute(cast)
    address = reverse("register:lesson", args=[cast.today_lesson.code])

    deputy, acting = cast.client("deputy").get(address), cast.client("substitute").get(address)

    assert f"{PLAN}?lesson={cast.today_lesson.code}" in deputy.content.decode()
    assert "Замена: Орлова Т. П." in deputy.content.decode()
    assert reverse("register:acknowledge_substitution", args=[row.code]) in acting.content.decode()
    assert reverse("register:acknowledge_substitution", args=[row.code]) not in deputy.content.decode()
