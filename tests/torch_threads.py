"""With how many torch threads modules are called."""

import torch

from spacy_ner_archs.thinc_layers.torch_shim import TorchShim


def watch_threads(model):
    """Note the number of torch threads that each module of a model is called with."""
    seen = {}
    for node in model.walk():
        for shim in node.shims:
            if isinstance(shim, TorchShim):
                shim.module.register_forward_pre_hook(
                    lambda *_, name=node.name: seen.setdefault(name, set()).add(
                        torch.get_num_threads()
                    )
                )
    return seen
