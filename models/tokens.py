"""The tokenizers of Argos packages: SentencePiece, and Moses tokens with BPE merges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from models.errors import PackageError
from models.languages import Direction


class Tokenizer(Protocol):
    """Turns a segment into the tokens of a network and back; safe to share between threads."""

    def encode(self, text: str) -> list[str]:
        """The tokens of a segment."""

    def decode(self, tokens: Sequence[str]) -> str:
        """The text of some tokens."""

    def lacks(self, sign: str) -> bool:
        """Whether the network cannot read or write a sign, for want of a token."""


def load(folder: Path, direction: Direction) -> Tokenizer:
    """The tokenizer of the package in `folder`.

    Raises:
        PackageError: there is none, or it cannot be read.
    """
    pieces, merges = folder / "sentencepiece.model", folder / "bpe.model"
    try:
        if pieces.is_file():
            return SentencePieceTokenizer(pieces)
        if merges.is_file():
            return MosesTokenizer(merges, direction)
    except (OSError, RuntimeError, ValueError, IndexError) as error:
        raise PackageError(
            f"The tokenizer in {folder.name} cannot be read ({error}); fetch the package again."
        ) from error
    raise PackageError(
        f"{folder.name} holds neither sentencepiece.model nor bpe.model, the two tokenizers "
        "that can be read; fetch another package."
    )


class SentencePieceTokenizer:
    """SentencePiece pieces, as in most official packages."""

    def __init__(self, path: Path) -> None:
        import sentencepiece

        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(path))

    def encode(self, text: str) -> list[str]:
        """The pieces of a segment."""
        pieces: list[str] = self._processor.encode(text, out_type=str)
        return pieces

    def decode(self, tokens: Sequence[str]) -> str:
        """The text of some pieces. Underscores stay: only SentencePiece's own mark is a space."""
        text: str = self._processor.decode_pieces(list(tokens))
        return text.replace("▁", " ").strip()

    def lacks(self, sign: str) -> bool:
        """Whether there is no piece for a sign, or it is folded into others."""
        numbers: list[int] = self._processor.encode(sign)
        return self._processor.unk_id() in numbers or self._processor.decode(numbers) != sign


class MosesTokenizer:
    """Moses normalisation and tokens, then subword-nmt merges, as in converted OPUS-MT packages."""

    def __init__(self, path: Path, direction: Direction) -> None:
        from argostranslate.apply_bpe import BPE
        from sacremoses.normalize import MosesPunctNormalizer
        from sacremoses.tokenize import MosesDetokenizer, MosesTokenizer

        self._normalizer = MosesPunctNormalizer(direction.source.value)
        self._tokenizer = MosesTokenizer(direction.source.value)
        self._detokenizer = MosesDetokenizer(direction.target.value)
        with path.open(encoding="utf-8") as merges:
            self._merges = BPE(merges)

    def encode(self, text: str) -> list[str]:
        """The subwords of a segment."""
        tokens = self._tokenizer.tokenize(self._normalizer.normalize(text))
        subwords: list[str] = self._merges.segment_tokens([token for token in tokens if token])
        return subwords

    def decode(self, tokens: Sequence[str]) -> str:
        """The text of some subwords."""
        words = " ".join(tokens).replace("@@ ", "").split(" ")
        text: str = self._detokenizer.detokenize(words)
        return text

    def lacks(self, sign: str) -> bool:  # noqa: ARG002  # as the protocol has it
        """What the network's vocabulary has is not told by merges; they take any letters."""
        return False
