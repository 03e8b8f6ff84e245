from __future__ import annotations

import json
import lzma
import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.errors import Busy, Cancelled, ModelError, NoRoute, PackageError
from models.languages import Direction, Language
from models.network import Network
from models.registry import Registry
from models.translate import ARGOS, DecodeOptions, Engine, EngineOptions, Lane
from tests.packages import dictionary_package, random_package

RU_EN = Direction(Language.RU, Language.EN)
RU_UK = Direction(Language.RU, Language.UK)
EN_UK = Direction(Language.EN, Language.UK)

WORDS = {
    "Президент": "President",
    "Правительство": "Government",
    "подписал": "signed",
    "подписало": "signed",
    "закон": "law",
    "законы": "laws",
    "и": "and",
    "о": "on",
    "не": "not",
    "вчера": "yesterday",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("packages")
    dictionary_package(home, WORDS)
    dictionary_package(home, {"President": "Президент", "law": "закон_"}, "en", "uk")
    return home


@pytest.fixture(scope="module")
def engine(home: Path) -> Iterator[Engine]:
    engine = Engine(Registry([home]))
    yield engine
    engine.close()


def said(engine: Engine, text: str, options: DecodeOptions | None = None) -> str:
    return engine.translate([text], RU_EN, options=options)[0].text


def test_whitespace_between_segments_is_kept_to_the_byte(engine: Engine) -> None:
    source = (
        "\n\n  Президент подписал закон.  Правительство подписало законы.\r\n\r\n\tзакон\u00a0\n"
    )
    target = "\n\n  President signed law.  Government signed laws.\r\n\r\n\tlaw\u00a0\n"
    assert said(engine, source) == target


def test_a_line_broken_in_mid_sentence_keeps_its_break(engine: Engine) -> None:
    source = "Президент подписал закон и подписал законы вчера\nи подписал закон не вчера."
    target = said(engine, source)
    expected = "President signed law and signed laws yesterday and signed law not yesterday."
    assert target.split() == expected.split()
    assert target.count("\n") == 1


def test_each_segment_tells_where_it_lies(engine: Engine) -> None:
    source = "Президент подписал закон. \n Правительство подписало законы."
    (found,) = engine.translate([source], RU_EN)
    assert [source[s.start : s.end] for s in found.segments] == [
        "Президент подписал закон.",
        "Правительство подписало законы.",
    ]
    assert [found.text[s.target_start : s.target_end] for s in found.segments] == [
        "President signed law.",
        "Government signed laws.",
    ]


def test_a_result_names_what_made_it(engine: Engine, home: Path) -> None:
    found = engine.translate(["Президент подписал закон."], RU_UK)[0]
    digests = {each.direction: each.digest for each in engine.registry.packages()}
    assert found.text == "Президент signed закон_."
    assert found.route == "ru→en→uk"
    assert found.packages == (digests[RU_EN], digests[EN_UK])
    assert found.options == DecodeOptions().canonical
    assert found.log_prob is not None
    assert -0.1 < found.log_prob <= 0


@pytest.mark.parametrize(
    "item",
    [
        "https://a_b.example.com/x_y?z=1&w=%20#part_2",
        "press_office@example.com.ua",
        "@war_monitor",
        "#новости_дня",
        "report_2024-05.pdf",
        "3f2a9c4be1",
        "{{user_name}}",
        "%1$s",
        "some_long_name",
    ],
)
@pytest.mark.parametrize("options", [None, ARGOS], ids=["default", "argos"])
def test_items_come_through(item: str, options: DecodeOptions | None, engine: Engine) -> None:
    assert item in said(engine, f"Президент подписал закон {item} вчера.", options)


def test_a_package_may_say_how_long_a_segment_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest: list[int] = []
    decode = Network.decode

    def watched(self: Network, sources: list[list[str]], *rest: object) -> object:
        longest.append(max(len(source) for source in sources))
        return decode(self, sources, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Network, "decode", watched)
    text = "Президент подписал закон, и Президент подписал законы, и вчера подписал закон."
    path = dictionary_package(tmp_path, WORDS) / "metadata.json"
    metadata = json.loads(path.read_text(encoding="utf-8"))
    said = []
    for limit in (None, 8):
        path.write_text(json.dumps(metadata | {"segment_tokens": limit}), encoding="utf-8")
        engine = Engine(Registry([tmp_path]))
        said.append(engine.translate([text], RU_EN)[0].text)
        engine.close()
    assert said[0] == said[1]
    assert longest[0] > 8 >= max(longest[1:])
    path.write_text(json.dumps(metadata | {"segment_tokens": "many"}), encoding="utf-8")
    (problem,) = Registry([tmp_path]).problems()
    assert "segment_tokens" in problem.message


def test_a_number_the_network_changes_is_put_back(tmp_path: Path) -> None:
    dictionary_package(tmp_path, {**WORDS, "24": "42", "в": "in", "году": "year"})
    engine = Engine(Registry([tmp_path]))
    raw, mended = (
        engine.translate(["Президент подписал 24 закон в 2022 году."], RU_EN, options=options)[0]
        for options in (ARGOS, None)
    )
    engine.close()
    assert "42" in raw.text
    assert mended.text == "President signed 24 law in 2022 year."
    assert "number" not in mended.flags


def test_an_item_the_network_loses_is_put_back(tmp_path: Path) -> None:
    dictionary_package(tmp_path, {**WORDS, "@war": "@gone", "вчера": "yesterday"})
    engine = Engine(Registry([tmp_path]))
    raw, mended = (
        engine.translate(["Президент подписал @war вчера."], RU_EN, options=options)[0].text
        for options in (ARGOS, None)
    )
    engine.close()
    assert raw == "President signed @gone yesterday."
    assert mended == "President signed @war yesterday."


def test_a_number_beside_an_item_is_put_back_with_it(tmp_path: Path) -> None:
    words = {"24": "42", "@war": "@gone", "в": "in", "году": "year"}
    dictionary_package(tmp_path, {**WORDS, **words})
    engine = Engine(Registry([tmp_path]))
    (mended,) = engine.translate(["Президент подписал 24 закон @war в 2022 году."], RU_EN)
    engine.close()
    assert mended.text == "President signed 24 law @war in 2022 year."
    assert mended.flags == ()


def test_capitals_are_read_as_a_sentence(engine: Engine) -> None:
    assert said(engine, "ПРЕЗИДЕНТ ПОДПИСАЛ ЗАКОН") == "PRESIDENT SIGNED LAW"


@pytest.mark.parametrize("text", ["", " \n ", "12 345,6 %", "😀 — …", "***", "2024"])
def test_what_holds_no_letters_is_not_translated(text: str, engine: Engine) -> None:
    (found,) = engine.translate([text], RU_EN)
    assert (found.text, found.log_prob, found.flags) == (text, None, ())


def test_a_segment_too_long_is_split_and_nothing_is_lost(engine: Engine) -> None:
    source = ", ".join(["Президент подписал закон и законы"] * 100) + "."
    (found,) = engine.translate([source], RU_EN)
    expected = ", ".join(["President signed law and laws"] * 100) + "."
    assert found.text == expected
    assert "cut" not in found.flags


def test_a_shortlist_in_the_package_is_used(tmp_path: Path) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    # Only these target words may be said, whatever the network would like.
    (folder / "model" / "vmap.txt").write_text("\t</s> . ▁law ▁laws ▁signed\n", encoding="utf-8")
    engine = Engine(Registry([tmp_path]))
    limited, free = (
        engine.translate(["Президент подписал закон."], RU_EN, options=options)[0].text
        for options in (None, ARGOS)
    )
    engine.close()
    assert free == "President signed law."
    assert "President" not in limited
    assert limited.endswith("signed law.")


def test_a_packed_shortlist_says_the_same_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    listed = "\t</s> . ▁signed\n▁закон\t▁laws\n▁Президент\t▁President\n".encode()
    found = []
    for name, content in (("vmap.txt", listed), ("vmap.txt.xz", lzma.compress(listed))):
        folder = dictionary_package(tmp_path / name, WORDS)
        (folder / "model" / name).write_bytes(content)
        engine = Engine(Registry([tmp_path / name]))
        assert engine.registry.packages()[0].shortlist
        texts = ["Президент подписал закон.", "закон подписал.", "законы и закон"]
        options = DecodeOptions(alternatives=2)
        made = engine.translate(texts, RU_EN, options=options)
        found.append([(each.text, each.log_prob, each.alternatives) for each in made])
        free = engine.translate(texts, RU_EN, options=ARGOS)[0].text
        engine.close()
        assert free == "President signed law."
        assert list(scratch.iterdir()) == []
    assert found[0] == found[1]
    assert found[0][0][0] != "President signed law."


def test_where_both_are_the_packed_shortlist_counts(tmp_path: Path) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    for name, law in (("vmap.txt", "▁laws"), ("vmap.txt.xz", "▁law")):
        listed = f"\t</s> . ▁signed ▁President\n▁закон\t{law}\n".encode()
        packed = lzma.compress(listed) if name.endswith(".xz") else listed
        (folder / "model" / name).write_bytes(packed)
    engine = Engine(Registry([tmp_path]))
    assert said(engine, "Президент подписал закон.") == "President signed law."
    engine.close()
    assert (folder / "model" / "vmap.txt").read_text(encoding="utf-8").endswith("▁laws\n")


def test_a_broken_shortlist_refuses_its_direction_in_one_sentence(tmp_path: Path) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    (folder / "model" / "vmap.txt.xz").write_bytes(lzma.compress(b"\t</s>\n" * 99)[:30])
    engine = Engine(Registry([tmp_path]))
    where = r"^model/vmap\.txt\.xz in translate-ru_en-2_0 .*fetch the package again\.$"
    with pytest.raises(PackageError, match=where):
        engine.translate(["Президент подписал закон."], RU_EN)
    engine.close()


def test_a_shortlist_that_there_is_no_room_to_unpack_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    (folder / "model" / "vmap.txt.xz").write_bytes(lzma.compress(b"\t</s>\n"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(PackageError, match=r"translate-ru_en-2_0 does not load: .*gone"):
        Network(folder / "model", threads=1, workers=1)


def test_a_wording_does_not_hang_on_the_company(tmp_path: Path) -> None:
    """What one segment's shortlist allows is not open to its neighbours in the batch."""
    folder = dictionary_package(tmp_path, WORDS)
    (folder / "model" / "vmap.txt").write_text(
        "\t</s> . ▁signed\n▁закон\t▁laws\n▁Президент\t▁President ▁law\n", encoding="utf-8"
    )
    texts = ["Президент подписал.", "закон подписал.", "подписал.", "Президент закон."]
    for search in (DecodeOptions(), DecodeOptions(beam_size=1)):
        together = Engine(Registry([tmp_path]), EngineOptions(wait=0.1))
        alone = Engine(Registry([tmp_path]))
        expected = [alone.translate([text], RU_EN, options=search)[0] for text in texts]
        assert together.translate(texts, RU_EN, options=search, lane=Lane.BULK) == expected
        alone.close()
        together.close()


def test_a_network_with_few_positions_is_given_shorter_parts(home: Path) -> None:
    # The network takes 300 tokens; the engine believes it takes 5,000.
    engine = Engine(Registry([home]), EngineOptions(segment_tokens=5000))
    source = ", ".join(["Президент подписал закон"] * 400) + "."
    assert engine.translate([source], RU_EN)[0].text.count("law") == 400
    engine.close()


@pytest.mark.parametrize(
    "text",
    ["Президент\x00подписал закон", "Президент \ud800 закон", "\udfff", "a\x1b[31m", "\ufffe"],
)
def test_odd_characters_are_harmless(text: str, engine: Engine) -> None:
    (found,) = engine.translate([text], RU_EN)
    assert isinstance(found.text, str)


def test_a_hundred_thousand_empty_items(engine: Engine) -> None:
    assert len(engine.translate([""] * 100_000, RU_EN)) == 100_000


def test_segments_are_taken_as_they_are(engine: Engine) -> None:
    texts = ["Президент. Закон.", "", "закон", "закон"]
    found = engine.translate_segments(texts, RU_EN)
    assert [each.text for each in found][1:] == ["", "law", "law"]
    assert len(found[0].segments) == 1


def test_no_route_says_what_to_do(engine: Engine) -> None:
    with pytest.raises(NoRoute, match="parallax models install"):
        engine.translate(["Закон"], Direction(Language.UK, Language.RU))
    assert Direction(Language.UK, Language.RU) not in engine.directions()
    assert RU_UK in engine.directions()


def test_a_true_translation_is_more_probable(engine: Engine) -> None:
    good, bad = engine.score(
        ["Президент подписал закон."] * 2,
        ["President signed law.", "Government signed law."],
        RU_EN,
    )
    assert bad < good <= 0
    with pytest.raises(NoRoute):
        engine.score(["Закон"], ["закон"], RU_UK)


def test_alternatives_differ_from_the_best(engine: Engine) -> None:
    (found,) = engine.translate(
        ["Президент подписал закон."], RU_EN, options=DecodeOptions(alternatives=3)
    )
    assert found.text == "President signed law."
    assert len(set(found.alternatives)) == len(found.alternatives) > 0
    assert found.text not in found.alternatives


@pytest.mark.parametrize("changes", [{"alternatives": 10_000}, {"beam_size": 0}, {"max_length": 0}])
def test_options_out_of_range_are_refused(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="between"):
        DecodeOptions(**changes)  # type: ignore[arg-type]


def test_many_threads_get_their_own_answers(engine: Engine) -> None:
    def ask(number: int) -> bool:
        text = f"Президент подписал закон {number}. Правительство подписало {number} законы."
        want = f"President signed law {number}. Government signed {number} laws."
        return said(engine, text) == want

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(60)))


def test_networks_are_loaded_once_and_dropped_when_memory_is_tight(home: Path) -> None:
    registry = Registry([home])
    engine = Engine(registry, EngineOptions(memory_bytes=1))
    assert engine.loaded() == 0
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: engine.translate([f"закон {n}"], RU_EN), range(8)))
    assert engine.loaded() == 1
    assert engine.translate(["закон"], RU_UK)[0].text == "закон_"
    assert engine.loaded() == 1
    engine.close()


