"""What rare words are called: the list of a package, and what the engine makes of it."""

from __future__ import annotations

import lzma
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import translate
from models.errors import PackageError
from models.languages import Direction
from models.rare_words import FILE, RareWords, closed_up
from models.registry import Registry
from models.translate import ARGOS, DecodeOptions, Engine
from tests.packages import dictionary_package

RU_EN, EN_RU, UK_RU, RU_UK, UK_EN = map(
    Direction.parse, ("ru-en", "en-ru", "uk-ru", "ru-uk", "uk-en")
)


class Tokens:
    """Known words are one piece, the letters of others one each."""

    def __init__(self, *known: str) -> None:
        self.known = known

    def encode(self, text: str) -> list[str]:
        made: list[str] = []
        for word in text.split():
            whole = f"▁{word}"
            made += [whole] if word in self.known else self.letters(whole)
        return made

    def letters(self, whole: str) -> list[str]:
        # A bracket takes the mark of the space, as SentencePiece has it.
        first = whole[:2]
        return [first, *whole[2:]]


def said(text: str, direction: Direction, entries: dict[str, str], *known: str) -> str:
    tokens = Tokens(*known)
    listed = "".join(f"{word}\t{entries[word]}\n" for word in sorted(entries))
    rare = RareWords(listed.encode(), direction, tokens)
    found = rare.read(tokens.encode(text))
    assert len(found.pieces) == len(found.places)
    return "".join(found.pieces).replace("▁", " ").strip()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Там была кавалерия.", "Там была cavalry."),
        ("Кавалерия была там", "Cavalry была там"),
        ("КАВАЛЕРИЯ", "CAVALRY"),
        ("в кавалерию и кавалерией", "в cavalry и cavalry"),
        ("седло, стремя", "the saddle, стремя"),
        ("(кавалерия)", "(cavalry)"),
        ("два слова: медпункт", "два слова: first-aid post"),
        ("известно", "известно"),
        ("неизвестно", "неизвестно"),
        ("Штерн видел Аллен", "Shtern видел Allen"),
        ("кавалерия2 2кавалерия", "кавалерия2 2кавалерия"),
        ("СВО", "SVO"),
        ("часто", "often"),
        ("часть", "часть"),
        ("Часто", "Often"),
        ("ЧАСТО", "ЧАСТО"),
        ("", ""),
    ],
)
def test_rare_words_are_called_what_the_list_says(text: str, made: str) -> None:
    entries = {"кавалерия": "cavalry", "седло": "the saddle", "медпункт": "first-aid post"}
    entries |= {"известно": "", "Аллен": "Allen", "часто": "often", "сво": "his"}
    known = ("была", "Там", "там", "в", "и", "два", "слова:", "видел", "часто", "часть", "ЧАСТО")
    assert said(text, RU_EN, entries, *known) == made


def test_a_word_with_a_piece_of_its_own_is_no_rare_one_behind_a_bracket() -> None:
    entries = {"спасибка": "thanks", "пулемёт": "machine gun"}
    # It becomes its piece, which has a space that the bracket takes back in the target.
    assert said("(Спасибо (пулемётом", RU_EN, entries, "Спасибо") == "( Спасибо (machine gun"
    assert said("(Спасибо", RU_EN, entries) == "(Thanks"
    assert said('и-Спасибо "Спасибо', RU_EN, entries, "Спасибо") == 'и-Спасибо " Спасибо'


def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name() -> None:
    known = ("сегодня", "видел", "и")
    assert said("Сегодня видел Сегодня", RU_EN, {}, *known) == "сегодня видел Segodnya"
    assert said("видел. Сегодня и: Сегодня", RU_EN, {}, *known) == "видел. сегодня и: сегодня"
    assert said('видел "Сегодня', RU_EN, {}, *known) == 'видел " сегодня'
    assert said("Сегодня", RU_EN, {"сегодня": "today"}, *known) == "Today"
    assert said("Сегодня", RU_EN, {"Сегодня": "Segodnya Daily"}, *known) == "Segodnya Daily"
    assert said("Штерн видел", RU_EN, {}, *known) == "Shtern видел"


