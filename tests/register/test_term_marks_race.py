"""Two saves of one term mark at the same moment, with real commits."""

import threading

import pytest
from django.db import connections

from letopis.register.access import course_for
from letopis.register.actions.term_marks import set_term_marks
from letopis.register.models import TermMark
from tests import factories as make
from tests.cast import TODAY, make_cast


@pytest.mark.usefixtures("unlocked_ledger")
def test_one_is_written_and_the_other_is_a_conflict():
    cast = make_cast()
    actor, pupil = cast.actor("teacher"), cast.pupils[0]
    start, codes = threading.Barrier(2), []

    def save(value):
        try:
            opened = course_for(actor, cast.algebra.code)
            start.wait()
            (outcome,) = set_term_marks(
                opened, term=cast.term, values={pupil.code: value}, seen={pupil.code: ""}, at=make.moment(TODAY)
            )
            codes.append(outcome.verdict.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=(value,)) for value in ("4", "5")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == ["", "CONFLICT"]
    assert TermMark.objects.count() == 1
