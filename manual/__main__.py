"""`python -m manual`: write everything anew that is generated, and build the site."""

from __future__ import annotations

from manual import DOCS, ROOT, SITE
from manual.files import generated, hand_written, left_over
from manual.site import build


def main() -> None:
    """Write what has changed; the README comes first, since the other pages' examples lint it too."""
    for path, make in (*generated().items(), *hand_written().items()):
        text = make()
        if not path.is_file() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"{path.relative_to(ROOT)} is brought up to date")
    for path in left_over():
        path.unlink()
        print(f"{path.relative_to(ROOT)} is of no rule: removed")
    build(DOCS, SITE)
    print(f"{(SITE / 'index.html').relative_to(ROOT)} is the manual's first page")


if __name__ == "__main__":
    main()