def test_packages_with_equal_models_share_a_network(tmp_path: Path) -> None:
    random_package(tmp_path, "ru", "en")
    twin = random_package(tmp_path, "uk", "en", seed=2)
    shutil.rmtree(twin)
    shutil.copytree(tmp_path / "translate-ru_en-1_9", twin)
    text = (twin / "metadata.json").read_text().replace('"from_code": "ru"', '"from_code": "uk"')
    (twin / "metadata.json").write_text(text)
    engine = Engine(Registry([tmp_path]))
    engine.warm_up()
    assert len(engine.directions()) == 2
    assert engine.loaded() == 1
    engine.close()


def test_a_package_removed_while_in_use_is_a_clean_error(tmp_path: Path) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    engine = Engine(Registry([tmp_path]))
    assert engine.directions() == (RU_EN,)
    shutil.rmtree(folder / "model")
    with pytest.raises(ModelError, match="removed"):
        engine.translate(["закон"], RU_EN)
    shutil.rmtree(folder)
    with pytest.raises(NoRoute):
        engine.translate(["закон"], RU_EN)
    engine.close()


def test_a_full_queue_is_busy(home: Path) -> None:
    engine = Engine(Registry([home]), EngineOptions(queue_segments=0))
    with pytest.raises(Busy):
        engine.translate(["закон"], RU_EN)
    engine.close()


