"""`python -m nixlint_ort`."""

from nixlint_ort.cli import main

main()
