"""`make bench`: one table of what was measured against peers and limits in one run.

Medians and ratios only: single figures of a shared machine mean nothing. A part that fails is said, not hidden.
"""

import importlib
import platform
import sys
import time

PARTS = (
    "bench.grid",
    "bench.pages",
    "bench.obligations",
    "bench.first_key",
    "bench.printing",
    "bench.packages",
    "bench.ledger",
)
HEADS = ("what", "figure", "target", "verdict")


def main() -> int:
    rows: list[tuple[str, str, str, str]] = []
    failed = False
    for name in PARTS:
        started = time.perf_counter()
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            rows.extend(importlib.import_module(name).rows())
        except Exception as error:  # the other parts are worth their figures
            failed = True
            rows.append((name, f"{type(error).__name__}: {error}", "", "FAILED"))
        print(f"{name} took {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    widths = [max(len(row[column]) for row in (HEADS, *rows)) for column in range(len(HEADS))]
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for row in (HEADS, tuple("-" * width for width in widths), *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
