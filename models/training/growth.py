"""A deeper or wider network that begins by saying what a trained one says.

New layers end in zeros and stand in the residual stream, so they add nothing until they are
trained (Chen 2016's function-preserving growth). In the encoder they come last; in the decoder
first, because the last layer has the guided attention.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import nn

from models.training.network import Network

#: What a new column of the table varies by, beside a trained one.
NEW = 0.1


def enlarged(network: Network, layers: tuple[int, int], width: int, inner: int) -> Network:
    """The network with at least so many layers, columns, and columns inside its layers."""
    old = network.shape
    width, inner = max(width, old.width), max(inner, old.inner)
    if (width, inner) != (old.width, old.inner):
        network = widen(network, width, width * old.heads // old.width, inner)
    return grow(network, max(layers[0], old.encoder_layers), max(layers[1], old.decoder_layers))


def grow(network: Network, encoder_layers: int, decoder_layers: int) -> Network:
    """A network of so many layers that computes the same as the one given.

    Raises:
        ValueError: fewer layers than the network has.
    """
    old = network.shape
    more = encoder_layers - old.encoder_layers, decoder_layers - old.decoder_layers
    if min(more) < 0:
        raise ValueError(
            f"The network has {old.encoder_layers} and {old.decoder_layers} layers; it can only "
            "grow."
        )
    shape = replace(old, encoder_layers=encoder_layers, decoder_layers=decoder_layers)
    grown = Network(shape)
    for name, part in network.named_children():
        if name not in ("encoder", "decoder"):
            getattr(grown, name).load_state_dict(part.state_dict())
    with torch.no_grad():
        for name, parameter in network.named_parameters(recurse=False):
            getattr(grown, name).copy_(parameter)
    for i, layer in enumerate(grown.encoder):
        begin(layer, network.encoder[i] if i < old.encoder_layers else None)
    for i, layer in enumerate(grown.decoder):
        begin(layer, network.decoder[i - more[1]] if i >= more[1] else None)
    return grown


def begin(layer: torch.nn.Module, trained: torch.nn.Module | None) -> None:
    """Give a layer a trained one's weights, or let it add nothing."""
    if trained is not None:
        layer.load_state_dict(trained.state_dict())
        return
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            if ".out." in name or ".down." in name:
                parameter.zero_()


def widen(network: Network, width: int, heads: int, inner: int) -> Network:
    """A wider network that begins by saying nearly what a trained one says (Chen 2016).

    What is new reads and adds nothing at first, but for small random numbers where otherwise no
    gradient would ever arrive. A normalisation divides by the spread of more columns, of which the
    new ones are nearly empty; its gain makes up for that. Heads keep their size.

    Raises:
        ValueError: narrower than the network, or heads of another size.
    """
    old = network.shape
    if width < old.width or inner < old.inner:
        raise ValueError(f"The network is {old.width} wide, {old.inner} inside; it can only grow.")
    if width * old.heads != old.width * heads:
        raise ValueError(f"Heads of {old.width // old.heads} columns must stay so.")
    wider = Network(replace(old, width=width, heads=heads, inner=inner))
    with torch.no_grad():
        deviation = network.table.weight.std()
        nn.init.normal_(wider.table.weight, std=float(deviation) * NEW)
        wider.table.weight[:, : old.width] = network.table.weight
        for name in ("source_places", "target_places"):
            places = getattr(wider, name)
            places.zero_()
            places[:, : old.width] = getattr(network, name)
        wider.bias.copy_(network.bias)
        wider.entry.copy_(network.entry)
        for new, trained in zip(norms(wider), norms(network), strict=True):
            new.weight.fill_(float(trained.weight.mean()))
            new.weight[: old.width] = trained.weight
            new.weight.mul_((old.width / width) ** 0.5)
            new.bias.zero_()
            new.bias[: old.width] = trained.bias
        for (name, new), (_, trained) in zip(linears(wider), linears(network), strict=True):
            stacked = name.endswith((".q", ".kv"))
            stack(new, trained, trained.out_features // old.width if stacked else 1)
    return wider


def norms(network: Network) -> list[nn.LayerNorm]:
    """All normalisations of a network, in one order."""
    return [part for part in network.modules() if isinstance(part, nn.LayerNorm)]


def linears(network: Network) -> list[tuple[str, nn.Linear]]:
    """All linear maps of a network with their names, in one order."""
    return [(name, part) for name, part in network.named_modules() if isinstance(part, nn.Linear)]


def stack(new: nn.Linear, trained: nn.Linear, several: int) -> None:
    """Give a wider map the trained one's numbers, map by map where several are stacked in it."""
    rows, columns = trained.out_features // several, trained.in_features
    # Rows that are new keep their small random numbers; what is trained reads nothing new.
    new.weight[:, columns:] = 0.0
    for number in range(several):
        weight = new.weight[number * (new.out_features // several) :]
        weight[:rows, :columns] = trained.weight[number * rows : (number + 1) * rows]
        bias = new.bias[number * (new.out_features // several) :]
        bias[:rows] = trained.bias[number * rows : (number + 1) * rows]
