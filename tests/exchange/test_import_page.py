import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from letopis.core.models import Job
from letopis.exchange.models import ImportRun
from letopis.ledger.models import Entry
from letopis.ledger.queries import history
from letopis.people.models import Pupil
from tests.exchange.workbooks import Book
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db


def upload(client, book):
    content = book.saved().read() if isinstance(book, Book) else book
    return client.post(reverse("exchange:imports"), {"file": SimpleUploadedFile("tiny.xlsx", content)})


def page(client, run, **query):
    return client.get(reverse("exchange:import_run", kwargs={"code": run.code}), query).content.decode()


def confirm(client, run):
    return client.post(reverse("exchange:confirm", kwargs={"code": run.code}))


def test_upload_shows_what_would_change_and_writes_nothing(cast):
    client = cast.client("administrator")
    before = Pupil.objects.count()

    response = upload(client, Book())

    run = ImportRun.objects.get()
    assert (response.status_code, run.state) == (302, "PREVIEW")
    assert "Ошибок нет" in page(client, run)
    assert Pupil.objects.count() == before
    assert Entry.objects.filter(verb="exchange.upload").count() == 1


def test_confirm_imports_by_a_job_once_and_the_file_goes(cast):
    client = cast.client("administrator")
    upload(client, Book())
    run = ImportRun.objects.get()

    confirm(client, run)
    confirm(client, run)
    run_jobs()

    run.refresh_from_db()
    assert (run.state, bool(run.file)) == ("DONE", False)
    assert Job.objects.get().state == "DONE"
    assert Job.objects.get().arguments == {"run": str(run.code)}
    assert Pupil.objects.filter(book_number="А-1").count() == 1
    assert "Загружено: новых строк" in page(client, run)
    assert Entry.objects.filter(verb="exchange.import_row").first().actor == (
        f"accounts.User:{cast.users['administrator'].pk}"
    )
    first = Entry.objects.filter(verb="exchange.import_row").first()
    assert history([first.object])[-1].who == "Березина Т. Е., Администратор журнала"


def test_errors_are_listed_with_place_and_way_to_mend_and_cannot_be_confirmed(cast):
    client = cast.client("administrator")
    upload(client, Book().put("Родители", 2, "№ обучающегося", "Я-9"))
    run = ImportRun.objects.get()

    shown = page(client, run)
    confirm(client, run)

    assert (run.state, bool(run.file)) == ("REFUSED", False)
    assert "Родители" in shown
    assert "Я-9" in shown
    assert "Ничего не записано" in shown
    assert Job.objects.count() == 0


def test_the_list_of_problems_is_filtered_by_the_address(cast):
    client = cast.client("administrator")
    upload(client, Book().put("Родители", 2, "№ обучающегося", "Я-9").put("Кабинеты", 2, "Мест", "много"))
    run = ImportRun.objects.get()

    shown = page(client, run, sheet="Кабинеты")

    assert "много" in shown
    assert "Я-9" not in shown


def test_what_is_no_workbook_gets_a_sentence_and_leaves_nothing(cast):
    client = cast.client("clerk")

    response = upload(client, b"%PDF-1.7 not a workbook")

    assert response.status_code == 200
    assert "summary" in response.content.decode()
    assert ImportRun.objects.count() == 0


def test_a_file_that_changes_nothing_cannot_be_confirmed(cast):
    client = cast.client("administrator")
    upload(client, Book())
    confirm(client, ImportRun.objects.get())
    run_jobs()

    upload(client, Book())

    assert "менять нечего" in page(client, ImportRun.objects.latest("uploaded_at"))


def test_the_state_alone_answers_htmx(cast):
    client = cast.client("administrator")
    upload(client, Book())
    url = reverse("exchange:import_run", kwargs={"code": ImportRun.objects.get().code})

    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert fragment.strip().startswith('<div id="state"')


def test_the_page_of_a_run_costs_the_same_whatever_its_size(cast, django_assert_num_queries):
    client = cast.client("administrator")
    upload(client, Book())
    run = ImportRun.objects.get()

    with django_assert_num_queries(3):  # session, user, run
        page(client, run)


def test_another_school_does_not_see_the_run(cast):
    upload(cast.client("administrator"), Book())
    url = reverse("exchange:import_run", kwargs={"code": ImportRun.objects.get().code})

    assert cast.client("foreign_teacher").get(url).status_code == 404
