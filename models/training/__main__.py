"""`python -m models.training STEP`: the recipe's commands. `all` runs every step that is not done yet."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.languages import DIRECTIONS, Direction

STEPS = (
    "prepare encoder align train package score card back-translate denoise augment teach translations hint mono all"
)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m models.training",
        description="Corpora in, packages out. Every step resumes; see models/training/README.md.",
    )
    top.add_argument("step", choices=STEPS.split())
    top.add_argument("--work", type=Path, required=True, help="folder for everything the recipe writes")
    top.add_argument("--corpora", type=Path, nargs="*", default=[], help="TSV or TMX files or folders")
    top.add_argument("--mono", type=Path, help="folder of NAME.LANG.txt[.xz]")
    top.add_argument("--exclude", type=Path, help="digests of sentences that must not be trained on")
    top.add_argument("--skip", nargs="*", default=[], help="corpora, or folders ending in /, left out")
    top.add_argument("--domains", type=Path, help="weights of the corpora (default: domains.yaml)")
    top.add_argument("--directions", nargs="*", default=[f"{d.source}-{d.target}" for d in DIRECTIONS])
    top.add_argument("--run", default="main", help="name of the run, a folder of checkpoints")
    top.add_argument("--pieces", type=int, default=32_000)
    top.add_argument("--budget", type=int, default=10_000_000, help="target tokens to train on")
    top.add_argument("--batch", type=int, help="target tokens in a batch (3,000; on a GPU 49,152 padded places a side)")
    top.add_argument("--workers", type=int, default=1, help="batches of a step, each on its own threads")
    top.add_argument("--rate", type=float, help="first rate of the matrices (0.003; on a GPU 0.0025)")
    top.add_argument("--layers", type=int, nargs=2, default=(2, 1), help="encoder and decoder layers")
    top.add_argument("--width", type=int, default=256, help="columns of the network (of another width on a GPU only)")
    top.add_argument("--inner", type=int, default=768, help="columns inside its layers")
    top.add_argument("--grow", help="begin with the weights of this run, deepened to --layers")
    top.add_argument(
        "--from-package",
        dest="package",
        type=Path,
        help="go on from this package's network, with its vocabulary and lists",
    )
    top.add_argument("--start", type=float, help="share of the schedule at which a run goes on (of a package: 0.75)")
    top.add_argument("--device", default="cpu", help="cpu or cuda")
    top.add_argument("--minutes", type=float, help="stop after this long; run again to go on. On a GPU: the whole run")
    top.add_argument("--average", type=int, default=4, help="checkpoints averaged for the package")
    top.add_argument("--no-shortlist", dest="shortlist", action="store_false", help="package without vmap.txt.xz")
    top.add_argument("--version", default="1.0")
    top.add_argument("--target", type=Path, help="where packages go, or which folder is scored")
    top.add_argument("--test", type=Path, help="folder of the test sets")
    top.add_argument("--limit", type=int, help="score or translate only so many sentences")
    top.add_argument("--epochs", type=int, default=3, help="epochs of the sentence encoder")
    top.add_argument("--columns", type=int, default=416, help="width of the sentence encoder")
    top.add_argument("--threads", type=int, default=2)
    top.add_argument("--seed", type=int, default=1)
    return top


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one step, or all of them."""
    options = parser().parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    names = ["prepare", "encoder", "align", "train", "package", "score"]
    if options.package:
        names[1:3] = ["align", "hint"]
    for name in names if options.step == "all" else [options.step]:
        if name == "score" and options.step == "all" and options.test is None:
            continue
        COMMANDS[name](options)


def recipe_of(options: argparse.Namespace) -> Any:
    """The recipe the options describe."""
    from models.training.domains import DEFAULT
    from models.training.recipe import Recipe

    return Recipe(
        work=options.work,
        sources=tuple(options.corpora),
        mono=options.mono,
        exclusion=options.exclude,
        domains=options.domains or DEFAULT,
        skip=tuple(options.skip),
        directions=tuple(Direction.parse(text) for text in options.directions),
        pieces=options.pieces,
        threads=options.threads,
        seed=options.seed,
    )


