"""The recipe's network: it converts exactly, starts as a word-for-word translator, resumes."""

from __future__ import annotations

import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.languages import DIRECTIONS
from models.training import packing
from models.training.align_words import NONE, AlignOptions
from models.training.examples import Examples

torch = pytest.importorskip("torch", reason="torch is a training extra: pip install '.[training]'")

PIECES = ["<unk>", "<s>", "</s>", "<pad>", "__en__", *(f"▁w{n}" for n in range(40))]
PREFIX = 4


def network(seed: int = 3, decoder_layers: int = 1) -> Any:
    """A small network with random weights everywhere."""
    from models.training.network import Network, Shape

    torch.manual_seed(seed)
    shape = Shape(len(PIECES), width=128, heads=2, inner=64, decoder_layers=decoder_layers)
    made = Network(shape)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return made.eval()


def test_a_network_converts_exactly_and_stores_its_table_once(tmp_path: Path) -> None:
    import ctranslate2

    from models.training.convert import convert
    from models.training.train import translate

    made = network(5, decoder_layers=2)
    before = {name: value.clone() for name, value in made.state_dict().items()}
    convert(made, PIECES, tmp_path / "model", quantization=None)
    translator = ctranslate2.Translator(str(tmp_path / "model"), compute_type="float32")
    source = [7, 9, 11, 8, 20]
    ours = translate(made, [source], PREFIX, longest=12)[0]
    result = translator.translate_batch(
        [[PIECES[i] for i in source]],
        target_prefix=[["__en__"]],
        beam_size=1,
        max_decoding_length=13,
        return_attention=True,
    )[0]
    assert result.hypotheses[0][1:][: len(ours)] == [PIECES[i] for i in ours]
    assert np.array(result.attention[0]).shape[1] == len(source)
    after = made.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    once = 4 * sum(p.numel() for p in made.parameters())
    assert (tmp_path / "model" / "model.bin").stat().st_size < once + 4 * made.table.weight.numel()


def test_a_package_s_network_is_read_back(tmp_path: Path) -> None:
    from models.training.convert import convert
    from models.training.restore import network as restored

    made = network(5, decoder_layers=2)
    with torch.no_grad():
        made.entry.fill_(9.0)
    source, before = torch.randint(5, 40, (3, 9)), torch.randint(5, 40, (3, 6))
    absent = torch.zeros(3, 9, dtype=torch.bool)
    for quantization, near in ((None, 1e-4), ("int8", 0.1)):
        convert(made, PIECES, tmp_path / f"{quantization}", quantization=quantization)
        again = restored(tmp_path / f"{quantization}").eval()
        assert again.shape.encoder_layers == 2
        assert again.shape.decoder_layers == 2
        with torch.no_grad():
            expected, found = (
                each.logits(each.decode(each.encode(source, absent), absent, before)[0])
                for each in (made, again)
            )
        scale = expected.std()
        torch.testing.assert_close(found[..., 4:], expected[..., 4:], rtol=0, atol=near * scale)
        # What must not be said is unlikely, not impossible: a text may hold it.
        assert (again.bias[[0, 1, 3]] == -14).all()


@pytest.mark.parametrize("damage", ["missing", "cut", "other", "empty"])
def test_a_file_that_is_no_network_of_ours_is_named(tmp_path: Path, damage: str) -> None:
    from models.training.convert import convert
    from models.training.restore import network as restored

    convert(network(), PIECES, tmp_path)
    path = tmp_path / "model.bin"
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-2000])
    elif damage == "other":
        path.write_bytes(path.read_bytes().replace(b"TransformerSpec", b"WhisperSpec\0\0\0\0"))
    else:
        path.write_bytes(b"")
    with pytest.raises(ValueError, match=r"no network of this recipe .* Name the folder"):
        restored(tmp_path)


