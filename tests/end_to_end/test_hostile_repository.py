"""A repository that wants to read, write or run what is not its own, or never to end: it can do nothing but be judged."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from nixlint_ort.convention import ConventionError, find_rules, load
from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.repository.git import run
from nixlint_ort.repository.git_folder import current_branch
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.revision import Objects, Revision, branches
from nixlint_ort.template import Shape, Template, TemplateError
from tests.support import scratch
from tests.support.linting import GPU, ROOT, convention, original
from tests.support.running import run as run_tool

SECRET = "the text of another's file"
SECONDS = 20.0
"""Far above what any of these takes, so that a busy machine does not fail the test."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository of two variants, beside a file that is none of its business."""
    (tmp_path / "secret").write_text(SECRET)
    root = tmp_path / "repository"
    packages = root / ".flox/pkgs"
    packages.mkdir(parents=True)
    for path in sorted((ROOT / ".flox/pkgs").glob("*sm90-avx2.nix")):
        shutil.copy(path, packages)
    return root


def own_rules(root: Path) -> Path:
    shutil.copytree(find_rules(), root / "rules")
    return root / "rules"


@pytest.mark.parametrize("target", ["../../../secret", "{root}/../secret", "/etc/passwd", "/dev/zero"])
def test_a_variant_that_is_a_link_out_of_the_repository_is_not_read(target: str, place: Path) -> None:
    (place / ".flox/pkgs/x.nix").symlink_to(target.format(root=place))
    ran = run_tool(cwd=place)
    assert ran.returncode == 1
    assert "x.nix:1:1: error[unreadable-file] the file cannot be read: it is a link to a place outside" in ran.stdout
    assert SECRET not in ran.stdout + ran.stderr


def test_a_folder_that_is_a_link_out_of_the_repository_is_not_read(place: Path) -> None:
    shutil.move(place / ".flox/pkgs", place.parent / "elsewhere")
    (place / ".flox/pkgs").symlink_to(place.parent / "elsewhere")
    before = {path.name: path.read_bytes() for path in (place.parent / "elsewhere").iterdir()}
    ran = run_tool("--fix", "--unsafe-fixes", cwd=place)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "nixlint-ort: .flox/pkgs cannot be read: it is a link to a place outside\n"
    assert {path.name: path.read_bytes() for path in (place.parent / "elsewhere").iterdir()} == before


def test_a_link_inside_the_repository_is_read(place: Path) -> None:
    (place / "kept").mkdir()
    name = next((place / ".flox/pkgs").glob("*.nix")).name
    shutil.move(place / ".flox/pkgs" / name, place / "kept" / name)
    (place / ".flox/pkgs" / name).symlink_to(f"../../kept/{name}")
    assert "unreadable-file" not in run_tool(cwd=place).stdout


def test_links_in_a_circle_end(place: Path) -> None:
    (place / ".flox/pkgs/a.nix").symlink_to("b.nix")
    (place / ".flox/pkgs/b.nix").symlink_to("a.nix")
    (place / ".flox/pkgs/deeper").symlink_to(".")
    rules = own_rules(place)
    main = rules / "convention.yaml"
    main.write_text(main.read_text().replace("variants: .flox/pkgs/**/*.nix", "variants: .flox/*/*/*/*/*/*/*/*.nix"))
    assert "no variants found" in run_tool(cwd=place).stderr
    shutil.rmtree(rules)
    assert run_tool("--output-format", "concise", cwd=place).stdout.count("unreadable-file") == 2


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "dangling link", "socket"])
def test_what_is_no_regular_file_is_one_finding(kind: str, place: Path) -> None:
    path = place / ".flox/pkgs/x.nix"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        import socket

        before = Path.cwd()
        os.chdir(path.parent)
        socket.socket(socket.AF_UNIX).bind(path.name)
        os.chdir(before)
    else:
        path.symlink_to("/dev/null" if kind == "device" else "nowhere")
    ran = run_tool(cwd=place)
    assert ran.returncode == 1
    assert ran.stdout.count("error[unreadable-file]") == 1


def test_a_file_that_is_removed_between_listing_and_reading_is_one_finding(place: Path) -> None:
    repository = Repository(place, convention())
    (place / repository._paths[0]).unlink()
    assert repository.variants[0].problem is not None
    assert "No such file" in repository.variants[0].problem.message


