"""A network in memory: batches of tokens to hypotheses, by CTranslate2."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from models.errors import PackageError
from models.languages import Direction
from models.packed import unpacked

#: The list of the target words each source word may become; what is in none is not tried.
SHORTLIST = "vmap.txt"
#: The same, xz-compressed; where there are both, this one counts.
PACKED_SHORTLIST = f"{SHORTLIST}.xz"
SHORTLISTS = (PACKED_SHORTLIST, SHORTLIST)
#: What every official vocabulary calls the end of a segment.
END = "</s>"


@dataclass(frozen=True, slots=True)
class Search:
    """What one decoding call is made with: segments with equal searches share batches.

    Attributes:
        beam_size: hypotheses kept at each step.
        length_penalty: exponent of the length a log-probability is divided by.
        count: hypotheses to give, at most `beam_size`.
        max_length: longest target in tokens; None means twice the source and 20 more.
        shortlist: whether only the words that the package lists for the source's are tried.
        attention: whether to give the attention.
    """

    beam_size: int = 4
    length_penalty: float = 0.2
    count: int = 1
    max_length: int | None = None
    shortlist: bool = True
    attention: bool = False
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0

    def against_repetition(self) -> Search:
        """The same search, made to dislike what it has said before."""
        return replace(self, repetition_penalty=1.2, no_repeat_ngram=4)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to continue a segment.

    Attributes:
        tokens: target tokens, without the end.
        log_prob: natural-log probability of the whole, its end included.
        length: number of tokens that probability covers, at least 1.
        ended: the network said it was done; otherwise it ran into the limit.
        attention: for each target token, the weight of each source token, if asked for.
    """

    tokens: tuple[str, ...]
    log_prob: float
    length: int
    ended: bool
    attention: tuple[tuple[float, ...], ...] = ()

    @property
    def mean_log_prob(self) -> float:
        """Mean natural-log probability of a token."""
        return self.log_prob / self.length


class Network:
    """One loaded CTranslate2 model; translation frees the interpreter lock."""

    def __init__(self, model: Path, *, threads: int, workers: int) -> None:
        """Load the model in the folder `model`.

        Raises:
            PackageError: CTranslate2 cannot load it, or its shortlist cannot be unpacked.
        """
        import ctranslate2

        self._shortlist = any((model / name).is_file() for name in SHORTLISTS)
        try:
            with _loadable(model) as folder:
                self._translator = ctranslate2.Translator(
                    str(folder),
                    device="cpu",
                    compute_type="default",
                    inter_threads=workers,
                    intra_threads=threads,
                )
        except (OSError, RuntimeError, ValueError, MemoryError) as error:
            raise PackageError(
                f"The network of {model.parent.name} does not load: {error}"
            ) from error

    def decode(
        self,
        sources: Sequence[Sequence[str]],
        prefixes: Sequence[str],
        search: Search,
        batch_tokens: int,
    ) -> list[list[Hypothesis]]:
        """Hypotheses for each source, best first.

        CTranslate2 lets the sources of a batch share one shortlist, the union of theirs, so that a
        source would be worded by the company it is in. Where there is a shortlist each is therefore
        decoded alone. That costs nothing: the union makes the output layer dearer by what the
        batch makes the rest cheaper (100 sentences of news, shipped package, int8: 1.5 s CPU alone,
        1.4 s in batches of 256 tokens, 1.6 s of 1,024; 42 and 55 of them worded otherwise than
        alone). Without a shortlist company cost a wording in none or one of the 100, by rounding,
        and batches save a quarter of the time.

        Raises:
            RuntimeError: the network cannot take a source, as with more tokens than it has
                positions for.
        """
        longest = max(len(source) for source in sources)
        shortlist = self._shortlist and search.shortlist
        limit = search.max_length or 2 * longest + 20
        results = self._translator.translate_batch(
            list(sources),
            target_prefix=[[prefix] if prefix else [] for prefix in prefixes]
            if any(prefixes)
            else None,
            max_batch_size=1 if shortlist else batch_tokens,
            batch_type="examples" if shortlist else "tokens",
            beam_size=search.beam_size,
            num_hypotheses=search.count,
            length_penalty=search.length_penalty,
            repetition_penalty=search.repetition_penalty,
            no_repeat_ngram_size=search.no_repeat_ngram,
            max_input_length=0,
            max_decoding_length=limit,
            return_scores=True,
            return_end_token=True,
            return_attention=search.attention,
            replace_unknowns=True,
            use_vmap=shortlist,
        )
        return [
            [
                _hypothesis(result, number, prefix, search)
                for number in range(len(result.hypotheses))
            ]
            for result, prefix in zip(results, prefixes, strict=True)
        ]

    def attention(
        self, source: Sequence[str], prefix: Sequence[str], target: Sequence[str]
    ) -> list[list[float]]:
        """The attention of a given target: for each of its tokens, each source token's weight."""
        forced = [*prefix, *target]
        (result,) = self._translator.translate_batch(
            [list(source)],
            target_prefix=[forced],
            beam_size=1,
            max_decoding_length=len(forced) + 1,
            return_attention=True,
        )
        rows = [list(row) for row in result.attention[0]]
        return rows[len(prefix) : len(forced)]

    def score(
        self, sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], batch_tokens: int
    ) -> list[list[float]]:
        """Natural-log probability of each target token, its end included, by forced decoding."""
        results = self._translator.score_batch(
            list(sources),
            list(targets),
            max_batch_size=batch_tokens,
            batch_type="tokens",
            max_input_length=0,
        )
        return [list(result.log_probs) for result in results]


