"""What the worker does for the register by itself."""

from letopis.core import clock
from letopis.register.actions.cell_receipts import sweep_receipts


def sweep() -> None:
    """Delete old receipts of saves."""
    sweep_receipts(now=clock.now())