def prepare(options: argparse.Namespace) -> None:
    """Clean the corpora, train the vocabulary or take the package's, pack."""
    from models.training import recipe as steps
    from models.training.adopt import adopt

    recipe, tell = recipe_of(options), steps.teller(options.work / "log.txt")
    if options.package:
        adopt(recipe, options.package, tell)
    steps.collect(recipe, tell)
    steps.make_vocabulary(recipe, tell)
    steps.pack(recipe, tell)


def align(options: argparse.Namespace) -> None:
    """Choose the examples and align their words."""
    from models.training import recipe as steps

    recipe, tell = recipe_of(options), steps.teller(options.work / "log.txt")
    steps.make_examples(recipe, tell)


def encoder(options: argparse.Namespace) -> None:
    """Train the sentence encoder and write its folder."""
    from models import encode
    from models.training import recipe as steps
    from models.training.fit_encoder import fit

    recipe, tell = recipe_of(options), steps.teller(options.work / "log.txt")
    vectors = fit(recipe, tell, epochs=options.epochs, columns=options.columns)
    encode.save(options.target or recipe.encoder, vectors, recipe.tokenizer)


def train(options: argparse.Namespace) -> None:
    """Train the network, or go on training it."""
    from models.training import fit_network
    from models.training.recipe import teller

    folder = options.work / "runs" / options.run
    folder.mkdir(parents=True, exist_ok=True)
    if options.device == "cpu" and options.width != 256:
        raise ValueError("A network is widened on a GPU only; leave --width out, or name a --device.")
    if options.device != "cpu":
        from models.training import fit_dense

        if options.grow or options.start is not None or options.workers != 1:
            raise ValueError(
                "--grow, --start and --workers are for a processor; on a GPU go on with --from-package."
            )
        fit_dense.train(recipe_of(options), options, folder, teller(folder / "log.txt"))
        return
    stop_at = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    trainer, sets = fit_network.build(recipe_of(options), options, folder)
    tell = teller(folder / "log.txt")
    tell(f"at step {trainer.progress.step}, {trainer.progress.tokens} tokens seen")
    trainer.run(sets, folder, tell=tell, stop=lambda: time.monotonic() > stop_at)


def package(options: argparse.Namespace) -> None:
    """Average the last checkpoints, convert to 8-bit CTranslate2, write Argos packages."""
    from models import shipped
    from models.training import fit_network

    folders = fit_network.ship(recipe_of(options), options)
    shipped.write(folders[0].parent)
    sys.stdout.write("".join(f"{folder}\n" for folder in folders))


def score(options: argparse.Namespace) -> None:
    """Print BLEU and chrF2 of the packages in the target folder on every test set."""
    from models.training import score as scores

    engine = engine_of(options)
    found = []
    directions = [Direction.parse(text) for text in options.directions]
    for test in scores.open_sets(options.test, directions):
        result = scores.score(engine, scores.first(test, options.limit))
        found.append(result)
        sys.stdout.write(f"{result}\n")
        sys.stdout.flush()
    for signature in sorted({name for result in found for name in result.signatures}):
        sys.stdout.write(f"{signature}\n")
    engine.close()
    plain = [{**asdict(each), "direction": str(each.direction)} for each in found]
    (options.work / "scores.json").write_text(json.dumps(plain, indent=1) + "\n")


