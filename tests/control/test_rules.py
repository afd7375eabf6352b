"""The school's rules as pages: values of a day, editions compared, files, a new edition with its consequences."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse

from letopis.control.forms.policy import SectionForm, columns
from letopis.control.queries.policy_preview import consequences
from letopis.control.queries.rules import SECTION_NAMES
from letopis.org.actions.policy import plain_of, prepare_policy
from letopis.org.models import LocalAct, PolicyEdition
from letopis.org.queries import policies
from letopis.register.models import Lesson, Mark
from letopis.rules.policy import variables
from letopis.rules.policy.codec import decode
from letopis.rules.policy.editions import Edition, Stated
from letopis.rules.policy.file import read_edition, write_edition
from letopis.rules.policy.published import published, published_acts
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.org.acts import TITLE, adopted, draft, edition, told

pytestmark = pytest.mark.django_db

FIVE_DAYS = {"remark_days": {"value": 5, "clause": "п. 3.2"}}
RULES = reverse("control:rules")


def text_of(cast: Cast, member: str, address: str) -> str:
    return cast.client(member).get(address).content.decode()


def as_sent(form: SectionForm) -> QueryDict:
    """Return what a browser sends of the form as it stands."""
    sent = QueryDict(mutable=True)
    for one in form.fields:
        sent[f"clause-{one.variable.name}"] = one.clause
        if one.layout == columns.LINES:
            sent[f"{one.variable.name}-lines"] = one.lines
        for row in one.rows:
            if one.layout == columns.TABLE:
                sent[row.place_name] = row.place
            for cell in row.cells:
                if cell.column.kind == columns.FLAG:
                    if cell.is_checked:
                        sent[cell.name] = "yes"
                elif cell.choices:
                    chosen = [code for code, _words, is_chosen in cell.choices if is_chosen]
                    sent[cell.name] = str(chosen[0] if chosen else cell.choices[0][0])
                else:
                    sent[cell.name] = cell.value
    return sent


def prepared(cast: Cast, stated: dict) -> LocalAct:
    act = draft(cast.organisation)
    prepare_policy(act, stated=stated, **told(cast.organisation))
    act.refresh_from_db()
    return act


# Reading


def test_a_value_stands_with_its_act_its_clause_and_its_default(cast: Cast):
    edition(cast.organisation, FIVE_DAYS)

    shown = text_of(cast, "teacher", f"{RULES}?section=Deadlines")

    assert "5 дней" in shown
    assert "по умолчанию: 3 дня" in shown
    assert f"{TITLE}, № 12 от 01.09.2026, п. 3.2" in shown
    assert "акт об этом молчит: значение по умолчанию" in shown


def test_a_school_without_an_act_lives_by_law_and_defaults(cast: Cast):
    shown = text_of(cast, "teacher", f"{RULES}?section=Lessons")

    assert "Школа ещё не ввела своих правил" in shown
    assert "акт об этом молчит" not in shown
    assert "закон" in shown


def test_any_day_is_shown_by_its_own_edition(cast: Cast):
    edition(cast.organisation, FIVE_DAYS, first=date(2026, 10, 1))

    before = text_of(cast, "teacher", f"{RULES}?only=act&on=2026-09-30")
    after = text_of(cast, "teacher", f"{RULES}?only=act&on=2026-10-01")

    assert "Ничего не нашлось" in before
    assert "Срок устранения замечания" in after


def test_a_search_looks_through_all_parts(cast: Cast):
    shown = text_of(cast, "teacher", f"{RULES}?q=прогноз")

    assert "Показывать прогноз семьям" in shown
    assert "Срок устранения замечания" not in shown


def test_two_sides_are_compared_and_equal_ones_only_when_asked(cast: Cast):
    row = edition(cast.organisation, FIVE_DAYS)
    address = reverse("control:compare_rules")

    differing = text_of(cast, "teacher", f"{address}?one=default&other=now")
    every = text_of(cast, "teacher", f"{address}?one={row.code}&other=now&all=yes")
    same = text_of(cast, "teacher", f"{address}?one={row.code}&other=now")
    shipped = text_of(cast, "teacher", f"{address}?one=model&other=kerch-28")

    assert ("3 дня" in differing, "5 дней" in differing, "п. 3.2" in differing) == (True, True, True)
    assert differing.count('<th scope="row">') == 1
    assert every.count('<th scope="row">') == len(variables())
    assert "Отличий нет" in same
    assert shipped.count('<th scope="row">') > 5
    assert cast.client("teacher").get(f"{address}?one=no-such-act").status_code == 404
    assert cast.client("foreign_teacher").get(f"{address}?one={row.code}").status_code == 404


def test_every_side_is_a_file_that_is_read_back(cast: Cast):
    row = edition(cast.organisation, FIVE_DAYS)
    client = cast.client("teacher")

    own = read_edition(client.get(reverse("control:rules_file", args=[row.code])).content.decode())
    whole = read_edition(client.get(reverse("control:rules_file", args=["default"])).content.decode())
    model = client.get(reverse("control:rules_file", args=["model"])).content.decode()
    told_json = json.loads(client.get(reverse("control:rules_json", args=[row.code])).content)

    assert {name: said.value for name, said in own.values.items()} == {"remark_days": 5}
    assert set(whole.values) == set(variables())
    assert model == write_edition(published("model").edition_on(TODAY) or published("model").editions[-1])
    assert told_json["values"] == FIVE_DAYS
    assert told_json["edition"]["in_force_from"] == "2026-09-01"


# Files


def upload(cast: Cast, name: str, content: str, member: str = "deputy"):
    file = SimpleUploadedFile(name, content.encode())
    return cast.client(member).post(reverse("control:upload_rules"), {"file": file})


def test_an_uploaded_file_becomes_a_draft(cast: Cast):
    answer = upload(cast, "правила.toml", write_edition(published("model").editions[-1]))

    act = LocalAct.objects.get()
    assert answer.url == reverse("control:preview_rules", args=[act.code])
    assert act.prepared["stated"] == plain_of(published("model").editions[-1].values)
    assert not PolicyEdition.objects.exists()


def test_json_is_the_same_object(cast: Cast):
    client = cast.client("deputy")
    text = client.get(reverse("control:rules_json", args=["neman-1"])).content.decode()

    upload(cast, "правила.json", text)

    edition_of_day = published("neman-1").edition_on(TODAY) or published("neman-1").editions[-1]
    assert LocalAct.objects.get().prepared["stated"] == plain_of(edition_of_day.values)


HEAD = '[edition]\nact = "a"\ntitle = "Положение"\nin_force_from = 2026-12-01\n'


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.toml", HEAD + "[values.remark_days]\nvalue = 500\nclause = 'п. 1'\n", "строка 6, values.remark_days.value"),
        ("a.toml", HEAD + "[values.no_such]\nvalue = 5\nclause = 'п. 1'\n", "строка 5, values.no_such"),
        ("a.toml", HEAD + "[values.remark_days]\nvalue = 5\n", "Не назван пункт акта"),
        ("a.toml", HEAD.replace("Положение", "П" * 501), "строка 3, edition.title: Длина – 501"),
        ("a.toml", HEAD + f"number = '{'1' * 41}'\n", "строка 5, edition.number: Длина – 41"),
        ("a.toml", "не TOML", "строка 1"),
        ("a.json", "{", "строка 1"),
        ("a.json", "[1]", "разделы edition и values"),
        ("a.json", '{"edition": {"act": "a", "title": "b"}}', "in_force_from"),
        ("a.json", '{"edition": 5}', "разделы edition и values"),
    ],
)
def test_a_bad_file_is_refused_by_line_and_field(cast: Cast, name: str, content: str, says: str):
    answer = upload(cast, name, content)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not LocalAct.objects.exists()


# A new edition


@pytest.mark.parametrize("act", ["", *published_acts()])
def test_the_form_gives_back_what_it_shows(act: str):
    stated = plain_of(published(act).editions[-1].values) if act else {}

    found = {}
    for section in SECTION_NAMES:
        shown = SectionForm(section, stated=stated, day=TODAY)
        read = SectionForm(section, stated=stated, day=TODAY, data=as_sent(shown))
        assert read.errors == []
        found |= read.stated

    known = variables()
    assert {name: decode(said["value"], known[name]) for name, said in found.items()} == {
        name: decode(said["value"], known[name]) for name, said in stated.items()
    }
    assert {name: said["clause"] for name, said in found.items()} == {
        name: said["clause"] for name, said in stated.items()
    }


@pytest.mark.parametrize(
    ("section", "typed", "says"),
    [
        ("Deadlines", {"remark_days-0-0": "5"}, "Укажите пункт акта"),
        ("Deadlines", {"remark_days-0-0": "500", "clause-remark_days": "п. 1"}, "вне границ"),
        ("Deadlines", {"remark_days-0-0": "много", "clause-remark_days": "п. 1"}, "нужно целое число"),
        ("Deadlines", {"remark_days-0-0": "", "clause-remark_days": "п. 1"}, "Заполните значение"),
        ("Deadlines", {"setup_deadline-0-0": "31.02", "clause-setup_deadline": "п. 1"}, "нужны день и месяц"),
        ("Deadlines", {"lesson_limit-0-0": "-5", "clause-lesson_limit": "п. 1"}, "Меньше нуля"),
        ("Deadlines", {"mark_deadlines-1-0": "", "clause-mark_deadlines": "п. 1"}, "Строка 1, «Сколько»: заполните"),
        ("Deadlines", {"mark_deadlines-2-5": "а", "clause-mark_deadlines": "п. 1"}, "Строка 2, «Классы (параллели)»"),
        ("Marks", {"work_kinds-3-2": "99", "clause-work_kinds": "п. 1"}, "Строка 3, «Вес»: 99 вне границ"),
        ("Marks", {"backdating-0-0": "NEVER", "ungraded_grades-0-0": "1–20", "clause-ungraded_grades": "п."}, "12 вне"),
        ("Locks", {"backdating-0-0": "NEVER", "clause-backdating": "п. 1"}, "не из списка"),
        ("Results", {"favour_pupil_by-0-0": "пол-балла", "clause-favour_pupil_by": "п."}, "нужно число"),
        ("Records", {"long_term_border-0-0": "завтра", "clause-long_term_border": "п."}, "нужен день"),
    ],
)
def test_what_was_typed_wrong_stands_beside_its_field_and_is_not_saved(cast: Cast, section, typed, says):
    act = prepared(cast, FIVE_DAYS)
    sent = as_sent(SectionForm(section, stated={}, day=TODAY))
    for name, value in typed.items():
        sent[name] = value

    answer = cast.client("deputy").post(f"{reverse('control:draft_rules', args=[act.code])}?section={section}", sent)

    act.refresh_from_db()
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert act.prepared["stated"] == FIVE_DAYS


def test_rows_are_added_removed_and_put_in_order(cast: Cast):
    act = prepared(cast, {})
    sent = as_sent(SectionForm("Locks", stated={}, day=TODAY))
    for name, value in {
        "window_exceptions-1-place": "2", "window_exceptions-1-0": "14", "window_exceptions-1-1": "10–11",
        "window_exceptions-2-place": "1", "window_exceptions-2-0": "", "window_exceptions-2-2": "9А, 9Б",
        "window_exceptions-2-3": "Алгебра; Геометрия", "clause-window_exceptions": "п. 4.1",
    }.items():  # fmt: skip
        sent[name] = value

    address = f"{reverse('control:draft_rules', args=[act.code])}?section=Locks"
    cast.client("deputy").post(address, sent)

    act.refresh_from_db()
    assert act.prepared["stated"]["window_exceptions"]["value"] == [
        {"days": "нет", "classes": ["9А", "9Б"], "subjects": ["Алгебра", "Геометрия"]},
        {"days": 14, "grades": [10, 11]},
    ]

    sent = as_sent(SectionForm("Locks", stated=act.prepared["stated"], day=TODAY))
    sent["window_exceptions-1-drop"] = "on"
    cast.client("deputy").post(address, sent)
    act.refresh_from_db()
    assert act.prepared["stated"]["window_exceptions"]["value"] == [{"days": 14, "grades": [10, 11]}]


def test_what_contradicts_another_section_is_told_and_not_saved(cast: Cast):
    act = prepared(cast, {})
    sent = as_sent(SectionForm("Marks", stated={}, day=TODAY))
    sent["default_work_kind-0-0"], sent["clause-default_work_kind"] = "НЕТ ТАКОГО", "п. 1"

    answer = cast.client("deputy").post(f"{reverse('control:draft_rules', args=[act.code])}?section=Marks", sent)

    act.refresh_from_db()
    assert "нет среди видов работ" in answer.content.decode()
    assert act.prepared["stated"] == {}


def test_a_new_edition_begins_from_a_shipped_act_or_from_the_schools(cast: Cast):
    edition(cast.organisation, FIVE_DAYS)
    deputy = cast.client("deputy")
    fields = {"title": "Новое положение", "kind": "REGULATION"}

    deputy.post(reverse("control:new_rules"), fields | {"base": "model"})
    deputy.post(reverse("control:new_rules"), fields | {"base": "now"})
    deputy.post(reverse("control:new_rules"), fields | {"base": "default"})
    nameless = deputy.post(reverse("control:new_rules"), {"base": "now", "title": " "})

    model, own, bare = LocalAct.objects.filter(title="Новое положение").order_by("pk")
    assert (model.prepared["made_from"], len(model.prepared["stated"])) == (
        "model", len(published("model").editions[-1].values),
    )  # fmt: skip
    assert (own.prepared["stated"], bare.prepared["stated"]) == (FIVE_DAYS, {})
    assert "Назовите акт" in nameless.content.decode()


def test_a_new_edition_takes_neither_number_nor_agreements_of_the_act_in_force(cast: Cast):
    act = edition(cast.organisation, FIVE_DAYS).act
    LocalAct.objects.filter(pk=act.pk).update(number="15", agreed_with=["совет родителей"])

    cast.client("deputy").post(reverse("control:new_rules"), {"title": "Новое", "kind": "REGULATION", "base": "now"})

    draft = LocalAct.objects.get(title="Новое")
    assert (draft.number, draft.agreed_with, draft.prepared["stated"]) == ("", [], FIVE_DAYS)


def test_the_whole_way_from_form_to_the_value_in_force(cast: Cast):
    act = prepared(cast, {})
    sent = as_sent(SectionForm("Deadlines", stated={}, day=TODAY))
    sent["remark_days-0-0"], sent["clause-remark_days"], sent["then"] = "5", "п. 3.2", "preview"
    saved = cast.client("deputy").post(f"{reverse('control:draft_rules', args=[act.code])}?section=Deadlines", sent)
    preview = text_of(cast, "deputy", saved.url)

    cast.client("director").post(
        reverse("control:adopt_act", args=[act.code]),
        {"number": "9", "adopted_by": "педсовет", "adopted_on": "2026-11-10", "in_force_from": "2026-11-17"},
    )

    assert "Изменится 1 правило" in preview
    cast.organisation.refresh_from_db()
    assert policies(cast.organisation).on(TODAY).remark_days == 3
    assert policies(cast.organisation).on(TODAY + timedelta(days=1)).remark_days == 5
    assert cast.client("deputy").get(reverse("control:draft_rules", args=[act.code])).status_code == 302


# Consequences


def marks_of_today(cast: Cast) -> None:
    """Two fives and a four in algebra; one of them put nine days after its lesson."""
    for lesson, value, late in ((cast.lessons[0], "5", 9), (cast.lessons[1], "5", 0), (cast.lessons[2], "4", 0)):
        Mark.objects.create(
            organisation=cast.organisation, task=lesson.tasks.get(), pupil=cast.polina, value=value,
            put_by=cast.teacher, put_at=make.moment(lesson.on + timedelta(days=late)),
        )  # fmt: skip


def stating(**values) -> Edition:
    said = {name: Stated(decode(value, variables()[name]), "п. 1") for name, value in values.items()}
    return Edition(act="draft", title="Проект", in_force_from=TODAY, values=said)


def sentences(cast: Cast, proposed: Edition) -> list[str]:
    return [one.sentence for one in consequences(cast.year, now=None, proposed=proposed, today=TODAY)]


LATE_BY_DEFAULT = [{"limit": {"amount": 30, "unit": "DAYS"}}]
STRICT_FIVE = [
    {"value": "5", "at_least": "19/4"}, {"value": "4", "at_least": "15/4"}, {"value": "3", "at_least": "11/4"},
    {"value": "2", "at_least": "0"},
]  # fmt: skip


def test_marks_that_would_be_late_or_no_longer_are_counted(cast: Cast):
    marks_of_today(cast)

    longer = sentences(cast, stating(mark_deadlines=LATE_BY_DEFAULT))
    stricter = consequences(
        cast.year, now=stating(mark_deadlines=LATE_BY_DEFAULT),
        proposed=stating(mark_deadlines=[{"limit": {"amount": 1, "unit": "DAYS"}}]), today=TODAY,
    )  # fmt: skip

    assert longer == ["1 отметка этого периода перестанет быть поздней"]
    assert [one.sentence for one in stricter] == ["1 отметка этого периода окажется поздней"]


def test_deadlines_in_lessons_are_counted_by_the_lessons_of_the_course(cast: Cast):
    marks_of_today(cast)

    found = sentences(cast, stating(mark_deadlines=[{"limit": {"amount": 4, "unit": "LESSONS"}}]))

    assert found == ["1 отметка этого периода перестанет быть поздней"]


def test_pupils_whose_proposal_changes_are_counted_once(cast: Cast):
    marks_of_today(cast)

    assert sentences(cast, stating(term_thresholds=STRICT_FIVE)) == ["у 1 обучающегося предложенная отметка изменится"]


def test_lessons_that_would_be_closed_are_counted(cast: Cast):
    Lesson.objects.update(held_at=make.moment(TODAY))
    past = Lesson.objects.filter(course__year=cast.year, on__lt=TODAY - timedelta(days=3)).count()

    found = sentences(cast, stating(edit_window_days=3))

    assert found == [f"закрыты для правки станут {past} уроков этого года"]


def test_what_concerns_nothing_written_has_no_consequences(cast: Cast, django_assert_max_num_queries):
    marks_of_today(cast)

    with django_assert_max_num_queries(1):
        assert sentences(cast, stating(forecast_shown=False)) == []


def test_queries_of_the_preview_do_not_grow(cast: Cast, django_assert_max_num_queries):
    proposed = stating(
        mark_deadlines=[{"limit": {"amount": 4, "unit": "LESSONS"}}], term_thresholds=STRICT_FIVE, edit_window_days=3,
        lesson_limit={"amount": 3, "unit": "DAYS"},
    )  # fmt: skip
    for lesson in Lesson.objects.filter(course=cast.algebra, on__lte=TODAY):
        for pupil in cast.pupils:
            Mark.objects.create(
                organisation=cast.organisation, task=lesson.tasks.get(), pupil=pupil, value="4",
                put_by=cast.teacher, put_at=make.moment(TODAY),
            )  # fmt: skip

    with django_assert_max_num_queries(8):
        consequences(cast.year, now=None, proposed=proposed, today=TODAY)


def test_the_preview_warns_of_days_it_cannot_begin_on(cast: Cast):
    edition(cast.organisation, FIVE_DAYS)
    act = prepared(cast, {"remark_days": {"value": 7, "clause": "п. 1"}})
    address = reverse("control:preview_rules", args=[act.code])

    assert "новая вступает в силу позже неё" in text_of(cast, "deputy", f"{address}?from=2026-09-01")
    assert "Этот день уже прошёл" in text_of(cast, "deputy", f"{address}?from=2026-09-02")
    assert "Этот день уже прошёл" not in text_of(cast, "deputy", address)


def test_queries_of_the_pages_do_not_grow(cast: Cast, django_assert_max_num_queries):
    first = date(2026, 9, 1)
    for place in range(4):
        day = first + timedelta(days=7 * place)
        act = adopted(cast.organisation, f"Положение {place}", first=day)
        edition(cast.organisation, {"remark_days": {"value": place + 4, "clause": "п. 1"}}, act=act, first=day)
    director = cast.client("director")
    director.get(RULES)

    for address, most in (
        (f"{RULES}?section=all", 2),
        (reverse("control:rule_editions"), 4),
        (f"{reverse('control:compare_rules')}?one=model&other=now&all=yes", 3),
    ):
        with django_assert_max_num_queries(most):
            assert director.get(address).status_code == 200
