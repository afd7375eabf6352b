"""The register of local acts: list, act, acquaintance, file, print, table, the set for the site, decisions."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from letopis.control.prints import acquaintance_sheet
from letopis.control.queries.acts import signature_sheet
from letopis.core.typst import render
from letopis.org.actions.acts import Adoption, adopt_act, amend, publish_act
from letopis.org.models import CollegiateDecision, LocalAct, PolicyEdition
from letopis.people.actions import acquaint
from letopis.people.models import ActAcquaintance
from tests import factories as make
from tests.cast import TODAY, Cast
from tests.org.acts import TITLE, adopted, draft, told

pytestmark = pytest.mark.django_db

ADOPTION = {
    "number": "12", "dated": "2026-11-10", "adopted_by": "педагогический совет", "adopted_on": "2026-11-10",
    "agreed_with": "совет родителей\nсовет обучающихся", "in_force_from": "2026-11-17", "order_number": "45",
    "order_date": "2026-11-11",
}  # fmt: skip


def page_of(cast: Cast, member: str, name: str, *args, query: str = "") -> str:
    return cast.client(member).get(reverse(name, args=args) + query).content.decode()


def test_the_list_is_narrowed_by_words_kind_and_standing(cast: Cast):
    adopted(cast.organisation)
    draft(cast.organisation, "Приказ о заменах")
    adopted(cast.organisation, "Старый регламент", first=date(2026, 12, 1))

    every = page_of(cast, "teacher", "control:acts")
    by_words = page_of(cast, "teacher", "control:acts", query="?q=ПОЛОЖЕНИЕ+12")
    drafts = page_of(cast, "teacher", "control:acts", query="?standing=DRAFT")
    orders = page_of(cast, "teacher", "control:acts", query="?kind=PLAN")

    assert all(title in every for title in (TITLE, "Приказ о заменах", "ещё не действует"))
    assert TITLE in by_words
    assert "Приказ о заменах" not in by_words
    # What awaits the reader is told on every narrowing of the list.
    assert "Приказ о заменах</a></th>" in drafts
    assert f"{TITLE}</a></th>" not in drafts
    assert "Ничего не нашлось" in orders


def test_families_see_published_acts_alone(cast: Cast):
    act, hidden = adopted(cast.organisation), adopted(cast.organisation, "Внутренний регламент")
    publish_act(act, published=True, **told(cast.organisation))

    shown = page_of(cast, "mother", "control:acts")

    assert TITLE in shown
    assert "Внутренний регламент" not in shown
    assert "Лист ознакомления" not in page_of(cast, "mother", "control:act", act.code)
    assert cast.client("mother").get(reverse("control:act", args=[hidden.code])).status_code == 404


def test_a_draft_is_entered_changed_and_adopted_by_hand(cast: Cast):
    decision = CollegiateDecision.objects.create(
        organisation=cast.organisation, body="педагогический совет", protocol_number="3", decided_on=TODAY,
        text="Принять", recorded_at=make.moment(TODAY), recorded_by="Хабибуллина Д. Т.",
    )  # fmt: skip
    deputy, director = cast.client("deputy"), cast.client("director")
    fields = {"kind": "REGULATION", "title": TITLE, "text": "1. Общие положения", "must_be_known": "on"}
    deputy.post(reverse("control:new_act"), fields | {"file": SimpleUploadedFile("положение.pdf", b"1")})
    act = LocalAct.objects.get()
    deputy.post(reverse("control:change_act", args=[act.code]), fields | {"number": "12"})

    answer = director.post(reverse("control:adopt_act", args=[act.code]), ADOPTION | {"decision": str(decision.code)})

    act.refresh_from_db()
    assert answer.status_code == 302
    assert (act.state, act.number, act.decision, act.agreed_with) == (
        "IN_FORCE", "12", decision, ["совет родителей", "совет обучающихся"],
    )  # fmt: skip
    assert act.file_name == "положение.pdf"
    assert "протокол № 3" in page_of(cast, "teacher", "control:act", act.code)


def test_what_is_wrong_stays_in_the_form_and_nothing_is_written(cast: Cast):
    deputy = cast.client("deputy")
    fields = {"kind": "REGULATION", "title": TITLE}

    bad_file = deputy.post(reverse("control:new_act"), fields | {"file": SimpleUploadedFile("virus.exe", b"1")})
    no_title = deputy.post(reverse("control:new_act"), fields | {"title": ""})

    assert "файлы такого вида не прикладывают" in bad_file.content.decode()
    assert no_title.status_code == 200
    assert not LocalAct.objects.exists()

    act = draft(cast.organisation)
    backwards = cast.client("director").post(
        reverse("control:adopt_act", args=[act.code]), ADOPTION | {"in_force_from": "2026-11-01"}
    )
    assert "исправьте одну из дат" in backwards.content.decode()
    act.refresh_from_db()
    assert act.state == "DRAFT"


def test_a_new_version_is_begun_on_the_page_and_the_chain_is_shown(cast: Cast):
    old = adopted(cast.organisation)
    cast.client("deputy").post(reverse("control:amend_act", args=[old.code]))
    new = LocalAct.objects.get(supersedes=old)
    adopt_act(new, adoption=Adoption(date(2026, 11, 17), number="13"), **told(cast.organisation))

    shown = page_of(cast, "teacher", "control:act", old.code)

    assert "№ 13" in shown
    assert "эта редакция" in shown
    assert "16.11.2026" in shown


def test_an_act_is_withdrawn_and_published_by_the_director(cast: Cast):
    act = adopted(cast.organisation)
    director = cast.client("director")

    refused = director.post(reverse("control:withdraw_act", args=[act.code]), {"on": "2026-09-01", "reason": "Приказ"})
    director.post(reverse("control:publish_act", args=[act.code]), {"published": "yes"})
    director.post(reverse("control:withdraw_act", args=[act.code]), {"on": "2026-11-17", "reason": "Приказ № 5"})

    act.refresh_from_db()
    assert "не раньше 02.09.2026" in refused.content.decode()
    assert (act.is_published, act.state, act.in_force_to) == (True, "WITHDRAWN", TODAY)


def test_an_employee_says_that_he_knows_the_act(cast: Cast):
    act = adopted(cast.organisation)
    teacher = cast.client("teacher")
    assert "Ознакомлен(а)" in page_of(cast, "teacher", "control:act", act.code)

    for _twice in range(2):
        teacher.post(reverse("control:know_act", args=[act.code]))

    assert ActAcquaintance.objects.get().employee == cast.teacher
    assert "Вы ознакомлены с актом 16.11.2026" in page_of(cast, "teacher", "control:act", act.code)


def test_the_office_enters_who_signed_on_paper(cast: Cast):
    act = adopted(cast.organisation)
    address = reverse("control:enter_paper", args=[act.code])
    clerk = cast.client("clerk")

    nobody = clerk.post(address, {"known_on": "2026-11-16"})
    ahead = clerk.post(address, {"known_on": "2026-11-17", "employee": [str(cast.teacher.code)]})
    clerk.post(address, {"known_on": "2026-11-13", "employee": [str(cast.teacher.code), str(cast.substitute.code)]})

    assert "Отметьте, кто подписал лист." in nobody.content.decode()
    assert "ещё не наступил" in ahead.content.decode()
    assert set(ActAcquaintance.objects.values_list("on_paper", "known_on")) == {(True, date(2026, 11, 13))}
    assert ActAcquaintance.objects.count() == 2


def test_the_sheet_names_who_has_not_acknowledged(cast: Cast):
    act = adopted(cast.organisation)
    acquaint(act, [cast.teacher], known_on=TODAY, today=TODAY, **told(cast.organisation))

    data = acquaintance_sheet(act, signature_sheet(act, day=TODAY), on=TODAY)
    document = render(("control", "acquaintance_sheet", TODAY), data, issued_on=TODAY)

    assert document.startswith(b"%PDF")
    assert (data["known"], data["every"]) == ("1", "8")
    assert data["act"] == f"{TITLE}, № 12 от 01.09.2026"
    assert ["Копылова Мария Андреевна", "Учитель математики", "16.11.2026", "электронно"] in data["rows"]
    assert "Хохлов Фёдор Григорьевич" not in [row[0] for row in data["rows"]]
    table = cast.client("clerk").get(reverse("control:sheet_csv", args=[act.code])).content.decode("utf-8-sig")
    assert "Копылова Мария Андреевна;Учитель математики;электронная отметка;16.11.2026;16.11.2026" in table


def test_who_signed_and_left_stays_on_the_sheet(cast: Cast):
    act = adopted(cast.organisation)
    acquaint(act, [cast.teacher], known_on=TODAY, today=TODAY, **told(cast.organisation))
    cast.teacher.dismissed_on = TODAY
    cast.teacher.save()

    assert cast.teacher in [line.employee for line in signature_sheet(act, day=TODAY)]


def test_the_set_for_the_site_holds_files_and_a_list(cast: Cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    fields = {"kind": "ORDER", "title": "Приказ о переходе", "must_be_known": ""}
    cast.client("deputy").post(
        reverse("control:new_act"), fields | {"file": SimpleUploadedFile("приказ.pdf", b"order")}
    )
    order = adopt_act(LocalAct.objects.get(), adoption=Adoption(TODAY, number="7"), **told(cast.organisation))
    with_text, hidden = adopted(cast.organisation), adopted(cast.organisation, "Не для сайта")
    for act in (order, with_text):
        publish_act(act, published=True, **told(cast.organisation))

    answer = cast.client("director").get(reverse("control:acts_zip"))

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    index = archive.read("index.html").decode()
    assert sorted(archive.namelist()) == [
        "01-prikaz-o-perekhode.pdf", "02-polozhenie-o-vedenii-elektronnogo-zhurnala.html", "index.html",
    ]  # fmt: skip
    assert archive.read("01-prikaz-o-perekhode.pdf") == b"order"
    assert "согласован: совет родителей" in index
    assert hidden.title not in index


def test_a_lost_file_is_told_and_not_sent(cast: Cast):
    act = adopted(cast.organisation)
    LocalAct.objects.filter(pk=act.pk).update(file="acts/lost", file_name="акт.pdf", is_published=True)

    assert cast.client("teacher").get(reverse("control:act_file", args=[act.code])).status_code == 404
    archive = zipfile.ZipFile(io.BytesIO(cast.client("director").get(reverse("control:acts_zip")).content))
    assert "документ не приложен" in archive.read("index.html").decode()


def test_a_decision_is_recorded_and_found(cast: Cast):
    fields = {
        "body": "педагогический совет", "protocol_number": "3", "decided_on": "2026-11-10", "item": "2",
        "text": "Принять положение",
    }  # fmt: skip
    address = reverse("control:decisions")

    cast.client("deputy").post(address, fields)
    ahead = cast.client("deputy").post(address, fields | {"decided_on": "2026-11-17", "item": "3"})

    assert "ещё не наступил" in ahead.content.decode()
    assert CollegiateDecision.objects.count() == 1
    assert "Принять положение" in page_of(cast, "teacher", "control:decisions", query="?year=2026&words=положение")
    assert "Ничего не нашлось" in page_of(cast, "teacher", "control:decisions", query="?body=совет")
    assert cast.client("teacher").post(address, fields).status_code == 403


def test_an_act_and_its_rules_are_adopted_together_or_not_at_all(cast: Cast):
    act = draft(cast.organisation)
    LocalAct.objects.filter(pk=act.pk).update(
        prepared={"stated": {"remark_days": {"value": 5, "clause": "п. 3"}}, "made_from": "model"}
    )
    cast.year.state = "CLOSED"
    cast.year.save()
    address = reverse("control:adopt_act", args=[act.code])

    refused = cast.client("director").post(address, ADOPTION)
    act.refresh_from_db()
    assert "закрыт" in refused.content.decode()
    assert (act.state, PolicyEdition.objects.count()) == ("DRAFT", 0)

    cast.year.state = "OPEN"
    cast.year.save()
    cast.client("director").post(address, ADOPTION)
    edition = PolicyEdition.objects.get()
    assert (edition.in_force_from, edition.made_from) == (date(2026, 11, 17), "model")


def test_queries_of_the_pages_do_not_grow(cast: Cast, django_assert_max_num_queries):
    act = adopted(cast.organisation)
    for place in range(6):
        adopted(cast.organisation, f"Акт {place}")
        amend(adopted(cast.organisation, f"Прежний {place}"), **told(cast.organisation))
    staff = [make.make_employee(cast.organisation, f"Новиков Пётр {place}") for place in range(12)]
    acquaint(act, staff, known_on=TODAY, today=TODAY, **told(cast.organisation))
    director = cast.client("director")

    for address, most in (
        (reverse("control:acts"), 5), (reverse("control:act", args=[act.code]), 8), (reverse("control:decisions"), 4),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert director.get(address).status_code == 200
