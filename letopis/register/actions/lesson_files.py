"""Verbs of the files of a homework.

A file is written to the disk before the transaction and taken back when the transaction refuses: no file work
happens while the lesson is locked. Names on the disk are random, so nobody guesses one and no name is trusted.
"""

import uuid
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from letopis.core.errors import Refused, require
from letopis.core.uploads import bare_name, digest_of
from letopis.ledger.actions import record_all
from letopis.register.access import OpenLesson
from letopis.register.actions.lesson import author_of, hold, lock_lesson
from letopis.register.actions.lesson_facts import file_fact, homework_fact, homework_value
from letopis.register.models import Homework, HomeworkFile
from letopis.rules import windows
from letopis.rules.uploads import may_attach
from letopis.rules.verdict import refused


def attach_file(opened: OpenLesson, *, upload: UploadedFile[Any], at: datetime) -> HomeworkFile:
    """Keep the file with the homework of the lesson and return its row. Raises Refused.

    The same file under the same name is not kept twice: its row is returned.
    """
    name, size = bare_name(upload.name or ""), upload.size or 0
    require(may_attach(name=name, size=size, attached=0))
    digest = digest_of(upload, algorithm="sha512")
    stored = default_storage.save(f"homework/{at:%Y/%m}/{uuid.uuid4().hex}", upload)
    kept = None
    try:
        kept = _record_file(opened, name=name, stored=stored, size=size, digest=digest, at=at)
        return kept
    finally:
        if kept is None or kept.file.name != stored:
            default_storage.delete(stored)


@transaction.atomic
def _record_file(
    opened: OpenLesson,
    *,
    name: str,
    stored: str,
    size: int,
    digest: str,
    at: datetime,
) -> HomeworkFile:
    lesson = lock_lesson(opened, part=windows.HOMEWORK)
    homework, _ = Homework.objects.get_or_create(lesson=lesson, defaults={"organisation": lesson.organisation})
    homework.lesson = lesson
    files = list(HomeworkFile.objects.filter(homework=homework, removed_at=None).order_by("pk"))
    for file in files:
        if (file.name, file.digest) == (name, digest):
            return file
    require(may_attach(name=name, size=size, attached=len(files)))
    facts = []
    if homework.nothing_set:
        before = homework_value(homework)
        homework.nothing_set = False
        homework.save(update_fields=["nothing_set"])
        facts.append(homework_fact(homework, before=before, by=author_of(opened), at=at))
    file = HomeworkFile.objects.create(
        organisation=lesson.organisation, homework=homework, name=name, file=stored, size=size, digest=digest
    )
    facts += [file_fact(file, removed=False, by=author_of(opened), at=at), *hold(lesson, opened=opened, at=at)]
    lesson.save(update_fields=["state"])
    record_all(facts)
    return file


@transaction.atomic
def remove_file(opened: OpenLesson, *, code: uuid.UUID, at: datetime) -> bool:
    """Take a file away from the homework; its bytes stay. Return whether it was there. Raises Refused."""
    lesson = lock_lesson(opened, part=windows.HOMEWORK)
    file = HomeworkFile.objects.filter(code=code, homework__lesson=lesson).select_related("homework").first()
    if file is None:
        raise Refused(refused("NO_FILE", "Такого файла у этого задания нет."))
    if file.removed_at is not None:
        return False
    file.homework.lesson = lesson
    file.removed_at = at
    file.save(update_fields=["removed_at"])
    record_all([file_fact(file, removed=True, by=author_of(opened), at=at)])
    return True
