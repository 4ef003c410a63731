"""Where every page's templates come from, and how they are filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2

__all__ = ["template_environment"]

REPORT = "sim.report"


def template_environment(package: str = REPORT) -> jinja2.Environment:
    """The templates of a package, with the report's style sheet and macros beside them; texts are escaped."""
    import jinja2

    folders = [jinja2.PackageLoader(name, "templates") for name in dict.fromkeys((package, REPORT))]
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
