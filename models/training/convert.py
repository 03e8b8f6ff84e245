"""Writes a trained network as a CTranslate2 model, weight by weight, in 8-bit integers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ctranslate2.specs import common_spec, transformer_spec
from torch import Tensor

from models.training.network import Attention, FeedForward, Layer, Network, look_at_offset
from models.training.tagger import Tagger

# Sharp enough that the neighbours of the place asked for get no weight, also in 8-bit arithmetic.
SHARP = 6.0


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
    table = plain(network.table.weight)
    rows = list(shape.targets)
    encoder.scale_embeddings = decoder.scale_embeddings = False
    encoder.embeddings[0].weight = table * np.float32(math.sqrt(shape.width))
    encoder.position_encodings.encodings = plain(network.source_places)
    decoder.embeddings.weight = table[rows] * np.float32(network.entry.item())
    decoder.position_encodings.encodings = plain(network.target_places)
    decoder.projection.weight = table[rows]
    decoder.projection.bias = plain(network.bias)
    set_norm(encoder.layer_norm, network.encoder_norm)
    set_norm(decoder.layer_norm, network.decoder_norm)
    for target, layer in zip(encoder.layer, network.encoder, strict=True):
        set_layer(target, layer)
    for target, layer in zip(decoder.layer, network.decoder, strict=True):
        set_layer(target, layer)
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary([pieces[row] for row in rows])
    name_tokens(spec)
    return spec


def tagger_specification(network: Tagger, pieces: list[str]) -> transformer_spec.TransformerSpec:
    """CTranslate2's description of a tagging network, its attention by place written as weights."""
    shape = network.shape
    width, size = shape.width, shape.width // shape.heads
    encoder = transformer_spec.TransformerEncoderSpec(
        shape.encoder_layers, shape.heads, pre_norm=True, activation=common_spec.Activation.RELU
    )
    decoder = transformer_spec.TransformerDecoderSpec(
        1, shape.heads, pre_norm=True, activation=common_spec.Activation.RELU, alignment_heads=1
    )
    spec = transformer_spec.TransformerSpec(encoder, decoder)
    encoder.scale_embeddings = decoder.scale_embeddings = False
    places = plain(network.places)
    encoder.embeddings[0].weight = plain(network.widen(network.table.weight, math.sqrt(width)))
    encoder.position_encodings.encodings = places
    decoder.embeddings.weight = plain(network.widen(network.units.weight, network.entry))
    decoder.position_encodings.encodings = places.copy()
    decoder.projection.weight = plain(network.widen(network.units.weight, 1.0))
    decoder.projection.bias = plain(network.bias)
    ones, zeros = np.ones(width, dtype=np.float32), np.zeros(width, dtype=np.float32)
    encoder.layer_norm.gamma, encoder.layer_norm.beta = ones.copy(), zeros.copy()
    set_norm(decoder.layer_norm, network.last_norm)
    for target, own, feed in zip(encoder.layer, network.own, network.feed, strict=True):
        set_attention(target.self_attention, own)
        set_feed(target.ffn, feed)
        keep_places(target.self_attention.linear[-1], network.keep)
        keep_places(target.ffn.linear_1, network.keep)
    layer = decoder.layer[0]
    set_attention(layer.self_attention, network.back)
    keep_places(layer.self_attention.linear[-1], network.keep)
    set_feed(layer.ffn, network.think)
    keep_places(layer.ffn.linear_1, network.keep)
    query, key = torch.zeros(width, width), torch.zeros(width, width)
    for head in range(shape.heads):
        rows = slice(head * size, (head + 1) * size)
        look_at_offset(query[rows], key[rows], -1, shape.transformer, sharpness=SHARP)
    cross = layer.attention
    cross.layer_norm.gamma, cross.layer_norm.beta = ones.copy(), zeros.copy()
    cross.linear[0].weight, cross.linear[0].bias = plain(query), zeros.copy()
    cross.linear[1].weight = plain(torch.cat([key, torch.eye(width)]))
    cross.linear[1].bias = np.zeros(2 * width, dtype=np.float32)
    set_linear(cross.linear[2], network.hand)
    keep_places(cross.linear[2], network.keep)
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(list(shape.units))
    name_tokens(spec)
    return spec


def keep_places(target: Any, keep: Tensor) -> None:
    """Silence the rows of an output map that would write to the position columns."""
    mask = plain(keep)
    target.weight, target.bias = target.weight * mask[:, None], target.bias * mask


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
    network: Network | Tagger,
    pieces: list[str],
    folder: Path,
    *,
    quantization: str | None = "int8",
) -> None:
    """Write the model folder: `model.bin`, `config.json` and the vocabularies."""
    describe = tagger_specification if isinstance(network, Tagger) else specification
    spec = describe(network, pieces)
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
