from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alignment.claims import Claim, Sentence, extract
from alignment.contrasts import relation

ARTICLE = Path(__file__).parents[2].parent / "shared" / "samples" / "article-en.txt"
PUBLISHED = datetime(2025, 3, 5, 10, tzinfo=UTC)


def claims(language: str, *texts: str) -> list[Claim]:
    """The claims of sentences that stand one after another in one paragraph."""
    sentences, start = [], 0
    for text in texts:
        sentences.append(Sentence(text, language, start, 0))
        start += len(text) + 1
    found = extract(sentences, published_at=PUBLISHED)
    document = " ".join(texts)
    assert all(document[c.start : c.end] == c.text for c in found)
    return found


def chain(claim: Claim) -> list[str]:
    return [s.text for s in claim.attribution.speakers] if claim.attribution else []


def test_the_complement_is_the_claim() -> None:
    (claim,) = claims("ru", "Песков заявил, что переговоры пройдут в Стамбуле.")
    assert claim.text == "переговоры пройдут в Стамбуле"
    assert chain(claim) == ["Песков"]
    assert claim.places == ("place:istanbul",)
    assert claim.attribution is not None
    assert claim.attribution.verb is not None
    assert claim.attribution.verb.text == "заявил"
    assert claim.attribution.speakers[0].key == "person:peskov"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Reuters reported, citing two diplomats, that a deal was near.",
            ["Reuters", "two diplomats"],
        ),
        ("ru", "Ушаков рассказал, что Трамп предложил встретиться.", ["Ушаков", "Трамп"]),
        ("uk", "Bild із посиланням на розвідку пише, що загроза зросла.", ["Bild", "розвідку"]),
        (
            "en",
            "Officials believe that the dam will hold, Politico reports.",
            ["Politico", "Officials"],
        ),
    ],
)
def test_chains_are_outermost_first(language: str, text: str, expected: list[str]) -> None:
    assert chain(claims(language, text)[0]) == expected


@pytest.mark.parametrize(
    ("language", "text", "speaker", "expected"),
    [
        ("ru", "«Мы ждём, — сказал Песков. — Время есть».", "Песков", ["Мы ждём", "Время есть"]),
        ("uk", "«Тримаємо, — каже боєць, — але важко».", "боєць", ["Тримаємо", "важко"]),
        ("en", "“We wait,” Peskov said. “There is time.”", "Peskov", ["We wait", "There is time"]),
        ("ru", "Песков о словах Трампа: мы их учитываем", "Песков", ["мы их учитываем"]),
    ],
)
def test_an_attribution_inside_speech_and_a_headline_on_a_subject(
    language: str, text: str, speaker: str, expected: list[str]
) -> None:
    found = claims(language, text)
    assert [c.text for c in found] == expected
    assert {chain(c)[0] for c in found} == {speaker}


@pytest.mark.parametrize("verb", ["told", "urged", "ordered", "warned"])
def test_who_is_told_to_do_something_says_nothing(verb: str) -> None:
    (passive,) = claims("en", f"Kyiv {verb} to leave Donbas or forget guarantees")
    assert passive.attribution is None


