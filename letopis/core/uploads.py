"""What every uploaded file goes through, whatever it belongs to."""

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile


def bare_name(name: str) -> str:
    """Drop folders that some browsers send, and control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in last if char.isprintable()).strip()


def digest_of(upload: UploadedFile[Any], *, algorithm: str) -> str:
    """Return the hexadecimal digest of the bytes and leave the file at its beginning."""
    digest = hashlib.new(algorithm)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
