from typing import Any

from spacy.language import Language


def change_settings(nlp: Language, name: str, settings: dict[str, Any]) -> None:
    """Give a component other settings than it was made with, also where the pipeline is stored."""
    pipe, config = nlp.get_pipe(name), nlp.get_pipe_config(name)
    for setting, value in settings.items():
        setattr(pipe, setting, value)
        config[setting] = value