def shortlist(model: Path) -> bytes | None:
    """The lines of the shortlist in the folder of a model, packed or not; None for none.

    Raises:
        PackageError: it cannot be unpacked.
    """
    if (model / PACKED_SHORTLIST).is_file():
        return unpacked(model.parent, f"{model.name}/{PACKED_SHORTLIST}")
    return (model / SHORTLIST).read_bytes() if (model / SHORTLIST).is_file() else None


@contextmanager
def _loadable(model: Path) -> Iterator[Path]:
    """A folder that CTranslate2 can load a model from, which has no packed shortlist.

    CTranslate2 takes the content of files as well, but keeps it for as long as the network: 18 MB
    more in memory for each of the networks that ship.
    """
    if not (model / PACKED_SHORTLIST).is_file():
        yield model
        return
    listed = unpacked(model.parent, f"{model.name}/{PACKED_SHORTLIST}")
    with TemporaryDirectory(prefix="parallax-") as scratch:
        folder = Path(scratch)
        (folder / SHORTLIST).write_bytes(listed)
        for path in model.iterdir():
            if path.name not in SHORTLISTS:
                (folder / path.name).symlink_to(path.resolve())
        yield folder


def _hypothesis(result: Any, number: int, prefix: str, search: Search) -> Hypothesis:
    """One hypothesis of a result of CTranslate2.

    Its score is the sum of log-probabilities over the tokens after the prefix, divided by
    length to the power of `length_penalty`, where length counts the prefix and the end.
    """
    tokens = list(result.hypotheses[number])
    attention = [tuple(row) for row in result.attention[number]] if search.attention else []
    log_prob = result.scores[number] * len(tokens) ** search.length_penalty
    ended = bool(tokens) and tokens[-1] == END
    if ended:
        tokens.pop()
    if prefix and tokens[:1] == [prefix]:
        del tokens[0], attention[:1]
    return Hypothesis(
        tokens=tuple(tokens),
        log_prob=min(0.0, log_prob),
        length=max(1, len(tokens) + ended),
        ended=ended,
        attention=tuple(attention[: len(tokens)]),
    )


def main(arguments: Sequence[str]) -> None:
    """Translate one sentence: folder, direction, target prefix, sentence. Used to probe."""
    from models.tokens import load

    folder, direction, prefix, sentence = arguments
    tokenizer = load(Path(folder), Direction.parse(direction))
    network = Network(Path(folder) / "model", threads=1, workers=1)
    search = Search(beam_size=1)
    hypotheses = network.decode([tokenizer.encode(sentence)], [prefix], search, 1024)
    sys.stdout.buffer.write(tokenizer.decode(hypotheses[0][0].tokens).encode())