def test_a_network_starts_as_a_word_for_word_translator() -> None:
    from models.training.network import Network, Shape, start_from_lexicon
    from models.training.vocabulary import END

    torch.manual_seed(1)
    made = Network(Shape(len(PIECES), width=256)).eval()
    rows = torch.randn(len(PIECES), 208)
    # Piece 5 + n and piece 25 + n translate each other.
    rows[25:45] = rows[5:25] + 0.1 * torch.randn(20, 208)
    start_from_lexicon(made, rows, torch.zeros(len(PIECES)))
    source = [8, 17, 12, 6, 20]
    memory = made.encode(torch.tensor([[*source, END]]), torch.zeros(1, 6).bool())
    before = torch.tensor([[1, PREFIX, *(piece + 20 for piece in source[:-1])]])
    states, _ = made.decode(memory, torch.zeros(1, 6).bool(), before)
    scores = made.logits(states[0])[:, 25:45]
    said = [int(piece) + 5 for piece in scores.argmax(-1)]
    # Where it looks is rough before training; what it says is a translation of what it sees.
    assert set(said) <= set(source)
    assert said[0] == source[0]


def test_muon_moves_all_directions_alike() -> None:
    from models.training.muon import orthogonal

    torch.manual_seed(1)
    move = orthogonal(torch.randn(2, 24, 60), steps=8)
    values = torch.linalg.svdvals(move)
    assert values.min() > 0.5
    assert values.max() < 1.4


def test_adam_by_rows_is_adam_on_the_rows_it_touches() -> None:
    from models.training.row_adam import RowAdam

    torch.manual_seed(2)
    table = torch.randn(30, 4)
    whole = table.clone().requires_grad_(True)
    adam = torch.optim.Adam([whole], lr=0.1, betas=(0.9, 0.98))
    by_rows = RowAdam(table, betas=(0.9, 0.98))
    pieces = torch.tensor([3, 7, 7, 21])
    untouched = table[5].clone()
    for _ in range(3):
        adam.zero_grad()
        (whole[pieces] ** 2).sum().backward()
        adam.step()
        rows = by_rows.gather([pieces])
        (rows.values[rows.of(pieces)] ** 2).sum().backward()
        by_rows.step(rows, 0.1)
    torch.testing.assert_close(table[[3, 7, 21]], whole.detach()[[3, 7, 21]])
    assert torch.equal(table[5], untouched)


def test_sampled_candidates_hold_their_number_and_the_source() -> None:
    from models.training.sampler import Sampler, sampling

    share = torch.rand(5000) ** 4
    share /= share.sum()
    assert 760 < float(sampling(share, 800).sum()) < 840
    whole = Sampler.of(share.double().numpy(), {0: share.double().numpy()}, 0)
    assert len(whole.draw(torch.tensor([1]), torch.tensor([2]))[0]) == 5000
    sampler = Sampler.of(share.double().numpy(), {0: share.double().numpy()}, 300)
    rare = int(share.argmin())
    candidates, chance = sampler.draw(torch.tensor([17]), torch.tensor([[rare]]))
    assert {17, rare} <= set(candidates.tolist())
    assert len(candidates) < 1000
    assert float(chance[candidates == rare]) == 0


def copies() -> Examples:
    """Sentences in which piece n is always translated as piece n + 20."""
    chance = np.random.default_rng(2)
    rows = [chance.integers(5, 25, 6).tolist() for _ in range(200)]
    source = packing.ragged(rows)
    target = packing.ragged([[piece + 20 for piece in row] for row in rows])
    links = np.tile(np.arange(6, dtype=np.uint8), len(rows))
    ones = np.ones(len(rows), dtype=np.float32)
    return Examples(source, target, links, ones, ones, PREFIX)


