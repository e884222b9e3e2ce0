"""Reads the variants of a repository that has no convention: the files below one folder, of a branch or of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nixlint_ort.convention import Convention
from nixlint_ort.convention.roles import ReleaseRole, Roles
from nixlint_ort.nix.values import Package
from nixlint_ort.repository.git_folder import GitError
from nixlint_ort.repository.repository import NoVariantsError, Repository, RepositoryError
from nixlint_ort.repository.revision import MAX_BRANCHES, Objects, Revision, branches
from nixlint_ort.repository.tree import Tree
from nixlint_ort.variant.variant import Variant

VARIANTS = ".flox/pkgs/**/*.nix"
"""Where Flox has the files that it makes packages of (flox.dev)."""
MAX_VARIANTS = 1_000
"""Of all branches together, which are held at once: some 400 MB."""


def nothing_known(root: Path) -> Convention:
    """A convention that only says which files are variants."""
    return Convention(
        folder=root,
        variants=VARIANTS,
        fields={"package": ""},
        pin_urls=(),
        kinds=(),
        tables={},
        rules={},
        roles=Roles(ReleaseRole("release.branch")),
        digest="",
        known={},
        every_stem=[],
    )


def read_variants(root: Path, paths: Sequence[Path] = (), tree: Tree | None = None) -> list[Variant]:
    """The variants of a repository, or those that the paths name. Raises RepositoryError where there are none."""
    repository = Repository(root, nothing_known(root), paths, tree)
    chosen = [variant for variant in repository.variants if variant.path in repository.chosen]
    found = [variant for variant in chosen if not _is_helper(variant, repository.convention.home)]
    if not found:
        raise NoVariantsError(
            f"no variants found in {', '.join(map(str, paths)) or root}: a variant is a package in Nix"
        )
    return found


def _is_helper(variant: Variant, home: str) -> bool:
    """Whether a file in a folder of its own is not a package, and so there to be imported."""
    folder = variant.path.rpartition("/")[0]
    if folder == home or variant.path.endswith("/default.nix") or not variant.judgeable:
        return False
    return not isinstance(variant.evaluation.result, Package)


def read_branches(objects: Objects, unread: Callable[[str], None]) -> Iterator[tuple[str, list[Variant]]]:
    """The variants of every branch that has some; nothing is checked out.

    Raises GitError where git cannot be asked, and RepositoryError where there are more than MAX_BRANCHES branches, or
    more than MAX_VARIANTS variants on them. `unread` is told of each branch that git cannot read, and why.
    Files that they import are read while they are evaluated, so `objects` stay open until then.
    """
    known, count = branches(objects.root), 0
    if len(known) > MAX_BRANCHES:
        raise RepositoryError(f"there are {len(known):,} branches; nixlint-ort learns from at most {MAX_BRANCHES}")
    for name, branch in known.items():
        try:
            variants = read_variants(objects.root, tree=Revision(objects, branch.ref))
        except RepositoryError:
            continue
        except GitError as error:
            objects.close()
            unread(f"git cannot read {branch.ref}: {error}")
        else:
            count += len(variants)
            if count > MAX_VARIANTS:
                raise RepositoryError(f"the branches have more than {MAX_VARIANTS:,} variants, the most to learn from")
            yield name, variants
