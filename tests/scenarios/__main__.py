"""``python -m tests.scenarios``: print the table, and write it into the documents."""

from __future__ import annotations

import sys

from tests.scenarios.table import PAGE, page, table

if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(table())
