"""Who works with a child, as the family sees it (ORG-029)."""

from django.urls import reverse

from tests.cast import Cast


def test_the_family_sees_the_teachers_of_its_child(cast: Cast):
    text = cast.client("mother").get(reverse("diary:teachers")).content.decode()

    assert "Алгебра" in text
    assert "классный руководитель" in text


def test_the_week_leads_there(cast: Cast):
    assert reverse("diary:teachers") in cast.client("pupil").get(reverse("diary:week")).content.decode()


def test_a_guardian_who_refused_sees_none(cast: Cast):
    text = cast.client("father").get(reverse("diary:teachers")).content.decode()

    assert "Алгебра" not in text
