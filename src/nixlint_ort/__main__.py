"""The entry point: prepares the process, and runs the command line."""

import _signal  # type: ignore[import-not-found]  # it has no stub

# Until `main` can say with an exit code what an interrupt was. `signal` itself takes a moment to import.
_signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from contextlib import suppress  # noqa: E402
from types import FrameType  # noqa: E402
from typing import Any  # noqa: E402

_ENDINGS = (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
"""Signals that end a process, before which it puts things in order: temporary files, and git that it has started."""
_came: list[int] = []
"""The signals that have come."""
_SOON = 0.01
"""Seconds."""


def main() -> None:
    """The console script. Exit codes: 0 nothing at error level, 1 findings, 2 anything else, 130 an interrupt."""
    _open_closed_streams()
    try:
        os.getcwd()
    except OSError as error:
        sys.stderr.write(f"nixlint-ort: the working directory cannot be read: {error.strerror}\n")
        sys.exit(2)
    try:
        sys.unraisablehook = _not_raised
        for number in _ENDINGS:
            if signal.getsignal(number) == signal.SIG_DFL:  # nohup ignores one of them
                signal.signal(number, _interrupt)
        signal.signal(signal.SIGINT, _interrupt)
        _main()
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say of a program that was interrupted
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # so Python 3.11 says it while a class is made
            sys.exit(130)
        if "NIXLINT_ORT_TRACEBACK" in os.environ:
            raise
        with suppress(OSError):
            sys.stderr.write(f"nixlint-ort: internal error: {type(error).__name__}: {error}\n")
        sys.exit(2)
    except SystemExit as done:
        _leave(done.code)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done, and what Python tidies up needs no interrupt
        _end_by_signal()


def _interrupt(number: int, _: FrameType | None) -> None:
    """Raise KeyboardInterrupt once: another signal, while that is handled, ends the process as it ends any other."""
    signal.signal(number, signal.SIG_DFL)
    _came.append(number)
    raise KeyboardInterrupt


def _not_raised(what: Any) -> None:
    """Raise an interrupt again that came in a callback or a finalizer, of which Python drops what they raise."""
    if issubclass(what.exc_type, Exception):
        sys.__unraisablehook__(what)
    elif issubclass(what.exc_type, KeyboardInterrupt):
        signal.signal(signal.SIGALRM, _interrupt_again)
        signal.setitimer(signal.ITIMER_REAL, _SOON)


def _interrupt_again(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end_by_signal() -> None:
    """End as the signal that came ends a process; an interrupt has an exit code instead."""
    for number in _came:
        if number in _ENDINGS:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)


def _leave(code: object) -> None:
    """Exit as Python would, but without taking down every module and object, which costs a tenth of a run."""
    if code is not None and not isinstance(code, int):
        sys.exit(str(code))
    _end_by_signal()
    import atexit

    atexit._run_exitfuncs()  # what was registered still runs
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # where that mattered, it was said
            stream.flush()
    os._exit(code or 0)


def _open_closed_streams() -> None:
    """Replace closed standard streams by the null device, so that no file opened later gets their descriptors."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115  # it stays open until the end
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def _main() -> None:
    import gc  # an interrupt while modules are imported is one like any other, so all that takes time is imported here

    gc.set_threshold(300_000)  # what 60 files leave behind in cycles is less than that, and to look at it costs a tenth
    from nixlint_ort.cli import main as run

    run()


if __name__ == "__main__":
    main()
