"""The verb of decisions of collegiate bodies."""

from datetime import date, datetime

from django.db import transaction

from letopis.core.errors import require
from letopis.ledger.actions import Author, Fact, object_name, record
from letopis.org.models import CollegiateDecision, Organisation
from letopis.rules.local_acts import may_record_decision
from letopis.rules.text import many_lines, one_line


@transaction.atomic
def record_decision(
    organisation: Organisation,
    *,
    body: str,
    protocol_number: str,
    decided_on: date,
    text: str,
    item: str = "",
    today: date,
    by: Author,
    at: datetime,
) -> CollegiateDecision:
    """Record what a body decided, by protocol and item, and return it; the same item twice returns the first.

    Refuses with NOT_WHOLE, DAY_AHEAD. Source: ORG-007.
    """
    number, item, text = one_line(protocol_number), one_line(item), many_lines(text)
    require(may_record_decision(protocol_number=number, text=text, decided_on=decided_on, today=today))
    row, is_new = CollegiateDecision.objects.get_or_create(
        organisation=organisation,
        body=one_line(body),
        protocol_number=number,
        decided_on=decided_on,
        item=item,
        defaults={"text": text, "recorded_at": at, "recorded_by": by.name},
    )
    if is_new:
        after = {"body": row.body, "protocol": number, "on": decided_on.isoformat(), "item": item, "text": text}
        record(Fact(by, at, "org.record_decision", object_name(row), None, after))
    return row
