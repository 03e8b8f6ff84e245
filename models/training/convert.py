"""Writes a trained network as a CTranslate2 model, weight by weight, in 8-bit integers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec
from torch import Tensor

from models.training.network import Attention, FeedForward, Layer, Network
from models.training.vocabulary import BEGIN, PADDING, UNKNOWN

#: The bias of a piece that must not be said.
NEVER = -1e4


def plain(tensor: Tensor) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A float32 copy of a tensor: CTranslate2 quantises in place, and the network lives on."""
    return np.array(tensor.detach().cpu().float().numpy(), order="C", copy=True)


def specification(network: Network, pieces: list[str]) -> transformer_spec.TransformerSpec:
    """CTranslate2's description of the network; `pieces` are the vocabulary's pieces in order."""
    shape = network.shape
    encoder = transformer_spec.TransformerEncoderSpec(
        shape.encoder_layers, shape.heads, pre_norm=True, activation=common_spec.Activation.RELU
    )
    # The guided head is the first of the last layer; CTranslate2 shows it as the word alignment.
    decoder = transformer_spec.TransformerDecoderSpec(
        shape.decoder_layers,
        shape.heads,
        pre_norm=True,
        activation=common_spec.Activation.RELU,
        alignment_layer=-1,
        alignment_heads=1,
    )
    spec = transformer_spec.TransformerSpec(encoder, decoder)
    # CTranslate2 stores equal arrays once: the table carries the scale of the words that enter,
    # and the last normalisation takes it out again before the output.
    entry = np.float32(network.entry.item())
    table = plain(network.table.weight) * entry
    encoder.scale_embeddings = decoder.scale_embeddings = False
    encoder.embeddings[0].weight = table
    encoder.position_encodings.encodings = plain(network.source_places)
    decoder.embeddings.weight = table.copy()
    decoder.position_encodings.encodings = plain(network.target_places)
    decoder.projection.weight = table.copy()
    bias = plain(network.bias)
    # CTranslate2 offers these beside any shortlist, and replaces the unknown by a source piece.
    bias[[UNKNOWN, BEGIN, PADDING]] = NEVER
    decoder.projection.bias = bias
    set_norm(encoder.layer_norm, network.encoder_norm)
    set_norm(decoder.layer_norm, network.decoder_norm)
    decoder.layer_norm.gamma = decoder.layer_norm.gamma / entry
    decoder.layer_norm.beta = decoder.layer_norm.beta / entry
    for target, layer in zip(encoder.layer, network.encoder, strict=True):
        set_layer(target, layer)
    for target, layer in zip(decoder.layer, network.decoder, strict=True):
        set_layer(target, layer)
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    name_tokens(spec)
    return spec


def name_tokens(spec: transformer_spec.TransformerSpec) -> None:
    """Say which tokens begin and end a sentence."""
    spec.config.add_source_bos = False
    spec.config.add_source_eos = True
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<s>", "</s>", "<unk>"
    spec.config.decoder_start_token = "<s>"


def set_norm(target: Any, norm: Any) -> None:
    """Copy a layer normalisation."""
    target.gamma, target.beta = plain(norm.weight), plain(norm.bias)


def set_linear(target: Any, linear: Any) -> None:
    """Copy a linear map."""
    target.weight, target.bias = plain(linear.weight), plain(linear.bias)


def set_attention(target: Any, attention: Attention) -> None:
    """Copy an attention; CTranslate2 keeps the same fused matrices in the same order."""
    set_norm(target.layer_norm, attention.norm)
    maps = [attention.q, *([attention.kv] if attention.kv is not None else []), attention.out]
    for linear, source in zip(target.linear, maps, strict=True):
        set_linear(linear, source)


def set_feed(target: Any, feed: FeedForward) -> None:
    """Copy a feed-forward block."""
    set_norm(target.layer_norm, feed.norm)
    set_linear(target.linear_0, feed.up)
    set_linear(target.linear_1, feed.down)


def set_layer(target: Any, layer: Layer) -> None:
    """Copy one encoder or decoder layer."""
    set_attention(target.self_attention, layer.own)
    if layer.cross is not None:
        set_attention(target.attention, layer.cross)
    set_feed(target.ffn, layer.feed)


def convert(
    network: Network,
    pieces: list[str],
    folder: Path,
    *,
    quantization: str | None = "int8",
) -> None:
    """Write the model folder: `model.bin`, `config.json` and the vocabularies."""
    spec = specification(network, pieces)
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
