"""The training recipe's parts that need no torch: corpora, alignment, packages."""

from __future__ import annotations

import lzma
import zipfile
from pathlib import Path

import numpy as np
import pytest

from models.languages import Direction
from models.training import align_words, corpus, domains, lexicon, package, packing
from models.training.align_words import NONE
from models.training.examples import Examples


def write(path: Path, text: str) -> Path:
    """A text file, compressed where its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode()
    path.write_bytes(lzma.compress(data) if path.suffix == ".xz" else data)
    return path


# Corpora --------------------------------------------------------------------------------------


def test_pairs_of_a_three_column_file_in_any_order(tmp_path: Path) -> None:
    path = write(tmp_path / "news.en-ru-uk.tsv", "cat\tкошка\tкішка\nbad line\n")
    pairs = list(corpus.read_tsv(path, "uk", "en", "news"))
    assert pairs == [corpus.Pair("news", "кішка", "cat")]


def test_a_test_sentence_on_either_side_stays_out(tmp_path: Path) -> None:
    write(tmp_path / "a.en-ru.tsv.xz", "Good day, all.\tДобрый день.\nHello there\tЗдравствуйте\n")
    digest = corpus.exclusion_key("ДОБРЫЙ, день!")
    listed = write(tmp_path / "exclude.txt", f"{digest}\n")
    pairs, report = corpus.clean([tmp_path], "en", "ru", excluded=corpus.read_exclusion(listed))
    assert [pair.first for pair in pairs] == ["Hello there"]
    assert report.dropped["test sentence"] == 1


def test_duplicates_and_barred_folders(tmp_path: Path) -> None:
    write(tmp_path / "a.en-ru.tsv", "one\tодин\none\tодин\n")
    write(tmp_path / "ui" / "b.en-ru.tsv", "two\tдва\n")
    pairs, report = corpus.clean([tmp_path], "en", "ru", skip=["ui/"])
    assert [pair.corpus for pair in pairs] == ["a"]
    assert report.dropped["duplicate"] == 1


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("", "да", "empty side"),
        ("a" * 600, "б" * 600, "too long"),
        ("A sentence of some length here.", "Нет.", "length ratio"),
        ("the very same words here", "the very same words here", "untranslated"),
        ("Yes.", "Да.", None),
    ],
)
def test_faults(first: str, second: str, reason: str | None) -> None:
    assert corpus.fault(corpus.Pair("x", first, second), frozenset()) == reason


def test_a_tmx_of_the_users_own(tmp_path: Path) -> None:
    path = write(
        tmp_path / "mine.tmx",
        '<tmx version="1.4"><header/><body><tu>'
        '<tuv xml:lang="ru-RU"><seg>Да, <bpt i="1">это</bpt> он</seg></tuv>'
        '<tuv xml:lang="en"><seg>Yes, it is he</seg></tuv></tu>'
        '<tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu></body></tmx>',
    )
    pairs, _ = corpus.clean([path], "en", "ru")
    assert pairs == [corpus.Pair("mine", "Yes, it is he", "Да, это он")]


def test_the_first_weight_that_names_a_corpus_counts() -> None:
    weights = {"written/lexicon": 2, "written/": 6, "*": 0.2}
    names = ["written/lexicon", "written/headlines", "php"]
    assert [domains.weight(name, weights) for name in names] == [2, 6, 0.2]
    assert domains.weight("php", {"ui/": 1}) == 0


# Packing --------------------------------------------------------------------------------------


def test_packed_rows_come_back(tmp_path: Path) -> None:
    rows = [[1, 2, 3], [], [40_000]]
    side = packing.ragged(rows)
    packed = packing.Packed(side, side, np.zeros(3, dtype=np.int32), ("a",))
    packed.save(tmp_path / "p.npz")
    again = packing.Packed.load(tmp_path / "p.npz")
    assert [again.first[i].tolist() for i in range(3)] == rows
    flat, offsets = again.second.gather(np.array([2, 0, 1]))
    assert flat.tolist() == [40_000, 1, 2, 3]
    assert offsets.tolist() == [0, 1, 4]


# Alignment ------------------------------------------------------------------------------------


def test_words_that_always_meet_are_linked() -> None:
    chance = np.random.default_rng(1)
    sources = [chance.permutation(12)[:5].tolist() for _ in range(300)]
    # The target is the source said backwards, word for word, so the diagonal prior is of no help.
    targets = [[piece + 20 for piece in reversed(row)] for row in sources]
    source, target = packing.ragged(sources), packing.ragged(targets)
    options = align_words.AlignOptions(bits=16, diagonal=1.0, iterations=6, cells=2000)
    table, totals = align_words.estimate(source, target, 64, options)
    rough = align_words.align(source, target, table, totals, options)
    counts = align_words.counts_of_links(source, target, rough, 64, options)
    links = align_words.align(source, target, *counts, options)
    assert links.positions.reshape(-1, 5).tolist() == [[4, 3, 2, 1, 0]] * 300


def pair(source: list[int], target: list[int], links: list[int]) -> Examples:
    one = np.ones(1, dtype=np.float32)
    return Examples(
        packing.ragged([source]),
        packing.ragged([target]),
        np.array(links, dtype=np.uint8),
        one,
        one,
        4,
    )


def test_the_other_direction_turns_the_links_round() -> None:
    # Target pieces 0 and 2 are linked to source piece 1, target piece 3 to source piece 0.
    back = pair([5, 6, 7], [21, 22, 23, 24], [1, NONE, 1, 0]).reversed(prefix=9)
    assert back.source[0].tolist() == [21, 22, 23, 24]
    assert back.target[0].tolist() == [5, 6, 7]
    assert back.links.tolist() == [3, 0, NONE]
    assert back.prefix == 9


def test_a_direction_weighs_its_share() -> None:
    scaled = pair([5, 6], [7, 8, 9], [0, 0, 1]).scaled(28)
    assert float((scaled.weight * scaled.target.lengths).sum()) == pytest.approx(28)
    assert float((scaled.last_weight * scaled.target.lengths).sum()) == pytest.approx(28)


def test_linked_pieces_lie_near_each_other() -> None:
    chance = np.random.default_rng(3)
    rows = [chance.integers(10, 40, 8).tolist() for _ in range(300)]
    source = packing.ragged(rows)
    target = packing.ragged([[piece + 40 for piece in row] for row in rows])
    ones = np.ones(len(rows), dtype=np.float32)
    links = np.tile(np.arange(8, dtype=np.uint8), len(rows))
    vectors = lexicon.table([Examples(source, target, links, ones, ones, 4)], 90, 32, 1, pivot=4)
    assert (vectors[10:40] @ vectors[50:80].T).argmax(axis=1).tolist() == list(range(30))


def test_unseen_names_are_romanised() -> None:
    assert lexicon.romanise("▁Щербак") == "▁Shcherbak"
    assert lexicon.romanise("NATO-їзд") == "NATO-yizd"


# Packages -------------------------------------------------------------------------------------


def test_packages_share_one_model_and_pack_as_plain_files(tmp_path: Path) -> None:
    model = tmp_path / "made"
    write(model / "model.bin", "weights")
    tokenizer = write(tmp_path / "spm", "pieces")
    target = tmp_path / "packages"
    target.mkdir()
    folders = package.write_folders(
        model,
        tokenizer,
        target,
        [Direction.parse("ru-en"), Direction.parse("uk-en")],
        version="1.0",
        prefixes={"en": "__en__"},
        readme="Read me.",
        shortlists={"en": write(tmp_path / "list", "words")},
    )
    assert [folder.name for folder in folders] == ["translate-ru_en-1_0", "translate-uk_en-1_0"]
    weights = [(folder / "model" / "model.bin").resolve() for folder in folders]
    assert weights[0] == weights[1]
    packed = (folders[0] / "model" / "vmap.txt.xz").read_bytes()
    assert lzma.decompress(packed).decode() == "words"
    archive = package.write_archive(folders[1], tmp_path)
    with zipfile.ZipFile(archive) as content:
        assert content.read("translate-uk_en-1_0/model/model.bin") == b"weights"
        assert content.read("translate-uk_en-1_0/sentencepiece.model") == b"pieces"
        assert content.read("translate-uk_en-1_0/model/vmap.txt.xz") == packed


@pytest.mark.parametrize("name", ["vmap.txt", "vmap.txt.xz"])
def test_a_package_brings_its_shortlist_packed_or_not(tmp_path: Path, name: str) -> None:
    from models.training.adopt import adopt
    from models.training.recipe import Recipe
    from tests.packages import dictionary_package

    folder = dictionary_package(tmp_path / "packages", {"закон": "law"})
    write(folder / "model" / name, "\t</s>\n▁закон\t▁law\n")
    recipe = Recipe(tmp_path / "work")
    recipe.tokenizer.parent.mkdir(parents=True)
    recipe.tokenizer.write_bytes((folder / "sentencepiece.model").read_bytes())
    adopt(recipe, folder, print)
    brought = recipe.brought_shortlist("en").read_text(encoding="utf-8")
    assert brought == "\t</s>\n▁закон\t▁law\n"


# Back-translation -----------------------------------------------------------------------------


def test_back_translation_writes_a_corpus_the_recipe_reads(tmp_path: Path) -> None:
    from models.registry import Registry
    from models.training.back_translate import write as back_translate
    from models.training.recipe import Recipe
    from models.translate import Engine
    from tests.packages import dictionary_package

    words = {"Президент": "President", "подписал": "signed", "закон": "law", "новый": "new"}
    dictionary_package(tmp_path / "packages", words)
    mono = write(
        tmp_path / "mono" / "news.ru.txt",
        "Президент подписал закон\nновый закон подписал Президент\nзакон подписал Президент\n",
    ).parent
    digest = corpus.exclusion_key("закон подписал Президент")
    recipe = Recipe(
        tmp_path / "work", mono=mono, exclusion=write(tmp_path / "exclude.txt", digest + "\n")
    )
    engine = Engine(Registry([tmp_path / "packages"]))
    path = back_translate(recipe, Direction.parse("en-ru"), engine, None)
    engine.close()
    assert path.name == "back-en-ru.en-ru.tsv"
    pairs, _ = corpus.clean([path], "en", "ru")
    assert [(p.first.lower(), p.second) for p in pairs] == [
        ("president signed law", "Президент подписал закон"),
        ("new law signed president", "новый закон подписал Президент"),
    ]


def test_back_translation_draws_its_sentences_from_all_texts(tmp_path: Path) -> None:
    from models.registry import Registry
    from models.training.back_translate import write as back_translate
    from models.training.recipe import Recipe
    from models.translate import Engine
    from tests.packages import dictionary_package

    nouns = {
        "закон": "law",
        "договор": "treaty",
        "указ": "decree",
        "проект": "draft",
        "план": "plan",
    }
    words = {**nouns, "новый": "new", "старый": "old", "и": "and"}
    dictionary_package(tmp_path / "packages", words)
    for name, adjective in (("a", "новый"), ("z", "старый")):
        lines = "".join(f"{adjective} {x} и {y}\n" for x in nouns for y in nouns if x != y)
        write(tmp_path / "mono" / f"{name}.ru.txt", lines)
    recipe = Recipe(tmp_path / "work", mono=tmp_path / "mono")
    engine = Engine(Registry([tmp_path / "packages"]))
    path = back_translate(recipe, Direction.parse("en-ru"), engine, 20)
    again = path.read_text(encoding="utf-8")
    assert back_translate(recipe, Direction.parse("en-ru"), engine, 20) == path
    engine.close()
    assert path.read_text(encoding="utf-8") == again, "the same seed draws the same"
    assert len(again.splitlines()) == 20
    assert "новый" in again
    assert "старый" in again
