from typing import Any, NamedTuple

from thinc.api import Optimizer, get_array_module
from thinc.types import Generator

#: A setting: a number, or one for each step.
Setting = float | list[float] | Generator


class Update(NamedTuple):
    """A parameter whose gradient is known, and that is still to be changed."""

    key: tuple[int, str]
    weights: Any
    gradient: Any
    lr_scale: float


class AdamW(Optimizer):
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019), that spares biases and the
    weights of normalisation, and with the gradients of all parameters clipped to one norm (Pascanu
    et al. 2013).

    Gradients are collected, and weights are changed at `step_schedules`, which `spacy train` calls
    when it has those of all parameters. Elsewhere, as after `nlp.update(sgd=optimizer)`, they are
    changed when the next gradient of the same parameter comes.
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
            grad_clip=0.0,
            use_averages=use_averages,
        )
        self.weight_decay = weight_decay
        self.max_grad_norm = max_grad_norm
        self.updates: dict[tuple[int, str], Update] = {}

    def __call__(
        self, key: tuple[int, str], weights: Any, gradient: Any, *, lr_scale: float = 1.0
    ) -> tuple[Any, Any]:
        if key in self.updates:
            self.update()
        self.updates[key] = Update(key, weights, gradient.copy(), lr_scale)
        gradient *= 0
        return weights, gradient

    def step_schedules(self) -> None:
        self.update()
        super().step_schedules()

    def update(self) -> None:
        """Change the weights whose gradients have come."""
        updates, self.updates = self.updates, {}
        factor = self._clipping_factor([update.gradient for update in updates.values()])
        for key, weights, gradient, lr_scale in updates.values():
            if factor < 1:
                gradient *= factor
            if self.weight_decay and weights.ndim > 1:
                weights *= 1 - lr_scale * self.learn_rate * self.weight_decay
            new, _ = super().__call__(key, weights, gradient, lr_scale=lr_scale)
            if new is not weights:
                weights[...] = new

    def _clipping_factor(self, gradients: list[Any]) -> float:
        if not self.max_grad_norm or not gradients:
            return 1.0
        xp = get_array_module(gradients[0])
        squares = [xp.vdot(gradient, gradient) for gradient in gradients]
        norm = float(sum(squares)) ** 0.5
        return self.max_grad_norm / norm if norm > self.max_grad_norm else 1.0


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
    max_grad_norm (float): Largest norm of the gradients of all parameters together; 0 for any.
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
