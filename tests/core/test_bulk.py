"""Rows written in bulk are the rows that the ORM writes."""

from datetime import date

import pytest
from django.db import transaction

from letopis.core.bulk import insert_all, update_all
from letopis.register.models import Lesson, Mark, Task
from tests import factories as make

pytestmark = pytest.mark.django_db

MORNING = make.moment(date(2026, 11, 16))


def lesson(cast, number, **fields):
    return Lesson(
        organisation=cast.organisation, course=cast.algebra, on=date(2026, 12, 1), number=number, teacher=cast.teacher,
        **fields,
    )  # fmt: skip


def values(model, rows):
    return list(model.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk").values())


def test_every_column_is_what_the_orm_writes(cast):
    ours, theirs = lesson(cast, 1, topic="Дроби", attendance_taken_at=MORNING), None
    insert_all([ours])
    theirs = lesson(cast, 2, topic="Дроби", attendance_taken_at=MORNING)
    theirs.save()

    [mine], [its] = values(Lesson, [ours]), values(Lesson, [theirs])

    assert mine | {"id": 0, "code": 0, "number": 0} == its | {"id": 0, "code": 0, "number": 0}
    assert mine["code"] == ours.code


def test_objects_get_keys_in_their_order_and_the_orm_goes_on_after_them(cast):
    rows = [lesson(cast, number) for number in (1, 2, 3)]

    insert_all(rows)
    after = lesson(cast, 4)
    after.save()

    assert [row.number for row in Lesson.objects.filter(on=date(2026, 12, 1)).order_by("pk")] == [1, 2, 3, 4]
    assert rows[0].pk < rows[1].pk < rows[2].pk < after.pk


def test_a_foreign_key_may_name_what_was_written_before_in_bulk(cast):
    rows = [lesson(cast, number) for number in (1, 2)]
    insert_all(rows)

    tasks = [Task(organisation=cast.organisation, lesson=row) for row in rows]
    insert_all(tasks)
    insert_all([Mark(organisation=cast.organisation, task=tasks[0], pupil=cast.pupils[0], value="5/4", put_at=MORNING)])

    assert Mark.objects.get(task__lesson=rows[0]).value == "5/4"


def test_updates_each_row_to_its_own_values(cast):
    rows = [lesson(cast, number) for number in (1, 2)]
    insert_all(rows)

    update_all(
        Lesson, ("topic", "attendance_taken_at"), [("Дроби", MORNING, rows[0].pk), ("Тире — «»", None, rows[1].pk)]
    )

    told = [(row["topic"], row["attendance_taken_at"]) for row in values(Lesson, rows)]
    assert told == [("Дроби", MORNING), ("Тире — «»", None)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unlocked_ledger")
def test_refuses_to_write_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        insert_all([Mark(value="5", put_at=MORNING)])
