"""python -m tests.review.facts: write what the review knows of resource types."""

from __future__ import annotations

from tests.review.facts.from_schemas import write

write()
