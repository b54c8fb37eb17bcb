"""The handbook, opened at the chapter of the page one comes from, and what is new."""

from flask import Blueprint, render_template

from server.console.help.queries import HANDBOOK, NEWS, chapters, latest_news
from server.console.shell.navigation import current_entry
from server.core.web.access import requires

bp = Blueprint("help_console", __name__, url_prefix="/console/help", template_folder="templates")


@bp.get("")
@requires("help.read")
def show_handbook() -> str:
    """The whole handbook; each chapter can be linked to by its heading."""
    return render_template("help/handbook.html", chapters=chapters(HANDBOOK))


@bp.get("/news")
@requires("help.read")
def show_news() -> str:
    """What is new, the latest first."""
    return render_template("help/news.html", chapters=chapters(NEWS))


@bp.app_template_global("help_href")
def _help_href() -> str:
    """The handbook, at the chapter of the present page."""
    entry = current_entry()
    return f"/console/help#{entry.handbook}" if entry is not None and entry.handbook else "/console/help"


bp.add_app_template_global(current_entry, "help_entry")
bp.add_app_template_global(latest_news, "latest_news")
