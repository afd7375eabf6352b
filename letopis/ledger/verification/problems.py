"""What verification may find, each with a code for programs and one sentence for people."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from letopis.ledger.models import Entry
from letopis.ledger.verification.replay import Finding

STAMP_CODES = (
    "stamp_unreadable", "stamp_refused", "stamp_imprint", "stamp_nonce", "stamp_signature", "stamp_time", "stamp_trust",
)  # fmt: skip
SENTENCES = {
    # One entry.
    "payload_changed": "{entry}: содержание изменено после записи.",
    "entry_changed": "{entry}: заголовок изменён после записи (кто, когда, что или над чем).",
    "reordered": "{entry}: переставлена, она стоит не на том месте, где была записана.",
    "duplicate": "{entry}: внесена в журнал второй раз, на местах {places}.",
    "payload_gone": "{entry}: содержание уничтожено без акта.",
    "blanking_without_record": "{entry}: содержание уничтожено по акту «{act}», но об этом нет записи в журнале.",
    "entry_missing": "{entry}: место в дереве есть, а самой записи этой организации нет.",
    "entry_outside": "{entry}: записи нет ни в дереве, ни в очереди.",
    "entry_in_both": "{entry}: стоит и в дереве, и в очереди.",
    # The tree.
    "leaf_missing": "Место {index} в дереве пусто: запись изъята из середины журнала.",
    "place_twice": "Место {index} в дереве занято дважды.",
    "tree_changed": "Записи на местах {first}–{last} не сходятся с сохранённым узлом дерева: их подменили вместе с"
    " листьями, или изменили сам узел.",
    "subtree_missing": "В дереве нет узла для мест {first}–{last}.",
    "tail_dropped": "Пропал конец журнала: было не меньше {expected} записей ({source}), осталось {size}.",
    # Checkpoints.
    "checkpoint_signature": "Контрольная отметка {checkpoint}: {reason}",
    "checkpoint_unknown_key": "Контрольная отметка {checkpoint}: {reason}",
    "checkpoint_past_key": "Контрольная отметка {checkpoint}: {reason}",
    "checkpoint_future_key": "Контрольная отметка {checkpoint}: {reason}",
    "checkpoint_changed": "Контрольная отметка {checkpoint}: в базе не то, что подписано.",
    "checkpoint_replayed": "Контрольная отметка {checkpoint}: старая отметка на {signed} записей выдана за новую, после"
    " неё уже стояла отметка на {expected}.",
    "checkpoint_dropped": "Контрольной отметки {checkpoint} в базе нет, хотя её выпустила эта установка: базу вернули"
    " к прежнему состоянию, или отметку удалили.",
    "checkpoint_foreign": "Контрольная отметка {checkpoint}: она другого журнала, «{origin}».",
    "log_forked": "Журнал не продолжает контрольную отметку {checkpoint}: первые {signed} записей теперь другие, чем"
    " были, когда её подписали.",
    # Time stamps.
    **dict.fromkeys(STAMP_CODES, "Метка времени {stamp}: {reason}"),
    "stamp_changed": "Метка времени {stamp}: в базе не то время, что подписала служба ({stated}).",
    # The keys.
    "key_foreign": "Файл ключа ledger_key.pem не тот: по истории ключей подписывает ключ № {number}, отпечаток {known},"
    " а в файле ключ с отпечатком {given}. Верните файл из резервной копии.",
    "key_handover": "Ключ № {number}: {reason}",
    # The database.
    "trigger_missing": "В базе нет защиты {trigger} или она изменена: записи мог изменить кто угодно. Она создаётся"
    " заново командой letopis migrate.",
    "more": "И ещё таких нарушений: {count}.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. code: stable, for programs; index: place in the tree; entry: key of the entry."""

    code: str
    sentence: str
    index: int | None = None
    entry: int | None = None
    object: str = ""


@dataclass(slots=True)
class LogReport:
    """What was found in the log of one organisation.

    size: entries in the tree; waiting: entries without a place yet; root: hex; checkpoints: how many were compared;
    signed_size, signed_at: of the newest that holds; stamps: how many time stamps were checked; stamped_at: the time
    of the newest that is good; seconds: how long it took.
    """

    organisation: str
    name: str
    size: int = 0
    waiting: int = 0
    root: str = ""
    checkpoints: int = 0
    signed_size: int = 0
    signed_at: datetime | None = None
    stamps: int = 0
    stamped_at: datetime | None = None
    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What was found in all logs that were asked for, and in the database under them."""

    logs: list[LogReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    """What is no forgery, but a person must know."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems and not any(log.problems for log in self.logs)

    @property
    def all_problems(self) -> list[Problem]:
        """The problems of the database, then those of each log."""
        return [*self.problems, *(problem for log in self.logs for problem in log.problems)]

    def for_programs(self) -> dict[str, Any]:
        """Return the report as JSON values; its keys are told in docs/subsystems/ledger.md."""
        logs = [
            {**asdict(log), "signed_at": _text(log.signed_at), "stamped_at": _text(log.stamped_at)} for log in self.logs
        ]
        return {
            "ok": self.ok,
            "problems": [asdict(one) for one in self.problems],
            "warnings": self.warnings,
            "logs": logs,
        }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def problems_of(found: Sequence[Finding]) -> list[Problem]:
    """Return findings as sentences, entries named by what they are about. One query for a thousand entries."""
    keys = sorted({one.entry for one in found if one.entry is not None})
    names: dict[int, tuple[str, str, datetime]] = {}
    for start in range(0, len(keys), 500):
        rows = Entry.objects.filter(pk__in=keys[start : start + 500]).values_list("pk", "object", "verb", "at")
        names |= {key: (thing, verb, at) for key, thing, verb, at in rows}
    problems = []
    for one in found:
        thing, told = "", ""
        if one.entry is not None:
            thing, verb, at = names.get(one.entry, ("", "", None))
            place = f", место {one.index}" if one.index is not None else ""
            about = f" ({thing}, {verb}, {timezone.localtime(at):%d.%m.%Y %H:%M:%S}{place})" if at else place
            told = f"Запись {one.entry}{about}"
        sentence = SENTENCES[one.code].format(**{"index": one.index, "entry": told, **one.facts})
        problems.append(Problem(one.code, sentence, one.index, one.entry, thing))
    return problems