def test_a_cancelled_request_is_dropped(home: Path) -> None:
    engine = Engine(Registry([home]), EngineOptions(batch_tokens=8))
    gone = engine.submit([f"закон {n}" for n in range(3000)], RU_EN, lane=Lane.BULK)
    assert gone.cancel()
    assert engine.translate(["закон"], RU_EN)[0].text == "law"
    assert engine.waiting() == 0
    engine.close()


def test_a_closed_engine_refuses(home: Path) -> None:
    engine = Engine(Registry([home]))
    engine.close()
    with pytest.raises(Cancelled):
        engine.translate(["закон"], RU_EN)


def test_equal_segments_are_decoded_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(Registry([home]))
    decoded: list[str] = []
    lock = threading.Lock()
    original = engine._batcher._decode

    def counting(key: object, payloads: list[tuple[list[str], str]]) -> list[object]:
        with lock:
            decoded.extend("".join(tokens) for tokens, _ in payloads)
        return original(key, payloads)

    monkeypatch.setattr(engine._batcher, "_decode", counting)
    engine.translate(["закон. закон.", "закон."], RU_EN)
    engine.translate(["Ещё. закон."], RU_EN)
    assert decoded.count("▁закон.") == 1
    engine.close()


class Corrections:
    def exact(self, source: str, direction: Direction) -> str | None:
        return "THE law" if source == "закон" and direction == RU_EN else None


