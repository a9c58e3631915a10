"""Stands in for `subprocess` where `python -m ...` is run often: a new Python imports for seconds
what a fork of this one has."""

import os
import runpy
import signal
import sys
import traceback
from subprocess import STDOUT


class Popen:
    """`python -m MODULE ...` as a process with its own output, environment and signals. What it
    says on stderr goes where its stdout goes."""

    def __init__(self, command, *, stdout, stderr=STDOUT, env=os.environ, start_new_session=False):
        self.status = None
        self.pid = os.fork()
        if self.pid:
            return
        if start_new_session:
            os.setsid()
        status = 1
        try:
            _set(stdout, dict(env))
            status = _run_module(command[2:])
        finally:
            os._exit(status)  # what is above it on the stack is the parent's

    def wait(self):
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def send_signal(self, number):
        os.kill(self.pid, number)


def _set(output, environment):
    for number in (1, 2):
        os.dup2(output.fileno(), number)
    # not closed when a fork of this fork takes their place
    sys.stdout, sys.stderr = (os.fdopen(number, "w", closefd=False) for number in (1, 2))
    os.environ.clear()
    os.environ.update(environment)


def _run_module(arguments):
    """Returns the exit status."""
    sys.argv = [str(argument) for argument in arguments]
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
