"""All predicates by name: importing this module registers each of them."""

from __future__ import annotations

from nixlint_ort.check import commits, suppression
from nixlint_ort.check.claims import reading
from nixlint_ort.check.predicates import file, odd_one_out, peers, pin, pinning, repository
from nixlint_ort.check.predicates.registry import PREDICATES

REGISTERING = (commits, suppression, reading, file, odd_one_out, peers, pin, pinning, repository)
"""The modules that have predicates."""
CHECKS = {name: one.arguments for name, one in PREDICATES.items()}
"""What each of them gives the messages of its rules, by name."""
__all__ = ["CHECKS", "PREDICATES"]
