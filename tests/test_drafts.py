"""Files and folders are replaced whole or not at all."""

import errno
import os
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import pytest

from spacy_ner_archs.drafts import (
    draft_of_folder,
    drafts_of,
    replace_files,
    try_file,
    try_folder,
)


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def test_all_files_or_none(tmp_path):
    good, taken = tmp_path / "a.spacy", tmp_path / "taken"
    good.write_bytes(b"good")
    taken.write_bytes(b"a file, not a folder")
    with pytest.raises(OSError, match=r"taken/b\.spacy"):
        replace_files({good: b"new", taken / "b.spacy": b"new"})
    assert good.read_bytes() == b"good"
    assert names(tmp_path) == ["a.spacy", "taken"]


def test_an_exception_while_writing_leaves_no_draft(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("good")
    with (
        pytest.raises(UnicodeError),
        drafts_of([path, tmp_path / "sub" / "b"]) as drafts,
    ):
        drafts[path].write_text("half \ud800")
    assert path.read_text() == "good"
    assert names(tmp_path) == ["a.txt", "sub"]


def test_a_draft_that_was_not_written_replaces_nothing(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("good")
    with pytest.raises(FileNotFoundError, match="second"), drafts_of([first, second]) as drafts:
        drafts[first].write_text("new")
    assert first.read_text() == "good"
    assert names(tmp_path) == ["first"]


def test_a_link_stays_a_link_and_a_pipe_flows(tmp_path):
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    target.write_bytes(b"old")
    link.symlink_to(target)
    os.mkfifo(pipe)
    flowed = []
    reader = Thread(target=lambda: flowed.append(pipe.read_bytes()))
    reader.start()
    replace_files({link: b"new", pipe: "flow"})
    reader.join()
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert flowed == [b"flow"]


def test_names_may_be_as_long_as_the_file_system_allows(tmp_path):
    replace_files({tmp_path / ("x" * 249 + ".spacy"): b"new"})
    with pytest.raises(OSError, match="File name too long"):
        replace_files({tmp_path / ("x" * 300): b"new"})


def test_folders_are_made(tmp_path):
    path = tmp_path / "x" / "y" / "a.spacy"
    for content in (b"old", b"new"):
        replace_files({path: content})
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_replaced_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o640)
    replace_files({path: "new"})
    assert path.stat().st_mode & 0o777 == 0o640


def write_many(path, content):
    for _ in range(200):
        replace_files({path: content})


def test_drafts_of_two_processes_of_one_number_do_not_meet(tmp_path, monkeypatch):
    """As in two containers, where each process may be number 1."""
    monkeypatch.setattr(os, "getpid", lambda: 1)
    first, second = tmp_path / "a", tmp_path / "b"
    context = get_context("fork")
    processes = [
        context.Process(target=write_many, args=arguments)
        for arguments in ((first, b"first" * 1000), (second, b"second" * 1000))
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert first.read_bytes() == b"first" * 1000
    assert second.read_bytes() == b"second" * 1000
    assert names(tmp_path) == ["a", "b"]


def test_a_folder_is_replaced_with_all_that_was_in_it(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old").write_text("old")
    with draft_of_folder(folder) as draft:
        draft.mkdir()
        (draft / "new").write_text("new")
        assert names(folder) == ["old"]
    assert names(tmp_path) == ["folder", "new"]


def test_a_folder_that_fails_is_as_it_was(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old").write_text("old")

    def write_half(draft):
        draft.mkdir()
        (draft / "new").write_text("new")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), draft_of_folder(folder) as draft:
        write_half(draft)
    assert names(tmp_path) == ["folder", "old"]
    with pytest.raises(FileNotFoundError), draft_of_folder(folder):
        pass  # nothing was written
    assert names(tmp_path) == ["folder", "old"]


@pytest.mark.parametrize("named", [True, False], ids=["in the draft", "of a full disk"])
def test_a_folder_that_fails_is_blamed_by_its_own_name(tmp_path, named):
    def fail_in(draft):
        raise OSError(errno.ENOSPC, "No space left", *[str(draft / "config.cfg")] * named)

    with (
        pytest.raises(OSError, match=r"No space left: '.*/folder'$"),
        draft_of_folder(tmp_path / "folder") as draft,
    ):
        fail_in(draft)


def test_another_file_that_fails_is_blamed(tmp_path):
    with pytest.raises(FileNotFoundError, match="absent"), draft_of_folder(tmp_path / "folder"):
        (tmp_path / "absent").read_text()


def test_a_place_is_tried_before_the_work(tmp_path):
    (tmp_path / "file").write_text("kept")
    try_file(tmp_path / "new" / "file")
    try_file(tmp_path / "file")
    try_folder(tmp_path)
    try_file(Path(os.devnull))
    assert names(tmp_path) == ["file", "new"]
    assert (tmp_path / "file").read_text() == "kept"
    with pytest.raises(IsADirectoryError, match="new"):
        try_file(tmp_path / "new")
    for tried in (try_file, try_folder):
        with pytest.raises(OSError, match="file/inside"):
            tried(tmp_path / "file" / "inside")


def test_a_file_is_not_replaced_by_a_folder(tmp_path):
    file = tmp_path / "file"
    file.write_text("kept")
    with pytest.raises(NotADirectoryError, match="file"), draft_of_folder(file):
        pass
    assert file.read_text() == "kept"


@pytest.mark.parametrize("n_renames", [0, 1])
def test_an_interrupt_while_a_folder_takes_its_place_loses_nothing(
    n_renames, tmp_path, monkeypatch
):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old").write_text("old")
    rename, left = type(folder).rename, [n_renames]

    def interrupted(path, target):
        if not left[0]:
            left[0] = -1
            raise KeyboardInterrupt
        left[0] -= 1
        return rename(path, target)

    monkeypatch.setattr(type(folder), "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), draft_of_folder(folder) as draft:
        draft.mkdir()
    assert names(tmp_path) == ["folder", "old"]


def test_an_open_pipe_is_written_to():
    reader, writer = os.pipe()
    replace_files({Path(f"/dev/fd/{writer}"): "flow"})
    os.close(writer)
    with open(reader) as flow:
        assert flow.read() == "flow"
