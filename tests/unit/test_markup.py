from __future__ import annotations

import html

import pytest

from models.conversation import answer
from models.dialects import HTML as HTML_DIALECT
from models.dialects import OPEN_DOCUMENT, XHTML, Dialect
from models.errors import DocumentError
from models.languages import Language
from models.markup import Page, translated
from models.tags import attributes, tokens


def loud(texts: list[str], _: Language) -> list[str]:
    return [text.upper() for text in texts]


def upper(source: str, dialect: Dialect = HTML_DIALECT) -> str:
    return answer(translated(source, dialect), loud, Language.RU)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Раз <b>два</b> три.</p>", "<p>РАЗ <b>ДВА</b> ТРИ.</p>"),
        ("<p>AT&amp;T &lt;script&gt; тут</p>", "<p>AT&amp;T &lt;SCRIPT&gt; ТУТ</p>"),
        ("a & b < c", "A &amp; B &lt; C"),
        ("<p>а<!-- да --></p>", "<p>А<!-- да --></p>"),
        ("<!DOCTYPE html><?x да?><p>а</p>", "<!DOCTYPE html><?x да?><p>А</p>"),
        ("<script>да<b></script>нет", "<script>да<b></script>НЕТ"),
        ("<style>да</style><p title='да'>нет", "<style>да</style><p title='ДА'>НЕТ"),
        ("<title>Да &mdash; нет</title>", "<title>ДА — НЕТ</title>"),
        ("<textarea>да</textarea>", "<textarea>да</textarea>"),
        ("раз<br>два<hr/>три", "РАЗ<br>ДВА<hr/>ТРИ"),
        ("<ul><li>раз<li>два</ul>", "<ul><li>РАЗ<li>ДВА</ul>"),
        ("<div translate=no><p>да</p></div><p>нет", "<div translate=no><p>да</p></div><p>НЕТ"),
        ('<p translate="no">да<p>нет', '<p translate="no">да<p>НЕТ'),
        ('<p class="a notranslate">да</p>', '<p class="a notranslate">да</p>'),
        ('<p data-x="translate=no">да</p>', '<p data-x="translate=no">ДА</p>'),
        (
            "<div translate='no'>да<p translate='yes'>нет</p></div>",
            "<div translate='no'>да<p translate='yes'>НЕТ</p></div>",
        ),
        ("<p>вызов <code>да()</code> тут</p>", "<p>ВЫЗОВ <code>да()</code> ТУТ</p>"),
        ("<p>раз<sup>1</sup> два</p>", "<p>РАЗ<sup>1</sup> ДВА</p>"),
        ("<svg><text>да</text></svg> нет", "<svg><text>да</text></svg> НЕТ"),
        ("<pre>  да\n\tнет</pre>", "<pre>  ДА\n\tНЕТ</pre>"),
        ("сло&shy;во\n   два", "СЛОВО ДВА"),
        ('<a title="x>да', '<a title="x>да'),
        ("да<b", "ДА<b"),
        ("<<p>да", "<<p>ДА"),
        ("</p>да</b>", "</p>ДА</b>"),
        ("<b><i>раз</b>два</i>", "<b><i>РАЗДВА</b></i>"),
        ("<p><b>раз</p><p>два</b>", "<p><b>РАЗ</p><p>ДВА</b>"),
        ("", ""),
        (" \n", " \n"),
        ("<p>12 &nbsp; 5</p>", "<p>12 &nbsp; 5</p>"),
    ],
)
def test_words_change_and_nothing_else(source: str, expected: str) -> None:
    assert upper(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            '<p>а <img src="да.png" alt="да &amp; нет"> б',
            '<p>А <img src="да.png" alt="ДА &amp; НЕТ"> Б',
        ),
        ("<img alt=да>", '<img alt="ДА">'),
        ("<img alt=да/>", '<img alt="ДА"/>'),
        (
            "<input placeholder='да' value='да' name='да'>",
            "<input placeholder='ДА' value='да' name='да'>",
        ),
        ('<button aria-label="да">x</button>', '<button aria-label="ДА">X</button>'),
        ('<textarea placeholder="да">да</textarea>', '<textarea placeholder="ДА">да</textarea>'),
        ('<optgroup label="да"><p label="да">', '<optgroup label="ДА"><p label="да">'),
        ('<meta name="Description" content="да">', '<meta name="Description" content="ДА">'),
        ('<meta property="og:title" content="да">', '<meta property="og:title" content="ДА">'),
        ('<meta name="author" content="да">', '<meta name="author" content="да">'),
        ('<p translate="no" title="да">', '<p translate="no" title="да">'),
        ('<div translate=no><img alt="да"></div>', '<div translate=no><img alt="да"></div>'),
        ('<code title="да">x</code>', '<code title="да">x</code>'),
        (
            '<svg aria-label="да"><a title="да"/></svg> а',
            '<svg aria-label="ДА"><a title="да"/></svg> А',
        ),
        ('<!-- <img alt="да"> --><script>"<img alt=да>"</script>',) * 2,
        ('<a title="https://да.рф/нет" href="да">', '<a title="https://да.рф/нет" href="да">'),
        ('<img alt="снимок_12.jpg"><img alt="12">',) * 2,
        ('<img alt="да" ALT="да">', '<img alt="ДА" ALT="да">'),
    ],
)
def test_attributes_that_a_reader_sees_are_translated(source: str, expected: str) -> None:
    assert upper(source) == expected


