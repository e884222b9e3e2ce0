"""What is said of a variable after a script is what bash has in it, or that it is not known."""

from __future__ import annotations

import subprocess
from pathlib import Path
from time import process_time

import pytest

from nixlint_ort.nix.values import Form, NixString, Origin, Piece
from nixlint_ort.source import Span
from nixlint_ort.variant.shell import follow
from nixlint_ort.variant.shell_state import Shell, Variable

FLAGS = "-mavx2 -mfma"
SCRIPTS = r"""
eval CXXFLAGS=
eval "CXX"FLAGS=
true && eval "CXX"FLAGS=
if true; then eval "CXX"FLAGS= ; fi
builtin eval "CXX"FLAGS=
source ./reset.sh
. ./reset.sh
true && . ./reset.sh
set -a; . ./reset.sh
printf -v CXXFLAGS x
printf -v "CXX"FLAGS x
read CXXFLAGS < /dev/null
read CXX"FLAGS" < /dev/null
mapfile CXXFLAGS < /dev/null
readarray CXXFLAGS < /dev/null
declare CXXFLAGS=
declare -g CXXFLAGS=
typeset CXXFLAGS=
declare -n other=CXXFLAGS; other=
name=FLAGS; declare -n other=CXX$name; other=
name=CXXFLAGS; export "$name="
name=CXXFLAGS; unset $name
name=CXXFLAGS; unset "$name"
name=CXXFLAGS; declare "$name=x"
name=CXXFLAGS; readonly $name=x
unset CXX{FLAGS,x}
export CXX{FLAGS,x}=
export $(echo CXXFLAGS=)
export CXX\
FLAGS=
for CXXFLAGS in x; do :; done
for CXXFLAGS in x
do :; done
set -- -a; getopts a CXXFLAGS
: ${CXXFLAGS:+} ${CXXFLAGS:=x}
CXXFLAGS=; : "${CXXFLAGS:=x}"
: $((CXXFLAGS=1))
let CXXFLAGS=1
(( CXXFLAGS=1 ))
CXXFLAGS[0]=x
CXXFLAGS=(x)
if true; then CXXFLAGS=; fi
f() { CXXFLAGS=; }; f
case x in x) CXXFLAGS= ;; esac
{ CXXFLAGS= ; }
unset -v CXXFLAGS
unset CXXFLAGS
exec env -u CXXFLAGS sh -c 'echo "<$CXXFLAGS>"'
true; exec env CXXFLAGS=x sh -c 'echo "<$CXXFLAGS>"'
trap 'CXXFLAGS=' DEBUG
shopt -s expand_aliases
"CXXFLAGS"=x true
CXXFLAGS\=x true
echo 'eval and source are words here'
echo "a. b" . eval
export PATH="$PATH:${HOME:-x}"
export OTHER="$(echo x)" MORE='y'
for file in "$PWD"/*; do echo "$file"; done
for v in CXXFLAGS CFLAGS; do export "$v=-mavx ${!v}"; done
for v in CFLAGS CXXFLAGS; do export $v="-mavx ${!v:-}"; done
for v in "CXXFLAGS" 'CFLAGS'; do export ${v}="${!v-} -mavx"; done
for v in CXX C; do export ${v}FLAGS="-mavx"; done
for v in CXX C; do export "${v}FLAGS=-mavx $CXXFLAGS"; done
for v in CXXFLAGS OTHER; do unset $v; done
for v in CXXFLAGS CFLAGS; do export "$v+= -mavx"; done
for v in CXXFLAGS; do echo "$v"; export $v=x; done
for v in CXXFLAGS; do export '$v=x'; done
for v in CXXFLAGS; do export "\$v=x"; done
for v in CXXFLAGS; do break; export $v=x; done
for v in CXXFLAGS; do v=OTHER; export $v=x; done
for v in CXXFLAGS; do if false; then export $v=x; fi; done
for v in CXXFLAGS; do export $v=x & done
for v in CXXFLAGS; do (export $v=x); done
for v in CXXFLAGS; do export $v=x; done > /dev/null
for v in CXXFLAGS; do export $v=x; done | cat
for v in CXXFLAGS; do export $v=x; done; unset v
for v in A B; do export CXXFLAGS="$CXXFLAGS -D$v"; done
for v in A B; do for w in C D; do export CXXFLAGS="$w"; done; done
for vv in CXXFLAGS; do v=x; export $vv="$v"; done
for v in CXXFLAGS; do export $v=${v}; done
for v in CXXFLAGS; do export $v="${v%S}"; done
for v in CXXFLAGS; do export $v=${#v}; done
for v in CXXFLAGS; do : ; done; export CXXFLAGS=$v
for v in CXXFLAGS CFLAGS; do true && export $v=x; done
for v in $(echo CXXFLAGS); do export $v=x; done
for v in CXX*; do export $v=x; done
true && for v in CXXFLAGS; do export $v=x; done
echo "for v in CXXFLAGS; do export $v=x; done"
if true; then for v in CXXFLAGS; do export $v=x; done; fi
f() { for v in CXXFLAGS; do export $v=x; done; }
export "CXXFLAGS=-mavx $CXXFLAGS"
export 'CXXFLAGS=-mavx $x'
export "CXXFLAGS+= -mavx" "OTHER=1"
export "CXX"FLAGS=x
read -r line < /dev/null
printf '%s\n' "$CXXFLAGS"
local_name=x; unset local_name
exec 3>&1
exec > /dev/stdout
cp ./reset.sh ./other.sh
./reset.sh
bash ./reset.sh
env -u CXXFLAGS true
(unset CXXFLAGS)
"""
UNCHANGED = (
    "shopt -s expand_aliases",
    '"CXXFLAGS"=x true',
    "echo 'eval and source are words here'",
    'echo "a. b" . eval',
    'export PATH="$PATH:${HOME:-x}"',
    """export OTHER="$(echo x)" MORE='y'""",
    """for file in "$PWD"/*; do echo "$file"; done""",
    "read -r line < /dev/null",
    "exec 3>&1",
    "exec > /dev/stdout",
    "cp ./reset.sh ./other.sh",
)
"""After which the flags are still known: maintainers write such statements."""


