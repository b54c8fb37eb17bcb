"""Words of incidents."""

from server.oversight.incidents.models import IncidentKind

KIND_NAMES = {IncidentKind.ACCIDENT: "事故", IncidentKind.ALERT: "预警"}
IN_TIME = {True: "及时", False: "不及时"}
