"""Open an organisation."""

from datetime import datetime

from django.db import transaction

from letopis.ledger.actions import Author, Fact, object_name, record
from letopis.org.models import Organisation


def system_author(organisation: Organisation) -> Author:
    """Return the author of what the command line does by itself."""
    return Author(organisation=organisation.code, actor="system", name="Летопись, командная строка")


@transaction.atomic
def open_organisation(*, slug: str, name: str, at: datetime) -> tuple[Organisation, bool]:
    """Open a school that is to import its lists later; return it and whether it is new. Twice is harmless."""
    school, is_new = Organisation.objects.get_or_create(slug=slug, defaults={"full_name": name, "short_name": name})
    if is_new:
        after = {"slug": slug, "name": name}
        record(Fact(system_author(school), at, "org.open_organisation", object_name(school), None, after))
    return school, is_new