class Glossary:
    digest = "1"

    def missed(self, source: str, target: str, direction: Direction) -> list[str]:
        return ["statute"] if "закон" in source and "statute" not in target else []


def test_a_correction_goes_before_the_network(engine: Engine) -> None:
    (found,) = engine.translate(["закон\nзаконы"], RU_EN, memory=Corrections())
    assert found.text == "THE law\nlaws"
    assert [each.origin for each in found.segments] == ["memory", "network"]


def test_a_missed_term_is_flagged(engine: Engine) -> None:
    assert engine.translate(["Президент подписал закон."], RU_EN, terms=Glossary())[0].flags == (
        "term",
    )
    assert engine.translate(["Президент подписал закон."], RU_EN)[0].flags == ()


def test_a_repetition_loop_is_decoded_again(tmp_path: Path) -> None:
    random_package(tmp_path, seed=5)
    engine = Engine(Registry([tmp_path]))
    raw, mended = (
        engine.translate(
            ["Президент подписал закон о бюджете."],
            RU_EN,
            options=DecodeOptions(length_penalty=1.0, repair=repair),
        )[0]
        for repair in (False, True)
    )
    engine.close()
    assert {"repetition", "cut"} & set(raw.flags)
    assert mended.text != raw.text
    assert not {"repetition", "cut"} & set(mended.flags)


