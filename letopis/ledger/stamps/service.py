"""The service of time stamps over HTTP, and the certificates it must lead to.

Dangers. A service may hang, or feed us a byte a minute: each wait and the whole answer have an end, and an answer has a
size. Whatever the proxy of the school is, urllib takes it from the environment.
"""

import ssl
import time
import warnings
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates
from django.conf import settings

from letopis.ledger.stamps.protocol import NoStamp

WAIT_SECONDS = 10.0
WHOLE_SECONDS = 30.0
MOST_BYTES = 256 * 1024
"""A token with its chain takes some ten kilobytes."""


def ask(url: str, query: bytes) -> bytes:
    """Return the answer of the service to a request. Raises NoStamp (service_failed) when there is none."""
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    asked = HttpRequest(url, data=query, headers=headers, method="POST")  # noqa: S310 (settings allow http and https only)
    try:
        with urlopen(asked, timeout=WAIT_SECONDS) as answer:  # noqa: S310 (the same)
            return _read(answer)
    except HTTPError as error:
        error.close()
        raise NoStamp("service_failed", f"Служба меток времени {url} ответила ошибкой {error.code}.") from None
    except TimeoutError:
        raise NoStamp("service_failed", f"Служба меток времени {url} не ответила вовремя.") from None
    except (OSError, HTTPException) as error:
        kind = type(getattr(error, "reason", error)).__name__
        raise NoStamp("service_failed", f"До службы меток времени {url} не достучаться ({kind}).") from None


def trust() -> list[Certificate]:
    """Return the roots that certificates of services may lead to. Raises NoStamp (stamp_trust) when there are none."""
    try:
        if settings.LETOPIS_TSA_CA:
            return load_pem_x509_certificates(Path(settings.LETOPIS_TSA_CA).read_bytes())
        found = _of_the_system()
    except (OSError, ValueError):
        raise NoStamp(
            "stamp_trust",
            f"Файл {settings.LETOPIS_TSA_CA} из LETOPIS_TSA_CA не читается: нужны корневые сертификаты в виде PEM.",
        ) from None
    if not found:
        raise NoStamp("stamp_trust", "В системе нет корневых сертификатов: назовите файл с ними в LETOPIS_TSA_CA.")
    return found


def _read(answer: HTTPResponse) -> bytes:
    end, body = time.monotonic() + WHOLE_SECONDS, b""
    while piece := answer.read1(MOST_BYTES):
        body += piece
        if len(body) > MOST_BYTES:
            raise NoStamp("service_failed", "Служба меток времени ответила слишком длинно: это не метка.")
        if time.monotonic() > end:
            raise TimeoutError
    return body


def _of_the_system() -> list[Certificate]:
    """Return the roots that the system trusts, from its file or its folder, without those we cannot read."""
    told = ssl.create_default_context().get_ca_certs(binary_form=True)
    folder = ssl.get_default_verify_paths().capath
    if not told and folder:
        texts = [path.read_text(encoding="ascii", errors="replace") for path in sorted(Path(folder).glob("*.0"))]
        told = [ssl.PEM_cert_to_DER_cert(text.strip()) for text in texts if text.startswith(ssl.PEM_HEADER)]
    found = []
    with warnings.catch_warnings():
        # Some roots that systems ship break a rule; cryptography says so each time.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        for der in told:
            try:
                found.append(load_der_x509_certificate(der))
            except ValueError:
                continue
    return found
