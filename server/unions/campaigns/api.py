"""The current campaign for the mini program."""

from apiflask import APIBlueprint
from flask import current_app

from server.core import clock
from server.core.web.access import public
from server.core.web.unit_of_work import session
from server.unions.campaigns import queries
from server.unions.campaigns.schemas import CampaignOut

bp = APIBlueprint("campaigns", __name__, url_prefix="/api/v1", tag="campaigns")


@bp.get("/campaign")
@public
@bp.output(CampaignOut)
def get_campaign() -> CampaignOut:
    """The current campaign, open to everybody: period, activities, grades, categories, photo limits."""
    campaign = queries.get_current_campaign(session())
    return queries.describe_campaign(campaign, current_app.extensions["settings"], clock.now())
