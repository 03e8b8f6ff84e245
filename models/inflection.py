"""The nominatives that a Russian or Ukrainian name may be a case of, told by its ending alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.languages import Language

#: Letters that are left of a name at least.
STEM = 3
#: Endings of women's names, which a man's name may have as well: nothing can be told from them.
_EITHER = ("ова", "ева", "єва", "ина", "ына", "іна")


def _table(pairs: str) -> dict[str, tuple[str, ...]]:
    """Endings of the nominatives by that of the case, from `case=nominative/nominative`."""
    return {
        case: tuple(nominatives.split("/"))
        for case, nominatives in (pair.split("=") for pair in pairs.split())
    }


_RUSSIAN = _table(
    "ами=а/ ого=ий/ый ому=ий/ый его=ий ему=ий ах=а/ ам=а/ ом=/о ем=/й ой=а/ая ою=а ей=я/а ую=ая "
    "ым=/ый им=ий а= у=/а е=/а ы=а/ и=а/я/ь/ я=й/ь ю=й/ь/я"
)
_UKRAINIAN = _table(
    "ами=а/ ого=ий ому=ий ові= еві= єві=й ах=а/ ам=а/ ом=/о ем= єм=й ою=а ею=я/а єю=я им=/ий "
    "ої=а ій=а а= у=/а і=/а/я/ь ї=я/й и=а/ я=й/ь ю=й/ь/я"
)
_ENDINGS: Mapping[Language, Mapping[str, tuple[str, ...]]] = {
    Language.RU: _RUSSIAN,
    Language.UK: _UKRAINIAN,
}


def nominatives(name: str, language: Language) -> Iterator[str]:
    """Likeliest first; none where the name may well be a nominative of another one (Иванова).

    >>> list(nominatives("Алленом", Language.RU))
    ['Аллен', 'Аллено']
    """
    endings = _ENDINGS.get(language, {})
    if name.endswith(_EITHER):
        return
    for size in (3, 2, 1):
        stem = name[:-size]
        if len(stem) >= STEM:
            yield from (stem + ending for ending in endings.get(name[-size:], ()))
