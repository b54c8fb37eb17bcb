"""Who may read forms, and who may write them: enterprises answer, they send nothing down."""

from server.unions.roles import REVIEWERS, Role

MAY_READ = REVIEWERS - {Role.ENTERPRISE_REVIEWER}
MAY_EDIT = MAY_READ
PERMISSIONS: dict[str, frozenset[Role]] = {"form.read": MAY_READ, "form.edit": MAY_EDIT}
