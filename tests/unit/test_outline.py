from __future__ import annotations

import pytest
from lxml import etree

from models.conversation import answer
from models.errors import DocumentError
from models.languages import Language
from models.markup import Page, translated
from models.outline import Outline
from models.paragraph import Part


def upper(source: str, outline: Outline | None = None) -> str:
    dialect = (outline or Outline()).dialect(source)
    return answer(
        translated(source, dialect), lambda texts, _: list(map(str.upper, texts)), Language.RU
    )


def sentences(source: str, outline: Outline | None = None) -> list[str]:
    """What is handed to the engine, in order."""
    seen: list[str] = []

    def note(texts: list[str], _: Language) -> list[str]:
        seen.extend(texts)
        return texts

    assert (
        answer(translated(source, (outline or Outline()).dialect(source)), note, Language.RU)
        == source
    )
    return seen


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<a><![CDATA[да]]></a>", "<a><![CDATA[ДА]]></a>"),
        ("<a>  <![CDATA[ да & нет < 5 ]]>  </a>", "<a>  <![CDATA[ ДА & НЕТ < 5 ]]>  </a>"),
        ("<a><![CDATA[]]></a>", "<a><![CDATA[]]></a>"),
        ("<a><![CDATA[ 5 ]]></a>", "<a><![CDATA[ 5 ]]></a>"),
        ("<a>да <![CDATA[нет]]> и <b>да</b></a>", "<a>ДА <![CDATA[НЕТ]]> И <b>ДА</b></a>"),
        (
            "<a><![CDATA[<p>да &amp; <i title='да'>нет</i><br>да</p><script>нет</script>]]></a>",
            "<a><![CDATA[<p>ДА &amp; <i title='ДА'>НЕТ</i><br>ДА</p><script>нет</script>]]></a>",
        ),
        # What is not closed inside stays inside, and what is closed there was not opened outside.
        ("<p>раз<b><![CDATA[</b></p><p>да]]></b>два</p>",
         "<p>РАЗ<b><![CDATA[</b></p><p>ДА]]></b>ДВА</p>"),
        ("<a><x><![CDATA[да]]></x>нет</a>", "<a><x><![CDATA[да]]></x>НЕТ</a>"),
        ("<a><![CDATA[да]]]]><![CDATA[>нет]]></a>", "<a><![CDATA[ДА]]]]><![CDATA[>НЕТ]]></a>"),
    ],
)  # fmt: skip
def test_the_words_of_a_section_are_translated_and_it_stays_one(source: str, expected: str) -> None:
    assert upper(source, Outline(ignored=frozenset(["x"]))) == expected


def test_a_translation_cannot_end_the_section_it_stands_in() -> None:
    page = Page("<a><![CDATA[да]]></a>", Outline().dialect("<a></a>"))
    (paragraph,) = page.paragraphs
    written = page.write([[Part(0, len(paragraph.text), "x ]]> <b> & y")]])
    assert etree.fromstring(written).text == "x ]]> <b> & y"


DOCUMENT = "<Doc><Meta><title>Раз</title></Meta><par>Два <b>три</b> и</par><par>пять</par></Doc>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<x>да</x>", "<x>ДА</x>"),
        ("да <br/> нет", "ДА <br/> НЕТ"),
        ("<P>да <p>нет</p> и</P>", "<P>ДА <p>НЕТ</p> И</P>"),
        ("<script>да</script>", "<script>ДА</script>"),
        ("<img>да</img>", "<img>ДА</img>"),
        ("<ns:t/>да", "<ns:t/>ДА"),
        ('<a title="да">нет</a>', '<a title="да">НЕТ</a>'),
        ("<a>да &amp; &lt;нет&gt; &#171;</a>", "<a>ДА &amp; &lt;НЕТ&gt; «</a>"),
        ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'да'>]><a>да</a>",
         "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'да'>]><a>ДА</a>"),
        ("<a><!-- да --><![CDATA[да <b>]]>нет</a>", "<a><!-- да --><![CDATA[ДА <b>]]>НЕТ</a>"),
        ("", ""),
    ],
)  # fmt: skip
def test_xml_is_read_as_xml(source: str, expected: str) -> None:
    """Case counts, `<x/>` has no inside, and no name means what it means in HTML."""
    assert upper(source) == expected


def test_what_stands_beside_words_is_in_their_sentence() -> None:
    assert sentences(DOCUMENT)[:1] == ["Раз"]
    assert "Два три и" in sentences(DOCUMENT)
    assert "пять" in sentences(DOCUMENT)


def test_callers_say_what_splits() -> None:
    text = "<Doc>Один <b>два</b> три</Doc>"
    assert "Один два три" in sentences(text)
    split = sentences(text, Outline(splitting=frozenset(["b"])))
    assert split == ["Один", "два", "три"]
    assert sentences(text, Outline(splitting=frozenset(["B"]))) == sentences(text)
    both = "<d><p>один</p> <p>два</p></d>"
    assert sentences(both) == ["один", "два"]
    assert "один два" in sentences(both, Outline(inside=frozenset(["p"])))
    assert "один два" in sentences(both, Outline(automatic=False))


@pytest.mark.parametrize("splitting", [frozenset[str](), frozenset(["x"])])
@pytest.mark.parametrize(
    "source", ["<d>раз <x>да</x> два</d>", "<d><x>да <b>да</b></x><p>раз</p></d>", "<x>да</x>"]
)
def test_ignored_elements_come_out_as_they_are(source: str, splitting: frozenset[str]) -> None:
    outline = Outline(ignored=frozenset(["x"]), splitting=splitting)
    expected = source.replace("раз", "РАЗ").replace("два", "ДВА")
    assert upper(source, outline) == expected


@pytest.mark.parametrize(
    "source",
    [
        "<a>да",
        "да</a>",
        "<a><b>да</a></b>",
        "<a>да</A>",
        "<a>да<b",
        "<a>да<!-- </a>",
        "<![CDATA[да",
    ],
)
def test_tags_that_do_not_match_are_refused(source: str) -> None:
    with pytest.raises(DocumentError, match="not well-formed"):
        Outline().dialect(source)


def test_elements_inside_one_another_without_end() -> None:
    deep = "<a>" * 20_000 + "да" + "</a>" * 20_000
    assert upper(deep) == deep.replace("да", "ДА")
