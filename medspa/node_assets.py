"""Which third-party files do pages load? A few, from the packages that package.json pins."""

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

NODE_MODULES = Path(__file__).resolve().parent.parent / "node_modules"
# The folder under /static/, the package's folder, and what of it is wanted.
WANTED = (
    ("vendor/inter", "@fontsource-variable/inter", ("wght.css", "files/*-wght-normal.woff2")),
    ("vendor/htmx", "htmx.org/dist", ("htmx.min.js",)),
)


class PrefixedStorage(FileSystemStorage):
    """A folder whose files are served under a prefix; collectstatic reads the attribute."""

    def __init__(self, location: Path, prefix: str) -> None:
        super().__init__(location)
        self.prefix = prefix


class NodeAssetsFinder(BaseFinder):
    """Finds the wanted files for collectstatic and for the tests' server."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Will find nothing wrong; `make` fetches the packages before any page is served."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's own
        """Will return where the file served at `path` lies."""
        found = [
            str(NODE_MODULES / package / path.removeprefix(f"{prefix}/"))
            for prefix, package, patterns in WANTED
            if path.startswith(f"{prefix}/")
            and any(fnmatch(path, f"{prefix}/{pattern}") for pattern in patterns)
            and (NODE_MODULES / package / path.removeprefix(f"{prefix}/")).is_file()
        ]
        return found if find_all else next(iter(found), [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, PrefixedStorage]]:
        """Will yield each wanted file with the storage that holds it."""
        for prefix, package, patterns in WANTED:
            folder = NODE_MODULES / package
            for pattern in patterns:
                for file in sorted(folder.glob(pattern)):
                    yield str(file.relative_to(folder)), PrefixedStorage(folder, prefix)