def test_a_file_that_may_not_be_read_is_one_finding(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    repository = Repository(place, convention())
    monkeypatch.setattr("nixlint_ort.files.os.open", refuse)  # root, as in many containers, may read any file
    variant = repository.variants[0]
    assert variant.problem is not None
    assert variant.problem.message == "the file cannot be read: Permission denied"


@pytest.mark.parametrize("kind", ["pipe", "link out", "device", "folder"])
def test_a_rule_that_is_no_file_of_the_convention_ends_the_run(kind: str, place: Path) -> None:
    path = own_rules(place) / "header/x.yaml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(place.parent / "secret" if kind == "link out" else "/dev/zero")
    ran = run_tool(cwd=place)
    assert ran.returncode == 2
    assert ran.stderr.startswith("nixlint-ort: rules/header/x.yaml: cannot be read: it is ")
    assert SECRET not in ran.stderr


def test_rules_outside_the_repository_are_the_users_choice_alone(place: Path) -> None:
    outside = own_rules(place.parent)
    (place / "nixlint-ort.yaml").write_text("convention: ../rules\n")
    assert "is outside the repository" in run_tool(cwd=place).stderr
    (place / "nixlint-ort.yaml").unlink()
    (place / "rules").symlink_to("../rules")
    assert "is outside the repository" in run_tool(cwd=place).stderr
    assert run_tool("--convention", str(outside), cwd=place).returncode in (0, 1)


def test_settings_that_are_a_link_out_of_the_repository_are_not_read(place: Path) -> None:
    (place / "nixlint-ort.yaml").symlink_to("../secret")
    ran = run_tool(cwd=place)
    assert ran.returncode == 2
    assert SECRET not in ran.stderr


@pytest.mark.parametrize(
    "pattern",
    [
        "../x/*.nix",
        "/etc/*.nix",
        "a/../../*.nix",
        "./*.nix",
        "a//*.nix",
        '"a\\0b.nix"',
        '"**/**/*.nix"',
        "a/**.nix",
        "x",
    ],
)
def test_a_pattern_of_variants_stays_in_the_repository_and_ends(pattern: str, place: Path) -> None:
    main = own_rules(place) / "convention.yaml"
    main.write_text(main.read_text().replace("variants: .flox/pkgs/**/*.nix", f"variants: {pattern}"))
    with pytest.raises(ConventionError, match=r"rules/convention.yaml:\d+:11: variants "):
        load(place / "rules")


@pytest.mark.parametrize(
    ("file", "good", "bad"),
    [
        ("convention.yaml", "{package}-python", "{package}/python"),
        ("convention.yaml", "  package: onnxruntime", "  package: ../onnxruntime"),
        ("tables/isas.yaml", "name: avx2", "name: ../../avx2"),
        ("tables/stacks.yaml", 'tag: "12_9"', 'tag: "12\\09"'),
    ],
)
def test_no_file_name_that_a_convention_makes_is_a_path(file: str, good: str, bad: str, place: Path) -> None:
    path = own_rules(place) / file
    text = path.read_text()
    assert good in text
    path.write_text(text.replace(good, bad))
    with pytest.raises(ConventionError, match="this becomes part of a file's name"):
        load(place / "rules")


def test_a_convention_has_a_bounded_number_of_files_and_bytes(place: Path) -> None:
    rules = own_rules(place)
    for number in range(500):
        (rules / f"header/x{number}.yaml").write_text("a: b\n")
    with pytest.raises(ConventionError, match="a convention has at most 500 files with 2,000,000 bytes"):
        load(rules)


def test_a_template_is_no_regular_expression() -> None:
    template = Template("(a+)+$ {x}", {"x": Shape.DIGITS})
    assert template.parse("(a+)+$ 7") is not None
    start = time.monotonic()
    assert template.parse("a" * 40 + "b") is None
    many = Template("{a} {b} {c} {d} {e} x {a} {b} {c} {d} {e}!", {})
    assert many.parse(" " * 2000) is None
    assert list(many.find_in("a " * 900)) == []
    assert time.monotonic() - start < SECONDS


def test_a_template_has_a_bounded_length() -> None:
    with pytest.raises(TemplateError, match="at most 2000 characters"):
        Template("x" * 2001, {})


def test_long_words_are_not_compared_at_length() -> None:
    start = time.monotonic()
    assert did_you_mean("a" * 1_000_000, ["a" * 999_999, "b"]) == ""
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize("head", ["gitdir: a\0b", "gitdir: " + "x" * 5000, "gitdir: /dev/zero", "\xff", ""])
def test_a_file_of_git_that_leads_nowhere_names_no_branch(head: str, tmp_path: Path) -> None:
    (tmp_path / ".git").write_bytes(head.encode("latin-1"))
    assert current_branch(tmp_path) is None


def test_a_pipe_for_gits_head_names_no_branch(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / ".git/HEAD")
    assert current_branch(tmp_path) is None


def test_no_program_that_the_repository_configures_is_run(tmp_path: Path) -> None:
    root = scratch.init(tmp_path / "r")
    scratch.commit(root, {GPU: original(GPU)})
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program", "core.sshCommand", "core.askPass"):
        scratch.git(root, "config", key, str(trap))
    scratch.git(root, "config", "log.showSignature", "true")
    scratch.git(root, "config", "core.hooksPath", str(tmp_path))
    scratch.git(root, "config", "filter.x.clean", str(trap))
    (root / ".gitattributes").write_text("*.nix filter=x diff=x\n")
    scratch.git(root, "config", "diff.x.textconv", str(trap))
    run(root, "log", "--format=%h %s", "HEAD")
    branches(root)
    with Objects(root) as objects:
        assert list(Revision(objects, "HEAD").glob("**/*.nix")) == [GPU]
    assert run_tool("--output-format", "json", cwd=root).returncode in (0, 1)
    assert run_tool("compare", "HEAD", cwd=root).returncode in (0, 1)
    assert not (tmp_path / "sprung").exists()


def test_the_environment_does_not_reach_the_output(place: Path) -> None:
    (place / ".flox/pkgs/x.nix").write_text('builtins.throw "${builtins.getEnv "TOKEN"} ${toString ./.} ${<nixpkgs>}"')
    environment = {"TOKEN": "hush-hush", "NIX_PATH": "nixpkgs=/hush-hush"}
    for name in ("full", "json", "sarif"):
        ran = run_tool("--output-format", name, cwd=place, environment=environment)
        assert "hush-hush" not in ran.stdout + ran.stderr
    assert "hush-hush" not in run_tool("facts", cwd=place, environment=environment).stdout
