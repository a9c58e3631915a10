import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar, cast

import safetensors.torch
import srsly
import torch
from thinc.api import Model, Optimizer, Shim, get_torch_default_device, torch2xp, xp2torch
from torch import Tensor, nn

from spacy_ner_archs.thinc_layers.settings import misfit
from spacy_ner_archs.torch_layers.cast_copy import CastCopy
from spacy_ner_archs.torch_layers.precision import Dtype, bfloat16_in, computes_in_bfloat16
from spacy_ner_archs.torch_layers.threads import in_one_thread
from spacy_ner_archs.training.adamw import AdamW

Result = TypeVar("Result")


def shim_of(model: Model) -> "TorchShim":
    """The shim of a layer that has one."""
    return cast(TorchShim, model.shims[0])


def is_small(model: Model) -> bool:
    """Whether all layers of a model compute in one torch thread."""
    shims = [shim for node in model.walk() for shim in node.shims]
    return all(isinstance(shim, TorchShim) and shim.in_one_thread for shim in shims)


def set_dtype(model: Model, dtype: Dtype, *, all_layers: bool = False) -> None:
    """Have the layers of a model compute in it; those that have a dtype of their own only with
    all_layers. Raises ValueError, in one line, where the device doesn't have it."""
    for node in model.walk():
        for shim in node.shims:
            if isinstance(shim, TorchShim) and (all_layers or not shim.has_own_dtype):
                shim.dtype = dtype


