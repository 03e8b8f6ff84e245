"""Tiny Argos packages, built in seconds: one of each official generation, and one that translates.

`random_package` has random weights: what it says means nothing, and is the same every time.
`dictionary_package` has weights set by hand so that it translates word by word with a given
dictionary and copies everything else, which makes the engine's text visible in a test.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import ctranslate2
import numpy as np
import sentencepiece

Generation = Literal["sentencepiece", "bpe", "legacy"]

LINES = {
    "ru": [
        "Президент подписал закон о бюджете на новый год.",
        "Министр обороны сообщил о потерях, пишет газета.",
        "В городе слышали взрывы, власти молчат: «Всё под контролем».",
        "Курс доллара вырос до 95 рублей; цены тоже растут!",
    ],
    "uk": [
        "Президент підписав закон про бюджет на новий рік.",
        "Міністр оборони повідомив про втрати, пише газета.",
        "У місті чули вибухи, влада мовчить: «Усе під контролем».",
        "Курс долара зріс до 41 гривні; ціни теж ростуть!",
    ],
    "en": [
        "The president signed the budget law for the new year.",
        "The defence minister reported losses, the newspaper writes.",
        "Explosions were heard in the city, the authorities say nothing: “All under control”.",
        "The dollar rose to 95 roubles; prices are rising too!",
    ],
}


def random_package(
    parent: Path,
    source: str = "ru",
    target: str = "en",
    *,
    generation: Generation = "sentencepiece",
    seed: int = 1,
    layers: int = 1,
    width: int = 64,
    pieces: int = 160,
    quantization: str = "int8",
    target_prefix: str = "",
) -> Path:
    """An unpacked package with random weights in the layout of one official generation."""
    folder = (
        parent
        / {
            "sentencepiece": f"translate-{source}_{target}-1_9",
            "bpe": f"translate-{source}_{target}-1_9",
            "legacy": f"{source}_{target}",
        }[generation]
    )
    folder.mkdir(parents=True)
    if generation == "bpe":
        vocabulary = _write_bpe(folder, source, target)
    else:
        learnt = _write_sentencepiece(folder, source, target, pieces)
        vocabulary = ["<unk>", "<blank>", "<s>", "</s>", *learnt]
    if target_prefix:
        vocabulary.append(target_prefix)
    spec = ctranslate2.specs.TransformerSpec.from_config((layers, layers), num_heads=8)
    generator = np.random.default_rng(seed)
    _fill(spec, len(vocabulary), width, generator)
    _save(spec, folder, vocabulary, quantization, eos=generation == "bpe")
    if generation == "legacy":
        # The older layout has no config.json and says so in the format number at the head.
        weights = (folder / "model" / "model.bin").read_bytes()
        (folder / "model" / "model.bin").write_bytes(struct.pack("<I", 5) + weights[4:])
        (folder / "model" / "config.json").unlink()
        (folder / "model" / "shared_vocabulary.json").unlink()
        text = "".join(f"{token}\n" for token in vocabulary)
        (folder / "model" / "shared_vocabulary.txt").write_text(text, encoding="utf-8")
    _write_metadata(
        folder, source, target, "1.4" if generation == "legacy" else "1.9", target_prefix
    )
    if generation == "sentencepiece":
        # Official packages carry pickled files of a sentence splitter; nobody may open them.
        pickled = folder / "stanza" / source / "tokenize" / "x.pt"
        pickled.parent.mkdir(parents=True)
        pickled.write_bytes(b"\x80\x04cos\nsystem\n(S'false'\ntR.")
    return folder


def dictionary_package(
    parent: Path,
    words: Mapping[str, str],
    source: str = "ru",
    target: str = "en",
    *,
    positions: int = 300,
    characters: str = "",
) -> Path:
    """An unpacked package that puts `words[w]` for each word `w` and copies other characters.

    Words are matched as written, after a space or at the beginning. Sentences longer than
    `positions` tokens make the network fail, as one with learnt positions does.
    """
    folder = parent / f"translate-{source}_{target}-2_0"
    folder.mkdir(parents=True)
    known = sorted({f"▁{w}" for pair in words.items() for w in pair})
    text = [
        "".join(chr(c) for c in range(33, 127)),
        "«»“”—–…’№%",
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    ]
    text += ["АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ", "ёЁіІїЇєЄґҐ", characters, *words, *words.values()]
    learnt = _train(folder, [" ".join(line) for line in text if line], 5000, known)
    vocabulary = ["<unk>", "<blank>", "<s>", "</s>", *learnt]
    spec = ctranslate2.specs.TransformerSpec.from_config((1, 1), num_heads=1)
    index = {token: number for number, token in enumerate(vocabulary)}
    goes_to = list(range(len(vocabulary)))
    for word, translation in words.items():
        goes_to[index[f"▁{word}"]] = index[f"▁{translation}"]
    _word_for_word(spec, goes_to, positions, width=384, heads=1)
    _save(spec, folder, vocabulary, None, eos=True)
    _write_metadata(folder, source, target, "2.0", "")
    return folder


def copying_package(
    parent: Path,
    lines: list[str],
    source: str = "ru",
    target: str = "en",
    *,
    layers: int = 6,
    vocabulary_size: int = 50_000,
) -> Path:
    """A package with the shape and cost of an official one (6+6 layers of 512) that copies.

    Its targets are as long as its sources, so that what it takes to translate is what a real
    network takes, which random weights would not give.
    """
    folder = parent / f"translate-{source}_{target}-1_9"
    folder.mkdir(parents=True)
    learnt = _train(folder, lines, min(vocabulary_size, 30_000), [])
    vocabulary = ["<unk>", "<blank>", "<s>", "</s>", *learnt]
    vocabulary += [f"<unused{number}>" for number in range(vocabulary_size - len(vocabulary))]
    spec = ctranslate2.specs.TransformerSpec.from_config((layers, layers), num_heads=8)
    _word_for_word(spec, list(range(len(vocabulary))), 1024, width=512, heads=8, noise=0.01)
    _save(spec, folder, vocabulary, "int8", eos=True)
    _write_metadata(folder, source, target, "1.9", "")
    return folder


def archive(folder: Path, into: Path | None = None) -> Path:
    """The package as an `.argosmodel` file: a zip of its one folder."""
    path = (into or folder.parent) / f"{folder.name}.argosmodel"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                file.write(each, Path(folder.name) / each.relative_to(folder))
    return path


def _save(
    spec: ctranslate2.specs.TransformerSpec,
    folder: Path,
    vocabulary: list[str],
    quantization: str | None,
    *,
    eos: bool,
) -> None:
    spec.config.add_source_bos = False
    spec.config.add_source_eos = eos
    spec.config.decoder_start_token = "<s>"
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    spec.optimize(quantization=quantization)
    model = folder / "model"
    model.mkdir()
    spec.save(str(model))


def _write_metadata(folder: Path, source: str, target: str, version: str, prefix: str) -> None:
    names = {"ru": "Russian", "uk": "Ukranian", "en": "English"}
    metadata: dict[str, object] = {
        "package_version": version,
        "argos_version": version,
        "from_code": source,
        "from_name": names[source],
        "to_code": target,
        "to_name": names[target],
        "reference": "built for a test",
    }
    if prefix:
        metadata["target_prefix"] = prefix
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")


def _write_sentencepiece(folder: Path, source: str, target: str, pieces: int) -> list[str]:
    return _train(folder, LINES[source] + LINES[target], pieces, [])


def _train(folder: Path, lines: list[str], pieces: int, symbols: list[str]) -> list[str]:
    """Write `sentencepiece.model`; give its pieces without the special ones."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        vocab_size=pieces,
        model_type="char" if symbols else "unigram",
        character_coverage=1.0,
        hard_vocab_limit=False,
        user_defined_symbols=symbols,
        minloglevel=2,
    )
    (folder / "sentencepiece.model").write_bytes(model.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    names = [processor.id_to_piece(number) for number in range(len(processor))]
    return [name for name in names if name not in {"<unk>", "<s>", "</s>"}]


def _write_bpe(folder: Path, source: str, target: str) -> list[str]:
    """Write `bpe.model` (subword-nmt merges over Moses tokens); give the vocabulary."""
    from argostranslate.tokenizer import BPETokenizer

    merges = [
        "п р",
        "т о",
        "с т",
        "t h",
        "th e</w>",
        "о в",
        "е н",
        "н а",
        "i n",
        "е т",
        "л а",
        "s i",
    ]
    path = folder / "bpe.model"
    path.write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    tokenizer = BPETokenizer(path, source, target)
    tokens = {token for line in LINES[source] + LINES[target] for token in tokenizer.encode(line)}
    letters = {letter for token in tokens for letter in token.replace("@@", "")}
    pieces = tokens | letters | {f"{letter}@@" for letter in letters}
    extra = ["&apos;s", "&quot;", "@-@", "<pad>"]
    return ["</s>", "<unk>", ".", ",", *sorted(pieces - {".", ","}), *extra, "<s>"]


def _fill(
    spec: ctranslate2.specs.TransformerSpec, words: int, width: int, generator: np.random.Generator
) -> None:
    """Random weights of the right shapes."""

    def weight(*shape: int) -> np.ndarray:
        return generator.normal(0, shape[-1] ** -0.5, shape).astype(np.float32)

    _shape(spec, words, words, width, 4 * width, weight)


def _shape(spec, source, target, width, inner, weight):  # type: ignore[no-untyped-def]
    """Give every part of the network a weight of its shape, norms 1 and biases 0."""

    def norm(part):  # type: ignore[no-untyped-def]
        part.gamma = np.ones(width, np.float32)
        part.beta = np.zeros(width, np.float32)

    def linear(part, rows, columns):  # type: ignore[no-untyped-def]
        part.weight = weight(rows, columns)
        part.bias = np.zeros(rows, np.float32)

    def feed_forward(part):  # type: ignore[no-untyped-def]
        norm(part.layer_norm)
        linear(part.linear_0, inner, width)
        linear(part.linear_1, width, inner)

    encoder, decoder = spec.encoder, spec.decoder
    encoder.embeddings[0].weight = weight(source, width)
    decoder.embeddings.weight = weight(target, width)
    linear(decoder.projection, target, width)
    norm(encoder.layer_norm)
    norm(decoder.layer_norm)
    for layer in encoder.layer:
        norm(layer.self_attention.layer_norm)
        linear(layer.self_attention.linear[0], 3 * width, width)
        linear(layer.self_attention.linear[1], width, width)
        feed_forward(layer.ffn)
    for layer in decoder.layer:
        norm(layer.self_attention.layer_norm)
        linear(layer.self_attention.linear[0], 3 * width, width)
        linear(layer.self_attention.linear[1], width, width)
        norm(layer.attention.layer_norm)
        linear(layer.attention.linear[0], width, width)
        linear(layer.attention.linear[1], 2 * width, width)
        linear(layer.attention.linear[2], width, width)
        feed_forward(layer.ffn)


def _word_for_word(
    spec: ctranslate2.specs.TransformerSpec,
    goes_to: list[int],
    positions: int,
    *,
    width: int,
    heads: int,
    noise: float = 0.0,
) -> None:
    """Weights for which target token t is `goes_to` of source token t.

    The state is three blocks side by side: the code of the token, the code of its position, and
    what is to be said. The decoder's last layer attends to the source position that has its own
    code and copies the token's code there into the third block, the only one the projection
    reads. All other layers add nothing but `noise`, which keeps their weights from being one.
    """
    block = width // 3
    head = width // heads
    generator = np.random.default_rng(7)
    words = len(goes_to)

    def codes(count: int) -> np.ndarray:
        return generator.choice(np.float32([-1, 1]), (count, block))

    def nothing(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.float32)

    def little(*shape: int) -> np.ndarray:
        return generator.normal(0, noise, shape).astype(np.float32)

    _shape(spec, words, words, width, 4 * width, little if noise else nothing)
    token, place = codes(words), codes(positions)
    of_token, of_place, said = (slice(n * block, (n + 1) * block) for n in range(3))
    table, where = nothing(words, width), nothing(positions, width)
    table[:, of_token] = token
    where[:, of_place] = place
    for side in (spec.encoder, spec.decoder):
        side.scale_embeddings = False
        side.position_encodings.encodings = where.copy()
    spec.encoder.embeddings[0].weight = table
    spec.decoder.embeddings.weight = table.copy()

    attention = spec.decoder.layer[-1].attention
    query, value, out = (nothing(width, width) for _ in range(3))
    for number in range(width):
        # Every head looks at the position; between them they carry the whole code.
        query[number, block + number % head % block] = 4
    np.fill_diagonal(value[:block, of_token], 1)
    np.fill_diagonal(out[said, :block], 1)
    attention.linear[0].weight = query
    attention.linear[1].weight = np.concatenate([query, value])
    attention.linear[2].weight = out
    projection = nothing(words, width)
    for number, target in enumerate(goes_to):
        projection[target, said] += 0.35 * token[number]
    spec.decoder.projection.weight = projection
