"""A paper entered while the teacher fills a lesson of the same pupil, with real commits."""

import threading
import time

import pytest
from django.db import DatabaseError, connections, transaction

from letopis.register.access.classes import absences_for
from letopis.register.actions.absence_documents import DocumentValue, enter_document
from letopis.register.models import Attendance, Lesson, Mark
from tests import factories as make
from tests.cast import TODAY, make_cast

AT = make.moment(TODAY, 15)
WAITS_BY_THEN = 0.7
"""The paper has locked what it locks and waits for the lesson. Unit: seconds."""


@pytest.mark.usefixtures("unlocked_ledger")
def test_neither_waits_for_the_other_for_ever():
    cast = make_cast()
    lesson, pupil = cast.today_lesson, cast.polina
    common = {"organisation": cast.organisation, "pupil": pupil, "put_at": AT}
    Attendance.objects.create(lesson=lesson, event="ABSENT", **common)
    opened = absences_for(cast.actor("class_teacher"), cast.class_8a.code)
    value = DocumentValue(kind="MEDICAL", reason="ILL", starts_on=TODAY, ends_on=TODAY)
    filling, troubles = threading.Event(), []

    def fill():
        with transaction.atomic():
            Lesson.objects.select_for_update().get(pk=lesson.pk)
            filling.set()
            time.sleep(WAITS_BY_THEN)
            Mark.objects.create(task=lesson.tasks.get(), value=".", **common)

    def enter():
        filling.wait()
        enter_document(opened, pupil=pupil, value=value, at=AT)

    def run(work):
        try:
            work()
        except DatabaseError as error:
            troubles.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in (fill, enter)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert troubles == []
    assert (Attendance.objects.get().reason, Mark.objects.count()) == ("ILL", 1)
