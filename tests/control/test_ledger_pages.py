"""«Подлинность записей» and the report of events."""

import csv
from datetime import timedelta
from io import StringIO

from django.urls import reverse
from django.utils import timezone

from letopis.control.actions.ledger import issue_checkpoint
from letopis.core.models import Job
from letopis.ledger import keys, triggers
from letopis.ledger.actions import Fact, record_all
from letopis.ledger.blanking import blank
from letopis.ledger.models import Checkpoint, Payload, Pending, TimeStamp
from letopis.ledger.sequencer import sequence
from tests.cast import Cast
from tests.factories import moment
from tests.jobs import run_jobs

LEDGER, EVENTS = reverse("control:ledger"), reverse("control:events")


def mark(cast: Cast, member: str = "teacher", *, number: int = 1, value: str = "5", days: int = 0) -> Fact:
    actor = cast.actor(member)
    at = moment(actor.today) - timedelta(days=days)
    return Fact(actor.author, at, "register.put_mark", f"register.Mark:{number}", None, {"value": value})


def a_log(cast: Cast, *facts: Fact) -> list[int]:
    Pending.objects.all().delete()
    numbers = record_all(facts or [mark(cast, number=number) for number in range(1, 4)])
    sequence()
    return numbers


def test_shows_how_long_the_log_is_and_what_is_signed(cast: Cast):
    a_log(cast)
    record_all([mark(cast)])

    page = cast.client("director").get(LEDGER).context["page"]

    assert (page.size, page.waiting, page.unsigned, page.last) == (3, 1, 3, None)
    assert page.unguarded == []


def test_a_checkpoint_is_issued_on_the_page_and_downloaded(cast: Cast):
    a_log(cast)
    record_all([mark(cast)])
    director = cast.client("director")

    answer = director.post(reverse("control:issue_checkpoint"), follow=True)

    row = Checkpoint.objects.get()
    assert row.size == 4
    assert "Контрольная отметка стоит на 4 записей." in answer.content.decode()
    file = director.get(reverse("control:checkpoint", args=[row.code]))
    assert file.content.decode() == row.note
    assert file["Content-Disposition"] == 'attachment; filename="checkpoint-4.txt"'
    assert director.get(reverse("control:ledger_key")).content.decode() == keys.public_pem()


def test_a_refusal_is_said_on_the_page(cast: Cast):
    answer = cast.client("director").post(reverse("control:issue_checkpoint"), follow=True)

    assert "В журнале изменений ещё нет записей: подписывать нечего." in answer.content.decode()


def test_the_checkpoint_of_another_school_is_not_there(cast: Cast):
    row = Checkpoint.objects.create(
        organisation=cast.actor("foreign_teacher").organisation.code,
        size=1,
        root=b"0" * 32,
        note="note",
        at=moment(cast.actor("director").today),
    )

    assert cast.client("director").get(reverse("control:checkpoint", args=[row.code])).status_code == 404


def test_the_page_tells_time_and_service_of_a_stamp_and_gives_it_as_a_file(cast: Cast, settings):
    a_log(cast)
    director = cast.client("director")
    assert "Метка времени" not in director.get(LEDGER).content.decode()
    row = issue_checkpoint(cast.actor("director"), at=moment(cast.actor("director").today))
    stamp = TimeStamp.objects.create(
        checkpoint=row,
        service="https://tsa.example/tsr",
        nonce="1",
        at=row.at + timedelta(seconds=3),
        reply=b"\x30\x00",
    )

    shown = director.get(LEDGER).content.decode()

    assert "tsa.example" in shown
    assert f"{timezone.localtime(stamp.at):%d.%m.%Y %H:%M:%S}" in shown
    file = director.get(reverse("control:time_stamp", args=[stamp.code]))
    assert (file.content, file["Content-Type"]) == (b"\x30\x00", "application/timestamp-reply")
    assert file["Content-Disposition"] == f'attachment; filename="checkpoint-{row.size}.tsr"'
    foreign = cast.client("foreign_teacher").get(reverse("control:time_stamp", args=[stamp.code]))
    assert foreign.status_code in (403, 404)


def test_the_page_says_why_the_newest_checkpoint_has_no_stamp(cast: Cast, settings):
    settings.LETOPIS_TSA_URL = "http://127.0.0.1:9/tsr"
    a_log(cast)
    director = cast.client("director")
    director.post(reverse("control:issue_checkpoint"))
    assert "Последняя попытка" not in director.get(LEDGER).content.decode()

    run_jobs()

    shown = director.get(LEDGER).content.decode()
    assert "У последней контрольной отметки нет метки времени" in shown
    assert "До службы меток времени http://127.0.0.1:9/tsr не достучаться (ConnectionRefusedError)." in shown


def test_a_check_is_a_job_and_its_result_stands_in_words(cast: Cast):
    a_log(cast)
    director = cast.client("director")

    for _press in range(2):
        director.post(reverse("control:ledger_check"))
    assert Job.objects.count() == 1
    assert director.get(LEDGER, headers={"HX-Request": "true"}).context["page"].is_under_way
    run_jobs()

    page = director.get(LEDGER)
    assert "Журнал подлинный." in page.content.decode()
    assert "Записей проверено: 3, контрольных отметок сверено: 0." in page.content.decode()


