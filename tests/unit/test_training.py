"""The training recipe's parts that need no torch: corpora, labels, alignment, packages."""

from __future__ import annotations

import lzma
import zipfile
from pathlib import Path

import numpy as np
import pytest

from models.languages import Direction
from models.training import align_words, corpus, domains, lexicon, monotone, package, packing
from models.training.align_words import NONE


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


# Alignment and labels -------------------------------------------------------------------------


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


def test_articles_go_with_the_next_word_and_a_name_follows_its_pieces() -> None:
    starts = [True, True, True, False, True]  # the | minister | Ze | lensky | said
    begins = [True, True, False, True]
    places = monotone.place([NONE, 0, 1, 2, 3], starts, begins)
    assert places == [0, 0, 1, 2, 3]


def test_a_word_is_not_torn_between_two_words() -> None:
    places = monotone.place([0, 2, 2], [True, False, False], [True, True, True])
    assert places == [2, 2, 2]


def test_equal_numbers_are_linked_digit_by_digit() -> None:
    links = [NONE, 0, 0, 5]
    monotone.link_numbers([9, 1, 2, 30], [30, 9, 1, 2], links, frozenset({1, 2}), space=9)
    assert links == [NONE, 0, 1, 2]


def test_a_number_says_itself_and_keeps_its_mark() -> None:
    units = [[], [7], [30], [8, 2], [2]]
    source = [9, 1, 20, 2, 5]
    monotone.copy_numbers(source, units, frozenset({1, 2}), 9, frozenset({20, 21}))
    assert units == [[9], [1], [20], [2], [2]]
    said_as_point = [[1], [21], [2]]
    monotone.copy_numbers([1, 20, 2], said_as_point, frozenset({1, 2}), 9, frozenset({20, 21}))
    assert said_as_point == [[1], [21], [2]]


def test_labels_rebuild_the_target_in_the_order_of_the_source() -> None:
    source, target = packing.ragged([[5, 6, 7]]), packing.ragged([[1, 2, 3]])
    labels = monotone.label(
        source, target, np.array([2, 0, 0], dtype=np.uint8), np.ones(8, dtype=bool)
    )
    assert [labels.units[number] for number in labels.numbers] == [(2, 3), (), (1,)]


def test_unseen_names_are_romanised() -> None:
    assert lexicon.romanise("▁Щербак") == "▁Shcherbak"
    assert lexicon.romanise("NATO-їзд") == "NATO-yizd"


def test_a_rare_unit_loses_its_first_words() -> None:
    pieces = ["▁of", "▁the", "▁ministry"]
    labels = monotone.Labels(np.array([1, 0], dtype=np.int32), [(), (0, 1, 2)])
    assert lexicon.number_labels(labels, pieces, {"▁ministry": 7}).tolist() == [7, 4]


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
    )
    assert [folder.name for folder in folders] == ["translate-ru_en-1_0", "translate-uk_en-1_0"]
    weights = [(folder / "model" / "model.bin").resolve() for folder in folders]
    assert weights[0] == weights[1]
    archive = package.write_archive(folders[1], tmp_path)
    with zipfile.ZipFile(archive) as content:
        assert content.read("translate-uk_en-1_0/model/model.bin") == b"weights"
        assert content.read("translate-uk_en-1_0/sentencepiece.model") == b"pieces"


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
