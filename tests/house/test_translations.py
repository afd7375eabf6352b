"""House tests: the English interface is whole, Russian numbers agree, and nobody gets English unasked."""

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from letopis.register.prints import course_register
from letopis.rules.policy import DEFAULT_POLICY
from letopis.rules.policy.editions import NO_EDITIONS
from letopis.rules.results import RESULTS
from letopis.schooling.models import Course
from tests.cast import TODAY, Cast

PACKAGE = Path(settings.PACKAGE_DIR)
LANGUAGES = ("en", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z](?!\w)|\{\w*\}|<[^>]+>")
CYRILLIC = re.compile("[а-яёА-ЯЁ]")
NAME = re.compile(r"[А-ЯЁ][а-яё]+ [А-ЯЁ]\.(?: [А-ЯЁ]\.)?")
needs_gettext = pytest.mark.skipif(
    not (shutil.which("xgettext") and shutil.which("msgmerge")),
    reason="GNU gettext is not installed (apt-get install gettext)",
)


@dataclass
class Message:
    """One message of a catalogue."""

    flags: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    """By keyword: msgctxt, msgid, msgid_plural, msgstr, msgstr[0], …"""

    @property
    def key(self) -> tuple[str, str]:
        return self.texts.get("msgctxt", ""), self.texts["msgid"]

    @property
    def translations(self) -> list[str]:
        return [text for keyword, text in self.texts.items() if keyword.startswith("msgstr")]


def messages(po: str) -> Iterator[Message]:
    """Yield the messages of a .po text; its header has an empty msgid and comes first."""
    for block in re.split(r"\n{2,}", po.strip()):
        message, keyword = Message(), ""
        for line in block.splitlines():
            if line.startswith("#"):
                message.flags += line
                continue
            found = re.match(r'(msg\S+) (".*")$', line)
            keyword, quoted = found.groups() if found else (keyword, line)
            message.texts[keyword] = message.texts.get(keyword, "") + ast.literal_eval(quoted)
        yield message


def catalogue(language: str) -> list[Message]:
    _header, *rest = messages(catalogue_path(language).read_text("utf-8"))
    return rest


