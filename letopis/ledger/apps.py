from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _create_triggers(*, using: str, **_: object) -> None:
    from letopis.ledger import triggers

    triggers.create(using=using)


class LedgerConfig(AppConfig):
    name = "letopis.ledger"

    def ready(self) -> None:
        # The one signal of the product: an AlterField on SQLite silently drops triggers.
        post_migrate.connect(_create_triggers, sender=self, dispatch_uid="ledger.triggers")
