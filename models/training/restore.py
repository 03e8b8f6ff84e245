"""Reads the network of a package back, so that training goes on from what ships.

`convert.py` turned round: 8-bit rows become floats again, which costs a 250th of a row's largest
weight and is trained away at once. What the optimizers knew is not in a package; they begin anew.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from models.training.convert import NEVER
from models.training.network import ENTRY, RAREST, Network, Shape

Variables = dict[str, npt.NDArray[Any]]
#: CTranslate2's numbers of the types that a converted network is stored in.
TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
BINARY_VERSION = 6
SPEC = "TransformerSpec"
SCALE = "_scale"


def network(folder: Path) -> Network:
    """The network in a CTranslate2 model folder that this recipe has written.

    Raises:
        ValueError: the folder has no such model.
    """
    path = folder / "model.bin"
    try:
        found = variables(path)
        restored = Network(shape_of(found))
        fill(restored, found)
    except (OSError, KeyError, RuntimeError, ValueError, struct.error, UnicodeDecodeError) as error:
        raise ValueError(
            f"Training cannot go on from {path}: it is no network of this recipe ({error}). "
            "Name the folder of a package that the recipe has made."
        ) from error
    return restored


def variables(path: Path) -> Variables:
    """Arrays of a CTranslate2 file by name; 8-bit ones as floats of their rows' scale."""
    data = memoryview(path.read_bytes())
    place = 0

    def number(form: str) -> int:
        nonlocal place
        (found,) = struct.unpack_from(f"<{form}", data, place)
        place += struct.calcsize(f"<{form}")
        return int(found)

    def name() -> str:
        nonlocal place
        length = number("H")
        found = bytes(data[place : place + length - 1]).decode()
        place += length
        return found

    version, spec = number("I"), name()
    if (version, spec) != (BINARY_VERSION, SPEC):
        raise ValueError(f"{spec or 'unnamed'} in version {version} of the format")
    number("I")  # the specification's revision
    found: Variables = {}
    for _ in range(number("I")):
        key = name()
        sizes = [number("I") for _ in range(number("B"))]
        kind = number("B")
        length = number("I")
        if kind not in TYPES or place + length > len(data):
            raise ValueError(f"{key} cannot be read")
        found[key] = np.frombuffer(data[place : place + length], TYPES[kind]).reshape(sizes)
        place += length
    for _ in range(number("I")):
        alias, stored = name(), name()
        # An alias stands for the scale as well, which the file does not say.
        for end in ("", SCALE):
            if stored + end in found:
                found[alias + end] = found[stored + end]
    return {
        key: value / found[key + SCALE][:, None] if key + SCALE in found else value
        for key, value in found.items()
    }


def shape_of(found: Variables) -> Shape:
    """The sizes of the network whose variables these are."""
    pieces, width = found["decoder/projection/weight"].shape

    def layers(part: str) -> int:
        return len(
            {name.split("/")[1] for name in found if name.startswith(f"{part}/layer_")}
            - {"layer_norm"}
        )

    return Shape(
        pieces=pieces,
        width=width,
        heads=int(found["encoder/num_heads"]),
        inner=found["encoder/layer_0/ffn/linear_0/weight"].shape[0],
        encoder_layers=layers("encoder"),
        decoder_layers=layers("decoder"),
        positions=found["encoder/position_encodings/encodings"].shape[0],
    )


def fill(restored: Network, found: Variables) -> None:
    """Give a network the weights of these variables.

    Raises:
        KeyError, RuntimeError: a weight is missing, or of another size.
    """
    width = restored.shape.width
    # The table was stored times this, which only the training run knew: where training begins.
    entry = ENTRY * math.sqrt(width)
    bias = found["decoder/projection/bias"]
    state = {
        "table.weight": found["decoder/projection/weight"] / entry,
        "bias": np.where(bias <= NEVER, RAREST, bias),
        "source_places": found["encoder/position_encodings/encodings"],
        "target_places": found["decoder/position_encodings/encodings"],
        "entry": np.float32(entry),
    }
    for part, layers in (("encoder", restored.encoder), ("decoder", restored.decoder)):
        scale = entry if part == "decoder" else 1.0
        for ours, theirs in (("weight", "gamma"), ("bias", "beta")):
            state[f"{part}_norm.{ours}"] = found[f"{part}/layer_norm/{theirs}"] * scale
        for number, layer in enumerate(layers):
            for ours, theirs in names(layer).items():
                state[f"{part}.{number}.{ours}"] = found[f"{part}/layer_{number}/{theirs}"]
    restored.load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in state.items()})


def names(layer: nn.Module) -> dict[str, str]:
    """What CTranslate2 calls each weight of a layer."""
    blocks = {"own": "self_attention", "cross": "attention", "feed": "ffn"}
    linears = {
        "own": {"q": "linear_0", "out": "linear_1"},
        "cross": {"q": "linear_0", "kv": "linear_1", "out": "linear_2"},
        "feed": {"up": "linear_0", "down": "linear_1"},
    }
    norms = {"weight": "gamma", "bias": "beta"}
    found = {}
    for name, _ in layer.named_parameters():
        block, part, kind = name.split(".")
        inner = f"layer_norm/{norms[kind]}" if part == "norm" else f"{linears[block][part]}/{kind}"
        found[name] = f"{blocks[block]}/{inner}"
    return found
