"""Who may ask a machine for a proposal, and see how often one was taken."""

from server.unions.roles import REVIEWERS, Role

MAY_READ = REVIEWERS
PERMISSIONS: dict[str, frozenset[Role]] = {"review_proposal.ask": REVIEWERS, "review_proposal.read": MAY_READ}