FOLLOWED = (
    """for v in CXXFLAGS CFLAGS; do export "$v=-mavx ${!v}"; done""",
    """for v in CFLAGS CXXFLAGS; do export $v="-mavx ${!v:-}"; done""",
    """for v in "CXXFLAGS" 'CFLAGS'; do export ${v}="${!v-} -mavx"; done""",
    """for v in CXX C; do export ${v}FLAGS="-mavx"; done""",
    """for v in CXXFLAGS OTHER; do unset $v; done""",
    """for v in CXXFLAGS; do echo "$v"; export $v=x; done""",
    """for v in A B; do export CXXFLAGS="$CXXFLAGS -D$v"; done""",
    'export "CXXFLAGS=-mavx $CXXFLAGS"',
)
"""What sets flags in a way that is followed."""


def scripts() -> list[str]:
    lines = SCRIPTS.strip("\n").replace("\\\nFLAGS", "\\\0FLAGS").replace("in x\ndo", "in x\0do").splitlines()
    return [line.replace("\0", "\n") for line in lines]


def after(script: str) -> str | None:
    """The flags after a script, as the tool tells; None where it does not."""
    text = NixString((Piece(script, Origin(Span(0, len(script))), Form.DERIVED),), Origin(Span(0, len(script))))
    words = tuple(
        NixString((Piece(word, Origin(Span(0, 0)), Form.DERIVED),), Origin(Span(0, 0))) for word in FLAGS.split()
    )
    shell = Shell({"CXXFLAGS": Variable(words, is_exported=True)})
    follow(text, shell)
    variable = shell.variables["CXXFLAGS"]
    return None if variable.unknown else " ".join(word.text for word in variable.words)


@pytest.mark.parametrize("script", scripts())
def test_bash_agrees_where_something_is_said(script: str, tmp_path: Path) -> None:
    (tmp_path / "reset.sh").write_text("CXXFLAGS=\n")
    (tmp_path / "reset.sh").chmod(0o755)
    whole = f"export CXXFLAGS='{FLAGS}'\n{script}\n" + 'printf "\n<%s>\n" "$CXXFLAGS"\n'
    ran = subprocess.run(["bash", "-c", whole], cwd=tmp_path, capture_output=True, text=True, check=False)
    by_bash = ran.stdout.rstrip("\n").rpartition("\n")[2].strip("<>")
    assert after(script) in (None, " ".join(by_bash.split()))


@pytest.mark.parametrize("script", FOLLOWED)
def test_flags_that_a_loop_sets_are_known(script: str) -> None:
    assert script in scripts()
    assert after(script) not in {FLAGS, None}


@pytest.mark.parametrize("script", UNCHANGED)
def test_what_changes_no_flags_leaves_them_known(script: str) -> None:
    assert script in scripts()
    assert after(script) == FLAGS


@pytest.mark.parametrize(
    "part",
    [
        "unset ",
        "read x ",
        "wait -p ",
        "export 'a' ",
        'export "',
        "printf -v ",
        "getopts a ",
        "declare -a ",
        "if ! ",
        "${A:= ",
    ],
)
def test_a_long_statement_is_followed_in_time_that_grows_with_its_length(part: str) -> None:
    began = process_time()
    after(part * (100_000 // len(part)))
    assert process_time() - began < 5
