"""Every table, so that the metadata is whole: for migrations and for composition roots."""

from server.activities.hazards import models as hazards
from server.activities.suggestions import models as suggestions
from server.core.audit import models as audit
from server.core.db import Base
from server.core.jobs import models as jobs
from server.notifications.digests import models as digests
from server.notifications.inbox import models as inbox
from server.notifications.subscribe import models as subscribe
from server.oversight.awards import models as awards
from server.oversight.letters import models as letters
from server.photos import models as photos
from server.reports.figures import models as figures
from server.review.decisions import models as decisions
from server.review.duplicates import models as duplicates
from server.review.escalation import models as escalation
from server.review.queue import models as queue
from server.review.rectification import models as rectification
from server.review.submissions import models as submissions
from server.rewards.points import models as points
from server.unions.accounts import models as accounts
from server.unions.campaigns import models as campaigns
from server.unions.guesses import models as guesses
from server.unions.imports import models as imports
from server.unions.people import models as people
from server.unions.tree import models as tree

TABLES = (
    tree,
    people,
    campaigns,
    accounts,
    guesses,
    imports,
    photos,
    submissions,
    decisions,
    queue,
    rectification,
    duplicates,
    escalation,
    inbox,
    subscribe,
    digests,
    points,
    hazards,
    suggestions,
    letters,
    awards,
    figures,
    jobs,
    audit,
)
metadata = Base.metadata
