from typing import Any

from thinc.api import Optimizer
from thinc.types import Generator
from torch import nn
from torch.nn.utils import clip_grad_norm_

#: A setting: a number, or one for each step.
Setting = float | list[float] | Generator


class AdamW(Optimizer):
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019), that spares biases and the
    weights of normalisation. A BiLSTM's biases are a column of its weights, and aren't spared.

    max_grad_norm: largest norm of the gradients of all weights that a torch layer has together
    (Pascanu et al. 2013): of a whole transformer, or a BiLSTM. A gradient of a layer of Thinc's
    is clipped by itself, as by Thinc's own optimizers.
    """

    def __init__(
        self,
        learn_rate: Setting,
        *,
        weight_decay: float,
        max_grad_norm: float,
        beta1: float,
        beta2: float,
        eps: float,
        use_averages: bool,
    ):
        super().__init__(
            learn_rate,
            L2=0.0,
            beta1=beta1,
            beta2=beta2,
            eps=eps,
            grad_clip=max_grad_norm,
            use_averages=use_averages,
        )
        self.weight_decay = weight_decay
        self.max_grad_norm = max_grad_norm

    def clip_together(self, parameters: list[nn.Parameter]) -> None:
        """Clip the gradients of a torch layer before the step."""
        if self.max_grad_norm and parameters:
            clip_grad_norm_(parameters, self.max_grad_norm)

    def __call__(
        self, key: tuple[int, str], weights: Any, gradient: Any, *, lr_scale: float = 1.0
    ) -> tuple[Any, Any]:
        is_bias = weights.ndim < 2 or key[1] == "b"  # "b": spaCy's Maxout has biases of two dims
        if self.weight_decay and not is_bias:
            weights *= 1 - lr_scale * self.learn_rate * self.weight_decay
        return super().__call__(key, weights, gradient, lr_scale=lr_scale)


def create_adamw(
    learn_rate: Setting = 0.001,
    weight_decay: float = 0.01,
    max_grad_norm: float = 1.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    use_averages: bool = False,
) -> AdamW:
    """The optimizer that transformers are usually tuned with.

    learn_rate (Union[float, List[float], Generator]): The rate, or a schedule.
    weight_decay (float): Share of a weight that it loses at each step, times the learning rate.
        Biases and the weights of normalisation don't.
    max_grad_norm (float): Largest norm of a layer's gradients together, such as those of a whole
        transformer; 0 for any.
    beta1 (float): Decay of the gradients' mean.
    beta2 (float): Decay of the squared gradients' mean.
    eps (float): Keeps the step finite.
    use_averages (bool): Evaluate and store the weights' moving average.
    """
    return AdamW(
        learn_rate,
        weight_decay=weight_decay,
        max_grad_norm=max_grad_norm,
        beta1=beta1,
        beta2=beta2,
        eps=eps,
        use_averages=use_averages,
    )
