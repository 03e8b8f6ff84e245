"""How a segment is decoded: the options of a search, and their one canonical written form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """How the network searches for a translation, and how much care is taken around it.

    The defaults are the search of Argos Translate with our care on top; `ARGOS` is Argos alone.

    Attributes:
        beam_size: hypotheses kept at each step; 1 is greedy search, the quickest.
        length_penalty: exponent of the length a hypothesis' log-probability is divided by.
        alternatives: how many more hypotheses to give beside the best one, 0 to 16.
        max_length: longest target in tokens; None means twice the source and 20 more.
        repair: look after what networks get wrong: capitals, protected items (addresses, file
            names), repetition, segments that are too long or hold no letters.
        links: give links between source and target words where the network's attention is
            usable.
    """

    beam_size: int = 4
    length_penalty: float = 0.2
    alternatives: int = 0
    max_length: int | None = None
    repair: bool = True
    links: bool = False

    def __post_init__(self) -> None:
        """Refuse values no search can run with.

        Raises:
            ValueError: a value is out of its range.
        """
        if not 1 <= self.beam_size <= 16:
            raise ValueError("beam_size must be between 1 and 16.")
        if not 0 <= self.alternatives <= 16:
            raise ValueError("alternatives must be between 0 and 16.")
        if self.max_length is not None and not 1 <= self.max_length <= 1024:
            raise ValueError("max_length must be between 1 and 1024 tokens.")
        if not 0 <= self.length_penalty <= 10:
            raise ValueError("length_penalty must be between 0 and 10.")

    @property
    def canonical(self) -> str:
        """The options in one line, equal for equal options: `beam=4 length_penalty=0.2 …`."""
        length = "auto" if self.max_length is None else str(self.max_length)
        care = "on" if self.repair else "off"
        return (
            f"beam={self.beam_size} length_penalty={self.length_penalty:g} "
            f"alternatives={self.alternatives} max_length={length} repair={care}"
            + (" links=on" if self.links else "")
        )


#: What `argostranslate.translate` does with a sentence, for comparing with it.
ARGOS = DecodeOptions(max_length=256, repair=False)
