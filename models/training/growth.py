"""A deeper network that begins by saying what a trained one says.

New layers end in zeros and stand in the residual stream, so they add nothing until they are
trained (Chen 2016's function-preserving growth). In the encoder they come last; in the decoder
first, because the last layer has the guided attention.
"""

from __future__ import annotations

from dataclasses import replace

import torch

from models.training.network import Network


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
