"""Verbs of the document of a draft. Written to the disk before the transaction, taken back when that refuses."""

import uuid
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from letopis.core.errors import require
from letopis.core.uploads import bare_name, digest_of
from letopis.ledger.actions import Author, Fact, object_name, record
from letopis.org.actions.act_facts import act_value
from letopis.org.actions.acts import ActFields, change_act, enter_act
from letopis.org.models import LocalAct, Organisation
from letopis.rules.local_acts import may_change
from letopis.rules.uploads import may_attach


def attach_act_file(act: LocalAct, *, upload: UploadedFile[Any], by: Author, at: datetime) -> LocalAct:
    """Keep the document of a draft in place of the one before, and return the act.

    The bytes of the one before stay: the ledger names their digest. The same file again changes nothing.
    Refuses with ACT_ADOPTED and by the rules of uploads.
    """
    name, size = bare_name(upload.name or ""), upload.size or 0
    require(may_attach(name=name, size=size, attached=0))
    digest = digest_of(upload, algorithm="sha256")
    stored = default_storage.save(f"acts/{at:%Y/%m}/{uuid.uuid4().hex}", upload)
    kept = None
    try:
        kept = _record(act, stored=stored, name=name, size=size, digest=digest, by=by, at=at)
        return kept
    finally:
        if kept is None or kept.file != stored:
            default_storage.delete(stored)


@transaction.atomic
def _record(act: LocalAct, *, stored: str, name: str, size: int, digest: str, by: Author, at: datetime) -> LocalAct:
    act = LocalAct.objects.select_for_update(of=("self",)).get(pk=act.pk)
    require(may_change(state=act.state))
    if (act.file_name, act.file_digest) == (name, digest):
        return act
    before = act_value(act)
    act.file, act.file_name, act.file_size, act.file_digest = stored, name, size, digest
    act.save(update_fields=["file", "file_name", "file_size", "file_digest"])
    record(Fact(by, at, "org.attach_act_file", object_name(act), before, act_value(act)))
    return act


@transaction.atomic
def enter_document(
    organisation: Organisation, *, fields: ActFields, upload: UploadedFile[Any] | None, by: Author, at: datetime
) -> LocalAct:
    """Enter a draft with its document, both or neither. Refuses as `enter_act` and `attach_act_file` do."""
    act = enter_act(organisation, fields=fields, by=by, at=at)
    return attach_act_file(act, upload=upload, by=by, at=at) if upload else act


@transaction.atomic
def change_document(
    act: LocalAct, *, fields: ActFields, upload: UploadedFile[Any] | None, by: Author, at: datetime
) -> None:
    """Change a draft and its document, both or neither. Refuses as `change_act` and `attach_act_file` do."""
    change_act(act, fields=fields, by=by, at=at)
    if upload:
        attach_act_file(act, upload=upload, by=by, at=at)
