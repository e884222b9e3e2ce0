"""The program: gives an earlier answer where that still holds, and runs the command line otherwise."""

import os
import sys


def main() -> None:
    """The console script. Exit codes: 0 nothing at error level, 1 findings, 2 anything else, 130 an interrupt."""
    _open_closed_streams()
    try:
        os.getcwd()
    except OSError as error:
        sys.stderr.write(f"nixlint-ort: the working directory cannot be read: {error.strerror}\n")
        sys.exit(2)
    try:
        _main()
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say of a program that was interrupted
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # so Python 3.11 says it while a class is made
            sys.exit(130)
        raise


def _open_closed_streams() -> None:
    """Put nothing in place of the streams that are closed, so that no file that is opened later takes their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115  # it stays open until the end
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def _main() -> None:
    import gc  # an interrupt while modules are imported is one like any other, so all that takes time is imported here
    from contextlib import suppress

    from nixlint_ort import answers, cache

    if "--no-cache" in sys.argv:
        os.environ[cache.SWITCH] = ""
    answer = answers.recall(sys.argv[1:])
    if answer is not None:
        stdout, stderr, code = answer
        with suppress(OSError):  # a stream that cannot be written: the run below says so
            sys.stderr.buffer.write(stderr)
            sys.stdout.buffer.write(stdout)
            sys.stdout.flush()
            sys.exit(code)
    gc.set_threshold(100_000)  # a run makes many objects and drops few in cycles: a look at all of them costs a tenth
    recorder = answers.Recorder(sys.argv[1:])
    from nixlint_ort.cli import main as run  # it imports much that an earlier answer does not need

    run(recorder)


if __name__ == "__main__":
    main()
