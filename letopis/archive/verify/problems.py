"""What can be wrong with a package, each kind with its sentence for the person."""

from dataclasses import dataclass
from gettext import gettext as _

# The fields of every sentence are path, expected and found, so that a page can translate the
# template and fill it again from the Problem.
SENTENCES = {
    "not-found": _("Пути нет: {path}."),
    "not-a-package": _("Это не пакет архива: {path} ({found})."),
    "unreadable": _("Не читается: {path} ({found})."),
    "symbolic-link": _("Символическая ссылка вместо файла или папки: {path}. В пакете ссылок быть не может."),
    "special-file": _("Не файл и не папка: {path}."),
    "missing": _("Нет файла: {path}."),
    "damaged": _("Файл изменён: {path}. По описи {expected}, на деле {found}."),
    "extra": _("Лишний файл или папка, описи их не знают: {path}."),
    "renamed": _("Файл переименован: по описи он называется {expected}, на деле {found}."),
    "swapped": _("Файлы поменялись содержимым: в {path} лежит то, что должно быть в {found}."),
    "malformed": _("Испорчен служебный файл: {path} ({found})."),
    "unsafe-path": _("Опись {path} называет недопустимый путь: {found}."),
    "sidecar-mismatch": _("Файл {path} не сходится со своей контрольной суммой: записана {expected}, на деле {found}."),
    "contradiction": _("Описи противоречат друг другу: {path}. По одной {expected}, по другой {found}."),
    "payload-oxum": _("Объём содержимого не сходится ({path}): записано {expected}, на деле {found} (байты.файлы)."),
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    kind: a key of SENTENCES. path: from the root of the package, with forward slashes; signs
    that cannot be printed are written as escapes.
    expected, found: digests, or names for renamed and swapped; empty when there is nothing to say.
    sentence: for the person, in Russian.
    """

    kind: str
    path: str
    expected: str
    found: str
    sentence: str


def problem(kind: str, path: str, *, expected: str = "", found: str = "") -> Problem:
    """Return the problem with its sentence."""
    facts = {"path": printable(path), "expected": printable(expected), "found": printable(found)}
    spoken = {name: _short(value) or _("ничего") for name, value in facts.items()}
    return Problem(kind=kind, sentence=SENTENCES[kind].format(**spoken), **facts)


def printable(text: str) -> str:
    """Return the text with everything that could break a line, a terminal or UTF-8 escaped."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def _short(value: str) -> str:
    is_digest = len(value) == 128 and not set(value) - set("0123456789abcdef")
    return f"{value[:16]}…" if is_digest else value
