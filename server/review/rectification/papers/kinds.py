"""The papers that unions issue of a rectification, in the order of its page."""

from collections.abc import Mapping

from server.review.rectification.papers.issuing import RectificationPaper
from server.review.rectification.papers.notice import NOTICE
from server.review.rectification.papers.recheck_sheet import RECHECK_SHEET

PAPERS: Mapping[str, RectificationPaper] = {each.name: each for each in (NOTICE, RECHECK_SHEET)}
