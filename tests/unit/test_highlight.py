from __future__ import annotations

from service.web.highlight import Mark, marked


def test_spans_are_marked_and_everything_else_is_escaped() -> None:
    text = "<b>Киев</b> denied 3 & 4"
    html = marked(text, 100, [Mark(103, 107, "term", "contested term: pl.kyiv")])
    assert str(html) == (
        '&lt;b&gt;<mark class="term" title="contested term: pl.kyiv">Киев</mark>&lt;/b&gt; '
        "denied 3 &amp; 4"
    )


def test_a_label_cannot_break_out_of_its_attribute() -> None:
    html = marked("abc", 0, [Mark(0, 3, "term", '" onclick="x')])
    assert "onclick=" in html
    assert '" onclick' not in html


def test_where_two_spans_meet_the_stronger_kind_keeps_the_characters() -> None:
    html = marked("not confirmed", 0, [Mark(0, 13, "hedge", "h"), Mark(0, 3, "negation", "n")])
    assert str(html) == '<mark class="negation" title="n">not</mark> confirmed'


def test_a_span_of_another_sentence_is_left_out() -> None:
    assert str(marked("abc", 10, [Mark(8, 12, "term", "t")])) == "abc"


def test_what_stands_round_the_focus_is_context() -> None:
    html = marked("He said rain fell.", 0, [Mark(0, 2, "term", "t")], focus=(8, 18))
    assert str(html) == '<span class="context">He said </span>rain fell.'
