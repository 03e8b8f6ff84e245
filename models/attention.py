"""Word links from a network's attention, given only where a small gold shows they can be used.

Argos packages are not trained to align, so the attention they show is often noise. Each package
is asked once to say some sentences whose links are known, and its links are used if enough of
them are right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.languages import Direction, Language
from models.network import Network
from models.tokens import SentencePieceTokenizer, Tokenizer

#: Part of the gold words that must be linked rightly.
ENOUGH = 0.75

_WORD = re.compile(r"\S+")

#: Sentences in three languages and the words that belong together, counted from 0 at spaces.
GOLD: tuple[tuple[dict[Language, str], tuple[tuple[int, int, int], ...]], ...] = (
    (
        {
            Language.RU: "Президент подписал новый закон в пятницу.",
            Language.UK: "Президент підписав новий закон у п'ятницю.",
            Language.EN: "The president signed a new law on Friday.",
        },
        ((0, 0, 1), (1, 1, 2), (2, 2, 4), (3, 3, 5), (5, 5, 7)),
    ),
    (
        {
            Language.RU: "Ночью в городе прозвучали три сильных взрыва.",
            Language.UK: "Вночі в місті пролунали три сильні вибухи.",
            Language.EN: "Three strong explosions sounded in the city at night.",
        },
        ((0, 0, 8), (2, 2, 6), (3, 3, 3), (4, 4, 0), (5, 5, 1), (6, 6, 2)),
    ),
    (
        {
            Language.RU: "Министр не ответил на вопросы журналистов.",
            Language.UK: "Міністр не відповів на запитання журналістів.",
            Language.EN: "The minister did not answer the journalists' questions.",
        },
        ((0, 0, 1), (1, 1, 3), (2, 2, 4), (4, 4, 7), (5, 5, 6)),
    ),
    (
        {
            Language.RU: "Эта война длится уже четвёртый год.",
            Language.UK: "Ця війна триває вже четвертий рік.",
            Language.EN: "This war is already in its fourth year.",
        },
        ((0, 0, 0), (1, 1, 1), (3, 3, 3), (4, 4, 6), (5, 5, 7)),
    ),
    (
        {
            Language.RU: "Дети вернулись домой из больницы вчера вечером.",
            Language.UK: "Діти повернулися додому з лікарні вчора ввечері.",
            Language.EN: "Yesterday evening the children returned home from hospital.",
        },
        ((0, 0, 3), (1, 1, 4), (2, 2, 5), (4, 4, 7), (5, 5, 0), (6, 6, 1)),
    ),
)


def word_links(
    source: str, of_source: Sequence[int], target: str, said: Sequence[str], weights: Weights
) -> list[tuple[int, int]]:
    """Pairs of a source and a target word, counted at spaces: for each target word the best.

    `of_source` is the number of the word that each source token belongs to (`words_of`), `weights`
    (target tokens, source tokens). Nothing where tokens and words do not match.
    """
    of_target = words_of(said)
    columns = max(of_source, default=-1) + 1
    if (
        not of_source
        or not of_target
        or columns != len(source.split())
        or of_target[-1] + 1 != len(target.split())
        or len(weights) < len(of_target)
    ):
        return []
    totals = [[0.0] * columns for _ in range(of_target[-1] + 1)]
    for row, word in enumerate(of_target):
        for column, weight in enumerate(weights[row][: len(of_source)]):
            totals[word][of_source[column]] += weight
    return [
        (max(range(columns), key=total.__getitem__), word)
        for word, total in enumerate(totals)
        if sum(total) > 0
    ]


def spread(
    pairs: Sequence[tuple[int, int]], source: str, target: str
) -> tuple[tuple[int, int, int, int], ...]:
    """Pairs of words as offsets: start and end in the source, start and end in the target."""
    ones = [match.span() for match in _WORD.finditer(source)]
    others = [match.span() for match in _WORD.finditer(target)]
    return tuple((*ones[a], *others[b]) for a, b in pairs if a < len(ones) and b < len(others))


def accuracy(network: Network, tokenizer: Tokenizer, prefix: str, direction: Direction) -> float:
    """Part of the gold words, 0 to 1, that a network's attention links rightly."""
    if not isinstance(tokenizer, SentencePieceTokenizer):
        return 0.0  # Moses tokens part words from their marks, and the words cannot be counted
    right = asked = 0
    order = (Language.RU, Language.UK, Language.EN)
    one, other = order.index(direction.source), order.index(direction.target)
    for texts, links in GOLD:
        source, target = texts[direction.source], texts[direction.target]
        tokens, said = tokenizer.encode(source), tokenizer.encode(target)
        weights = network.attention(tokens, [prefix] if prefix else [], said)
        best = {b: a for a, b in word_links(source, words_of(tokens), target, said, weights)}
        right += sum(best.get(link[other]) == link[one] for link in links)
        asked += len(links)
    return right / asked


#: For each target token, the weight of each source token.
Weights = Sequence[Sequence[float]]


def words_of(tokens: Sequence[str]) -> list[int]:
    """The number of the word, counted at spaces, that each piece belongs to."""
    numbers = []
    word = -1
    for token in tokens:
        if token.startswith("▁") or word < 0:
            word += 1
        numbers.append(word)
    return numbers
