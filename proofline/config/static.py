"""The files that browsers get as they are."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.staticfiles.finders import FileSystemFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage

from proofline.config import icons

if TYPE_CHECKING:
    from collections.abc import Iterator

# The packages bring a hundred times more than we use: sources, maps, other builds, pictures.
PARTS = (
    "alpine/cdn.min.js",
    "echarts/echarts.min.js",
    "fonts/*.ttf",
    "fonts/NotoSansSC_400Regular.ttf",
    "htmx/htmx.min.js",
    "htmx/ext/*.min.js",
    "icons/fonts/tabler-icons.woff2",
    "icons/tabler-icons.min.css",
    "sortable/Sortable.min.js",
    "tabler/css/tabler.min.css",
    "tabler/css/tabler-themes.min.css",
    "tabler/js/tabler.min.js",
)


def used(path: str) -> bool:
    """Tell whether a file of an npm package, by its static path, is one that our pages use."""
    return any(fnmatch(path, pattern) for pattern in PARTS)


class BrowserPartsFinder(FileSystemFinder):
    """Finds what our pages use of the npm packages, so that `PARTS` is all that is handed out."""

    def find(self, path: str, *arguments: Any, **options: Any) -> Any:
        """Return where the file is, nothing for one that is not among the parts."""
        return super().find(path, *arguments, **options) if used(path) else []

    def list(self, *arguments: Any, **options: Any) -> Iterator[Any]:
        """Yield the parts with the storages that hold them."""
        for path, storage in super().list(*arguments, **options):
            if used(f"{storage.prefix}/{path}"):
                yield path, storage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise ships no types
    """Names files by their content, so that browsers may keep them for ever; leaves out icons and source maps that no page uses."""

    patterns: ClassVar[Any] = (
        (
            "*.css",
            (
                r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",
                (r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""", """@import url("%(url)s")"""),
            ),
        ),
    )

    def post_process(self, paths: dict[str, Any], *arguments: Any, **options: Any) -> Iterator[Any]:
        """Cut the icons out, then name all files anew."""
        if icons.SHEET in paths:
            icons.cut(Path(self.location))
            paths |= {name: (self, name) for name in (icons.SHEET, icons.FONT)}
        yield from super().post_process(paths, *arguments, **options)
