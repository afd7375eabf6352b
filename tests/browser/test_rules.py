"""The school's rules and its local acts as people do them by hand."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letopis.org.actions.policy import prepare_policy
from letopis.org.models import LocalAct
from letopis.people.models import ActAcquaintance
from tests.browser.conftest import DARK, PHONE, WIDE, assert_accessible, assert_fits
from tests.org.acts import adopted, draft, edition, told

BAD_FILE = """[edition]
act = "own"
title = "Положение"
in_force_from = 2026-12-01

[values.remark_days]
value = 500
clause = "п. 3"
"""


def test_an_edition_is_prepared_previewed_and_adopted(open_as, cast):
    page = open_as("director", "/rules/")
    page.get_by_role("link", name="Новая редакция").click()
    page.get_by_label("Начать с").select_option("default")
    assert_accessible(page)
    page.get_by_role("button", name="Дальше").click()

    page.get_by_role("link", name="Правка, исправления и закрытие").click()
    rule = page.get_by_role("group", name="Сколько дней учитель сам правит свой урок")
    rule.get_by_label("Сколько дней учитель сам правит свой урок", exact=True).fill("5")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_text("Укажите пункт акта").first).to_be_visible()
    assert_accessible(page)
    rule.get_by_label("Пункт акта").fill("п. 5.2")
    page.get_by_role("button", name="Сохранить и посмотреть, что изменится").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Что изменится")
    expect(page.get_by_text("закрыты для правки станут")).to_be_visible()
    expect(page.get_by_text("5 дней", exact=True)).to_be_visible()
    assert_accessible(page)
    # A regulation needs its text; the draft is completed before it is adopted.
    page.get_by_role("link", name="Положение о ведении электронного журнала").click()
    page.get_by_role("link", name="Изменить проект").click()
    page.get_by_label("Текст").fill("5.2. Свой урок учитель правит 5 дней.")
    page.get_by_role("button", name="Сохранить проект").click()
    page.get_by_role("link", name="Принять акт").click()
    page.get_by_label("Номер акта").fill("12")
    page.get_by_label("Кто принял").fill("педагогический совет")
    page.get_by_label("Когда принял").fill("2026-11-10")
    page.get_by_label("Действует с").fill("2026-11-16")
    assert_accessible(page)
    page.get_by_role("button", name="Принять", exact=True).click()

    expect(page.get_by_text("Акт принят, правила школы введены.")).to_be_visible()
    page.get_by_label("Слова правила, пункт").fill("сам правит")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("link", name="№ 12, п. 5.2")).to_be_visible()
    expect(page.get_by_text("5 дней", exact=True)).to_be_visible()


def test_a_file_with_an_error_is_refused_by_its_line(open_as, cast):
    page = open_as("deputy", reverse("control:rule_editions"))
    page.get_by_label("Файл правил").set_input_files(
        {"name": "правила.toml", "mimeType": "application/toml", "buffer": BAD_FILE.encode()}
    )
    page.get_by_role("button", name="Загрузить").click()

    expect(page.get_by_text("строка 7, values.remark_days.value")).to_be_visible()
    assert_accessible(page)
    assert not LocalAct.objects.exists()

    page.get_by_label("Файл правил").set_input_files(
        {"name": "правила.toml", "mimeType": "application/toml", "buffer": BAD_FILE.replace("500", "5").encode()}
    )
    page.get_by_role("button", name="Загрузить").click()
    expect(page.get_by_text("Изменится 1 правило")).to_be_visible()


def test_a_teacher_finds_the_act_and_says_that_he_knows_it(open_as, cast):
    adopted(cast.organisation)

    page = open_as("teacher", "/year/")
    page.get_by_role("link", name="Локальные акты").click()
    page.get_by_role("link", name="Положение о ведении электронного журнала").first.click()
    page.get_by_role("button", name="Ознакомлен(а)").click()

    expect(page.get_by_text("Вы ознакомлены с актом 16.11.2026")).to_be_visible()
    assert ActAcquaintance.objects.get().employee == cast.teacher


def test_the_clerk_enters_signatures_of_a_sheet(open_as, cast):
    act = adopted(cast.organisation)

    page = open_as("clerk", reverse("control:act", args=[act.code]))
    page.get_by_label("Подписал лист: Копылова Мария Андреевна").check()
    page.get_by_label("Когда подписали").fill("2026-11-13")
    page.get_by_role("button", name="Внести подписи").click()

    expect(page.get_by_text("Внесена 1 подпись.")).to_be_visible()
    assert ActAcquaintance.objects.get().on_paper


@pytest.mark.parametrize("options", [WIDE, PHONE, WIDE | DARK, PHONE | DARK], ids=["wide", "phone", "dark", "night"])
def test_the_pages_fit_and_are_accessible(open_as, cast, options):
    act = adopted(cast.organisation)
    edition(cast.organisation, {"remark_days": {"value": 5, "clause": "п. 3"}}, act=act)
    work = draft(cast.organisation)
    stated = {"remark_days": {"value": 7, "clause": "п. 3"}}
    prepare_policy(work, stated=stated, **told(cast.organisation))
    drafts = reverse("control:draft_rules", args=[work.code])
    pages = [
        reverse("control:rules") + "?section=all",
        reverse("control:rule_editions"),
        reverse("control:compare_rules") + "?one=model&other=now",
        *(f"{drafts}?section={section}" for section in ("Marks", "Deadlines", "Locks", "Lessons", "Results")),
        reverse("control:preview_rules", args=[work.code]),
        reverse("control:adopt_act", args=[work.code]),
        reverse("control:acts"),
        reverse("control:act", args=[act.code]),
        reverse("control:new_act"),
        reverse("control:decisions"),
    ]
    page = open_as("director", pages[0], **options)

    for address in pages:
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