@pytest.mark.parametrize(
    ("target", "made"),
    [
        ("▁said ▁( ▁of ▁two ) :", "▁said ▁( of ▁two ) :"),
        ('▁" ▁No " ▁and " ▁x ▁– ▁y', '▁" No " ▁and " ▁x ▁– ▁y'),
        ("▁(", "▁("),
        ("", ""),
    ],
)
def test_an_opening_mark_takes_back_the_space(target: str, made: str) -> None:
    assert closed_up(target.split()) == tuple(made.split())


@pytest.mark.parametrize(
    ("word", "direction", "made"),
    [
        ("Бирмингем", RU_UK, "Бірмінгем"),
        ("Феліція", UK_RU, "Фелиция"),
        ("осадкомер", RU_UK, "осадкомер"),
        ("Twin", RU_UK, "Twin"),
        ("Стокгольм", RU_UK, "Стокгольма"),  # what is listed goes first
    ],
)
def test_names_between_russian_and_ukrainian(word: str, direction: Direction, made: str) -> None:
    assert said(word, direction, {"Стокгольм": "Стокгольма"}) == made


@pytest.mark.parametrize(
    ("word", "direction", "made"),
    [
        ("Алленом", RU_EN, "Allen"),
        ("Аллен", RU_EN, "Allen"),
        ("Волконского", RU_EN, "Volkonsky"),
        ("Эфиопии", RU_EN, "Ethiopia"),
        ("Ефіопією", UK_EN, "Ethiopia"),
        ("Орегону", UK_EN, "Oregon"),
        ("Алленова", RU_EN, "Allenova"),  # which may be a woman's name
        ("Анну", RU_EN, "Annu"),  # too little is left of it
        ("алленом", RU_EN, "алленом"),
        ("Алленом", RU_UK, "Алленом"),
        ("Крымом", RU_EN, "Crimea"),  # listed in small letters, as names are that a text has often
        ("Волком", RU_EN, "Volkom"),  # no wolf: the entry is a common word
    ],
)
def test_a_name_goes_by_its_nominative_in_english(
    word: str, direction: Direction, made: str
) -> None:
    entries = {"Аллен": "Allen", "Волконский": "Volkonsky", "Эфиопия": "Ethiopia", "Ан": "An"}
    entries |= {"Ефіопія": "Ethiopia", "Орегон": "Oregon", "Алленов": "Allenov"}
    entries |= {"крым": "Crimea", "волк": "wolf"}
    assert said(word, direction, entries) == made


@pytest.mark.parametrize(
    ("word", "made"),
    [
        ("markets", "рынок"),
        ("marketed", "рынок"),
        ("marker", "marker"),  # no form of market
        ("Saffir", "Саффир"),
        ("NATO", "NATO"),
        ("iPhone", "iPhone"),
        ("Xzz", "Xzz"),
        ("Київ", "Київ"),
        ("Rudd's", "Рудд"),
        ("Rogers'", "Рогерс"),
        ("NATO's", "NATO's"),
        ("Smiths's", "Смит"),
        ("O'Higgins", "О'Хиггинс"),
        ("São", "Сао"),
    ],
)
def test_forms_and_names_of_english_words(word: str, made: str) -> None:
    assert said(word, EN_RU, {"market": "рынок", "Smiths": "Смит"}) == made


def test_russian_and_ukrainian_names_are_left_to_the_network() -> None:
    assert said("Савчук", UK_RU, {"аптека": "аптека"}) == "Савчук"


def test_places_say_which_piece_each_stands_for() -> None:
    tokens = Tokens("да")
    rare = RareWords("оно\tit is that\n".encode(), RU_EN, tokens)
    found = rare.read(tokens.encode("да оно да"))
    assert "".join(found.pieces) == "▁да▁it▁is▁that▁да"
    assert found.places[0] == 0
    assert found.places[-1] == 4
    assert found.places[1:-1] == sorted(found.places[1:-1])
    assert set(found.places[1:-1]) == {1, 2, 3}
    none = rare.read(tokens.encode("да оно да"), lambda word: word != "оно")
    assert none.pieces == tokens.encode("да оно да")


