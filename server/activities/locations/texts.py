"""Words of locations."""

from server.activities.locations.models import LocationKind

KIND_NAMES = {LocationKind.AREA: "区域", LocationKind.EQUIPMENT: "设备"}