def test_semicolons_and_clauses_with_their_own_subject_are_claims_of_their_own() -> None:
    found = claims("uk", "Місто знеструмлено; школи працюють, але метро не курсує.")
    assert [c.text for c in found] == ["Місто знеструмлено", "школи працюють", "метро не курсує"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        # A figure behind a comma, which alone joins two main clauses here.
        (
            "ru",
            "В Бердянске за помощью обратились 214 человек, госпитализированы 97.",
            ["В Бердянске за помощью обратились 214 человек", "госпитализированы 97"],
        ),
        (
            "uk",
            "Підтверджено загибель щонайменше тринадцятьох гірників, ще чотирьох не знайшли.",
            ["Підтверджено загибель щонайменше тринадцятьох гірників", "ще чотирьох не знайшли"],
        ),
        # A figure and a verb behind "and".
        (
            "en",
            "About 1,900 houses were flooded and 4,600 people have left their homes.",
            ["About 1,900 houses were flooded", "4,600 people have left their homes"],
        ),
        (
            "ru",
            "Два человека погибли и 19 получили ранения.",
            ["Два человека погибли", "19 получили ранения"],
        ),
        # A part of what was counted.
        (
            "en",
            "It had destroyed 112 drones during the night, 27 of them over the Saratov region.",
            ["It had destroyed 112 drones during the night", "27 of them over the Saratov region"],
        ),
        (
            "uk",
            "Дві третини суми підуть на оборону, із них шість мільярдів на безпілотники.",
            ["Дві третини суми підуть на оборону", "із них шість мільярдів на безпілотники"],
        ),
        # A contrast needs no subject of its own.
        (
            "ru",
            "Блогера задержали, но через пять часов отпустили.",
            ["Блогера задержали", "через пять часов отпустили"],
        ),
        (
            "uk",
            "Мосту не стало з вівторка, і про аварію люди дізналися вранці.",
            ["Мосту не стало з вівторка", "про аварію люди дізналися вранці"],
        ),
        # What is no main clause stays.
        ("ru", "Поезд опоздал на час, когда 20 вагонов отцепили.", None),
        ("ru", "Погибли двое, в том числе ребенок.", None),
        ("uk", "Пожежу гасили три години, які 40 рятувальників запам'ятають.", None),
        ("ru", "Власти закрыли школы, больницы и 12 магазинов.", None),
        ("en", "The convoy crossed two rivers and 40 bridges.", None),
        ("en", "The ministry closed the port, 12 km from the border.", None),
    ],
)
def test_clauses_with_a_verb_and_parts_of_a_count_are_claims_of_their_own(
    language: str, text: str, expected: list[str] | None
) -> None:
    found = [claim.text for claim in claims(language, text)]
    assert found == (expected or [text.removesuffix(".")])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The ministry denied that its troops had crossed the border."),
        ("ru", "В министерстве опровергли, что войска перешли границу."),
        ("uk", "У міністерстві заперечили, що війська перейшли кордон."),
        ("ru", "Пресс-секретарь назвал эти сообщения ложью."),
    ],
)
def test_a_denial_turns_the_polarity_and_keeps_the_words(language: str, text: str) -> None:
    claim = claims(language, text)[0]
    assert claim.polarity == "denied"
    assert claim.negations == ()
    assert claim.attribution is not None
    assert claim.attribution.stance == "denial"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Информация об ударе не подтверждена."),
        ("uk", "У міноборони не підтвердили втрату літака."),
        ("en", "The report could not be independently verified."),
    ],
)
def test_not_confirmed_is_unknown_and_not_denied(language: str, text: str) -> None:
    assert claims(language, text)[0].polarity == "unknown"


@pytest.mark.parametrize(
    ("language", "text", "certainty"),
    [
        ("en", "The bridge was destroyed.", "certain"),
        ("en", "The bridge was probably destroyed.", "probable"),
        ("uk", "Міст, можливо, зруйновано.", "possible"),
        ("ru", "Мост якобы разрушен.", "unknown"),
    ],
)
def test_hedges_set_the_certainty(language: str, text: str, certainty: str) -> None:
    assert claims(language, text)[0].certainty == certainty


@pytest.mark.parametrize(
    ("language", "text", "speaker", "claimed"),
    [
        ("en", "Ukraine ready for 30-day ceasefire — Sybiha", "Sybiha", "Ukraine ready for"),
        ("uk", "Україна готова до перемир'я — Сибіга", "Сибіга", "Україна готова"),
        (
            "en",
            "Russia's Defence Ministry alleged, without providing evidence, that Kyiv had hit it.",
            "Russia's Defence Ministry",
            "Kyiv had hit it",
        ),
        (
            "ru",
            "Минобороны заявило, не приводя доказательств, что больница обстреляна.",
            "Минобороны",
            "больница обстреляна",
        ),
        ("en", '"It shook," said Olena, 54, who lives on the fourth floor.', "Olena", "It shook"),
        (
            "ru",
            "«Было страшно», — вспоминает Елена, живущая на четвертом этаже.",
            "Елена",
            "Было страшно",
        ),
        (
            "en",
            "Asked whether he would run, Zelensky said he had not decided.",
            "Zelensky",
            "he had",
        ),
        (
            "uk",
            "На запитання, чи піде він, Зеленський відповів, що не вирішив.",
            "Зеленський",
            "не",
        ),
        ("uk", "У Москві неодноразово заперечували удари по школах.", "Москві", "У Москві"),
    ],
)
def test_one_claim_with_its_speaker_and_nothing_about_the_speaker(
    language: str, text: str, speaker: str, claimed: str
) -> None:
    (claim,) = claims(language, text)
    assert chain(claim) == [speaker]
    assert claim.text.startswith(claimed)


