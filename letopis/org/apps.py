from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from letopis.ledger.logs import Log


def _logs() -> "Iterable[Log]":
    from letopis.ledger.logs import Log
    from letopis.org.models import Organisation

    for code, slug, name in Organisation.objects.values_list("code", "slug", "short_name"):
        yield Log(code, slug, name)


class OrgConfig(AppConfig):
    name = "letopis.org"

    def ready(self) -> None:
        from letopis.ledger.logs import also_named_by

        # The ledger lies below and cannot ask what organisations are called.
        also_named_by(_logs)