@given(st.lists(st.text("абвabc «(-'", max_size=8), max_size=6))
def test_whatever_stands_there_every_piece_has_its_place(words: list[str]) -> None:
    tokens = Tokens("аба")
    pieces = tokens.encode(" ".join(words))
    rare = RareWords("абба\tabba baab\nбаба\tcab\n".encode(), RU_EN, tokens)
    found = rare.read(pieces)
    assert len(found.pieces) == len(found.places)
    assert found.places == sorted(found.places)
    assert set(found.places) <= set(range(len(pieces)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no xz", "cannot be read"),
        (lzma.compress("слово\tword".encode()), "cut off"),
        (lzma.compress(b"\xff\tword\n"), "cannot be read"),
        (lzma.compress("слово\tword\n".encode())[:30], "cut off"),
        (lzma.compress("слово\tword\n".encode())[:-20], "cut off"),
        (lzma.compress(b"a" * ((64 << 20) + 1)), "larger than 64 MiB"),
    ],
)
def test_a_list_that_cannot_be_read_says_so(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / FILE
    path.write_bytes(content)
    with pytest.raises(PackageError, match=rf"{reason}.*fetch the package again\."):
        RareWords.load(path, RU_EN, Tokens())


WORDS = {"Президент": "President", "подписал": "signed", "закон": "law"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    folder = dictionary_package(tmp_path, WORDS)
    listed = "меморандум\tdraft law\n"
    (folder / FILE).write_bytes(lzma.compress(listed.encode()))
    return Engine(Registry([tmp_path]))


def test_the_engine_tells_the_network_what_rare_words_are_called(engine: Engine) -> None:
    texts = ["Президент подписал меморандум.", "Президент подписал закон."]
    found = engine.translate(texts, RU_EN)
    assert [each.text for each in found] == [
        "President signed draft law.",
        "President signed law.",
    ]
    plain = engine.translate(texts, RU_EN, options=ARGOS)
    assert plain[0].text == "President signed меморандум.", "Argos Translate knows no such list"
    (score,) = engine.score([texts[0]], ["President signed draft law."], RU_EN)
    (other,) = engine.score([texts[0]], ["President signed меморандум."], RU_EN)
    assert score > other
    engine.close()


def test_words_are_linked_across_a_word_that_became_two(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translate, "ENOUGH", 0.0)
    text = "Президент подписал меморандум."
    (found,) = engine.translate([text], RU_EN, options=DecodeOptions(links=True))
    engine.close()
    (segment,) = found.segments
    linked = [(text[a:b], found.text[c:d]) for a, b, c, d in segment.links]
    assert linked == [
        ("Президент", "President"),
        ("подписал", "signed"),
        ("меморандум.", "draft"),
        ("меморандум.", "law."),
    ]


def test_the_list_is_part_of_what_a_package_is(engine: Engine, tmp_path: Path) -> None:
    (before,) = engine.registry.packages()
    engine.close()
    other = tmp_path / "other"
    shutil.copytree(before.folder, other / before.folder.name)
    (other / before.folder.name / FILE).unlink()
    (after,) = Registry([other]).packages()
    assert FILE in before.files
    assert before.network == after.network
    assert before.digest != after.digest, "a translation names the list it was made with"


def test_a_broken_list_refuses_its_direction_in_one_sentence(tmp_path: Path) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    (folder / FILE).write_bytes(b"damaged")
    engine = Engine(Registry([tmp_path]))
    with pytest.raises(PackageError, match="fetch the package again"):
        engine.translate(["Президент подписал закон."], RU_EN)
    engine.close()


def test_a_package_with_a_broken_list_is_not_installed(tmp_path: Path) -> None:
    folder = dictionary_package(tmp_path / "new", WORDS)
    (folder / FILE).write_bytes(b"damaged")
    registry = Registry([tmp_path / "home"])
    with pytest.raises(PackageError, match="fetch the package again"):
        registry.install(folder)
    assert not registry.packages()
    (folder / FILE).write_bytes(lzma.compress("меморандум\tdraft law\n".encode()))
    registry.install(folder)
    engine = Engine(registry)
    (found,) = engine.translate(["Президент подписал меморандум."], RU_EN)
    engine.close()
    assert found.text == "President signed draft law."


def test_an_abbreviation_in_capitals_is_what_the_small_one_is_if_that_is_one() -> None:
    entries = {"ооо": "LLC", "село": "village"}
    assert said("в ООО и ооо", RU_EN, entries) == "в LLC и LLC"
    assert said("в СЕЛО", RU_EN, entries) == "в SELO"