def trainer(seed: int = 1, workers: int = 1) -> Any:
    """A trainer of a small network."""
    from models.training.train import Trainer, TrainOptions

    options = TrainOptions(
        budget=12_000, tokens=200, pool=4, rate=1e-2, table_rate=1e-2, warmup=4,
        candidates=20, save_seconds=0, seed=seed, workers=workers,
    )  # fmt: skip
    return Trainer(network().train(), {PREFIX: np.full(len(PIECES), 1 / len(PIECES))}, options)


def test_training_learns_and_resumes_exactly(tmp_path: Path) -> None:
    lines: list[str] = []
    whole = trainer()
    whole.run([copies()], tmp_path / "whole", tell=lines.append)
    losses = [float(line.split("loss ")[1].split()[0]) for line in lines]
    assert losses[-1] < losses[0] / 2

    pieces = iter([False, False, False, True])
    first = trainer()
    first.run([copies()], tmp_path / "parts", tell=lines.append, stop=lambda: next(pieces))
    second = trainer(seed=9)
    assert second.load(tmp_path / "parts")
    second.run([copies()], tmp_path / "parts", tell=lines.append)
    assert second.progress.step == whole.progress.step
    for name, value in whole.network.state_dict().items():
        torch.testing.assert_close(value, second.network.state_dict()[name])


def test_two_workers_learn_the_same_twice(tmp_path: Path) -> None:
    losses: list[str] = []
    made = []
    for number in range(2):
        made.append(trainer(workers=2))
        made[-1].run([copies()], tmp_path / str(number), tell=losses.append)
    first, last = (float(losses[n].split("loss ")[1].split()[0]) for n in (0, -1))
    assert last < first / 2
    for name, value in made[0].network.state_dict().items():
        torch.testing.assert_close(value, made[1].network.state_dict()[name], rtol=0, atol=0)
    assert made[0].progress.step < 12_000 / 200, "two batches a step"


def test_a_run_takes_what_its_budget_asks_for(tmp_path: Path) -> None:
    from dataclasses import replace as changed

    made = trainer()
    made.options = changed(made.options, budget=500, pool=40)
    made.run([copies()], tmp_path, tell=lambda _: None)
    assert 500 <= made.progress.tokens < 900
    examples = copies()
    light = changed(examples, weight=0 * examples.weight)
    made.progress.tokens = 0
    with pytest.raises(ValueError, match="give the corpora weights"):
        made.run([light], tmp_path, tell=lambda _: None)


def test_a_run_that_goes_on_from_trained_weights_begins_late(tmp_path: Path) -> None:
    from models.training.fit_network import resumed
    from models.training.train import Trainer, TrainOptions

    options = TrainOptions(budget=1000, start=0.75, candidates=20)
    share = {PREFIX: np.full(len(PIECES), 1 / len(PIECES))}
    made = Trainer(network().train(), share, options)
    assert made.share() == 0.75
    assert made.plan().last
    assert made.plan().longest == 64
    made.progress.tokens = 500
    assert made.share() == 0.875
    made.save(tmp_path)
    checkpoint = tmp_path / "checkpoint.pt"
    assert resumed(checkpoint, share, TrainOptions(budget=1000)).share() == 0.875
    assert resumed(checkpoint, share, TrainOptions(budget=1000), 0.5).share() == 0.75


def test_the_mean_of_checkpoints(tmp_path: Path) -> None:
    from models.training.average import average

    networks = [network(), network()]
    with torch.no_grad():
        networks[1].bias += 2
    paths = []
    for number, made in enumerate(networks):
        paths.append(tmp_path / f"weights-{number}.pt")
        state = {"shape": made.shape.as_dict(), "network": made.state_dict()}
        torch.save(state, paths[-1])
    mean = average(paths)
    torch.testing.assert_close(mean.bias, networks[0].bias + 1)
    with pytest.raises(ValueError, match="train for longer"):
        average([])


