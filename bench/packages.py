"""Measure building and verifying a package of 200 MB against sha512sum plus cp of the same files.

Run as `python -m bench.packages`. Everything is measured in one run, the rounds interleaved, in a
temporary folder that is removed. The page cache is warm for all sides. The build waits until
every file is on the disk (fsync); cp does not wait.
"""

import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from letopis.archive.bags import ContentFile, write_bag
from letopis.archive.ocfl import Author, create_object
from letopis.archive.verify import verify

ROUNDS = 5
BUILD_LIMIT = 2.0
VERIFY_LIMIT = 1.2
# 40 registers of 4 MB, 80 statements of 400 KB, 200 tables of 40 KB.
SIZES = [4_000_000] * 40 + [400_000] * 80 + [40_000] * 200


def rows() -> list[tuple[str, str, str, str]]:
    """Return what, figure, target and verdict of each measurement."""
    missing = [tool for tool in ("sha512sum", "cp") if shutil.which(tool) is None]
    if missing:
        return [("package of 200 MB", "not measured", "", f"no {', '.join(missing)}")]
    with tempfile.TemporaryDirectory(prefix="letopis-bench-") as folder:
        times = _measure(Path(folder))
    plain = times["plain"]
    return [
        _row("package of 200 MB: build", times["build"], plain, BUILD_LIMIT),
        _row("package of 200 MB: verify", times["verify"], plain, VERIFY_LIMIT),
    ]


def _row(what: str, seconds: float, plain: float, limit: float) -> tuple[str, str, str, str]:
    ratio = seconds / plain
    figure = f"{seconds:.2f} s = {ratio:.2f} × (sha512sum + cp {plain:.2f} s)"
    return what, figure, f"≤ {limit} ×", "ok" if ratio <= limit else "MISSED"


def _measure(folder: Path) -> dict[str, float]:
    sources = _make_files(folder / "ready")
    steps: dict[str, Callable[[int], object]] = {
        "plain": lambda number: _plain(folder, sources, number),
        "build": lambda number: _build(folder, sources, number),
        "verify": lambda number: _verify(folder, number),
    }
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(ROUNDS):
        for name, step in steps.items():
            started = time.perf_counter()
            step(number)
            times[name].append(time.perf_counter() - started)
        shutil.rmtree(folder / f"copy{number}")
        shutil.rmtree(folder / f"root{number}")
    return {name: statistics.median(values) for name, values in times.items()}


def _make_files(folder: Path) -> list[Path]:
    folder.mkdir()
    chance = random.Random(17)
    paths = []
    for number, size in enumerate(SIZES):
        paths.append(folder / f"документ_{number:03}.pdf")
        paths[-1].write_bytes(chance.randbytes(size))
    return paths


def _plain(folder: Path, sources: list[Path], number: int) -> None:
    subprocess.run(["sha512sum", "--", *sources], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cp", "-r", sources[0].parent, folder / f"copy{number}"], check=True)


def _build(folder: Path, sources: list[Path], number: int) -> None:
    content = [ContentFile(path=f"1_documents/{source.name}", source=source) for source in sources]
    bag = partial(
        write_bag,
        content=content,
        organisation="Школа № 17",
        identifier="bench",
        bagged_on=date(2026, 6, 30),
        read_me_first="Bench.",
        prochti="Замер.",
    )
    create_object(
        folder / f"root{number}",
        object_id="bench",
        build_bag=bag,
        created_at=datetime(2026, 6, 30, tzinfo=UTC),
        message="Bench.",
        author=Author(name="Bench", address="mailto:bench@example.org"),
    )


def _verify(folder: Path, number: int) -> None:
    report = verify(folder / f"root{number}" / "bench")
    if not report.ok:
        raise RuntimeError(f"the package just built is not whole: {report.problems[0].sentence}")


if __name__ == "__main__":
    for line in rows():
        print(" | ".join(line))
