"""Registration journals with columns of the school's own (REG-045)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from letopis.core.errors import Refused
from letopis.ledger.models import Entry
from letopis.register.actions.journals import close_journal, open_journal, strike_line, write_line
from letopis.register.models import Journal, JournalEntry
from letopis.schooling.models import AcademicYear
from tests import factories as make
from tests.cast import TODAY, Cast

AT = make.moment(TODAY)


def told(cast: Cast) -> dict:
    return {"by": cast.actor("deputy").author, "at": AT}


def journal(cast: Cast, **changes) -> Journal:
    arguments = {"title": "Олимпиады", "keeper": cast.teacher, "columns": ["Предмет", " ", "Результат"], **told(cast)}
    return open_journal(cast.year, **(arguments | changes))


def line(cast: Cast, book: Journal, *values: str, **changes) -> JournalEntry:
    arguments = {"on": TODAY, "values": values, "pupil": cast.polina, "put_by": cast.teacher, "today": TODAY}
    return write_line(book, **(arguments | told(cast) | changes))


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.verdict.code


def test_lines_are_numbered_and_recorded(cast):
    book = journal(cast)

    first, second = line(cast, book, "Алгебра", "призёр"), line(cast, book, "Физика")

    assert book.columns == ["Предмет", "Результат"]
    assert [(one.number, one.values) for one in (first, second)] == [(1, ["Алгебра", "призёр"]), (2, ["Физика", ""])]
    assert Entry.objects.filter(verb="register.write_line").count() == 2


def test_a_form_sent_twice_is_one_line(cast):
    book = journal(cast)

    first = line(cast, book, "Алгебра")
    again = line(cast, book, "Алгебра", at=AT + timedelta(seconds=5))
    later = line(cast, book, "Алгебра", at=AT + timedelta(minutes=5))

    assert (again, later.number) == (first, 2)


def test_a_wrong_line_is_struck_out_and_stays(cast):
    book = journal(cast)
    wrong = line(cast, book, "Алгебра")

    assert strike_line(wrong, reason="Ошибка", **told(cast))
    assert not strike_line(wrong, reason="Ещё раз", **told(cast))

    wrong.refresh_from_db()
    assert (wrong.values, wrong.struck_reason) == (["Алгебра", ""], "Ошибка")
    assert line(cast, book, "Алгебра").number == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "NO_TITLE"),
        ({"columns": [" "]}, "NO_COLUMNS"),
        ({"columns": [str(number) for number in range(9)]}, "MANY_COLUMNS"),
        ({"columns": ["Итог", "итог"]}, "COLUMN_TWICE"),
    ],
)
def test_refuses_a_journal_that_makes_no_sense(cast, changes, code):
    assert refusal(journal, cast, **changes) == code


def test_refuses_a_title_that_stands_and_returns_the_same_journal(cast):
    book = journal(cast)

    assert journal(cast) == book
    assert refusal(journal, cast, columns=["Другое"]) == "TITLE_TAKEN"


def test_refuses_lines_that_make_no_sense(cast):
    book = journal(cast)

    assert refusal(line, cast, book, "", pupil=None) == "EMPTY_LINE"
    assert refusal(line, cast, book, "А", on=date(2026, 11, 17)) == "DAY_AHEAD"
    assert refusal(line, cast, book, "А" * 301) == "LONG_VALUE"
    assert refusal(strike_line, line(cast, book, "А"), reason=" ", **told(cast)) == "NO_REASON"


def test_a_closed_journal_takes_nothing_more(cast):
    book = journal(cast)
    stands = line(cast, book, "А")

    assert (close_journal(book, **told(cast)), close_journal(book, **told(cast))) == (True, False)
    assert refusal(line, cast, book, "Б") == "JOURNAL_CLOSED"
    assert refusal(strike_line, stands, reason="Ошибка", **told(cast)) == "JOURNAL_CLOSED"


class TestPages:
    def test_the_deputy_opens_the_keeper_writes_and_strikes(self, cast):
        data = {"title": "Олимпиады", "columns": "Предмет\nРезультат", "keeper": cast.teacher.code}
        cast.client("deputy").post(reverse("register:new_journal"), data)
        book = Journal.objects.get()
        page = reverse("register:journal", args=[book.code])
        teacher = cast.client("teacher")
        written = {
            "on": "2026-11-16",
            "pupil": "Ершова Полина Сергеевна, 8А",
            "column-0": "Алгебра",
            "column-1": "приз",
        }

        shown = teacher.post(page, written, follow=True).content.decode()
        entry = JournalEntry.objects.get()
        teacher.post(reverse("register:strike_line", args=[entry.code]), {"reason": "Не та"})

        assert "Запись № 1 внесена" in shown
        assert entry.pupil == cast.polina
        assert "<s>Алгебра</s>" in teacher.get(page).content.decode()

    def test_a_pupil_who_is_not_of_the_school_is_refused(self, cast):
        book = journal(cast)

        answer = cast.client("teacher").post(
            reverse("register:journal", args=[book.code]), {"on": "2026-11-16", "pupil": "Никто", "column-0": "А"}
        )

        assert "выберите из списка" in answer.content.decode()
        assert not JournalEntry.objects.exists()

    def test_lines_are_narrowed_by_days_and_words(self, cast):
        book = journal(cast)
        line(cast, book, "Алгебра", on=date(2026, 11, 10))
        line(cast, book, "Физика")
        page = reverse("register:journal", args=[book.code])
        client = cast.client("deputy")

        by_day = client.get(f"{page}?first=2026-11-11").content.decode()
        by_word = client.get(f"{page}?q=алгебра").content.decode()
        nothing = client.get(f"{page}?q=химия").content.decode()

        assert ("Физика" in by_day, ">Алгебра" in by_day) == (True, False)
        assert (">Алгебра" in by_word, "Физика" in by_word) == (True, False)
        assert "Ничего не нашлось" in nothing

    def test_print_and_table(self, cast):
        book = journal(cast)
        line(cast, book, "=1+1", "призёр")
        client = cast.client("teacher")

        document = client.get(reverse("register:journal_pdf", args=[book.code]))
        table = client.get(reverse("register:journal_csv", args=[book.code])).content.decode("utf-8-sig").splitlines()

        assert document.content[:4] == b"%PDF"
        assert table[0] == "№;Дата;Обучающийся;Предмет;Результат;Кто внёс;Зачёркнуто"
        assert table[1] == "1;16.11.2026;Ершова Полина, 8А;'=1+1;призёр;Копылова М. А.;"

    def test_the_number_of_queries_does_not_grow(self, cast, django_assert_max_num_queries):
        book = journal(cast)
        page = reverse("register:journal", args=[book.code])
        for number in range(12):
            line(cast, book, str(number))
        client = cast.client("teacher")

        with django_assert_max_num_queries(7):
            client.get(page)
        with django_assert_max_num_queries(6):
            client.get(reverse("register:journals"))

    def test_the_keeper_of_another_journal_sees_nothing(self, cast):
        book = journal(cast)

        assert cast.client("substitute").get(reverse("register:journal", args=[book.code])).status_code == 404
        assert "Олимпиады" not in cast.client("substitute").get(reverse("register:journals")).content.decode()


def test_a_journal_of_a_closed_year_is_not_closed_by_hand_any_more(cast):
    book = journal(cast)
    AcademicYear.objects.filter(pk=cast.year.pk).update(state="CLOSED")

    answer = cast.client("deputy").post(reverse("register:close_journal", args=[book.code]), follow=True)

    book.refresh_from_db()
    assert (answer.status_code, book.closed_at) == (200, None)
    assert "закрыт" in answer.content.decode()


def test_a_column_that_looks_like_a_formula_is_text_in_the_table(cast):
    book = journal(cast, columns=["=1+1"])

    table = cast.client("deputy").get(reverse("register:journal_csv", args=[book.code])).content.decode()

    assert ";'=1+1;" in table
