"""A value that is nixpkgs' own, comes out of a call or cannot be known is replaced as a whole, or not at all."""

import pytest

from nixlint_ort.finding import Safety
from tests.support.linting import GPU, fix, lint, original, replace_once

TEXT = '"ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]"'
DESCRIPTION, PLATFORMS, PNAME = f"description = {TEXT};", 'platforms = [ "x86_64-linux" ];', "pname = variantName;"
OWN = "nixpkgs_pinned.onnxruntime"
OTHERS = '  passthru = { description = "ours"; };\n'
SAFE, UNSAFE = Safety.SAFE, Safety.UNSAFE

WHOLE = {
    "nixpkgs' description": (DESCRIPTION, f"description = {OWN}.meta.description;", DESCRIPTION, SAFE),
    "nixpkgs' description in parentheses": (DESCRIPTION, f"description = ({OWN}.meta.description);", DESCRIPTION, SAFE),
    "nixpkgs' description or another": (DESCRIPTION, f'description = {OWN}.meta.description or "";', DESCRIPTION, SAFE),
    "nixpkgs' description, inherited alone": (DESCRIPTION, f"inherit ({OWN}.meta) description;", DESCRIPTION, SAFE),
    "inherited with others": (
        DESCRIPTION,
        f"inherit ({OWN}.meta) homepage description license;",
        f"inherit ({OWN}.meta) homepage license;\n    {DESCRIPTION}",
        SAFE,
    ),
    "inherited first of two": (
        DESCRIPTION,
        f"inherit ({OWN}.meta) description homepage;",
        f"inherit ({OWN}.meta) homepage;\n    {DESCRIPTION}",
        SAFE,
    ),
    "inherited in lines of their own": (
        DESCRIPTION,
        f"inherit ({OWN}.meta)\n      homepage # where\n      description\n    ;",
        f"inherit ({OWN}.meta)\n      homepage # where\n    ;\n    {DESCRIPTION}",
        SAFE,
    ),
    "a description that a build knows": (DESCRIPTION, "description = builtins.readFile ./about;", DESCRIPTION, SAFE),
    "a description that a build knows, with another of its name in it": (
        DESCRIPTION,
        'description = let description = "ours"; in builtins.readFile ./about;',
        DESCRIPTION,
        SAFE,
    ),
    "a description that a build knows, before another of its name": (
        f"{DESCRIPTION}\n    {PLATFORMS}\n  }};\n",
        f"description = builtins.readFile ./about;\n    {PLATFORMS}\n  }};\n{OTHERS}",
        f"{DESCRIPTION}\n    {PLATFORMS}\n  }};\n{OTHERS}",
        SAFE,
    ),
    "another version, parted by two texts": (
        DESCRIPTION,
        "description = {};".format(TEXT.replace("1.23.2", '1.22" + ".0')),
        DESCRIPTION,
        SAFE,
    ),
    "nixpkgs' platforms": (PLATFORMS, f"platforms = {OWN}.meta.platforms;", PLATFORMS, SAFE),
    "a comment right before it": (
        PLATFORMS,
        "platforms = /* ours */lib.platforms.linux;",
        f"platforms = /* ours */{PLATFORMS.removeprefix('platforms = ')}",
        SAFE,
    ),
    "a platform of nixpkgs": (PLATFORMS, "platforms = [ nixpkgs_pinned.stdenv.hostPlatform.system ];", PLATFORMS, SAFE),
    "a list of nixpkgs' lib": (PLATFORMS, "platforms = lib.platforms.linux;", PLATFORMS, SAFE),
    "inherited platforms": (PLATFORMS, f"inherit ({OWN}.meta) platforms;", PLATFORMS, SAFE),
    "nixpkgs' pname": (PNAME, f"pname = {OWN}.pname;", PNAME, UNSAFE),
    "inherited pname": (PNAME, f"inherit ({OWN}) pname;", PNAME, UNSAFE),
    "a pname of the environment": (PNAME, 'pname = builtins.getEnv "NAME";', PNAME, UNSAFE),
    "a pname out of a call": (PNAME, 'pname = lib.toUpper "onnxruntime";', PNAME, UNSAFE),
    "an SM that is computed": (
        'gpuArchCMake = "90";',
        "gpuArchCMake = toString (8 * 10);",
        'gpuArchCMake = "90";',
        UNSAFE,
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_it_is_replaced_as_a_whole(name: str, tmp_path: object) -> None:
    good, bad, mended, safety = WHOLE[name]
    data = replace_once(original(GPU), good, bad)
    assert lint({GPU: data}).findings
    whole = replace_once(original(GPU), good, mended)
    fixed = fix({GPU: data}, unsafe=True)
    assert (fixed.contents, fixed.dropped) == ({GPU: whole}, [])
    assert fix({GPU: data}).contents == ({GPU: whole} if safety is SAFE else {})
    assert {one.rule for one in lint({GPU: whole}).findings} <= {"odd-one-out"}


KEPT = {
    "a comment in it": (DESCRIPTION, f'description = {OWN}.meta.description or /* for now */ "";'),
    "a comment among what is inherited": (DESCRIPTION, f"inherit ({OWN}.meta) # theirs\n      description;"),
}


@pytest.mark.parametrize("name", KEPT)
def test_it_is_left_to_people_where_a_comment_would_be_lost(name: str) -> None:
    data = replace_once(original(GPU), *KEPT[name])
    fixed = fix({GPU: data}, unsafe=True)
    assert fixed.contents == {}
    assert lint({GPU: data}).findings


def test_what_is_put_in_goes_above_the_comments_of_what_follows() -> None:
    data = replace_once(original(GPU), f"    {DESCRIPTION}\n", "")
    for comment in ("    # where it runs\n", "    /* where\n       it runs */\n", "    # where\n    # it runs\n"):
        commented = replace_once(data, f"    {PLATFORMS}", f"{comment}    {PLATFORMS}")
        whole = replace_once(commented, comment, f"    {DESCRIPTION}\n{comment}")
        assert fix({GPU: commented}).contents == {GPU: whole}


def test_what_is_put_in_goes_below_the_comment_of_the_line_before() -> None:
    data = replace_once(original(GPU), f"    {DESCRIPTION}\n", "")
    commented = replace_once(data, " // {\n", " // { # ours\n")
    assert fix({GPU: commented}).contents == {
        GPU: replace_once(commented, " // { # ours\n", f" // {{ # ours\n    {DESCRIPTION}\n")
    }


def test_what_is_put_in_goes_above_what_silences_what_follows() -> None:
    silent = "    # nixlint-ort: ignore[platforms] runs on both\n"
    both = '    platforms = [ "x86_64-linux" "aarch64-linux" ];\n'
    data = replace_once(original(GPU), f"    {DESCRIPTION}\n    {PLATFORMS}\n", silent + both)
    assert fix({GPU: data}, unsafe=True).contents == {GPU: replace_once(data, silent, f"    {DESCRIPTION}\n{silent}")}
