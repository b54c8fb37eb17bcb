"""JSON for the worker's side: the privacy policy, this version and earlier ones."""

from apiflask import APIBlueprint

from server.core.web.access import public
from server.core.web.unit_of_work import session
from server.unions.policies.queries import describe_policy
from server.unions.policies.schemas import PolicyOut, PolicyQuery

bp = APIBlueprint("policies", __name__, url_prefix="/api/v1/privacy/policy", tag="people")


@bp.get("")
@public
@bp.input(PolicyQuery, location="query", arg_name="query")
@bp.output(PolicyOut)
def read_policy(query: PolicyQuery) -> PolicyOut:
    """隐私说明全文；不写版本就是现在的，写了就是那一版"""
    return describe_policy(session(), query.version)