SENTENCES = [
    ("the red ship left the old port", "красный корабль покинул старый порт"),
    ("the minister spoke about the budget", "министр говорил о бюджете"),
    ("three ships sank near the coast", "три корабля затонули у берега"),
    ("the old minister left", "старый министр ушел"),
    ("the port is closed", "порт закрыт"),
    ("the budget is old", "бюджет старый"),
    ("he spoke about 25 ships", "он говорил о 25 кораблях"),
    ("the coast is near the port", "берег у порта"),
]


def test_the_recipe_from_a_users_file_to_packages(tmp_path: Path) -> None:
    """Every step on a corpus of a few lines: one command, packages that translate."""
    import ctranslate2

    from models.training.__main__ import main

    rows = SENTENCES * 6
    text = "".join(f"{en} {n}\t{ru} {n}\n" for n, (en, ru) in enumerate(rows))
    source = tmp_path / "mine.en-ru.tsv"
    source.write_text(text, encoding="utf-8")
    mono = tmp_path / "mono"
    mono.mkdir()
    # Many, since most of what such a network says of them is in doubt.
    news = [f"{one} and {other}" for one, _ in SENTENCES for other, _ in SENTENCES]
    news += [en for en, _ in SENTENCES] + [word for en, _ in SENTENCES for word in en.split()]
    (mono / "news.en.txt").write_text("".join(f"{text}\n" for text in news), encoding="utf-8")
    work = tmp_path / "work"
    common = ["--work", str(work), "--corpora", str(source), "--directions", "ru-en", "en-ru"]
    common += ["--mono", str(mono), "--pieces", "150", "--inner", "32"]
    small = ["--budget", "2000", "--batch", "200", "--epochs", "1", "--columns", "260"]
    small += ["--threads", "1"]
    main(["all", *common, *small])

    packages = work / "packages"
    folder = packages / "translate-ru_en-1_0"
    translator = ctranslate2.Translator(str(folder / "model"))
    assert translator.translate_batch([["▁порт"]], target_prefix=[["__en__"]])[0].hypotheses

    main(["denoise", *common, "--directions", "ru-en"])
    with pytest.raises(ValueError, match=r"no sentence of ru in"):
        main(["denoise", *common, "--directions", "en-ru"])
    assert len(Examples.load(work / "data" / "examples.en-en.npz").source) > 0
    with pytest.raises(ValueError, match="can be varied"):
        main(["augment", *common, "--directions", "en-ru", "--limit", "1"])
    main(["augment", *common, "--directions", "ru-en"])
    assert len(Examples.load(work / "data" / "examples.varied-ru-en.npz").source) > 0
    main(["train", *common, *small, "--run", "denoised"])
    main(["package", *common, "--run", "denoised", "--target", str(tmp_path / "denoised")])
    assert (tmp_path / "denoised" / "translate-en_ru-1_0" / "model" / "model.bin").is_file()

    main(["back-translate", *common, "--target", str(packages), "--limit", "96"])
    made = Examples.load(work / "data" / "examples.back-ru-en.npz")
    assert {int(made.source[i][0]) for i in range(len(made.source))} == {made.prefix}
    assert all(made.links[made.links != NONE] > 0), "no word is linked to the tag"
    deeper = ["--budget", "3000", "--layers", "3", "2", "--grow", "denoised"]
    main(["train", *common, *small, *deeper, "--run", "deeper"])
    main(["package", *common, "--run", "deeper", "--target", str(tmp_path / "deeper")])
    assert (tmp_path / "deeper" / "translate-en_ru-1_0" / "model" / "model.bin").is_file()


