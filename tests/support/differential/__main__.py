"""`python -m tests.support.differential 10000 [FIRST SEED]` plays that many sequences and prints what differs."""

from __future__ import annotations

import sys

from tests.support.differential.sequence import play


def main() -> None:
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    differences = 0
    for number, seed in enumerate(range(first, first + count), 1):
        found = play(seed)
        if found is not None:
            differences += 1
            sys.stdout.write(found + "\n")
        if number % 100 == 0:
            sys.stdout.write(f"{number} sequences, {differences} differences\n")
            sys.stdout.flush()
    sys.stdout.write(f"{count} sequences, {differences} differences\n")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
