"""Training on a device: its loss and schedule, its own translations, wider networks."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from models.languages import Language
from models.training import packing
from models.training.align_words import NONE
from models.training.examples import IGNORED, Examples
from models.training.vocabulary import BEGIN, PADDING, UNKNOWN
from tests.unit.test_resident import OTHER, assert_gathered, pairs, pool, stored
from tests.unit.test_training_network import PIECES, PREFIX, SENTENCES, copies, network

if TYPE_CHECKING:
    from models.training.resident import Rows

torch = pytest.importorskip("torch", reason="torch is a training extra: pip install '.[training]'")

Ints = npt.NDArray[np.int64]


@pytest.mark.parametrize("part", [16_384, 7])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_smoothed_loss_is_torch_s(
    part: int, smoothing: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.training import smoothed

    monkeypatch.setattr(smoothed, "PART", part)
    torch.manual_seed(4)
    states, table, bias = torch.randn(40, 16), torch.randn(50, 16), torch.randn(50)
    labels = torch.randint(0, 30, (40,))
    results = []
    for own in (False, True):
        given = [each.clone().requires_grad_(True) for each in (states, table, bias)]
        if own:
            loss = smoothed.SmoothedCrossEntropy.apply(*given, labels, smoothing)
        else:
            scores = torch.nn.functional.linear(*given)
            loss = torch.nn.functional.cross_entropy(scores, labels, label_smoothing=smoothing)
        (3 * loss).backward()
        results.append([loss.detach(), *(each.grad for each in given)])
    for expected, found in zip(*results, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)


def trainer(made: Any = None, **options: Any) -> Any:
    """A trainer of a small network on the processor."""
    from models.training.train_dense import DenseOptions, DenseTrainer

    usual: dict[str, Any] = {
        "tokens": 400, "pool": 4, "rate": 1e-2, "table_rate": 1e-2, "warmup": 4, "device": "cpu",
    }  # fmt: skip
    return DenseTrainer(
        network(decoder_layers=2) if made is None else made, DenseOptions(**usual | options)
    )


def test_the_loss_is_smoothed_cross_entropy_and_guide() -> None:
    made = trainer(guide=0.3, smoothing=0.1)
    store = stored(one=pairs(1), other=pairs(2, OTHER))
    batch = store.gather(pool(store, {"one": 1.0, "other": 1.0}, tokens=300)[3])
    loss, cross, guide = made.loss(batch)
    torch.testing.assert_close(loss, cross + 0.3 * guide)
    states, _ = made.network.decode(
        made.network.encode(batch.source, batch.source == PADDING),
        batch.source == PADDING,
        batch.before,
    )
    expected = torch.nn.functional.cross_entropy(
        made.network.logits(states).flatten(0, 1),
        batch.labels.flatten(),
        ignore_index=IGNORED,
        label_smoothing=0.1,
    )
    torch.testing.assert_close(cross, expected.detach(), rtol=1e-5, atol=1e-6)

    absent = batch.source == PADDING
    attention = made.network.decode(made.network.encode(batch.source, absent), absent, batch.before)
    near = [
        attention[1][line, 0, column, batch.links[line, column]]
        for line, column in torch.nonzero(batch.links >= 0).tolist()
    ]
    torch.testing.assert_close(guide, -torch.stack(near).mean().detach())


def test_a_dense_trainer_learns_to_copy() -> None:
    lines: list[str] = []
    made = trainer(network().train())
    before = {name: value.clone() for name, value in made.network.state_dict().items()}
    made.run(
        stored(one=copies()),
        lambda _: {"one": 1.0},
        share=lambda: min(1.0, made.progress.step / 50),
        tell=lines.append,
    )
    losses, guides = (
        [float(line.split(f"{name} ")[1].split()[0]) for line in lines]
        for name in ("loss", "guide")
    )
    # The smoothing keeps the loss above some four tenths.
    assert losses[-1] < losses[0] / 4
    assert guides[-1] < guides[0] / 10
    after = made.network.state_dict()
    assert not [name for name, value in before.items() if torch.equal(value, after[name])]


def test_rates_rise_stay_and_fall() -> None:
    made = trainer(rate=2e-3, table_rate=5e-4, warmup=4, level=0.5)
    store = stored(one=copies())
    batch = store.gather(pool(store, {"one": 1.0}, tokens=30, batches=1)[0])
    for share, expected in (
        (0.0, 0.25), (0.0, 0.5), (0.1, 0.75), (0.2, 1.0), (0.5, 1.0), (0.75, 0.5), (0.9, 0.2),
        (0.999, 0.01),
    ):  # fmt: skip
        made.step(batch, share)
        groups = [*made.muon.param_groups, *made.adam.param_groups]
        rates = [2e-3 * expected, 2e-3 * expected, 5e-4 * expected]
        assert [group["lr"] for group in groups] == pytest.approx(rates), share
    assert made.adam.param_groups[1]["params"] == [made.network.table.weight]
    assert made.progress.step == 8


def test_a_run_lasts_until_its_share_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from models.training.resident import Store

    made = trainer(network(), tokens=120, pool=3, last=0.5)
    store = stored(one=copies())
    asked: list[float] = []
    lasts: list[bool] = []
    training: list[bool] = []
    rows: list[Ints] = []
    between: list[float] = []
    lines: list[str] = []

    def shares(now: float) -> dict[str, float]:
        asked.append(now)
        return {"one": 0.5, "late": 0.5}

    class Watched(Store):
        def pool(self, *args: Any, last: bool, **named: Any) -> list[Rows]:
            lasts.append(last)
            return Store.pool(self, *args, last=last, **named)

        def gather(self, batch: Rows) -> Any:
            training.append(made.network.training)
            rows.append(batch.rows)
            return Store.gather(self, batch)

    watched = Watched("cpu")
    watched.add("one", copies())

    def add(now: float) -> None:
        between.append(now)
        made.network.eval()
        if len(between) == 1:
            watched.add("late", copies())

    def share() -> float:
        return min(1.0, float(made.progress.step) / 18)

    made.run(watched, shares, share=share, tell=lines.append, between=add)
    assert made.progress.step == len(rows) == 18
    assert all(training)
    assert len(between) == len(lines) >= 4
    assert between == sorted(set(between))
    # It ended amid a pool.
    assert between[-1] == 1.0
    assert lasts == [now >= 0.5 for now in asked]
    assert set(lasts) == {False, True}
    assert rows[0].max() < 200
    assert max(part.max() for part in rows) >= 200
    assert made.progress.tokens == sum(7 * len(part) for part in rows)
    assert lines[-1].startswith(f"step 18 tokens {made.progress.tokens} (")

    made.run(store, shares, share=lambda: 1.0, tell=lines.append, between=add)
    assert made.progress.step == 18
    assert len(between) == len(lines)


def sentences(seed: int, lengths: Sequence[int]) -> list[list[int]]:
    """Random sentences of pieces that the trained network can copy."""
    chance = np.random.default_rng(seed)
    return [chance.integers(5, 25, length).tolist() for length in lengths]


def lists(rows: packing.Ragged) -> list[list[int]]:
    """Rows as lists."""
    return [rows[row].tolist() for row in range(len(rows))]


def copied(found: list[list[int]], rows: list[list[int]]) -> int:
    """How many sentences are translated as they should be."""
    return sum(said == [piece + 20 for piece in row] for said, row in zip(found, rows, strict=True))


@pytest.fixture(scope="module")
def trained() -> Any:
    """A network that says piece n + 20 for piece n, nearly always, in sentences of a few pieces."""
    chance = np.random.default_rng(5)
    rows = sentences(5, chance.integers(1, 12, 400).tolist())
    source = packing.ragged(rows)
    target = packing.ragged([[piece + 20 for piece in row] for row in rows])
    links = np.concatenate([np.arange(len(row), dtype=np.uint8) for row in rows])
    ones = np.ones(len(rows), dtype=np.float32)
    made = trainer(network().train())
    made.run(
        stored(one=Examples(source, target, links, ones, ones, PREFIX)),
        lambda _: {"one": 1.0},
        share=lambda: min(1.0, made.progress.step / 130),
        tell=lambda _: None,
    )
    return made.network.eval()


@pytest.mark.parametrize("places", [16, 64, 98_304])
def test_many_are_translated_as_one_by_one(trained: Any, places: int) -> None:
    from models.training.self_translation import translate
    from models.training.train import translate as slow

    rows = sentences(6, [3, 9, 1, 7, 8, 2, 9, 4, 6, 5, 8, 7, 3, 1, 9])
    found = lists(translate(trained.train(), packing.ragged(rows), PREFIX, places=places))
    assert not trained.training
    assert found == slow(trained, rows, PREFIX)
    assert copied(found, rows) >= 13
    assert lists(translate(trained, packing.ragged([]), PREFIX)) == []


def test_what_was_said_is_kept_as_the_network_would_see_it(trained: Any) -> None:
    from models.training.self_translation import translate
    from models.training.train import translate as slow

    made = deepcopy(trained)
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(0.06 * torch.randn_like(parameter))
        made.bias[[UNKNOWN, BEGIN, PADDING]] = -1e4
    # With fifteen pieces and the end, both may say 33.
    rows = sentences(8, [15, *(8 + n % 8 for n in range(60))])
    expected = [said if len(said) < 33 else [] for said in slow(made, rows, PREFIX, longest=33)]
    found = lists(translate(made, packing.ragged(rows), PREFIX, places=64))
    assert found == expected
    assert copied(found, rows) < 40
    assert len({*map(tuple, found)}) > 20


def test_translations_hold_no_pieces_that_say_nothing(trained: Any) -> None:
    from models.training.self_translation import translate

    made = deepcopy(trained)
    with torch.no_grad():
        made.bias[[UNKNOWN, BEGIN, PADDING]] += 100
    rows = sentences(9, [5, 2, 9])
    assert lists(translate(made, packing.ragged(rows), PREFIX)) == lists(
        translate(trained, packing.ragged(rows), PREFIX)
    )


def test_a_sentence_without_end_is_empty(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.training import self_translation

    rows = packing.ragged(sentences(10, [3, 4, 1, 9, 2, 5, 3]))
    whole = lists(self_translation.translate(trained, rows, PREFIX))
    assert {3, 4} <= {*map(len, whole)}
    monkeypatch.setattr(self_translation, "RATIO", 0)
    monkeypatch.setattr(self_translation, "MORE", 4)
    found = lists(self_translation.translate(trained, rows, PREFIX))
    assert found == [said if len(said) < 4 else [] for said in whole]


def test_a_sentence_becomes_the_target_of_its_translation(trained: Any) -> None:
    from models.training.self_translation import back_translated, translate

    rows = sentences(11, [4, 8, 1, 6])
    said = lists(translate(trained, packing.ragged(rows), PREFIX))
    plain = [[7] * (len(row) + 1) for row in rows]
    made = back_translated(trained, packing.ragged(rows), packing.ragged(plain), (PREFIX, OTHER))
    assert lists(made.source) == [[OTHER, *row] for row in said]
    assert lists(made.target) == plain
    assert made.prefix == OTHER
    assert made.links.tolist() == [NONE] * sum(map(len, plain))
    assert made.weight.tolist() == made.last_weight.tolist() == [1.0] * 4
    store = stored(one=pairs(1), back=made)
    for batch in pool(store, {"one": 0.2, "back": 0.8}):
        assert_gathered(store, [pairs(1), made], batch)


def test_translations_unlike_their_sentences_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from models.training import self_translation

    lengths = [(0, 1), (25, 10), (26, 10), (10, 25), (10, 26), (0, 4), (5, 5), (1, 5), (1, 6)]
    rows = [[5 + n] * made for n, (made, _) in enumerate(lengths)]
    plain = packing.ragged([[25 + n] * said for n, (_, said) in enumerate(lengths)])
    hinted = packing.ragged([[6]] * len(rows))
    nobody: Any = None
    asked: list[tuple[Any, ...]] = []

    def translate(*given: Any) -> packing.Ragged:
        asked.append(given)
        return packing.ragged(rows)

    monkeypatch.setattr(self_translation, "translate", translate)
    made = self_translation.back_translated(nobody, hinted, plain, (PREFIX, OTHER))
    assert asked == [(None, hinted, PREFIX)]
    kept = [1, 3, 6, 7]
    assert lists(made.source) == [[OTHER, *rows[n]] for n in kept]
    assert lists(made.target) == [plain[n].tolist() for n in kept]
    assert len(made.links) == len(made.target.flat)
    assert len(made.weight) == len(made.last_weight) == 4

    rows = [[]] * len(rows)
    assert len(self_translation.back_translated(nobody, hinted, plain, (PREFIX, OTHER)).source) == 0


def scores(made: Any) -> Any:
    """Scores of a network for some random pieces."""
    chance = torch.Generator().manual_seed(6)
    source = torch.randint(5, 40, (4, 9), generator=chance)
    before = torch.randint(5, 40, (4, 6), generator=chance)
    absent = torch.zeros(4, 9, dtype=torch.bool)
    absent[1, 5:] = True
    with torch.no_grad():
        return made.logits(made.decode(made.encode(source, absent), absent, before)[0])


def sized(inner: int) -> Any:
    """A small network with random weights everywhere, of a size inside."""
    from models.training.network import Network, Shape

    torch.manual_seed(3)
    made = Network(Shape(len(PIECES), width=128, heads=2, inner=inner))
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
        made.bias.normal_()
    return made.eval()


def assert_reads_alike(trained: Any, wider: Any) -> None:
    """The maps of a wider layer make of trained columns what they made, whatever is beside them."""
    width = trained.feed.down.out_features
    states = torch.randn(5, wider.feed.down.out_features)
    narrow = states[:, :width]
    maps = [(trained.own.q, wider.own.q, 3), (trained.own.out, wider.own.out, 1)]
    if trained.cross is not None:
        maps += [(trained.cross.q, wider.cross.q, 1), (trained.cross.kv, wider.cross.kv, 2)]
        maps += [(trained.cross.out, wider.cross.out, 1)]
    with torch.no_grad():
        for old, new, stacked in maps:
            parts = zip(old(narrow).chunk(stacked, 1), new(states).chunk(stacked, 1), strict=True)
            for expected, found in parts:
                torch.testing.assert_close(found[:, :width], expected, rtol=1e-4, atol=1e-5)
        expected, found = (
            feed.down(feed.up(given).relu())
            for feed, given in ((trained.feed, narrow), (wider.feed, states))
        )
    torch.testing.assert_close(found[:, :width], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("inner", "sizes"),
    [(64, (192, 3, 96)), (64, (256, 4, 64)), (256, (192, 3, 320)), (256, (192, 3, 384))],
)
def test_a_wider_network_begins_by_saying_nearly_the_same(
    inner: int, sizes: tuple[int, int, int]
) -> None:
    from models.training.growth import grow, widen

    small = sized(inner)
    torch.manual_seed(2)
    wider = widen(small, *sizes).eval()
    shape = wider.shape
    assert (shape.width, shape.heads, shape.inner) == sizes
    assert wider.table.weight.shape == (len(PIECES), sizes[0])
    new = wider.table.weight[:, 128:].std() / small.table.weight.std()
    assert 0.05 < new < 0.2
    expected, found = scores(small), scores(wider)
    assert (found - expected).norm() / expected.norm() < 0.15
    assert_reads_alike(small.decoder[0], wider.decoder[0])
    assert_reads_alike(small.encoder[1], wider.encoder[1])
    deeper = grow(wider, 3, 2).eval()
    torch.testing.assert_close(scores(deeper), found, rtol=0, atol=1e-4)
    assert (len(deeper.encoder), len(deeper.decoder)) == (3, 2)


def test_a_wider_network_translates_and_learns(trained: Any) -> None:
    from models.training.growth import widen
    from models.training.self_translation import translate

    torch.manual_seed(2)
    wider = widen(trained, 192, 3, 96)
    rows = sentences(12, [1 + n % 8 for n in range(40)])
    assert copied(lists(translate(wider, packing.ragged(rows), PREFIX)), rows) >= 34
    # Whatever is new is trained: something reaches all of it, if only after a step.
    made = trainer(wider.train())
    store = stored(one=copies())
    before = {name: value.clone() for name, value in wider.state_dict().items()}
    for batch in pool(store, {"one": 1.0}, tokens=400, batches=2)[:2]:
        made.step(store.gather(batch), 0.0)
    for name, value in wider.state_dict().items():
        if value.ndim and "places" not in name:
            assert (value != before[name])[..., -1].any(), name


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((64, 1, 64), "only grow"),
        ((192, 3, 32), "only grow"),
        ((192, 2, 64), "Heads of 64"),
        ((128, 4, 64), "Heads of 64"),
    ],
)
def test_a_network_can_only_be_widened_by_heads(sizes: tuple[int, int, int], message: str) -> None:
    from models.training.growth import widen

    with pytest.raises(ValueError, match=message):
        widen(network(), *sizes)


def test_weights_in_half_precision_are_read_back(tmp_path: Path) -> None:
    from models.training.average import average
    from models.training.network import Network, Shape
    from models.training.train_dense import save_half

    made = network(decoder_layers=2)
    path = tmp_path / "weights-1.pt"
    path.write_bytes(b"older")
    save_half(made, path)
    assert [each.name for each in tmp_path.iterdir()] == ["weights-1.pt"]
    assert path.stat().st_size < 2.2 * sum(p.numel() for p in made.parameters())
    state = torch.load(path, weights_only=True)
    again = Network(Shape(**state["shape"]))
    again.load_state_dict(state["network"])
    assert again.shape == made.shape
    for name, value in made.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], value, rtol=1e-3, atol=1e-6)
    assert all(value.dtype == torch.float32 for value in made.state_dict().values())
    torch.testing.assert_close(average([path]).bias, again.bias)


def test_weights_that_are_no_numbers_give_way_to_the_last_good_ones() -> None:
    made = trainer()
    batch = stored(one=copies()).gather(
        pool(stored(one=copies()), {"one": 1.0}, tokens=60, batches=1)[0]
    )
    made.step(batch, 0.0)
    assert made.kept()
    good = {name: value.clone() for name, value in made.network.state_dict().items()}
    made.step(batch, 0.0)
    with torch.no_grad():
        made.network.bias[3] = float("nan")
    assert not made.kept()
    assert made.rate == 0.5
    assert all(torch.equal(value, good[name]) for name, value in made.network.state_dict().items())
    made.step(batch, 0.5)
    assert made.muon.param_groups[0]["lr"] == pytest.approx(
        0.5 * made.options.rate * 3 / 4 * min(1.0, 0.5 / (1 - made.options.level))
    )


def test_a_run_on_a_device_goes_on_from_a_package(tmp_path: Path) -> None:
    """Wider and deeper, with its own translations; begun again, it goes on where it stopped."""
    from models.training.__main__ import main

    source, mono = tmp_path / "mine.en-ru.tsv", tmp_path / "mono"
    rows = [(f"{en} {n}", f"{ru} {n}") for n, (en, ru) in enumerate(SENTENCES * 6)]
    source.write_text("".join(f"{en}\t{ru}\n" for en, ru in rows), encoding="utf-8")
    mono.mkdir()
    (mono / "news.en.txt").write_text("".join(f"{en}\n" for en, _ in rows), encoding="utf-8")
    (mono / "news.ru.txt").write_text("".join(f"{ru}\n" for _, ru in rows), encoding="utf-8")
    common = ["--corpora", str(source), "--mono", str(mono), "--directions", "ru-en", "en-ru"]
    common += ["--pieces", "150", "--inner", "32", "--threads", "1"]
    small = ["--budget", "1500", "--batch", "200", "--epochs", "1", "--columns", "260"]
    first, work = tmp_path / "first", tmp_path / "second"
    main(["all", *common, *small, "--work", str(first)])
    package = first / "packages" / "translate-ru_en-1_0"

    after = [*common, "--work", str(work), "--from-package", str(package)]
    for step in ("prepare", "align", "hint", "mono"):
        main([step, *after])
    from models.training.monolingual import Monolingual

    text = Monolingual.load(work / "data" / "mono.ru.npz")
    assert len(text.plain) == len(text.hinted[Language.EN]) > 40
    device = ["--device", "cpu:0", "--batch", "200", "--layers", "3", "2", "--width", "320"]
    main(["train", *after, *device, "--inner", "48", "--budget", "5000"])
    run = work / "runs" / "main"
    log = (run / "log.txt").read_text()
    assert log.count("back-ru-en: ") == 2
    assert log.count("back-en-ru: ") == 2
    state = torch.load(run / "checkpoint.pt", weights_only=False)
    assert (state["shape"]["width"], state["shape"]["heads"]) == (320, 5)
    assert (state["shape"]["encoder_layers"], state["shape"]["inner"]) == (3, 48)
    assert state["progress"]["tokens"] >= 5000

    main(["train", *after, *device, "--budget", "6500"])
    again = torch.load(run / "checkpoint.pt", weights_only=False)
    assert again["progress"]["step"] > state["progress"]["step"]
    assert again["progress"]["tokens"] >= 6500
    main(["package", *after, "--average", "1", "--version", "1.1"])
    assert (work / "packages" / "translate-en_ru-1_1" / "model" / "model.bin").is_file()


def test_a_clock_counts_what_was_spent_before() -> None:
    from argparse import Namespace

    from models.training.fit_dense import clock

    made = trainer()
    made.progress.seconds = 45.0
    assert clock(Namespace(minutes=1.0), made)() == pytest.approx(0.75, abs=0.01)
    made.progress.seconds = 61.0
    assert clock(Namespace(minutes=1.0), made)() == 1.0
