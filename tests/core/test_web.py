"""What a person meets at addresses that are no pages."""

import pytest
from django.urls import reverse

from tests.cast import Cast


@pytest.mark.django_db
def test_an_address_of_a_button_leads_back_to_its_page(cast: Cast):
    answer = cast.client("director").get(reverse("control:ledger_check"))

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert f'href="{reverse("control:ledger")}"' in answer.content.decode()


@pytest.mark.django_db
def test_nothing_above_a_button_leads_home(cast: Cast):
    answer = cast.client("director").get("/sign-out")

    assert answer.status_code == 405
    assert 'href="/"' in answer.content.decode()
