from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _create_triggers(*, using: str, **_: object) -> None:
    from letopis.ledger import beat, triggers

    # Said before they are made anew: whoever starts the server must hear that the ledger stood open.
    beat.warn_of_triggers(using=using)
    triggers.create(using=using)


class LedgerConfig(AppConfig):
    name = "letopis.ledger"

    def ready(self) -> None:
        from letopis.core.jobs import also_beat
        from letopis.ledger import beat

        # The one signal of the product: an AlterField on SQLite silently drops triggers.
        post_migrate.connect(_create_triggers, sender=self, dispatch_uid="ledger.triggers")
        also_beat(beat.put_into_trees, seconds=beat.SECONDS)
        also_beat(beat.look_after_logs, seconds=beat.CARE_SECONDS)
