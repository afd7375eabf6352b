"""A school can live by any of the shipped acts: the way a journey of one term takes to compare the five."""

import pytest

from letopis.org.actions.policy import plain_of
from letopis.org.models import Organisation
from letopis.org.queries import policies
from letopis.rules.policy import variables
from letopis.rules.policy.published import published, published_acts
from tests.cast import TODAY
from tests.org.acts import edition


@pytest.mark.parametrize("act", published_acts())
def test_a_school_that_adopts_a_shipped_act_has_its_values(cast, act):
    shipped = published(act)

    row = edition(cast.organisation, plain_of(shipped.edition_on(TODAY).values))

    own = policies(Organisation.objects.get(pk=cast.organisation.pk))
    assert {name: getattr(own.on(TODAY), name) for name in variables()} == {
        name: getattr(shipped.on(TODAY), name) for name in variables()
    }
    assert set(row.stated) == set(shipped.edition_on(TODAY).values)
