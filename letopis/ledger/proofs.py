"""Proofs to carry away: everything the log says of one object in a file that is checked without the database.

`prove` reads the database; `check` reads the file alone and knows neither Django nor a database.
What such a file cannot show: that nothing else was said of the object. A log proves what is in it, not what is not.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from letopis.ledger import merkle, notes
from letopis.ledger.sealing import canonical

FORMAT = "letopis-proof-1"
_HEADER = ("actor", "at", "commitment", "object", "on_behalf_of", "organisation", "verb")


@dataclass(frozen=True, slots=True)
class Proved:
    """One entry of a file. before, after, who, reason: None where its content was destroyed by an act."""

    index: int
    at: str
    verb: str
    body: Mapping[str, Any] | None
    act: str


@dataclass(slots=True)
class Checked:
    """What a file says and what is wrong with it. fingerprint: of the key that signed."""

    object: str = ""
    origin: str = ""
    size: int = 0
    fingerprint: str = ""
    is_key_given: bool = False
    entries: list[Proved] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Code and sentence of each."""

    @property
    def ok(self) -> bool:
        """Whether every entry of the file is proved."""
        return not self.problems and bool(self.entries)


def prove(organisation: uuid.UUID, thing: str, *, note: str, key: Ed25519PublicKey) -> dict[str, Any]:
    """Return the file for an object («register.Mark:123») as JSON values. Five queries for up to a thousand entries.

    note: a checkpoint of the organisation; entries that came after it are counted in `later` and not proved.
    """
    from letopis.ledger.models import Blanking, Entry
    from letopis.ledger.sealing import moment_text
    from letopis.ledger.tree import inclusion_proofs

    stated = notes.read(note)
    rows = [
        row[1:]
        for row in Entry.objects.filter(object=thing)
        .order_by("place__index", "pk")
        .values_list(
            "organisation", "pk", "place__index", "actor", "at", "commitment", "object", "on_behalf_of", "verb",
            "payload__salt", "payload__body",
        )
        # Not in the statement: a database that knows no counts yet would go through the whole log of the organisation.
        if row[0] == organisation
    ]  # fmt: skip
    placed = [row for row in rows if row[1] is not None and row[1] < stated.size]
    proofs = inclusion_proofs(organisation, indexes=[row[1] for row in placed], size=stated.size)
    acts = dict(Blanking.objects.filter(entry__object=thing).values_list("entry_id", "act"))
    entries = []
    for key_of, index, actor, at, commitment, name, behalf, verb, salt, body in placed:
        header = (actor, moment_text(at), bytes(commitment).hex(), name, behalf, str(organisation), verb)
        entries.append(
            {
                "index": index,
                "header": dict(zip(_HEADER, header, strict=True)),
                "salt": None if salt is None else bytes(salt).hex(),
                # The very text that was hashed.
                "body": None if body is None else bytes(body).decode(),
                "blanked_by": acts.get(key_of, ""),
                "proof": [one.hex() for one in proofs[index]],
            }
        )
    return {
        "format": FORMAT,
        "object": thing,
        "checkpoint": note,
        "public_key": notes.key_text(stated.origin, key),
        "entries": entries,
        "later": len(rows) - len(placed),
    }


def check(text: str, *, key_text: str = "") -> Checked:
    """Return what a file proves and what is wrong with it. key_text: the public key one trusts; else that of the file.

    Codes of problems: not_a_proof, wrong_key, checkpoint_signature, empty, entry_foreign, payload_changed,
    payload_gone, not_included.
    """
    checked = Checked(is_key_given=bool(key_text))
    try:
        told = json.loads(text)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise ValueError
        checked.object, note, own = str(told["object"]), str(told["checkpoint"]), str(told["public_key"])
        entries = list(told["entries"])
    except (ValueError, KeyError, TypeError):
        checked.problems.append(("not_a_proof", "Это не файл доказательства «Летописи», или он испорчен."))
        return checked
    try:
        key = notes.read_key(key_text or own)
    except notes.BadNote as bad:
        checked.problems.append(("wrong_key", str(bad)))
        return checked
    checked.fingerprint = notes.fingerprint(key)
    try:
        stated = notes.verified(note, key)
        code = str(notes.organisation_of(stated.origin))
    except notes.BadNote as bad:
        checked.problems.append(("checkpoint_signature", str(bad)))
        return checked
    checked.origin, checked.size = stated.origin, stated.size
    for number, entry in enumerate(entries, start=1):
        try:
            _check_entry(checked, number, entry, stated, code)
        except (ValueError, KeyError, TypeError, AttributeError):
            checked.problems.append(("not_a_proof", f"Запись {number} файла испорчена: её нельзя прочитать."))
    if not entries:
        checked.problems.append(("empty", "В файле нет ни одной записи: доказывать нечего."))
    return checked


def _check_entry(checked: Checked, number: int, entry: Any, stated: notes.Statement, organisation: str) -> None:
    header = {name: entry["header"][name] for name in _HEADER}
    index, proof = entry["index"], [bytes.fromhex(one) for one in entry["proof"]]
    if not all(isinstance(value, str) for value in header.values()) or type(index) is not int:
        raise ValueError
    problems = []
    if header["object"] != checked.object or header["organisation"] != organisation:
        problems.append(("entry_foreign", f"Запись {number} файла — о другом объекте или другой организации."))
    leaf = merkle.leaf_hash(canonical(header))
    if not merkle.is_included(leaf, index=index, size=stated.size, proof=proof, expected=stated.root):
        problems.append(
            ("not_included", f"Запись {number} файла не входит в подписанное дерево: её изменили или выдумали.")
        )
    body, act = None, str(entry["blanked_by"])
    if entry["body"] is None:
        if not act:
            problems.append(("payload_gone", f"У записи {number} файла нет содержания и не назван акт."))
    else:
        told = entry["body"].encode()
        if sha256(bytes.fromhex(entry["salt"]) + told).hexdigest() != header["commitment"]:
            problems.append(("payload_changed", f"Содержание записи {number} файла изменено."))
        else:
            body = json.loads(told)
    checked.problems += problems
    if not problems:
        checked.entries.append(Proved(index, header["at"], header["verb"], body, act))