@pytest.mark.parametrize(
    ("threads", "workers", "shape"),
    [
        (1, None, (1, 1)), (2, None, (2, 1)), (4, None, (2, 2)), (8, None, (2, 4)),
        (16, None, (4, 4)), (2, 1, (1, 2)), (1, 2, (2, 1)),
    ],
)  # fmt: skip
def test_threads_are_shared_out_to_at_least_two_batches(
    threads: int, workers: int | None, shape: tuple[int, int]
) -> None:
    assert EngineOptions(threads=threads, workers=workers).shape() == shape


def test_warming_up_stops_where_memory_is_full(home: Path) -> None:
    engine = Engine(Registry([home]), EngineOptions(memory_bytes=1))
    engine.warm_up()
    assert engine.loaded() == 1
    first = next(iter(engine.registry.packages())).direction
    assert engine.translate(["закон"], first)[0].text
    engine.close()


def test_a_word_longer_than_any_word_is_kept_and_not_asked_about(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode, longest = Network.decode, [0]

    def watched(self: Network, sources: list[list[str]], *rest: object) -> object:
        longest.append(max(len(source) for source in sources))
        return decode(self, sources, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Network, "decode", watched)
    hash_like = "ы" * 100_000
    assert said(engine, f"Президент подписал {hash_like} вчера.") == (
        f"President signed {hash_like} yesterday."
    )
    assert said(engine, hash_like) == hash_like
    assert max(longest) < 20
