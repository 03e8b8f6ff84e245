"""How a segment is decoded: what a caller asks, what a package asks, their canonical form."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """How the network searches for a translation, and how much care is taken around it.

    What is None is left to the package (`Advice`), whose digest therefore says what it was.
    `ARGOS` is the search of Argos Translate and nothing else.

    Attributes:
        beam_size: hypotheses kept at each step; 1 is greedy search, the quickest.
        length_penalty: exponent of the length a hypothesis' log-probability is divided by.
        likeness: what the likeness of source and target (cosine of the sentence encoder, at most 1)
            weighs beside the log-probability so divided when one of the hypotheses is chosen; 0
            takes the most probable.
        encoder: beginning of the digest of the encoder that judges likeness, as the engine sets it.
        alternatives: how many more hypotheses to give beside the best one, 0 to 16.
        max_length: longest target in tokens; None means twice the source and 20 more.
        repair: look after what networks get wrong: rare words that the package lists, words half
            in another script, capitals, protected items (addresses, file names), repetition,
            segments that are too long or hold no letters.
        links: give links between source and target words where the network's attention is
            usable.
    """

    beam_size: int | None = None
    length_penalty: float | None = None
    likeness: float | None = None
    encoder: str = ""
    alternatives: int = 0
    max_length: int | None = None
    repair: bool = True
    links: bool = False

    def __post_init__(self) -> None:
        """Refuse values no search can run with.

        Raises:
            ValueError: a value is out of its range.
        """
        if self.beam_size is not None and not 1 <= self.beam_size <= 16:
            raise ValueError("beam_size must be between 1 and 16.")
        if not 0 <= self.alternatives <= 16:
            raise ValueError("alternatives must be between 0 and 16.")
        if self.max_length is not None and not 1 <= self.max_length <= 1024:
            raise ValueError("max_length must be between 1 and 1024 tokens.")
        if self.length_penalty is not None and not 0 <= self.length_penalty <= 10:
            raise ValueError("length_penalty must be between 0 and 10.")
        if self.likeness is not None and not 0 <= self.likeness <= 100:
            raise ValueError("likeness must be between 0 and 100.")

    @property
    def canonical(self) -> str:
        """The options in one line, equal for equal options: `beam=4 length_penalty=0.2 …`."""
        care = "on" if self.repair else "off"
        return (
            f"beam={_written(self.beam_size)} length_penalty={_written(self.length_penalty)} "
            f"likeness={_written(self.likeness)} "
            + (f"encoder={self.encoder} " if self.encoder else "")
            + f"alternatives={self.alternatives} max_length={_written(self.max_length)} "
            f"repair={care}" + (" links=on" if self.links else "")
        )

    def following(self, advice: Advice) -> DecodeOptions:
        """The same options with nothing left open: as the package asks, or as Argos does.

        Without repair the package is not asked.
        """
        advice = advice if self.repair else Advice()
        return replace(
            self,
            beam_size=advice.beam_size if self.beam_size is None else self.beam_size,
            length_penalty=(
                advice.length_penalty if self.length_penalty is None else self.length_penalty
            ),
            likeness=advice.likeness if self.likeness is None else self.likeness,
        )


def _written(value: float | None) -> str:
    return "auto" if value is None else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Advice:
    """What a package asks of the search where the caller leaves it open; the defaults are Argos'.

    The names are those of `DecodeOptions`, and of `search` in a package's metadata.
    """

    beam_size: int = 4
    length_penalty: float = 0.2
    likeness: float = 0.0

    @classmethod
    def read(cls, given: object) -> Advice:
        """The advice in a package's metadata.

        Raises:
            ValueError: it is not an object of such numbers, or one is out of its range.
        """
        names = cls.__slots__
        if not isinstance(given, dict) or not given.keys() <= set(names):
            raise ValueError(f"search must be an object of {', '.join(names)}.")
        for name, value in given.items():
            kinds = (int,) if name == "beam_size" else (int, float)
            if isinstance(value, bool) or not isinstance(value, kinds):
                raise ValueError(f"{name} must be a number.")
        DecodeOptions(**given)  # for its ranges
        return cls(**given)


#: What `argostranslate.translate` does with a sentence, for comparing with it.
ARGOS = DecodeOptions(beam_size=4, length_penalty=0.2, likeness=0.0, max_length=256, repair=False)
