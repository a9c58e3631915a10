import os
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from spacy_ner_archs.extras import require_extra
from spacy_ner_archs.torch_layers.window_encoder import WindowEncoder

#: onnxruntime's fused kernel is slower than the addition and the normalization that it replaces.
SLOW_FUSIONS = ["SkipLayerNormFusion"]


class QuantizedEncoder(WindowEncoder):
    """A transformer with 8-bit weights, which onnxruntime computes on the processor.

    width: of the vectors. max_positions: sub-words that it has positions for.

    Its state is the network as ONNX, a tensor of bytes.
    """

    onnx: Tensor

    def __init__(self, *, width: int, max_positions: int, pad_id: int, max_padded: int):
        super().__init__(pad_id=pad_id, max_padded=max_padded)
        self.width = width
        self.max_positions = max_positions
        self.register_buffer("onnx", torch.zeros(0, dtype=torch.uint8))
        self._sessions: dict[tuple[int, int], Any] = {}

    @property
    def device(self) -> torch.device:  # type: ignore[override]
        return self.onnx.device

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        inputs = {"ids": ids.cpu().numpy(), "mask": mask.long().cpu().numpy()}
        (vectors,) = self._session().run(["vectors"], inputs)
        return torch.from_numpy(vectors).to(self.device)

    def _session(self) -> Any:
        """One for each number of threads. A forked process makes its own: the threads of a
        session don't survive the fork."""
        key = os.getpid(), torch.get_num_threads()
        if key not in self._sessions:
            self._sessions[key] = open_session(self.onnx.cpu().numpy().tobytes(), n_threads=key[1])
        return self._sessions[key]

    def load_state_dict(self, state_dict: Mapping[str, Tensor], *args: Any, **kwargs: Any) -> Any:
        if "onnx" in state_dict:  # else torch says that it is missing
            self.onnx = torch.empty_like(state_dict["onnx"], device=self.device)
        self._sessions = {}
        return super().load_state_dict(state_dict, *args, **kwargs)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_sessions": {}}  # they can't be copied


def open_session(onnx: bytes, *, n_threads: int) -> Any:
    """An `onnxruntime.InferenceSession` on the processor."""
    require_extra("onnx", "quantized transformers")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = n_threads
    # a thread that waits in a loop takes a busy machine's cores from what it waits for
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_mem_pattern = False  # it keeps a plan of the memory for each shape
    return onnxruntime.InferenceSession(
        onnx, options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW_FUSIONS
    )
