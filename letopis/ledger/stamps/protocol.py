"""The protocol of time stamps, RFC 3161: a request over a text, and the check of what came back.

Pure: bytes and certificates in, facts out; no database, no network, no clock. The checks of signature and chain are
those of rfc3161-client (OpenSSL underneath); certificates need to have been valid at the time the stamp states, so a
stamp stays good when they end. Not checked: whether a certificate was revoked. Signatures by GOST R 34.10 are unknown
to it, so a service must offer RSA or ECDSA.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.x509 import Certificate
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from letopis.ledger.stamps.der import with_sorted_certificates

SKEW = timedelta(minutes=1)
"""The clock of the school may run ahead of that of the service by so much; many services also count whole seconds."""
_SHA256 = "2.16.840.1.101.3.4.2.1"


class NoStamp(Exception):
    """There is no good time stamp. The sentence is for people, the code for programs."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. query: DER, `application/timestamp-query`; nonce: the number that must come back."""

    query: bytes
    nonce: int


def request(text: bytes) -> Request:
    """Return a request for a stamp over SHA-256 of a text, with a fresh nonce; certificates are asked for."""
    made = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
    assert made.nonce is not None  # noqa: S101 (the builder always makes one)
    return Request(made.as_bytes(), made.nonce)


def check(reply: bytes, text: bytes, *, nonce: int, not_before: datetime, trust: Sequence[Certificate]) -> datetime:
    """Return the time that a reply states about a text, when everything about it is good.

    not_before: when the text came to be, by our clock. trust: roots that the service's certificates may lead to.
    Raises NoStamp: stamp_unreadable, stamp_refused, stamp_imprint, stamp_nonce, stamp_signature, stamp_time.
    """
    try:
        answer = decode_timestamp_response(with_sorted_certificates(reply))
        status = answer.status
        stated = answer.tst_info if status == PKIStatus.GRANTED else None
    except ValueError:
        raise NoStamp("stamp_unreadable", "это не ответ службы меток времени (RFC 3161).") from None
    if stated is None:
        raise NoStamp("stamp_refused", f"служба отказала в метке (статус {status}{_told(answer)}).")
    imprint = stated.message_imprint
    if (imprint.hash_algorithm.dotted_string, imprint.message) != (_SHA256, sha256(text).digest()):
        raise NoStamp("stamp_imprint", "она поставлена на другой текст, а не на эту контрольную отметку.")
    if stated.nonce != nonce:
        raise NoStamp("stamp_nonce", "она отвечает на другой запрос: число запроса не сходится.")
    try:
        VerifierBuilder(roots=list(trust), nonce=nonce).build().verify(answer, sha256(text).digest())
    except (VerificationError, ValueError):
        raise NoStamp(
            "stamp_signature",
            "подпись неверна, или сертификаты службы не ведут к тем, которым доверяет установка (LETOPIS_TSA_CA).",
        ) from None
    if stated.gen_time + SKEW < not_before:
        raise NoStamp(
            "stamp_time",
            f"в ней время {stated.gen_time:%d.%m.%Y %H:%M:%S} UTC, раньше самой контрольной отметки: часы сервера"
            " спешат, или отметку подменили.",
        )
    return stated.gen_time


def _told(answer: TimeStampResponse) -> str:
    """What the service says of its refusal; it may say nothing."""
    said = " ".join(" ".join(answer.status_string).split())[:200]
    return f": {said}" if said else ""