def test_a_check_that_found_something_says_what(cast: Cast):
    numbers = a_log(cast)
    triggers.drop()
    Payload.objects.filter(pk=numbers[1]).update(body=b"{}")
    triggers.create()
    director = cast.client("director")
    director.post(reverse("control:ledger_check"))

    run_jobs()

    job = Job.objects.get()
    assert (job.state, job.error[:15]) == (Job.State.FAILED, "Нарушений: 1. З")
    assert "содержание изменено после записи" in director.get(LEDGER).content.decode()


def test_missing_guards_are_said(cast: Cast):
    triggers.drop()
    page = cast.client("administrator").get(LEDGER).content.decode()
    triggers.create()

    assert "В базе нет защиты записей от изменения." in page


def test_the_page_of_the_ledger_asks_the_same_queries_for_a_long_log(cast: Cast, django_assert_max_num_queries):
    a_log(cast)
    director, at = cast.client("director"), moment(cast.actor("director").today)

    def a_stamped_checkpoint(size: int) -> None:
        row = Checkpoint.objects.create(organisation=cast.organisation.code, size=size, root=b"0" * 32, note="", at=at)
        TimeStamp.objects.create(checkpoint=row, service="https://tsa.example/", nonce="1", at=at, reply=b"0")

    a_stamped_checkpoint(3)
    with django_assert_max_num_queries(10) as short:
        director.get(LEDGER)
    for day in range(5):
        a_log(cast, *[mark(cast, number=number) for number in range(100)])
        a_stamped_checkpoint(100 + day)
    with django_assert_max_num_queries(len(short)):
        director.get(LEDGER)


def shown(cast: Cast, query: str = "", member: str = "director"):
    found = cast.client(member).get(f"{EVENTS}?{query}").context["found"]
    return [(one.who, one.object, one.what) for one in found.rows]


def test_tells_who_entered_what_newest_first(cast: Cast):
    record_all([mark(cast, number=1), mark(cast, "substitute", number=2, value="4")])

    assert shown(cast) == [
        ("Орлова Т. П.", "register.Mark:2", "отметка: 4"),
        ("Копылова М. А.", "register.Mark:1", "отметка: 5"),
    ]


def test_an_administrator_sees_no_values(cast: Cast):
    record_all([mark(cast)])

    assert shown(cast, member="administrator") == [("Копылова М. А.", "register.Mark:1", "")]
    assert "отметка: 5" not in cast.client("administrator").get(EVENTS).content.decode()


def test_filters_by_period_user_verb_and_thing(cast: Cast):
    record_all([mark(cast, number=1), mark(cast, "substitute", number=12), mark(cast, number=3, days=10)])
    today = cast.actor("director").today
    by_teacher = f"accounts.User:{cast.users['teacher'].pk}"

    assert len(shown(cast)) == 2
    assert len(shown(cast, f"first={today - timedelta(days=10)}")) == 3
    assert len(shown(cast, f"last={today - timedelta(days=1)}&first={today - timedelta(days=20)}")) == 1
    assert [one[1] for one in shown(cast, f"actor={by_teacher}")] == ["register.Mark:1"]
    assert len(shown(cast, "verb=register.put_mark")) == 2
    assert shown(cast, "verb=register.note") == []
    assert [one[1] for one in shown(cast, "kind=register.Mark&number=1")] == ["register.Mark:1"]
    assert shown(cast, "kind=register.Lesson") == []
    assert len(shown(cast, "kind=rubbish&number=x&page=-1&first=x")) == 2


def test_events_of_another_school_are_not_there(cast: Cast):
    record_all([mark(cast, "foreign_teacher")])

    assert shown(cast) == []


def test_destroyed_content_is_told_as_destroyed(cast: Cast):
    [number] = a_log(cast, mark(cast))
    blank([number], act="Акт № 3", by=cast.actor("director").author, at=moment(cast.actor("director").today))

    assert ("Копылова М. А.", "register.Mark:1", "содержание уничтожено по акту") in shown(cast)


def test_pages_and_a_file_of_all(cast: Cast, django_assert_max_num_queries):
    record_all([mark(cast, number=number) for number in range(130)])
    director = cast.client("director")

    first, second = (director.get(f"{EVENTS}?page={page}").context for page in (1, 2))
    with django_assert_max_num_queries(8):
        file = director.get(f"{EVENTS}?export=csv")

    assert (len(first["found"].rows), len(second["found"].rows), first["found"].count) == (100, 30, 130)
    rows = list(csv.reader(StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Когда", "Кто", "Действие", "Что", "Обозначение", "Изменение", "Причина"]
    assert len(rows) == 131
    assert rows[1][1:4] == ["Копылова М. А.", "отметка", "Отметки"]
    of_administrator = cast.client("administrator").get(f"{EVENTS}?export=csv").content.decode("utf-8-sig")
    assert of_administrator.splitlines()[0] == "Когда;Кто;Действие;Что;Обозначение"


def test_the_report_asks_the_same_queries_for_many_events(cast: Cast, django_assert_max_num_queries):
    director = cast.client("director")
    record_all([mark(cast)])
    with django_assert_max_num_queries(9) as few:
        director.get(EVENTS)
    record_all([mark(cast, member, number=number) for number in range(60) for member in ("teacher", "substitute")])
    with django_assert_max_num_queries(len(few)):
        director.get(EVENTS)
