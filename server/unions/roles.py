"""Roles, and the level of the tree at which each is held."""

from enum import StrEnum


class Level(StrEnum):
    """Levels of the tree, from the top."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    ENTERPRISE = "enterprise"
    TEAM = "team"


class Role(StrEnum):
    """What a person may be. Everybody who signs in from WeChat is a worker; the others are granted at a union."""

    WORKER = "worker"
    ENTERPRISE_REVIEWER = "enterprise_reviewer"
    TOWN_REVIEWER = "town_reviewer"
    DISTRICT_REVIEWER = "district_reviewer"
    CITY_REVIEWER = "city_reviewer"
    ADMIN = "admin"


ROLE_LEVEL = {
    Role.ENTERPRISE_REVIEWER: Level.ENTERPRISE,
    Role.TOWN_REVIEWER: Level.TOWN,
    Role.DISTRICT_REVIEWER: Level.DISTRICT,
    Role.CITY_REVIEWER: Level.CITY,
    Role.ADMIN: Level.CITY,
}

ROLE_NAMES = {
    Role.WORKER: "职工",
    Role.ENTERPRISE_REVIEWER: "企业工会审核员",
    Role.TOWN_REVIEWER: "镇街工会审核员",
    Role.DISTRICT_REVIEWER: "区市工会审核员",
    Role.CITY_REVIEWER: "市总工会审核员",
    Role.ADMIN: "市总工会管理员",
}

REVIEWERS = frozenset({Role.ENTERPRISE_REVIEWER, Role.TOWN_REVIEWER, Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER})
CONSOLE = REVIEWERS | {Role.ADMIN}
WORKERS = frozenset({Role.WORKER})
ADMINS = frozenset({Role.ADMIN})
