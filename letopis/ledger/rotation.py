"""A new signing key takes the place of the old one: once in a few years, when a server changes hands, or after a loss.

The order matters. The new key lies beside the old before the database knows it, and takes its place after the commit; a
computer that stops between the two is set right at the next signing (keyring.finish_rotation). The old private key is
then gone: nobody needs it, its public half checks for ever.
"""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import transaction

from letopis.core.errors import Refused
from letopis.ledger import keyring, keys, notes
from letopis.ledger.actions import Author, Fact, record
from letopis.ledger.checkpoints import issue, organisations
from letopis.ledger.handovers import Handover
from letopis.ledger.models import Checkpoint, SigningKey
from letopis.ledger.sealing import Value
from letopis.ledger.tree import root_at, size_of
from letopis.rules.verdict import refused

VERB = "ledger.rotate_key"
MOST = 300


def rotate(*, reason: str, at: datetime, is_old_lost: bool = False, old_public: str = "") -> SigningKey:
    """Make a new key, have the old one sign it, sign every log by both, and return the new key.

    is_old_lost: the old key cannot sign; verification tells it for ever. old_public: text of the old public key, needed
    only when it is lost and this installation never noted it. For each log an entry tells of it.
    Raises Refused: NO_REASON, NOTHING_SIGNED, OLD_KEY_IS_HERE, OLD_KEY_UNKNOWN, and as `checkpoints.issue`; nothing is
    changed then. Raises keys.NoKey, notes.BadNote (old_public is no key).
    """
    told = " ".join(reason.split())
    if not told or len(told) > MOST:
        raise Refused(refused("NO_REASON", f"Назовите причину смены ключа, до {MOST} знаков: --reason ПРИЧИНА."))
    if newest := SigningKey.objects.order_by("-number").first():
        keyring.finish_rotation(newest)
    new = keys.make_next()
    try:
        row = _hand_over(new, told, at, is_old_lost=is_old_lost, old_public=old_public)
    except BaseException:
        keys.drop_next()
        raise
    keyring.finish_rotation(row)
    return row


@transaction.atomic
def _hand_over(new: Ed25519PrivateKey, reason: str, at: datetime, *, is_old_lost: bool, old_public: str) -> SigningKey:
    keyring.lock(shared=False)
    before = _recorded(at, _lost_key(old_public) if is_old_lost else keyring.signing_key().public_key())
    signers = [new] if is_old_lost else [keyring.signing_key(), new]
    logs = {}
    for organisation in organisations():
        # Where nothing was added there is no checkpoint of both keys; the handover states size and root all the same.
        issue(organisation, at=at, signers=signers)
        origin, size = notes.origin_of(organisation), size_of(organisation)
        logs[origin] = notes.Statement(origin, size, root_at(organisation, size))
    raw = new.public_key().public_bytes_raw()
    stated = Handover(before.number + 1, bytes(before.public), raw, keyring.moment_text(at), reason, is_old_lost, logs)
    row = SigningKey.objects.create(
        number=stated.number, public=raw, since=at.replace(microsecond=0), reason=reason,
        is_predecessor_lost=is_old_lost, handover=stated.sign(*signers),
    )  # fmt: skip
    for origin in logs:
        author = Author(notes.organisation_of(origin), "system", "Летопись, командная строка")
        after: dict[str, Value] = {
            "number": row.number,
            "key": notes.fingerprint(new.public_key()),
            "old_key_lost": is_old_lost,
        }
        record(Fact(author, at, VERB, f"ledger.SigningKey:{row.number}", {"number": before.number}, after, reason))
    return row


def _recorded(at: datetime, old: Ed25519PublicKey) -> SigningKey:
    """Return the newest key that was noted; an installation that never noted one notes the old key now."""
    newest = SigningKey.objects.order_by("-number").first()
    if newest is None:
        first = Checkpoint.objects.order_by("at").first()
        newest = SigningKey.objects.create(number=1, public=old.public_bytes_raw(), since=first.at if first else at)
    return newest


def _lost_key(old_public: str) -> Ed25519PublicKey:
    """Return the public half of the key that is lost; refuse when it is there after all, or nobody knows it."""
    newest = SigningKey.objects.order_by("-number").first()
    here = _key_of_the_file()
    if newest:
        old = keyring.public_key()
    elif not Checkpoint.objects.exists():
        raise Refused(refused("NOTHING_SIGNED", "Ещё ничего не подписано: терять нечего, ключ сделает первая отметка."))
    elif not old_public:
        raise Refused(
            refused(
                "OLD_KEY_UNKNOWN",
                "Каким ключом подписаны прежние отметки, эта база не знает. Назовите файл открытого ключа, который"
                " скачивали со страницы «Подлинность записей»: --old-public ФАЙЛ.",
            )
        )
    else:
        old = notes.read_key(old_public)
    if here and here.public_bytes_raw() == old.public_bytes_raw():
        raise Refused(
            refused("OLD_KEY_IS_HERE", f"Прежний ключ на месте, в файле {keys.key_path()}: смените без --old-key-lost.")
        )
    return old


def _key_of_the_file() -> Ed25519PublicKey | None:
    try:
        return keys.public_key() if keys.key_path().exists() else None
    except keys.NoKey:
        return None