class TorchShim(Shim):
    """Holds one torch module for a Thinc model: builds it from its arguments, runs it, updates,
    averages, copies and stores its weights.

    It takes the place of thinc's `PyTorchShim`, with these differences. The module is built when
    its sizes are known, at initialisation or on loading. Training and prediction differ only in
    the arguments that the module is called with, not in a state of the module, so that threads can
    share it (but for training a `TransformerEncoder` in one of them). On a processor the module
    computes in one torch thread (`torch_layers.threads`). Averaged weights are used and put back.
    A copy has an id, and so an optimizer state, of its own. Weights are stored as safetensors.

    module_class: called with keyword arguments to build the module. If a module has
    `learn_rate_factors`, a dict from its parameters' names, the optimizer's rate is multiplied by
    them. `AdamW` clips the gradients of all parameters together.
    config: those of its keyword arguments that are known already. On loading they hold, whatever
    they were when it was stored; weights that don't go with them raise ValueError.
    all_threads: the module is large, and computes in as many threads as torch has.
    dtype: what the module computes in (`torch_layers.precision`); None where `set_dtype` says it,
    and float32 until then. Weights, inputs and outputs are float32 in any case.

    is_trained: whether the weights have been updated, or loaded, since the module was built.
    version: counts the changes of the weights, each when it has been made.
    """

    def __init__(
        self,
        module_class: Callable[..., nn.Module],
        config: dict[str, Any],
        *,
        all_threads: bool = False,
        dtype: Dtype | None = None,
    ):
        super().__init__(None, dict(config))
        self._all_threads = all_threads
        self._module_class = module_class
        self._settings = dict(config)
        self.device = get_torch_default_device()
        self.is_trained = False
        self._version = 0
        self._is_updated_elsewhere = False
        self.has_own_dtype = dtype is not None
        self.dtype = dtype or "float32"
        self._cast_copy = CastCopy()

    @property
    def dtype(self) -> Dtype:
        """What the module computes in. Raises ValueError, in one line, where it is set to what the
        device doesn't have."""
        return self._dtype

    @dtype.setter
    def dtype(self, dtype: Dtype) -> None:
        computes_in_bfloat16(dtype, self.device)
        self._dtype = dtype

    @property
    def version(self) -> int:
        if self._is_updated_elsewhere:
            self._version += 1
        return self._version

    @version.setter
    def version(self, version: int) -> None:
        self._version = version

    @property
    def module(self) -> Any:
        """The torch module. Raises ValueError before `build`."""
        if self._model is None:
            raise ValueError("this layer has no weights yet: initialize or load the model first")
        return self._model

    @property
    def is_built(self) -> bool:
        return self._model is not None

    def build(self, **config: Any) -> None:
        """Make the module anew, with the arguments of the constructor and these. What an optimizer
        knows of an old one's weights doesn't hold for it."""
        if self.is_built:
            self._renew_id()
        self.cfg.update(config)
        self.device = get_torch_default_device()
        self.is_trained = False
        self.version += 1
        self._model = self._module_class(**self.cfg).to(self.device)

    def extend(self, **config: Any) -> None:
        """Make the module larger; its method `extend` takes over the weights of the old one."""
        old, is_trained = self.module, self.is_trained
        self.build(**config)
        self.is_trained = is_trained
        with torch.no_grad():
            self.module.extend(old)

    def __call__(self, inputs: tuple, is_train: bool, **kwargs: Any) -> tuple[Tensor, Callable]:
        """Call the module. Returns its output and a callback that takes the output's gradient and
        adds up the gradients of the weights and of those inputs that require them."""
        return self.compute(lambda module: module(*inputs, **kwargs), is_train)

    def compute(
        self, function: Callable[[Any], Tensor], is_train: bool
    ) -> tuple[Tensor, Callable[[Tensor], None]]:
        """The same with a function that calls the module, which it is given."""
        in_bfloat16 = computes_in_bfloat16(self.dtype, self.device)
        is_cast = in_bfloat16 and not is_train
        module = self._cast_copy.of(self.module, self.version) if is_cast else self.module

        def forward() -> Tensor:
            context = bfloat16_in(self.device, wanted=in_bfloat16)
            with torch.set_grad_enabled(is_train), context:
                return function(module).float()

        output = self.run(forward)

        def backprop(d_output: Tensor) -> None:
            if output.requires_grad:
                self.run(partial(torch.autograd.backward, output, d_output))

        return output, backprop

    @property
    def in_one_thread(self) -> bool:
        """Whether the module computes in one torch thread."""
        return self.device.type == "cpu" and not self._all_threads

    def run(self, function: Callable[[], Result]) -> Result:
        """Call a function in as many torch threads as the module computes in."""
        return in_one_thread(function) if self.in_one_thread else function()

    def finish_update(self, optimizer: Optimizer) -> None:
        self.is_trained = True
        trained = [(n, p) for n, p in self.module.named_parameters() if p.grad is not None]
        if isinstance(optimizer, AdamW):
            optimizer.clip_together([parameter for _, parameter in trained])
        # nlp.rehearse gives a function that keeps the arrays, and updates them later
        self._is_updated_elsewhere = not isinstance(optimizer, Optimizer)
        factors = getattr(self.module, "learn_rate_factors", {})
        for name, parameter in trained:
            arrays = cast(Any, (torch2xp(parameter.detach()), torch2xp(parameter.grad)))
            scale = {} if self._is_updated_elsewhere else {"lr_scale": factors.get(name, 1.0)}
            weights, _ = optimizer((self.id, name), *arrays, **scale)
            updated = xp2torch(weights, device=parameter.device)
            if updated.data_ptr() != parameter.data_ptr():  # optimizers mostly work in place
                parameter.data.copy_(updated)
            parameter.grad = None
        self.version += 1

    @contextlib.contextmanager
    def use_params(self, params: dict) -> Iterator[None]:
        """Take weights from `params`, keyed as by the optimizer, until the context ends."""
        named = dict(self.module.named_parameters()) if self.is_built else {}
        backup = {}
        try:
            for name, parameter in named.items():
                if (self.id, name) in params:
                    backup[name] = parameter.data
                    weights = xp2torch(params[self.id, name], device=parameter.device)
                    parameter.data = weights.view_as(parameter).to(parameter.dtype)
            self.version += 1
            yield
        finally:
            for name, data in backup.items():
                named[name].data = data
            self.version += 1

    def to_device(self, device_type: str, device_id: int) -> None:
        self.device = torch.device("cpu" if device_type == "cpu" else f"cuda:{device_id}")
        if self.is_built:
            self.module.to(self.device)
            self.version += 1

    def to_bytes(self) -> bytes:
        state = b""
        if self.is_built:
            tensors = {k: v.cpu().contiguous() for k, v in self.module.state_dict().items()}
            state = safetensors.torch.save(tensors)
        return srsly.msgpack_dumps({"config": self.cfg, "state": state})

    def from_bytes(self, bytes_data: bytes) -> "TorchShim":
        msg = srsly.msgpack_loads(bytes_data)
        self.cfg = {**msg["config"], **self._settings}
        self._model = None
        if msg["state"]:
            self.build()
            self._load(safetensors.torch.load(msg["state"]), msg["config"])
            self.version += 1
            self.is_trained = True
        return self

    def _load(self, weights: dict[str, Tensor], stored: dict[str, Any]) -> None:
        layer = type(self.module).__name__
        for name, tensor in weights.items():
            if not tensor.isfinite().all():
                raise ValueError(f"{name} of layer {layer} has NaN or infinite weights")
        try:
            self.module.load_state_dict(weights)
        except RuntimeError as error:
            changed = [name for name, value in self._settings.items() if stored.get(name) != value]
            if not changed:
                raise ValueError(f"{layer}: {' '.join(str(error).split())}") from None
            were, are = ({n: s.get(n) for n in changed} for s in (stored, self._settings))
            raise misfit(layer, were, are) from None

    def __setstate__(self, state: dict) -> None:
        """A copy or unpickled shim gets a new id: the optimizer's state is keyed by it."""
        self.__dict__.update(state)
        self._renew_id()

    def _renew_id(self) -> None:
        with Shim.global_id_lock:
            Shim.global_id += 1
            self.id = Shim.global_id
