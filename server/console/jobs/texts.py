"""Words of the page of background work."""

from server.core.jobs.models import JobState

STATE_TEXTS = {JobState.DEAD: "失败", JobState.READY: "待执行", JobState.RUNNING: "执行中"}
