"""A run of the pipeline that a test kills: `python -m tests.killed URL COUNT`, a line an answer."""

from __future__ import annotations

import sys

from service.pipeline import Pipeline
from service.settings import Settings
from service.store.database import Store
from tests.made_coverage import NOW, coverage


def main(url: str, count: int) -> None:
    """Take in the made coverage and align it."""
    with Store(url) as store:
        store.upgrade()
        pipeline = Pipeline(Settings(), store)
        for done in pipeline.ingest(coverage(count), now=NOW):
            sys.stdout.write(f"ingested {done.status}\n")
            sys.stdout.flush()
        for aligned in pipeline.align():
            sys.stdout.write(f"aligned {aligned.event_id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
