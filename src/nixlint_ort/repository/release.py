"""Which release a run is judged by: the branch that was named, CI's, git's, or the one most variants agree on."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention import ConventionError
from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.repository.git_folder import current_branch

if TYPE_CHECKING:
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.variant.variant import Variant

CI_VARIABLES = (
    "GITHUB_BASE_REF",
    "GITHUB_REF_NAME",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "CI_COMMIT_REF_NAME",
)
"""Target branch before current branch, as GitHub and GitLab document them."""


class Release(NamedTuple):
    """The branch whose row of the release table applies, and what to say of how it was found."""

    branch: str | None
    note: str | None = None


def find_release(repository: Repository, named: str | None, environment: Mapping[str, str] = os.environ) -> Release:
    """The release that applies. Raises ConventionError for a named branch that the release table does not list."""
    releases = repository.convention.releases
    if named is not None:
        if named not in releases.keys:
            raise ConventionError(
                releases.path, f"the table of releases has no branch {named!r}{did_you_mean(named, releases.keys)}"
            )
        return Release(named)
    branches = [environment[name] for name in CI_VARIABLES if environment.get(name)]
    current = current_branch(repository.root)
    branches += [current] if current else []
    for branch in branches:
        if branch in releases.keys:
            return Release(branch)
    return _majority(repository, branches[0] if branches else None)


def release_of_branch(repository: Repository, branch: str) -> Release:
    """The release of a branch, or for one that is none, the release that most of its variants state."""
    return Release(branch) if branch in repository.convention.releases.keys else _majority(repository, branch)


def _majority(repository: Repository, branch: str | None) -> Release:
    convention = repository.convention
    stated = Counter(version for variant in repository.variants for version in stated_versions(variant))
    where = f"branch {branch!r} is not a release" if branch else "there is no branch"
    field = convention.roles.release.version
    for version, count in stated.most_common():
        for row in convention.releases.rows:
            if field is not None and row.fields.get(field) == version:
                found = str(row.cells[convention.releases.key])
                which = f"{found} ({version}, stated by {count} of {len(repository.variants)} variants)"
                return Release(found, f"{where}; checking against {which}; use --branch to choose another")
    return Release(
        None,
        f"{where}, and no variant states the version of a release, so versions are not checked; "
        "use --branch to choose a release",
    )


def stated_versions(variant: Variant) -> Iterator[str]:
    """The version that the first header line states, if it does."""
    field = variant.convention.roles.release.version
    version = (variant.stated("header.line1") or {}).get(field) if field else None
    if version is not None:
        yield version