def card(options: argparse.Namespace) -> None:
    """Write the model card beside the packages, from what the other steps counted and measured."""
    from models.training import card as cards
    from models.training import fit_network
    from models.training.domains import Domains

    recipe = recipe_of(options)
    pairs = {"-".join(sorted((d.source.value, d.target.value))) for d in recipe.directions}
    cards.write(
        options.target or recipe.work / "packages",
        counts=json.loads((recipe.data / "counts.json").read_text(encoding="utf-8")),
        domains=Domains.load(recipe.domains),
        pairs=sorted(pairs),
        manifests=[path for path in options.corpora if path.is_dir()],
        scores=json.loads((recipe.work / "scores.json").read_text(encoding="utf-8")),
        training=fit_network.facts(recipe, options),
    )


def engine_of(options: argparse.Namespace) -> Any:
    """An engine on the packages of the target folder, or on those that ship."""
    from models.registry import Registry
    from models.translate import Engine

    folder = options.target or Registry.default_folder()
    return Engine(Registry([folder], links_within=folder))


def back_translate(options: argparse.Namespace) -> None:
    """Translate the monolingual text of each direction's target language, as new examples.

    Needs the examples of `align`, whose counts link the words of the made pairs.
    """
    from models.training.back_translate import align, write

    engine, recipe = engine_of(options), recipe_of(options)
    for direction in (Direction.parse(text) for text in options.directions):
        made = write(recipe, direction, engine, options.limit)
        sys.stdout.write(f"{made}\n{align(recipe, direction, made)}\n")
    engine.close()


def denoise(options: argparse.Namespace) -> None:
    """Write monolingual sentences beside spoilt copies of themselves, as training pairs."""
    from models.training.denoise import write

    for language in sorted({text.split("-")[1] for text in options.directions}):
        sys.stdout.write(f"{write(recipe_of(options), language, options.limit)}\n")


def augment(options: argparse.Namespace) -> None:
    """Write examples cut at marks, without their last mark, and two in one."""
    from models.training.augment import write

    for direction in (Direction.parse(text) for text in options.directions):
        sys.stdout.write(f"{write(recipe_of(options), direction, options.limit)}\n")


def teach(options: argparse.Namespace) -> None:
    """Write what a phrase-based translator makes of monolingual text, as examples both ways.

    Needs the examples of `align`.
    """
    from models.training import teacher
    from models.training.recipe import teller

    tell = teller(options.work / "log.txt")
    made = teacher.teach(recipe_of(options), options.limit, tell)
    sys.stdout.write("".join(f"{path}\n" for path in made))


def translations(options: argparse.Namespace) -> None:
    """Write the translations that were made for this project as examples of every direction.

    Needs the examples of `align`.
    """
    from models.training import translations as made
    from models.training.recipe import teller

    tell = teller(options.work / "log.txt")
    paths = made.write(recipe_of(options), tell)
    sys.stdout.write("".join(f"{path}\n" for path in paths))


def hint(options: argparse.Namespace) -> None:
    """Write the lists of rare words, and the examples with those words replaced.

    Needs the examples of `align`, and takes what the other steps made.
    """
    from models.training import rare_words
    from models.training.recipe import teller

    tell = teller(options.work / "log.txt")
    made = rare_words.teach(recipe_of(options), options.limit, tell)
    sys.stdout.write("".join(f"{path}\n" for path in made))


def mono(options: argparse.Namespace) -> None:
    """Write monolingual sentences for the network to translate itself, on a GPU.

    Needs the lists of `hint`.
    """
    from models.training.monolingual import write
    from models.training.recipe import teller

    recipe, tell = recipe_of(options), teller(options.work / "log.txt")
    sources, targets = ({getattr(d, side) for d in recipe.directions} for side in ("source", "target"))
    for language in sorted(sources & targets):
        sys.stdout.write(f"{write(recipe, language, options.limit, tell)}\n")


COMMANDS = {
    "prepare": prepare,
    "encoder": encoder,
    "align": align,
    "train": train,
    "package": package,
    "score": score,
    "card": card,
    "back-translate": back_translate,
    "denoise": denoise,
    "augment": augment,
    "teach": teach,
    "translations": translations,
    "hint": hint,
    "mono": mono,
}


if __name__ == "__main__":
    main()
