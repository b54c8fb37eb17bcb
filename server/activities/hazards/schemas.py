"""Shapes of a hazard report."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from server.activities.hazards.models import Datum
from server.core.web.schemas import Code, In, Line, Out, Prose
from server.photos.schemas import MediaManifest


class CoordinatesIn(In):
    """Where the phone says it is, in degrees; accuracy in metres."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    datum: Datum
    accuracy: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.latitude == 0 and self.longitude == 0:  # what devices report when they do not know
            raise ValueError("没有定位成功，请重新定位或写明地点")
        return self


class HazardIn(In):
    """A hazard as the worker reports it: at an enterprise, or somewhere else (`enterprise_id` null)."""

    category: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,29}$")]
    description: Annotated[Prose, StringConstraints(max_length=1000)] = ""
    place: Annotated[Line, StringConstraints(max_length=200)] = ""
    coordinates: CoordinatesIn | None = None
    enterprise_id: UUID | None = None
    area_id: Annotated[UUID | None, Field(description="不在企业里时：区市或镇街")] = None
    location_code: Annotated[
        Code | None,
        StringConstraints(min_length=8, max_length=12),
        Field(description="扫的点位码；不是这家企业的、认不出的，不记"),
    ] = None
    is_anonymous: Annotated[
        bool,
        Field(
            description="姓名不给企业看。匿名时编号也不能泄露时间：UUIDv7 的前 48 位取上海时间当天零点的毫秒数，"
            "其余位随机；更精确的编号会被拒绝（id_tells_time）"
        ),
    ] = False
    is_direct: Annotated[
        bool,
        Field(description="直接交给上级工会：企业工会看不到这一条，由企业的上一级工会办理；要选企业，并且匿名"),
    ] = False
    same_as: Annotated[
        UUID | None,
        Field(description="和已经有人报过的这一条是同一处：照片由审核员合并到那一条；那一条已经不在办理的，就当没有写"),
    ] = None
    photos: Annotated[MediaManifest, Field(min_length=1, max_length=9)]

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if not self.place and self.coordinates is None:
            raise ValueError("请写明地点，或者允许定位")
        if self.enterprise_id is not None and self.area_id is not None:
            raise ValueError("选了企业就不用再选区市或镇街")
        return self

    @model_validator(mode="after")
    def _goes_past_an_enterprise(self) -> Self:
        if self.is_direct and (self.enterprise_id is None or not self.is_anonymous):
            raise ValueError("直接交给上级工会的，要选企业，并且匿名")
        return self


class ProposalOut(Out):
    """What a machine proposes for a photo, for the worker to take or to leave; empty where it sees nothing."""

    category: str | None
    description: str
