"""The entry point: prepares the process, and runs the command line."""

import _signal  # type: ignore[import-not-found]  # it has no stub

# Until `main` can say with an exit code what an interrupt was. `signal` itself takes a moment to import.
_signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from types import FrameType  # noqa: E402


def main() -> None:
    """The console script. Exit codes: 0 nothing at error level, 1 findings, 2 anything else, 130 an interrupt."""
    _open_closed_streams()
    try:
        os.getcwd()
    except OSError as error:
        sys.stderr.write(f"nixlint-ort: the working directory cannot be read: {error.strerror}\n")
        sys.exit(2)
    try:
        signal.signal(signal.SIGINT, _interrupt)
        _main()
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say of a program that was interrupted
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # so Python 3.11 says it while a class is made
            sys.exit(130)
        raise
    except SystemExit as done:
        _leave(done.code)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done, and what Python tidies up needs no interrupt


def _interrupt(_: int, __: FrameType | None) -> None:
    """Raise KeyboardInterrupt once: another interrupt, while that is handled, ends the process as it ends any other."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise KeyboardInterrupt


def _leave(code: object) -> None:
    """Exit as Python would, but without taking down every module and object, which costs a tenth of a run."""
    if code is not None and not isinstance(code, int):
        sys.exit(str(code))
    import atexit
    from contextlib import suppress

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
