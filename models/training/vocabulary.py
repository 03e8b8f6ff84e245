"""One SentencePiece vocabulary for the three languages, and its normalisation."""

from __future__ import annotations

import random
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import sentencepiece

# Order matters: the engine and the network both count on these identifiers.
UNKNOWN, BEGIN, END, PADDING = 0, 1, 2, 3
TARGETS = {"en": "__en__", "ru": "__ru__", "uk": "__uk__"}

# Typography carries no meaning that a translation keeps; one form each saves pieces for words.
FOLD = {
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "‟": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "ʼ": "'",
    "′": "'",
    "`": "'",
    "‐": "-",
    "‑": "-",
    "‒": "–",
    "―": "—",
    "ˮ": '"',
    "″": '"',
    "−": "-",
    "⁄": "/",
    "ё": "е",
    "Ё": "Е",
    # Too rare for pieces of their own. The engine knows where ґ is written, and which word begins
    # with a capital.
    "ґ": "г",
    "Ґ": "Г",
    "Ї": "ї",
    # Letters of names, of which no decomposition gives the plain one.
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ı": "i",
    "ß": "ss",
    "æ": "ae",
    "Æ": "Ae",
    "œ": "oe",
    "Œ": "Oe",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\u200e": "",
    "\u200f": "",
    "\u2060": "",
    "\ufeff": "",
    "\u00ad": "",
    "\u0301": "",
}


def normalisation_rules() -> dict[str, str]:
    """Sequence → replacement: NFC composition, compatibility forms of NFKC, and `FOLD`.

    Latin letters lose their accents, since no vocabulary of this size has pieces for them.
    """
    rules: dict[str, str] = {}
    for code in range(0x20, 0xFFFF):
        character = chr(code)
        if unicodedata.category(character) in ("Cn", "Cs", "Co"):
            continue
        if 0xAC00 <= code <= 0xD7A3 or 0x3300 <= code <= 0xFAFF:
            continue
        compatible = "".join(FOLD.get(c, c) for c in unicodedata.normalize("NFKC", character))
        parts = unicodedata.normalize("NFD", character)
        if len(parts) > 1 and parts[0].isascii() and parts[0].isalpha():
            compatible = parts[0]
        if compatible != character:
            rules[character] = compatible
        if len(parts) == 2 and unicodedata.normalize("NFC", parts) == character:
            rules[parts] = compatible
    rules["е\u0308"] = "е"
    rules["Е\u0308"] = "Е"
    for character in "\t\r\n":
        rules[character] = " "
    rules.update(FOLD)
    return rules


def write_rules(path: Path) -> None:
    """Write the normalisation in SentencePiece's form: hexadecimal code points, tab-separated."""
    with path.open("w", encoding="utf-8") as stream:
        for source, target in sorted(normalisation_rules().items()):
            cells = (" ".join(f"{ord(c):X}" for c in side) for side in (source, target))
            stream.write("\t".join(cells) + "\n")


def sample(
    texts: Mapping[str, Iterable[tuple[str, float]]], per_language: int, *, seed: int
) -> list[str]:
    """About `per_language` sentences of each language, drawn with the given weights."""
    chosen: list[str] = []
    for number, language in enumerate(sorted(texts)):
        chance = random.Random(seed + number)
        pool = list(texts[language])
        total = sum(weight for _, weight in pool)
        for text, weight in pool:
            copies = per_language * weight / max(total, 1e-9)
            whole = int(copies) + (chance.random() < copies % 1)
            # A sentence twice is enough: more would only fit the vocabulary to a few texts.
            chosen.extend([text] * min(whole, 2))
    random.Random(seed).shuffle(chosen)
    return chosen


def train(sentences: Iterable[str], folder: Path, *, size: int, threads: int = 2) -> Path:
    """Path of a unigram SentencePiece model of `size` pieces trained on the sentences.

    Digits stand alone, so that a number is copied digit by digit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rules = folder / "normalisation.tsv"
    write_rules(rules)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_prefix=str(folder / "sentencepiece"),
        model_type="unigram",
        vocab_size=size,
        character_coverage=0.9998,
        normalization_rule_tsv=str(rules),
        remove_extra_whitespaces=True,
        split_digits=True,
        unk_id=UNKNOWN,
        bos_id=BEGIN,
        eos_id=END,
        pad_id=PADDING,
        control_symbols=list(TARGETS.values()),
        num_threads=threads,
        max_sentence_length=2000,
        seed_sentencepiece_size=400000,
        hard_vocab_limit=False,
        minloglevel=1,
    )
    made = folder / "sentencepiece.model"
    made.write_bytes(placeless(made.read_bytes()))
    return made


def placeless(model: bytes) -> bytes:
    """The same model without the names of the folders it was trained in."""
    from sentencepiece import sentencepiece_model_pb2

    proto: Any = sentencepiece_model_pb2
    whole = proto.ModelProto.FromString(model)
    whole.trainer_spec.ClearField("model_prefix")
    whole.normalizer_spec.ClearField("normalization_rule_tsv")
    made: bytes = whole.SerializeToString()
    return made


def renewed(model: bytes) -> bytes:
    """The same model with the normalisation of this module; its pieces stay.

    SentencePiece compiles rules only as it trains, so a model of a few letters is trained for them.
    """
    from sentencepiece import sentencepiece_model_pb2

    proto: Any = sentencepiece_model_pb2
    with tempfile.TemporaryDirectory() as folder:
        tiny = train(["a b c d e f"], Path(folder), size=20).read_bytes()
    whole = proto.ModelProto.FromString(model)
    compiled = proto.ModelProto.FromString(tiny).normalizer_spec.precompiled_charsmap
    whole.normalizer_spec.precompiled_charsmap = compiled
    return placeless(whole.SerializeToString())


def load(path: Path) -> sentencepiece.SentencePieceProcessor:
    """The SentencePiece model at the path."""
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def all_pieces(processor: sentencepiece.SentencePieceProcessor) -> list[str]:
    """The pieces of a model, each at the place of its identifier."""
    return [processor.id_to_piece(number) for number in range(processor.get_piece_size())]
