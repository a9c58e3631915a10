"""A commit with a pipeline on the Hugging Face hub."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from spacy_ner_archs.publishing.pipeline_files import is_pipeline_file

REASONS = {
    401: "the hub doesn't know this token; run hf auth login, or set HF_TOKEN",
    403: "the token must not write there; give a repository of your own, and a token with the role "
    "write",
}


class Refused(Exception):
    """Why the hub didn't take a pipeline, in a line."""


def push(
    api: HfApi,
    name: str,
    files: Mapping[str, Path | bytes],
    meta: Mapping[str, Any],
    *,
    message: str,
    private: bool,
) -> str:
    """Commit a pipeline's files, by their paths in the repository, and return its whole name. Where
    there is no repository of this name, it is made.

    The commit also removes what an earlier pipeline of these components has left there, and
    earlier wheels. Raises Refused, and ValueError for a card that the hub can't read."""
    additions = [
        CommitOperationAdd(path, content if isinstance(content, bytes) else str(content))
        for path, content in files.items()
    ]
    try:
        made = api.create_repo(name, private=private or None, exist_ok=True).repo_id
        there = api.model_info(made)
        if private and not there.private:
            raise Refused("it is there already, and public; make it private on the hub")
        paths = [file.rfilename for file in there.siblings or []]
        deletions = [CommitOperationDelete(path) for path in _stale(paths, files, meta)]
        api.create_commit(made, [*deletions, *additions], commit_message=message)
    except HfHubHTTPError as error:
        raise Refused(_reason(error)) from error
    except (Refused, OfflineModeIsEnabled, ValueError):
        raise
    except Exception as error:  # of requests or httpx: huggingface_hub's versions differ in it
        raise Refused(f"no answer from {api.endpoint} ({type(error).__name__})") from error
    return made


def _stale(paths: list[str], files: Mapping[str, Any], meta: Mapping[str, Any]) -> list[str]:
    return [
        path
        for path in paths
        if path not in files and (is_pipeline_file(path, meta) or path.endswith(".whl"))
    ]


def _reason(error: HfHubHTTPError) -> str:
    return REASONS.get(error.response.status_code) or error.server_message or str(error)