@pytest.mark.parametrize("quote", ["'", '"', ""])
def test_new_words_cannot_leave_their_attribute(quote: str) -> None:
    said = "x\" onload='y' <b> &amp; z>"
    made = answer(translated(f"<img alt={quote}да{quote} src=x>"), lambda *_: [said], Language.RU)
    (tag,) = tokens(made)
    assert html.unescape(attributes(made)["alt"]) == said
    assert set(attributes(made)) == {"alt", "src"}
    assert tag.end == len(made)


def test_offsets_of_attributes_count_in_the_document() -> None:
    source = '<p>Раз <img alt="два &amp; три"> четыре.</p>'
    page = Page(source)
    assert [each.text for each in page.paragraphs] == ["Раз  четыре.", "два & три"]
    assert page.offset(1, 0) == source.index("два")
    assert page.offset(1, 6) == source.index("три")


def test_text_that_looks_like_markup_never_becomes_it() -> None:
    page = Page("<p>слово</p>")
    (paragraph,) = page.paragraphs
    assert paragraph.text == "слово"
    made = answer(
        translated("<p>слово</p>"), lambda *_: ["</p><script>x</script>&lt;\x00"], Language.RU
    )
    assert made == "<p>&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;&amp;lt;</p>"


def test_a_sentence_left_alone_stays_as_it_was_written() -> None:
    source = "<p>Да&nbsp;&mdash;  <b>нет</b>&#33; <i>Ещё\n раз</i>.</p>"
    assert answer(translated(source), lambda texts, _: texts, Language.RU) == source


def test_offsets_count_in_the_document() -> None:
    source = "<p>Раз &amp; <b>два</b>.</p>"
    page = Page(source)
    text = page.paragraphs[0].text
    assert text == "Раз & два."
    assert source[page.offset(0, text.index("два")) :].startswith("два")
    assert page.offset(0, len(text) - 1) + 1 == source.index("</p>")


def test_notes_stand_outside_the_sentence_they_are_in() -> None:
    source = (
        "<office:text><text:p>Раз<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Сноска.</text:p></text:note-body></text:note> два.</text:p>"
        "<text:p><draw:frame><text:p>В рамке</text:p></draw:frame></text:p>да</office:text>"
    )
    assert [each.text for each in Page(source, OPEN_DOCUMENT).paragraphs] == [
        "Сноска.",
        "Раз два.",
        "В рамке",
    ]
    assert upper(source, OPEN_DOCUMENT) == (
        source.replace("Раз", "РАЗ")
        .replace("Сноска", "СНОСКА")
        .replace("два", "ДВА")
        .replace("В рамке", "В РАМКЕ")
    )


def test_notes_within_notes_without_end_are_refused() -> None:
    with pytest.raises(DocumentError, match="inside one another"):
        Page("<text:p>а<text:note>" * 1000, OPEN_DOCUMENT)


def test_xml_is_read_as_xml() -> None:
    source = '<?xml version="1.0"?><p><a id="x"/>Раз</p><script/><p>два</p>'
    assert upper(source, XHTML) == source.replace("Раз", "РАЗ").replace("два", "ДВА")


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 10_000 + "да" + "</div>" * 10_000,
        "<b>" * 10_000 + "да" + "</b>" * 10_000,
        "<b>да " * 3_000,
        "<div><b>" * 5_000 + "</b>" * 5_000 + "да",
        "<b>" * 10_000 + "</x>" * 10_000,
        "<!--" * 20_000,
        "<a b='" * 20_000,
        "&" * 20_000,
        "<" * 20_000,
    ],
    ids=lambda source: source[:8],
)
def test_depth_and_length_break_nothing(source: str) -> None:
    assert html.unescape(upper(source)).lower() == source


def test_tokens_are_the_document() -> None:
    source = "<a x='>'>b<!-- > --><br/>c < d</a ><![CDATA[x]]>&amp;"
    assert "".join(source[each.start : each.end] for each in tokens(source)) == source


def test_attributes_are_read_as_browsers_read_them() -> None:
    assert attributes("<p A=1 b='2 3' c = \"4\" a=5 d>") == {
        "a": "1",
        "b": "2 3",
        "c": "4",
        "d": "",
    }
