"""The one digest by which content is known.

It is taken from where `hashlib` takes it: importing that loads OpenSSL, for which a short run has no use.
"""

from _blake2 import blake2b

__all__ = ["blake2b"]
