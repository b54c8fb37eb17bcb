"""Every table, so that the metadata is whole: for migrations and for composition roots."""

from server.activities.hazards import models as hazards
from server.activities.quiz.attempts import models as quiz_attempts
from server.activities.quiz.bank import models as quiz_bank
from server.activities.quiz.levels import models as quiz_levels
from server.activities.quiz.practice import models as quiz_practice
from server.activities.quiz.standings import models as quiz_standings
from server.activities.suggestions import models as suggestions
from server.channels.official_account import models as official_account
from server.core import shared
from server.core.audit import models as audit
from server.core.db import Base
from server.core.jobs import models as jobs
from server.notifications.digests import models as digests
from server.notifications.inbox import models as inbox
from server.notifications.subscribe import models as subscribe
from server.oversight.awards import models as awards
from server.oversight.letters import models as letters
from server.photos import models as photos
from server.privacy import models as privacy
from server.reports.figures import models as figures
from server.review.decisions import models as decisions
from server.review.duplicates import models as duplicates
from server.review.escalation import models as escalation
from server.review.queue import models as queue
from server.review.rectification import models as rectification
from server.review.safety import models as safety
from server.review.submissions import models as submissions
from server.rewards.certificates import models as certificates
from server.rewards.draws import models as draws
from server.rewards.points import models as points
from server.rewards.prizes import models as prizes
from server.unions.accounts import models as accounts
from server.unions.campaigns import models as campaigns
from server.unions.guesses import models as guesses
from server.unions.imports import models as imports
from server.unions.oauth import models as oauth
from server.unions.people import models as people
from server.unions.phones import models as phones
from server.unions.posters import models as posters
from server.unions.scans import models as scans
from server.unions.tree import models as tree

TABLES = (
    tree,
    people,
    campaigns,
    accounts,
    guesses,
    oauth,
    phones,
    scans,
    imports,
    posters,
    photos,
    submissions,
    decisions,
    queue,
    rectification,
    safety,
    duplicates,
    escalation,
    inbox,
    subscribe,
    digests,
    points,
    prizes,
    draws,
    certificates,
    hazards,
    suggestions,
    quiz_bank,
    quiz_levels,
    quiz_attempts,
    quiz_practice,
    quiz_standings,
    letters,
    awards,
    figures,
    official_account,
    privacy,
    jobs,
    audit,
    shared,
)
metadata = Base.metadata
