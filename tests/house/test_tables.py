"""House tests: rules of the tables that no library knows."""

from django.apps import apps
from django.core.management import call_command
from django.db import models

STACK = [
    "core", "ledger", "org", "notices", "accounts", "people", "schooling", "archive", "register",
    "attestation", "diary", "control", "exchange", "config",
]  # fmt: skip
WITHOUT_ORGANISATION = {
    "core.Job",  # carries the organisation as a value: core lies below org
    "ledger.Payload", "ledger.Blanking",  # rows of an Entry, which carries it
    "ledger.TimeStamp",  # rows of a Checkpoint, which carries it
    "ledger.SigningKey",  # one key signs the logs of all organisations of an installation
    "org.Organisation",
    "notices.Notice",  # recipients and organisations are values: what is told binds nobody
    "notices.Delivery",  # rows of a Notice
    "accounts.SignInAttempt",  # names that nobody has are counted too, so that a lock does not tell which exist
}  # fmt: skip


def own_models():
    return [model for model in apps.get_models() if model.__module__.startswith("letopis.")]


def test_foreign_keys_point_only_down_the_stack():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.app_label in STACK
        and STACK.index(field.related_model._meta.app_label) > STACK.index(model._meta.app_label)
    ]

    assert upward == []


def test_every_table_of_an_organisation_carries_it():
    without = {
        model._meta.label for model in own_models() if "organisation" not in {f.name for f in model._meta.fields}
    }

    assert without == WITHOUT_ORGANISATION


def test_nothing_is_deleted_by_cascade():
    cascades = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    ]

    assert cascades == []


def test_no_model_does_work_in_save():
    assert [m._meta.label for m in own_models() if "save" in vars(m) or "delete" in vars(m)] == []


def test_migrations_are_complete(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
