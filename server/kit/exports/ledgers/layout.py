"""How a ledger (台账) is laid out: what a union hands in says what it is, of what, by whom, and when."""

from collections.abc import Iterable, Iterator
from itertools import chain

from server.core.clock import day_in_words, day_of
from server.core.sheets import Sheet
from server.kit.filters import Control, F, campaign_name
from server.kit.listing import Listing, Request
from server.kit.pages import R


def ledger_sheet(listing: Listing[F, R], asked: Request[F], rows: Iterable[R]) -> Sheet[R]:
    """The sheet of a list: title, what it covers, numbered rows."""
    return Sheet(listing.title, listing.columns(asked), rows, heading=_heading(listing, asked), is_numbered=True)


def _heading(listing: Listing[F, R], asked: Request[F]) -> list[str]:
    unions = "、".join(dict.fromkeys(role_at.union_name for role_at in asked.actor.roles))
    covered = "；".join(_covered(listing, asked))
    made_on = day_in_words(day_of(asked.now))
    return [listing.ledger_name(asked), f"填报单位：{unions}　　范围：{covered or '全部'}　　填报日期：{made_on}"]


def _covered(listing: Listing[F, R], asked: Request[F]) -> Iterator[str]:
    """The filters in words, without whom one looked for."""
    if chosen := campaign_name(asked.session, asked.actor, asked.filters):
        yield f"活动：{chosen}"
    if len(listing.tabs) > 1:
        yield listing.tab_text(listing.tab_of(asked.filters), asked.filters)
    controls = (each for each in listing.controls(asked) if each.name not in asked.filters.UNKEPT)
    yield from chain.from_iterable(_in_words(each) for each in controls)


def _in_words(control: Control) -> Iterator[str]:
    if control.kind == "choice":  # the labels of what it rules say it
        return
    if control.choices:
        yield from (f"{control.label}：{each.text}" for each in control.choices if each.is_chosen and each.value)
    elif control.value:
        yield control.label if control.kind == "flag" else f"{control.label}：{control.value}"
