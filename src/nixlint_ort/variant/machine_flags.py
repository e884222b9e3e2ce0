"""Which compiler flags choose the instructions that are generated; all others may be beside them."""

from __future__ import annotations

import re

# GCC's manual, "x86 Options" and "AArch64 Options": of the options that begin with -m, those that decide about the
# ABI, the layout of code and stack, or hardening. They choose no instructions of a CPU.
_OTHER = re.compile(
    r"""-m(?:
        16|32|64|x32|iamcu
      | (?:abi|cmodel|tls-dialect|tls-size|function-return|indirect-branch|harden-sls|branch-protection
          |sign-return-address|stack-protector-guard(?:-\w+)?|preferred-stack-boundary|incoming-stack-boundary|stack-arg-probe
          |large-data-threshold|align-data|function-alignment|regparm|instrument-return|addr|mitigate-rop)(?:=.*)?
      | (?:no-)?(?:omit-leaf-frame-pointer|red-zone|stackrealign|accumulate-outgoing-args|push-args|rtd|ms-bitfields
          |tls-direct-seg-refs|align-double|align-stringops|fentry|record-mcount|nop-mcount|record-return
          |indirect-branch-(?:register|cs-prefix)|skip-rax-setup|cet-switch|manual-endbr|call-ms2sysv-xlogues
          |relax-cmpxchg-loop|pc-relative-literal-loads|fix-cortex-a53-(?:835769|843419)|strict-align|sseregparm
          |force-drap|needed|long-calls|threads|dll|console|windows)
      | (?:long-double-(?:64|80|128)|96bit-long-double|128bit-long-double|glibc|musl|uclibc|bionic|android
          |little-endian|big-endian|pc(?:32|64|80)|llvm)(?:=.*)?
    )""",
    re.VERBOSE,
)


def is_machine_flag(flag: str) -> bool:
    """Whether a compiler flag chooses instructions, such as `-mavx2` or `-march=armv9-a`; `-m64` chooses none."""
    return flag.startswith("-m") and _OTHER.fullmatch(flag) is None
