"""What a producer hands to the archive: the content of one archived thing, and how it is laid out as files.

Layout: reference form of the package, five numbered folders below data/, and a sixth with what was signed of the
ledger (`actions.ledger_files`). Every fact stands twice, on a page (PDF/A) and in a table (CSV, and the same rows as
JSON), because a reader of the future may have lost one of the readers.
"""

from letopis.archive.units.head import Head, Responsible, class_head, object_id_of
from letopis.archive.units.tables import Code, Column, Table
from letopis.archive.units.unit import Print, Unit

__all__ = ["Code", "Column", "Head", "Print", "Responsible", "Table", "Unit", "class_head", "object_id_of"]
