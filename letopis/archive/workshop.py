"""Folders to build in: on the disk of the storage root, but not inside it, and locked."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


@contextmanager
def workshop(root: Path) -> Iterator[Path]:
    """Give a locked folder on the same disk; remove it in the end, and at once those of killed builders."""
    area = root.parent / f".{root.name}-building"
    area.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as held:
        with locked(area):
            for abandoned in area.iterdir():
                with suppress(BlockingIOError), locked(abandoned, wait=False):
                    shutil.rmtree(abandoned)
            folder = Path(tempfile.mkdtemp(dir=area))
            held.enter_context(locked(folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


@contextmanager
def locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the folder against other processes; raise BlockingIOError at once when told not to wait."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)
