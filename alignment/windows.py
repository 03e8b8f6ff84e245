"""Windows: sentences cut into parts that the grammar reads in bounded time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alignment.span import Sentence
from alignment.tokens import Tokens, tokenise

#: A sentence of more tokens is read in parts, so that time stays linear; news has about 25.
_WINDOW = 240


def windows(sentences: Sequence[Sentence]) -> Iterable[tuple[int, Sentence, Tokens]]:
    """The sentences that hold words, tokenised; one of absurd length in parts cut behind a mark."""
    for index, sentence in enumerate(sentences):
        tokens = tokenise(sentence.text, sentence.start)
        if not any(kind != "mark" for kind in tokens.kinds):
            continue
        if len(tokens) <= _WINDOW:
            yield index, sentence, tokens
            continue
        first = 0
        while first < len(tokens):
            last = min(first + _WINDOW, len(tokens))
            if last < len(tokens):
                marks = (
                    i
                    for i in range(last, first + _WINDOW // 2, -1)
                    if tokens.kinds[i - 1] == "mark"
                )
                last = next(marks, last)
            begin, end = tokens.starts[first], tokens.ends[last - 1]
            part = tokenise(sentence.text[begin:end], sentence.start + begin)
            if any(kind != "mark" for kind in part.kinds):
                yield index, sentence, part
            first = last
