"""A save that is sent twice: after a lost answer, from two tabs, by a page that was closed."""

import json
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from letopis.ledger.models import Entry
from letopis.register.actions.cell_receipts import KEPT_FOR, save_once, sweep_receipts
from letopis.register.actions.cell_results import CellSave
from letopis.register.models import Lesson, Mark, SaveReceipt
from tests import factories as make
from tests.cast import TODAY, make_cast

pytestmark = pytest.mark.django_db

AT = make.moment(TODAY, 10, 41)
KEY = "6f0a3a3e-2a52-4b8e-9a4e-0a43a5c9a001"


def cell(cast, text, *, seen="", pupil=None):
    task = cast.today_lesson.tasks.get()
    return {"task": str(task.code), "pupil": str((pupil or cast.polina).code), "seen": seen, "text": text}


def post(cast, cells, *, key: object = KEY, client=None):
    said = {"cells": cells, "term": "2"} | ({} if key is None else {"key": key})
    url = reverse("register:cells", args=[cast.algebra.code])
    return (client or cast.client("teacher")).post(url, json.dumps(said), content_type="application/json")


def test_the_same_key_again_gives_the_same_answer_and_does_nothing(cast):
    first = post(cast, [cell(cast, "5")])
    Mark.objects.update(value="3")
    entries = Entry.objects.count()

    again = post(cast, [cell(cast, "5")])

    # Without the key the second request would have met the other value as a conflict.
    assert (again.status_code, again.json()) == (200, first.json() | {"repeated": True})
    assert (Mark.objects.get().value, Entry.objects.count(), SaveReceipt.objects.count()) == ("3", entries, 1)


def test_a_refusal_is_answered_again_too(cast):
    first = post(cast, [cell(cast, "9")])

    assert post(cast, [cell(cast, "9")]).json() == first.json() | {"repeated": True}
    assert first.json()["cells"][0]["status"] == "REFUSED"


def test_a_key_that_was_used_for_other_cells_saves_nothing_and_says_so(cast):
    post(cast, [cell(cast, "5")])

    other = post(cast, [cell(cast, "4", pupil=cast.pupils[0])])

    assert (other.status_code, other.json()["code"]) == (409, "KEY_REUSED")
    assert [mark.pupil for mark in Mark.objects.select_related("pupil")] == [cast.polina]


def test_keys_of_different_people_do_not_meet(cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(teacher=cast.substitute)
    post(cast, [cell(cast, "5")])

    other = post(cast, [cell(cast, "4", pupil=cast.pupils[0])], client=cast.client("substitute"))

    assert other.json()["cells"][0]["status"] == "SAVED"


@pytest.mark.parametrize("key", ["", "x", 7, ["a"], "6f0a3a3e"])
def test_a_key_that_is_none_is_refused_in_a_sentence(cast, key):
    answer = post(cast, [cell(cast, "5")], key=key)

    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_KEY")
    assert answer.json()["sentence"] == "Ключ запроса неверен: обновите страницу. Ничего не изменено."
    assert Mark.objects.count() == 0


def test_a_block_that_is_too_large_is_refused_whole(cast):
    answer = post(cast, [cell(cast, "5")] * 401)

    assert (answer.status_code, answer.json()["code"]) == (400, "TOO_MANY_CELLS")
    assert "не больше 400, а пришло 401" in answer.json()["sentence"]
    assert Mark.objects.count() == 0


def test_a_session_that_ended_is_told_in_json(cast, client):
    answer = post(cast, [cell(cast, "5")], client=client)

    assert (answer.status_code, answer.json()["code"]) == (401, "SIGNED_OUT")
    assert Mark.objects.count() == 0


def test_the_page_of_one_person_does_not_save_in_the_session_of_another(cast):
    Lesson.objects.filter(pk=cast.today_lesson.pk).update(teacher=cast.substitute)
    said = {"key": KEY, "user": str(cast.users["teacher"].code), "term": "2", "cells": [cell(cast, "5")]}
    url = reverse("register:cells", args=[cast.algebra.code])

    other = cast.client("substitute").post(url, json.dumps(said), content_type="application/json")
    own = cast.client("teacher").post(url, json.dumps(said), content_type="application/json")

    assert (other.status_code, other.json()["code"]) == (401, "OTHER_USER")
    assert (own.status_code, own.json()["cells"][0]["status"]) == (200, "SAVED")


def test_what_failed_leaves_no_receipt(cast, monkeypatch):
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("letopis.register.actions.cells.record_all", broken)
    with pytest.raises(RuntimeError):
        post(cast, [cell(cast, "5")])
    monkeypatch.undo()

    assert (SaveReceipt.objects.count(), Mark.objects.count()) == (0, 0)
    assert post(cast, [cell(cast, "5")]).json()["cells"][0]["status"] == "SAVED"


def test_old_receipts_are_swept(cast):
    save = {"course": cast.algebra.code, "cells": [], "at": AT}
    save_once(cast.actor("teacher"), **(save | {"key": uuid4(), "at": AT - KEPT_FOR - timedelta(minutes=1)}))
    save_once(cast.actor("teacher"), **(save | {"key": UUID(KEY)}))

    assert (sweep_receipts(now=AT), [str(one.key) for one in SaveReceipt.objects.all()]) == (1, [KEY])


@pytest.mark.parametrize("text", ["5", "н", "5 о10"])
def test_a_save_with_a_key_takes_at_most_twelve_statements_even_when_it_opens_the_lesson(cast, text):
    client, said = cast.client("teacher"), [cell(cast, text)]
    post(cast, [], client=client, key=None)

    with CaptureQueriesContext(connection) as statements:
        answer = post(cast, said, client=client)

    assert answer.json()["cells"][0]["status"] == "SAVED"
    # A mark of a pupil who came late touches one table more.
    assert len(statements) <= (13 if " " in text else 12), [one["sql"][:60] for one in statements]


@pytest.mark.usefixtures("unlocked_ledger")
def test_two_requests_with_one_key_at_the_same_time_save_once():
    cast = make_cast()
    actor, start, answers = cast.actor("teacher"), Barrier(2), []
    one = CellSave(cast.today_lesson.tasks.get().code, cast.polina.code, "", "5")

    def run() -> None:
        try:
            start.wait()
            answers.append(save_once(actor, course=cast.algebra.code, cells=[one], key=UUID(KEY), at=AT))
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    repeated = [answer.pop("repeated", False) for answer in answers]
    assert (answers[0], sorted(repeated)) == (answers[1], [False, True])
    assert (Mark.objects.count(), SaveReceipt.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="register.put_mark").count() == 1
