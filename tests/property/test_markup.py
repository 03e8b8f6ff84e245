"""HTML put together from pieces, sensible and not: what must hold whatever it looks like."""

from __future__ import annotations

import html
import re
from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.conversation import answer
from models.languages import Language
from models.markup import translated
from models.tags import TagKind, attributes, tokens

TAGS = ["b", "i", "a href='x?a=1&b=2'", "span translate=no", "code", "p", "div", "li", "td", "pre"]
NAMES = [tag.partition(" ")[0] for tag in TAGS]
WORDS = st.sampled_from(["Раз", "два.", "Три!", "main.py", "12", "—", "«да»", "слово,", "и"])
PIECES = st.one_of(
    WORDS,
    st.sampled_from([" ", "\n  ", "&nbsp;", "&amp;", "&lt;b&gt;", "&laquo;", "&", "<", ">"]),
    st.sampled_from([f"<{tag}>" for tag in TAGS]),
    st.sampled_from([f"</{name}>" for name in NAMES]),
    st.sampled_from(
        [
            "<br>",
            "<img src=x>",
            "<img alt='12'>",
            "<!-- да -->",
            "<script>да</script>",
            "<svg>x</svg>",
        ]
    ),
)
PAGES = st.lists(PIECES, max_size=30).map("".join)
HOSTILE = st.text(alphabet="<>&;\"'=/!-? абb\n\x00#x1", max_size=60)


def marked(texts: list[str], _: Language) -> list[str]:
    """Every word in translation, and in another order."""
    return [" ".join(f"{word}ъ" for word in reversed(text.split())) for text in texts]


def tags(source: str) -> Counter[str]:
    return Counter(
        source[each.start : each.end] for each in tokens(source) if each.kind is not TagKind.TEXT
    )


@given(st.one_of(PAGES, HOSTILE))
def test_an_untranslated_page_is_the_page(source: str) -> None:
    assert answer(translated(source), lambda texts, _: texts, Language.RU) == source


@given(PAGES)
@example("Раз<b><span translate=no></b>")
@settings(deadline=None)
def test_every_tag_comes_out_exactly_once(source: str) -> None:
    assert tags(answer(translated(source), marked, Language.RU)) == tags(source)


@given(st.one_of(PAGES, HOSTILE), st.text(alphabet="<>&;\"'-/абx ", min_size=1, max_size=20))
@settings(deadline=None)
def test_new_words_never_become_markup(source: str, said: str) -> None:
    made = answer(translated(source), lambda texts, _: [said] * len(texts), Language.RU)
    assert tags(made) == tags(source)


@given(PAGES, st.sampled_from(["'", '"', ""]), st.text(alphabet="<>&;\"'-/= абx", max_size=12))
@settings(deadline=None)
def test_an_attribute_holds_what_was_said_wherever_it_stands(
    page: str, quote: str, said: str
) -> None:
    source = f"<img alt={quote}снимок{quote}>{page}"
    made = answer(
        translated(source),
        lambda texts, _: [said if text == "снимок" else text for text in texts],
        Language.RU,
    )
    first = next(iter(tokens(made)))
    shown = html.unescape(attributes(made[: first.end])["alt"])
    assert shown == (said or shown)
    assert made[first.end :] == page


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_words_survive_the_way_there_and_back(words: list[str]) -> None:
    text = " ".join(words)
    made = answer(translated(f"<p>{html.escape(text)}</p>"), marked, Language.RU)
    shown = html.unescape(re.sub(r"<[^>]*>", "", made))
    assert sorted(shown.replace("ъ", "").split()) == sorted(text.split())