def test_a_month_is_no_hedge_and_a_verdict_no_report() -> None:
    (claim,) = claims("en", "Peskov said Putin will meet Trump in May.")
    assert claim.certainty == "certain"
    (claim,) = claims("ru", "Суд не признал его виновным.")
    assert (claim.polarity, claim.attribution) == ("affirmed", None)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "В МАГАТЭ не могут подтвердить обстрел."),
        ("uk", "У МАГАТЕ не можуть підтвердити обстріл."),
    ],
)
def test_who_cannot_confirm_leaves_it_unknown(language: str, text: str) -> None:
    assert claims(language, text)[0].polarity == "unknown"


def test_a_quotation_goes_on_with_the_last_speaker() -> None:
    found = claims(
        "ru", "«Света нет», — сказала директор Ольга Кравцова.", "«Сидим в темноте третий день»."
    )
    assert chain(found[1]) == ["директор Ольга Кравцова"]
    assert found[1].attribution is not None
    assert found[1].attribution.verb is None


def test_a_pronoun_is_the_person_named_last() -> None:
    found = claims("uk", "Синєгубов приїхав на місце удару.", "«Вікна замінимо», — пообіцяв він.")
    assert found[1].attribution is not None
    assert found[1].attribution.speakers[0].key == "person:syniehubov"


def test_about_this_reports_gives_its_speaker_to_the_sentence_before() -> None:
    found = claims("ru", "Ночью сбиты 12 дронов.", "Об этом сообщает Минобороны.")
    assert chain(found[0]) == ["Минобороны"]


def test_figures_dates_and_terms_lie_inside_their_claim() -> None:
    (claim,) = claims(
        "en", "Officials in Kiev said on Monday that 12 people were killed on Tuesday."
    )
    assert [q.text for q in claim.quantities] == ["12 people"]
    assert [d.text for d in claim.dates] == ["Tuesday"]
    assert claim.terms == ()  # "Kiev" stands with the speaker


def test_empty_and_wordless_sentences_give_nothing() -> None:
    assert claims("ru", "", "…", "  ") == []


def test_a_language_without_a_grammar_gives_plain_claims() -> None:
    (claim,) = claims("pl", "Minister powiedział, że most stoi.")
    assert claim.text == "Minister powiedział, że most stoi."
    assert claim.attribution is None


def test_a_sentence_of_ten_thousand_words_is_read_in_parts() -> None:
    text = "Песков сказал, что дроны летят, " * 2000
    found = extract([Sentence(text, "ru", 5, 0)])
    assert len(found) > 100
    assert all(text[c.start - 5 : c.end - 5] == c.text for c in found)


@pytest.mark.skipif(not ARTICLE.exists(), reason="../shared is not beside this checkout")
def test_the_real_article() -> None:
    from models.segment import normalise, segment

    text = normalise(ARTICLE.read_text(encoding="utf-8"))
    sentences = [Sentence(s.text, "en", s.start, s.paragraph) for s in segment(text)]
    found = extract(sentences, published_at=datetime(2026, 1, 28, tzinfo=UTC))
    assert all(text[c.start : c.end] == c.text for c in found)
    spoken = {s.text: s for c in found if c.attribution for s in c.attribution.speakers}
    assert spoken["Eight individuals familiar with the matter"].kind == "anonymous"
    assert spoken["another source"].kind == "anonymous"
    assert spoken["A senior Ukrainian official"].kind == "anonymous"
    assert spoken["reports"].kind == "document"
    assert {s.key for s in spoken.values()} >= {
        "person:kelly_anna",
        "person:peskov",
        "person:zelensky",
    }

    kelly = next(c for c in found if "Anna Kelly" in c.text)
    assert kelly.polarity == "denied"
    quoted = next(c for c in found if c.text.endswith("awaiting only signature"))
    assert chain(quoted) == ["A senior Ukrainian official", "Zelensky"]
    condition = next(c for c in found if "demanded" in c.text)
    clarified = next(c for c in found if chain(c) == ["another source"])
    assert relation(clarified, condition).label == "denies"
    assert relation(kelly, condition).label == "denies"

    used = {(t.concept, t.variant) for c in found for t in c.terms}
    assert used >= {
        ("pl.kyiv", "kiev"),
        ("pl.donbas", "donbass"),
        ("org.dnr", "republic"),
        ("org.lnr", "republic"),
        ("act.annexation", "accession"),
    }
