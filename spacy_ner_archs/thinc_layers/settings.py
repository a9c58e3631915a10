"""Settings of the config that a layer has among its attributes.

Thinc stores attributes, and on loading it would replace the config's by the stored ones. Here the
config wins. A setting that the weights don't depend on takes effect; one that they depend on must
be the same. `TorchShim` does this for the arguments of its module, `Model.set_dim` for widths.
"""

from dataclasses import dataclass
from typing import Any

import srsly
from thinc.api import Model, deserialize_attr, serialize_attr


@dataclass(frozen=True)
class FixedSetting:
    """A setting that a layer's weights were made with: loading those of another raises ValueError,
    in one line."""

    value: Any


class FreeSetting(float):
    """A number that weights of any other go with. It isn't stored."""


def misfit(layer: str, stored: dict[str, Any], configured: dict[str, Any]) -> ValueError:
    """The error where stored weights don't go with the config."""
    were, are = (
        ", ".join(f"{name} = {value}" for name, value in settings.items())
        for settings in (stored, configured)
    )
    return ValueError(f"{layer}: the weights were stored with {were}, and the config has {are}")


@serialize_attr.register(FixedSetting)
def _serialize_fixed(_: Any, setting: FixedSetting, name: str, model: Model) -> bytes:
    return srsly.msgpack_dumps(setting.value)


@deserialize_attr.register(FixedSetting)
def _deserialize_fixed(setting: FixedSetting, value: bytes, name: str, model: Model) -> Any:
    stored = srsly.msgpack_loads(value)
    if stored != setting.value:
        raise misfit(model.name, {name: stored}, {name: setting.value})
    return setting


@serialize_attr.register(FreeSetting)
def _serialize_free(_: Any, setting: FreeSetting, name: str, model: Model) -> bytes:
    raise TypeError("not stored")  # Thinc leaves the attribute out


@deserialize_attr.register(FreeSetting)
def _deserialize_free(setting: FreeSetting, value: bytes, name: str, model: Model) -> Any:
    return setting  # files of older versions have one
