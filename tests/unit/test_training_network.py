"""The recipe's networks: they convert exactly, start as word-for-word translators, resume."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.languages import Direction
from models.training import packing
from models.training.align_words import AlignOptions
from models.training.examples import Examples
from models.training.tag_examples import SPECIAL_UNITS, TagExamples

torch = pytest.importorskip("torch", reason="torch is a training extra: pip install '.[training]'")

PIECES = ["<unk>", "<s>", "</s>", "<pad>", "__en__", *(f"▁w{n}" for n in range(20))]


def tagger() -> Any:
    """A small tagging network with random weights everywhere."""
    from models.training.tagger import Tagger, TagShape

    torch.manual_seed(3)
    units = (*SPECIAL_UNITS, *(f"▁u{n}" for n in range(15)))
    network = Tagger(TagShape(len(PIECES), units, width=128, heads=2, inner=64))
    with torch.no_grad():
        network.bias.normal_()
        network.bias[2] = -4.0
    return network.eval()


def spoken(network: Any, source: list[int]) -> list[str]:
    """What the tagging network says greedily, one unit a source piece, the end among them."""
    from models.training.vocabulary import END

    memory = network.encode(torch.tensor([[*source, END]]), torch.zeros(1, len(source) + 1).bool())
    before = [1, 3]
    for _ in range(len(source) + 1):
        states = network.decode(memory, torch.tensor([before]))
        before.append(int(network.logits(states[:, -1]).argmax()))
        if before[-1] == 2:
            break
    said = before[2:-1] if before[-1] == 2 else before[2:]
    return [network.shape.units[number] for number in said]


def test_a_tagging_network_converts_exactly(tmp_path: Path) -> None:
    import ctranslate2

    from models.training.convert import convert

    network = tagger()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    convert(network, PIECES, tmp_path / "model", quantization=None)
    translator = ctranslate2.Translator(str(tmp_path / "model"), compute_type="float32")
    chance = np.random.default_rng(1)
    for length in (1, 3, 9, 17):
        source = chance.integers(5, len(PIECES), length).tolist()
        result = translator.translate_batch(
            [[PIECES[i] for i in source]],
            target_prefix=[["__en__"]],
            beam_size=1,
            max_decoding_length=length + 2,
            return_attention=True,
        )[0]
        wanted = spoken(network, source)
        assert result.hypotheses[0][1 : len(wanted) + 1] == wanted
        # The attention CTranslate2 shows is the place each unit was read from.
        places = np.array(result.attention[0])[1 : len(wanted) + 1].argmax(axis=1)
        assert places.tolist()[: len(source)] == list(range(min(len(wanted), len(source))))
    after = network.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())


def test_a_full_network_converts_exactly(tmp_path: Path) -> None:
    import ctranslate2

    from models.training.convert import convert
    from models.training.network import Network, Shape
    from models.training.train import translate

    torch.manual_seed(5)
    targets = (1, 2, 3, 4, *range(5, 25))
    shape = Shape(len(PIECES), targets, width=128, heads=2, inner=64, decoder_layers=2)
    network = Network(shape).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    convert(network, PIECES, tmp_path / "model", quantization=None)
    translator = ctranslate2.Translator(str(tmp_path / "model"), compute_type="float32")
    source = [7, 9, 11, 8, 20]
    ours = translate(network, [source], 4, longest=12)[0]
    result = translator.translate_batch(
        [[PIECES[i] for i in source]],
        target_prefix=[["__en__"]],
        beam_size=1,
        max_decoding_length=13,
    )[0]
    theirs = result.hypotheses[0][1:]
    assert theirs[: len(ours)] == [PIECES[i] for i in ours]


def test_muon_moves_all_directions_alike() -> None:
    from models.training.muon import orthogonal

    torch.manual_seed(1)
    move = orthogonal(torch.randn(2, 24, 60), steps=8)
    values = torch.linalg.svdvals(move)
    assert values.min() > 0.5
    assert values.max() < 1.4


def test_sampled_candidates_hold_their_number() -> None:
    from models.training.train import sampling

    share = torch.rand(5000) ** 4
    share /= share.sum()
    chosen = sampling(share, 800)
    assert 760 < float(chosen.sum()) < 840
    assert float(sampling(share, 0).min()) == 1


def tag_set() -> TagExamples:
    """Sentences in which piece n is always said as unit n."""
    chance = np.random.default_rng(2)
    rows = [chance.integers(5, 20, 6).tolist() for _ in range(200)]
    side = packing.ragged(rows)
    ones = np.ones(len(rows), dtype=np.float32)
    return TagExamples(side, side.flat.astype(np.int32), ones, ones)


def trainer(seed: int = 1) -> Any:
    """A trainer of a small tagging network."""
    from models.training.tag_train import TagTrainer
    from models.training.train import TrainOptions

    options = TrainOptions(
        budget=12_000, tokens=200, pool=4, rate=1e-2, warmup=4, save_seconds=0, seed=seed
    )
    return TagTrainer(tagger().train(), np.full(20, 0.05), options)


def test_training_learns_and_resumes_exactly(tmp_path: Path) -> None:
    lines: list[str] = []
    whole = trainer()
    whole.run([tag_set()], tmp_path / "whole", tell=lines.append)
    losses = [float(line.split("loss ")[1].split()[0]) for line in lines]
    assert losses[-1] < losses[0] / 2

    pieces = iter([False, False, False, True])
    first = trainer()
    first.run([tag_set()], tmp_path / "parts", tell=lines.append, stop=lambda: next(pieces))
    second = trainer(seed=9)
    assert second.load(tmp_path / "parts")
    second.run([tag_set()], tmp_path / "parts", tell=lines.append)
    assert second.progress.step == whole.progress.step
    for name, value in whole.network.state_dict().items():
        torch.testing.assert_close(value, second.network.state_dict()[name])


def test_the_mean_of_checkpoints(tmp_path: Path) -> None:
    from models.training.average import average

    networks = [tagger(), tagger()]
    with torch.no_grad():
        networks[1].bias += 2
    paths = []
    for number, network in enumerate(networks):
        paths.append(tmp_path / f"weights-{number}.pt")
        state = {"shape": network.shape.as_dict(), "network": network.state_dict()}
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
    (mono / "news.en.txt").write_text("".join(f"{en}\n" for en, _ in rows), encoding="utf-8")
    work = tmp_path / "work"
    common = ["--work", str(work), "--corpora", str(source), "--directions", "ru-en"]
    common += ["--mono", str(mono), "--pieces", "150", "--units", "60", "--inner", "32"]
    small = ["--budget", "2000", "--batch", "200", "--epochs", "1", "--columns", "260"]
    main(["all", *common, *small])

    packages = work / "packages"
    folder = packages / "translate-ru_en-1_0"
    translator = ctranslate2.Translator(str(folder / "model"))
    assert translator.translate_batch([["▁порт"]], target_prefix=[["__en__"]])[0].hypotheses

    main(["denoise", *common])
    assert len(Examples.load(work / "data" / "examples.en-en.npz").source) > 0
    main(["train", *common, *small, "--kind", "transformer", "--run", "full"])
    main(["package", *common, "--run", "full", "--target", str(tmp_path / "full")])
    assert (tmp_path / "full" / "translate-ru_en-1_0" / "model" / "model.bin").is_file()


def test_directions_and_options_have_defaults() -> None:
    from models.training.recipe import Recipe

    recipe = Recipe(Path("work"))
    assert recipe.directions == (Direction.parse("ru-en"), Direction.parse("uk-en"))
    assert recipe.align == AlignOptions()
