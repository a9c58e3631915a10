"""Files and folders that are replaced whole or not at all.

Everything is written beside its final place first, so that neither a full disk nor an interrupt
costs what was there before, and no draft is left behind. A process that is killed may leave one: a
hidden file or folder whose name ends with `.draft`.
"""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

SUFFIX = ".draft"


@contextmanager
def drafts_of(paths: Iterable[Path]) -> Iterator[dict[Path, Path]]:
    """Drafts of files, by the files' paths. They take the files' places, all of them, when the
    context ends; if it ends with an exception, every file is as it was.

    Missing folders are made. A link stays a link; pipes and devices are their own drafts. Raises
    OSError with the path that was given, and not the draft's.
    """
    with ExitStack() as stack:
        drafts: dict[Path, Path] = {}
        for path in paths:
            with _blaming(path):
                _refuse_folder(path)
                if _is_special(path):
                    drafts[path] = path
                    continue
                final = path.resolve()
                final.parent.mkdir(parents=True, exist_ok=True)
                drafts[path] = _beside(final)
                stack.callback(_remove, drafts[path])
        yield drafts
        finals = {path: path.resolve() for path, draft in drafts.items() if draft != path}
        for path, final in finals.items():
            with _blaming(path):
                _finish(drafts[path], final)
        for path, final in finals.items():
            with _blaming(path):
                drafts[path].replace(final)


def replace_files(contents: Mapping[Path, bytes | str]) -> None:
    """Write all of the files, or leave all of them as they were. Text is written as UTF-8."""
    with drafts_of(contents) as drafts:
        for path, content in contents.items():
            data = content.encode() if isinstance(content, str) else content
            with _blaming(path):
                drafts[path].write_bytes(data)


def try_file(path: Path) -> None:
    """Raises OSError where a file can't be written, before the work that is done for it. Missing
    folders are made."""
    with _blaming(path):
        _refuse_folder(path)
    if not _is_special(path):
        try_folder(path)


def try_folder(path: Path) -> None:
    """The same for a folder, which may be there already."""
    final = path.resolve()
    with _blaming(path):
        final.parent.mkdir(parents=True, exist_ok=True)
        draft = _beside(final)
        draft.touch()
        draft.unlink()


@contextmanager
def draft_of_folder(path: Path) -> Iterator[Path]:
    """A draft of a folder, which doesn't exist yet. It takes the folder's place when the context
    ends; if it ends with an exception, the folder is as it was. An OSError has the path that was
    given, where it has none or the draft's."""
    final = path.resolve()
    with _blaming(path):
        if final.exists() and not final.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is a file; name a folder")
        final.parent.mkdir(parents=True, exist_ok=True)
    draft = _beside(final)
    try:
        with _blaming_for(draft, path):
            yield draft
        with _blaming(path):
            for file in (file for file in draft.rglob("*") if file.is_file()):
                _sync(file)
            _take_place(draft, final)
    finally:
        _remove(draft)


def _take_place(draft: Path, final: Path) -> None:
    """Put a folder into the place of another, which is removed afterwards."""
    old = _beside(final)
    try:
        if final.exists():
            final.rename(old)
        draft.rename(final)
    except BaseException:
        if old.exists() and not final.exists():
            old.rename(final)
        raise
    _remove(old)


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder; name a file")


def _is_special(path: Path) -> bool:
    """A pipe or a device."""
    return path.exists() and not path.is_file()


def _beside(final: Path) -> Path:
    """A new name in the same folder, that no other process takes, whatever its number."""
    return final.with_name(f".{token_hex(8)}{SUFFIX}")


def _finish(draft: Path, final: Path) -> None:
    """What must be right before the first file is replaced."""
    if final.exists():
        shutil.copymode(final, draft)
    _sync(draft)


def _sync(file: Path) -> None:
    """Some file systems tell only now that the disk is full."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """An OSError names the path that the caller knows."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def _blaming_for(draft: Path, path: Path) -> Iterator[None]:
    """The same for an OSError that has no path or the draft's. Any other is somebody else's."""
    try:
        yield
    except OSError as error:
        named = error.filename and Path(os.fsdecode(error.filename))
        if error.errno is None or (named and not named.is_relative_to(draft)):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
