"""Which language a text is in: Russian, Ukrainian or English, with "ambiguous" as an answer.

Scripts decide between English and the other two; a general n-gram identifier says where Latin
letters spell yet another language. Between Russian and Ukrainian, two kinds of evidence are added
as log-odds: letters only one of them has (and, in a longer text, their absence), and how the words
without such letters are spelt (see `models.spellings`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from models import spellings
from models.languages import LANGUAGES, Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: Characters looked at; more adds time and no certainty.
_WINDOW = 4000
#: The best language needs this probability, or the text is called ambiguous.
_SURE = 0.85
#: Another language needs this probability. At it no English sentence or headline of FLORES-200 dev
#: and of our own 600 headlines was taken for one.
_FOREIGN = 0.9

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_URL = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|[@#]\w+")

_UK_LETTERS = re.compile(r"[іїєґ]|(?<=[бвгджзкмнпрстфхшч])['’ʼ](?=[яюєї])")
_RU_LETTERS = re.compile(r"[ыэёъ]")
#: Letters of other Cyrillic alphabets (Belarusian, Serbian, Macedonian, Kazakh …).
_OTHER_LETTERS = re.compile(r"[ўјљњћђџѓќѕәғқңөұүһ]")
#: Log-odds from a word with a letter of one language; the other has it in a slip or a quote.
_LETTER = 4.0
#: Log-odds for Ukrainian from one letter that is in neither exclusive set. Such letters are
#: about 97.7 % of Russian and 93 % of Ukrainian running text.
_PLAIN_LETTER = math.log(0.930 / 0.977)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EN_WORDS = _words(
    """
    the of and to in a is that for it as was with be by on not he his but at are this have from
    or had an they which one you were all her she there would their we him been has when who
    will no more if out so up said what its about than into them can only other time new some
    could these two may first then do any my now such like our over after before against says
    say during between under while where how why your me us it's don't i am did does
    """
)
_TRANSLIT_WORDS = _words(
    """
    chto kak eto dlya ili yesli esli kogda gde uzhe eshche yeshche byl byla bylo byli budet
    yego ego ee ikh ne na po iz ot do pod nad pri ob za mezhdu posle cherez ochen tolko mozhno
    nado vse kto ya ty my vy oni ona ono on da net pri segodnya zavtra vchera prezident rossii
    rossiya ukraina ukrainy voyna vojna goda god lyudi skazal zayavil soobshchil podpisal zakon
    shcho scho yak tse ce vid shchob yakyy yaka yaki koly abo ale takozh shche vzhe vin vona
    vony yoho yiyi yikh buv bula bulo buly bude ye nemaye pro pislya pered pid mizh zi iz ta
    tilky mozhna treba maye mayut rik roku rokiv kraina krayina uryad vlada viyna proty ponad
    mayzhe bilshe nova novyy navit teper zaraz sohodni vchora ukrayina ukrayiny rosiya skazav
    zayavyv povidomyv
    """
)
_TRANSLIT_UK = _words(
    """
    shcho scho yak tse ce vid shchob yakyy yaka yaki koly abo ale takozh shche vzhe vin vona
    vony yoho yiyi yikh buv bula bulo buly bude ye nemaye pislya pid mizh zi ta tilky treba
    maye mayut rik roku rokiv krayina uryad viyna proty ponad mayzhe bilshe novyy navit teper
    zaraz sohodni vchora ukrayina ukrayiny rosiya skazav zayavyv povidomyv
    """
)
_TRANSLIT_SHAPES = re.compile(
    r"(?:ogo|ego|oho|yy|iy|iya|iyi|tsiya|tsii|nnya|niye|nie|ovat|uvaty|skiy|skyy|skoy|skogo|skoho|"
    r"ami|yami|aya|oye|yye|tsya|sya|yut|ayet|aet|ykh|ikh|omu|emu)$|shch|zh|kh|ts|dzh"
)


@dataclass(frozen=True, slots=True)
class Identification:
    """The language of a text, as far as it can be told.

    Attributes:
        language: the most probable language, or None where the text has no letters of ours.
        probabilities: one per allowed language, 0 to 1, with sum 1.
        ambiguous: the text reads as more than one language, or mixes them; look at
            `probabilities` for both.
        transliterated: Russian or Ukrainian written in Latin letters.
    """

    language: Language | None
    probabilities: dict[Language, float]
    ambiguous: bool
    transliterated: bool = False


def identify(
    text: str,
    *,
    allowed: Sequence[Language] = LANGUAGES,
    prior: dict[Language, float] | None = None,
) -> Identification:
    """The language of `text` among `allowed`; addresses, @names and #tags are not looked at.

    `prior` gives what is known from around the text (its paragraph, its document); it settles
    what the text leaves open and does not outvote what the text says.
    """
    sample = _URL.sub(" ", text[:_WINDOW])
    cyrillic = len(_CYRILLIC.findall(sample))
    latin = len(_LATIN.findall(sample))
    others = sum(map(str.isalpha, sample)) - cyrillic - latin
    if cyrillic + latin == 0 or others > cyrillic + latin:
        share = 1 / len(allowed)
        return Identification(None, dict.fromkeys(allowed, share), ambiguous=False)

    words = [word.casefold() for word in _WORD.findall(sample)]
    slavic, foreign, mixed = _slavic_odds([w for w in words if _CYRILLIC.search(w)], sample)
    transliterated = False
    english = _english_share(cyrillic, latin)
    if cyrillic == 0:
        latin_words = [word for word in words if _LATIN.match(word)]
        translit, slavic = _transliteration(latin_words)
        transliterated = translit > 0
        foreign = not transliterated and _is_foreign(sample, latin_words)
        english = 0.02 if transliterated else _plain_english(latin_words)

    if prior:
        slavic += _bounded(_log(prior.get(Language.UK, 0)) - _log(prior.get(Language.RU, 0)), 1.5)
    ukrainian = 1 / (1 + math.exp(-_bounded(slavic, 12)))
    if not {Language.UK, Language.RU} <= set(allowed):
        ukrainian = float(Language.UK in allowed)  # all that is not English is the one that may be
    weights = {
        Language.EN: english,
        Language.UK: (1 - english) * ukrainian,
        Language.RU: (1 - english) * (1 - ukrainian),
    }
    kept = {language: weights[language] for language in allowed}
    total = sum(kept.values()) or 1.0
    probabilities = {language: weight / total for language, weight in kept.items()}
    if foreign:
        return Identification(None, probabilities, ambiguous=True)
    best = max(probabilities, key=lambda language: probabilities[language])
    ambiguous = probabilities[best] < _SURE or (mixed and best is not Language.EN)
    return Identification(best, probabilities, ambiguous, transliterated)


def _slavic_odds(words: Sequence[str], sample: str) -> tuple[float, bool, bool]:
    """Log-odds of Ukrainian against Russian, then whether it is neither, then whether both."""
    ukrainian = russian = telling = told = 0.0
    plain = strange = 0
    for word in words:
        uk, ru = len(_UK_LETTERS.findall(word)), len(_RU_LETTERS.findall(word))
        strange += bool(_OTHER_LETTERS.search(word)) or (uk > 0 and ru > 0)
        plain += len(word) - uk - ru
        if uk or ru:  # one word says one thing, however many letters say it
            telling += _LETTER * (uk > 0)
            told += _LETTER * (ru > 0)
            continue
        odds = spellings.odds(word)
        ukrainian, russian = ukrainian + max(0.0, odds), russian + max(0.0, -odds)
    if not words:
        return 0.0, False, False
    # Belarusian has і beside ы and э, and no и.
    belarusian = telling >= 2.5 and told >= 2.5 and "и" not in sample.casefold()
    ukrainian, russian = ukrainian + telling, russian + told
    mixed = min(ukrainian, russian) > 5 and min(ukrainian, russian) > 0.4 * max(ukrainian, russian)
    odds = ukrainian - russian + plain * _PLAIN_LETTER
    return odds, belarusian or strange * 8 > len(words) + 4, mixed


def _is_foreign(sample: str, words: Sequence[str]) -> bool:
    """Whether text in Latin letters is in another language, such as Polish, German or Turkish.

    Asked only where few words are English function words, and enough are no names.
    """
    small = sum(word.islower() for word in _WORD.findall(sample))
    known = sum(word in _EN_WORDS for word in words)
    if small < 3 or known * 6 >= len(words):
        return False
    best, probability = _identifier().classify(sample)
    return bool(best != Language.EN.value and probability > _FOREIGN)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _english_share(cyrillic: int, latin: int) -> float:
    """Probability of English from letter counts: names in Latin letters do not make a text so."""
    share = latin / (cyrillic + latin)
    return 1 / (1 + math.exp(-12 * (share - 0.6)))


def _plain_english(words: Sequence[str]) -> float:
    """Probability that text in Latin letters is English; a lone name says little."""
    known = sum(word in _EN_WORDS for word in words)
    accented = sum(any(letter > "\x7f" and letter.isalpha() for letter in w) for w in words)
    if accented and not known:
        return 0.6
    return 0.97 if known or len(words) > 2 else 0.9


def _transliteration(words: Sequence[str]) -> tuple[float, float]:
    """Evidence that Latin letters spell Russian or Ukrainian (> 0), and Ukrainian's log-odds."""
    english = sum(word in _EN_WORDS for word in words)
    known = [word for word in words if word in _TRANSLIT_WORDS and word not in _EN_WORDS]
    shaped = sum(bool(_TRANSLIT_SHAPES.search(word)) for word in words)
    evidence = 2 * len(known) + shaped - 3 * english - 0.25 * len(words)
    if len(words) < 2 or not known or evidence < 1.5:
        return 0.0, 0.0
    odds = sum(0.8 if word in _TRANSLIT_UK else -0.5 for word in known)
    odds += sum(
        bool(re.search(r"(?:nnya|yy|yyi|oho|uvaty|skyy)$|^vid|shcho", word))
        - bool(re.search(r"(?:ogo|nie|niye|skiy|yye|ovat)$|^ot|chto", word))
        for word in words
    )
    return evidence, odds


def _bounded(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))


def _log(probability: float) -> float:
    return math.log(max(probability, 0.01))
