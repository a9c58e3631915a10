"""What all commands have in common."""

import os
import signal

import pytest
import typer
from closed_stdout import closed_stdout
from wasabi import msg

from spacy_ner_archs.cli.interrupts import terminated_as_interrupted
from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.cli.progress import training_progress
from spacy_ner_archs.reporting.tables import Table
from spacy_ner_archs.reporting.terminal import print_table


def test_the_help_has_whole_sentences_in_80_columns():
    commands = typer.main.get_command(ner).commands
    room = 80 - 2 - 6 - max(map(len, commands))  # what click leaves beside margins and names
    short = {name: command.get_short_help_str(room) for name, command in commands.items()}
    assert len(short) >= 8
    assert [text for text in short.values() if not text or text.endswith("...")] == []


@pytest.mark.parametrize("say", [print, typer.echo, msg.good])
def test_a_reader_may_leave_before_all_is_printed(say):
    said = []
    with closed_stdout():
        for i in range(3):
            with printing():
                say("unread")
            said.append(i)
    assert said == [0, 1, 2]


def test_a_table_and_a_progress_bar_do_not_end_a_command_whose_reader_left():
    lines = []
    with closed_stdout(), training_progress() as progress:
        for i in range(3):
            progress.console.print(i)
            lines.append(i)
        print_table(Table("Unread", ("a",), [("1",)]))
    assert lines == [0, 1, 2]


def test_sigterm_is_an_interrupt_and_then_again_what_it_was():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), terminated_as_interrupted():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_sigterm_ends_a_fork_of_a_command_on_the_spot():
    with terminated_as_interrupted():
        child = os.fork()
        if not child:
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                os._exit(0)  # where a fork unwinds the command's stack
        _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGTERM
