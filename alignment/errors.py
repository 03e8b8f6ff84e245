"""What can go wrong in alignment.

AlignmentError
├── LexiconError        a data file under lexicons/ is malformed
├── NotRun              a part of the evaluation has no data here
└── TooLarge            an input is beyond the size that can be aligned in bounded memory
"""

from __future__ import annotations


class AlignmentError(Exception):
    """Any failure of `alignment`; its message is one sentence that says what to do next."""


class LexiconError(AlignmentError):
    """A data file under lexicons/ is malformed; the message names the file and the entry."""


class TooLarge(AlignmentError):
    """An input cannot be aligned in bounded memory; the message says the limit."""


class NotRun(AlignmentError):
    """A part of the evaluation that cannot be measured here; the message says what is absent."""