def test_going_on_from_a_package_with_a_file_of_ones_own(tmp_path: Path) -> None:
    """The package's vocabulary, lists and shortlists are taken; its network is not forgotten."""
    import json

    from models.training.__main__ import main

    rows = SENTENCES * 6
    source = tmp_path / "mine.en-ru.tsv"
    lines = (f"{en} {n}\t{ru} {n}\n" for n, (en, ru) in enumerate(rows))
    source.write_text("".join(lines), encoding="utf-8")
    small = ["--corpora", str(source), "--directions", "ru-en", "en-ru", "--pieces", "150"]
    small += ["--inner", "32", "--budget", "2000", "--batch", "200"]
    small += ["--epochs", "1", "--threads", "1"]
    main(["all", *small, "--columns", "260", "--work", str(tmp_path / "first")])
    packages = tmp_path / "first" / "packages"
    card = {"training": {"tokens seen": 2000}}
    (packages / "card.json").write_text(json.dumps(card), encoding="utf-8")
    folder = packages / "translate-ru_en-1_0"
    listed = lzma.compress("Эльсинор\tElsinore\n".encode())
    for name in ("ru_en", "en_ru"):
        (packages / f"translate-{name}-1_0" / "rare_words.tsv.xz").write_bytes(listed)

    own = tmp_path / "own.en-ru.tsv"
    own.write_text("the port is open\tпорт открыт\n" + source.read_text(), encoding="utf-8")
    work = tmp_path / "second"
    after = ["--work", str(work), "--corpora", str(own), *small[2:], "--version", "1.1"]
    main(["all", *after, "--from-package", str(folder), "--layers", "3", "1"])
    made = work / "packages" / "translate-ru_en-1_1"
    assert (made / "sentencepiece.model").read_bytes() == (
        folder / "sentencepiece.model"
    ).read_bytes()
    words = lzma.decompress((made / "rare_words.tsv.xz").read_bytes()).decode().splitlines()
    assert "Эльсинор\tElsinore" in words
    assert (work / "data" / "hinted.ru-en.npz").exists()
    known, now = (
        lzma.decompress((each / "model" / "vmap.txt.xz").read_bytes()).decode()
        for each in (folder, made)
    )
    assert {line.split("\t")[0] for line in known.splitlines()} <= {
        line.split("\t")[0] for line in now.splitlines()
    }
    state = torch.load(work / "runs" / "main" / "checkpoint.pt", weights_only=False)
    assert state["shape"]["encoder_layers"] == 3
    assert state["progress"]["earlier"] == 2000
    assert state["options"]["start"] == 0.75
    # Run again without naming the package, it goes on as it was.
    main(["train", *after, "--budget", "2600"])
    state = torch.load(work / "runs" / "main" / "checkpoint.pt", weights_only=False)
    assert state["progress"]["tokens"] >= 2600
    assert state["options"]["start"] == 0.75

    with pytest.raises(ValueError, match="no package of this recipe"):
        main(["prepare", *after, "--from-package", str(tmp_path)])
    (work / "vocabulary" / "sentencepiece.model").write_bytes(b"another")
    with pytest.raises(ValueError, match=r"in a fresh --work folder"):
        main(["prepare", *after, "--from-package", str(folder)])


@pytest.mark.parametrize("layers", [(2, 1), (3, 1), (4, 2)])
def test_a_grown_network_begins_by_saying_the_same(layers: tuple[int, int]) -> None:
    from models.training.growth import grow

    small = network().eval()
    grown = grow(small, *layers).eval()
    source, before = torch.randint(4, 40, (3, 9)), torch.randint(4, 40, (3, 6))
    absent = torch.zeros(3, 9, dtype=torch.bool)
    absent[1, 5:] = True
    with torch.no_grad():
        expected, _ = small.decode(small.encode(source, absent), absent, before)
        found, _ = grown.decode(grown.encode(source, absent), absent, before)
    assert torch.allclose(found, expected, atol=1e-5)
    assert (len(grown.encoder), len(grown.decoder)) == layers
    with pytest.raises(ValueError, match="can only grow"):
        grow(small, 1, 1)


def test_directions_and_options_have_defaults() -> None:
    from models.training.recipe import Recipe

    recipe = Recipe(Path("work"))
    assert recipe.directions == DIRECTIONS
    assert recipe.align == AlignOptions()