def catalogue_path(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> list[Message]:
    """The messages of the sources, collected anew into a copy of the package."""
    copy = tmp_path_factory.mktemp("sources") / "letopis"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("*.pyc", "locale", "fonts", "migrations"))
    (copy / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "en", "--no-location", "--no-wrap"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
    _header, *rest = messages((copy / "locale/en/LC_MESSAGES/django.po").read_text("utf-8"))
    return rest


@needs_gettext
def test_english_has_every_message_of_the_sources_and_no_other(sources):
    wanted, have = {one.key for one in sources}, {one.key for one in catalogue("en")}

    assert (wanted - have, have - wanted) == (set(), set()), "run `make messages` and translate what is new"


@needs_gettext
def test_russian_has_every_plural_of_the_sources_and_nothing_else(sources):
    wanted = {one.key for one in sources if "msgid_plural" in one.texts}

    assert {one.key for one in catalogue("ru")} == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_none_is_a_guess(language):
    doubtful = [one.key for one in catalogue(language) if "fuzzy" in one.flags or not all(one.translations)]

    assert doubtful == []


def test_english_says_nothing_in_russian():
    # What stands in «» is written so in a workbook of the school; «late» is a letter of the school's own.
    texts = {one.key: re.sub("«[^»]*»|5 о10", "", " ".join(one.translations)) for one in catalogue("en")}
    shown = [key for key, text in texts.items() if CYRILLIC.search(text)]

    assert shown == [("", "8А · 2 четверть 2026/27 · 3 часа в неделю")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_stay(language):
    torn = [
        one.key
        for one in catalogue(language)
        if set(PLACEHOLDER.findall(one.translations[-1]))
        != set(PLACEHOLDER.findall(one.texts.get("msgid_plural", one.texts["msgid"])))
    ]

    assert torn == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_what_its_source_says(language):
    with catalogue_path(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    written = {}
    for one in catalogue(language):
        context, said = one.key
        name = f"{context}\4{said}" if context else said
        for number, text in enumerate(one.translations):
            written[(name, number) if "msgid_plural" in one.texts else name] = text

    assert {key: text for key, text in compiled.items() if key} == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_names_nobody(language):
    header = next(messages(catalogue_path(language).read_text("utf-8"))).texts["msgstr"]

    assert [word for word in ("Translator", "Team", "Creation-Date", "@") if word in header] == []


@pytest.mark.parametrize(
    ("number", "russian", "english"),
    [
        (1, "1 час в неделю", "1 hour a week"),
        (2, "2 часа в неделю", "2 hours a week"),
        (5, "5 часов в неделю", "5 hours a week"),
        (11, "11 часов в неделю", "11 hours a week"),
        (21, "21 час в неделю", "21 hours a week"),
    ],
)
def test_numbers_read_right(number, russian, english):
    said = []
    for language in ("ru", "en"):
        with translation.override(language):
            said.append(ngettext("%(hours)s час в неделю", "%(hours)s часов в неделю", number) % {"hours": number})

    assert said == [russian, english]


def test_russian_is_spoken_even_to_an_english_browser(cast: Cast):
    page = cast.client("teacher").get(reverse("control:my_day"), headers={"accept-language": "en-US,en;q=0.9"})

    assert ('<html lang="ru"' in page.text, page["Content-Language"]) == (True, "ru")


def test_english_is_spoken_to_who_chose_it_until_he_chooses_back(cast: Cast):
    client, heard = cast.client("teacher"), []

    for language in ("en", "ru"):
        client.post(reverse("set_language"), {"language": language, "next": "/day/"})
        heard.append(client.get(reverse("control:my_day"))["Content-Language"])

    assert heard == ["en", "ru"]


def test_an_unknown_language_in_the_cookie_is_russian(client: Client, db):
    client.cookies["django_language"] = "../en"

    assert client.get(reverse("accounts:sign_in"))["Content-Language"] == "ru"


def test_a_form_is_russian_for_an_english_reader(cast: Cast):
    course, forms = Course.objects.get(pk=cast.algebra.pk), []
    for language in ("ru", "en"):
        with translation.override(language):
            forms.append(course_register(course, grade=8, on=TODAY, policies=NO_EDITIONS))

    assert forms[0] == forms[1]


SPOKEN = ("aria-label", "title", "placeholder", "data-label")
PAGES = {
    "my day": ("teacher", lambda cast: reverse("control:my_day")),
    "registers": ("teacher", lambda cast: reverse("register:courses")),
    "grid": ("teacher", lambda cast: reverse("register:grid", args=[cast.algebra.code])),
    "topics": ("teacher", lambda cast: reverse("register:topics", args=[cast.algebra.code])),
    "term marks": ("teacher", lambda cast: reverse("register:term_marks", args=[cast.algebra.code])),
    "lesson": ("teacher", lambda cast: reverse("register:lesson", args=[cast.today_lesson.code])),
    "results": ("class_teacher", lambda cast: reverse("attestation:classes")),
    "statement": ("class_teacher", lambda cast: reverse("attestation:statement", args=[cast.class_8a.code])),
    "year": ("class_teacher", lambda cast: reverse("schooling:year")),
    "class": ("class_teacher", lambda cast: reverse("schooling:school_class", args=[cast.class_8a.code])),
    "timetable": ("deputy", lambda cast: reverse("schooling:timetable")),
    "school day": ("deputy", lambda cast: reverse("control:my_day")),
    "packages": ("archivist", lambda cast: reverse("archive:packages")),
    "accounts": ("administrator", lambda cast: reverse("people:accounts")),
    "imports": ("administrator", lambda cast: reverse("exchange:imports")),
    "diary": ("mother", lambda cast: reverse("diary:week")),
    "refused diary": ("father", lambda cast: reverse("diary:week")),
}


@pytest.mark.parametrize("page", PAGES)
def test_an_english_page_is_russian_only_in_what_the_school_wrote(page, cast: Cast):
    member, address = PAGES[page]
    client = cast.client(member)
    client.cookies["django_language"] = "en"

    answer = client.get(address(cast), follow=True)

    assert russian_chrome(answer.text) == []


def test_the_way_in_is_english_throughout(client: Client, db):
    client.cookies["django_language"] = "en"

    assert russian_chrome(client.get(reverse("accounts:sign_in")).text) == []


class Words(HTMLParser):
    """Collects what a page says: its texts, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.foreign = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.foreign = tag if dict(attrs).get("lang") == "ru" or tag in ("script", "kbd") else ""
        self.said += [
            value or "" for name, value in attrs if name in ("aria-label", "title", "placeholder", "data-label")
        ]

    def handle_endtag(self, tag: str) -> None:
        self.foreign = ""

    def handle_data(self, data: str) -> None:
        if not self.foreign:
            self.said.append(data.strip())


def russian_chrome(page: str) -> list[str]:
    """Return what a page says in Russian beyond what stands in the database and the school's own signs."""
    words = Words()
    words.feed(page)
    written = sorted(_written_by_the_school() | _said_by_rules(), key=len, reverse=True)
    left = []
    for said in dict.fromkeys(words.said):
        rest = NAME.sub("", said)
        for text in written if CYRILLIC.search(rest) else ():
            rest = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", "", rest)
        if CYRILLIC.search(rest):
            left.append(said)
    return left


def _written_by_the_school() -> set[str]:
    """Return every Russian text in the tables."""
    texts = set()
    for model in apps.get_models():
        names = [field.name for field in model._meta.fields if isinstance(field, (models.CharField, models.TextField))]
        for row in model._default_manager.values_list(*names) if names else ():
            texts |= {text for text in row if isinstance(text, str) and CYRILLIC.search(text)}
    return texts


def _said_by_rules() -> set[str]:
    """Return the signs of the policy and of results, which acts give in Russian, and the reason of a proposal."""
    policy = DEFAULT_POLICY
    kinds = {word for kind in policy.work_kinds for word in (kind.code, kind.title)}
    results = {word for result in RESULTS for word in (result.sign, result.title)}
    return kinds | results | {"н", "о", "5 о10", "Отметок нет, а нужно не меньше 5: предлагать не из чего."}
