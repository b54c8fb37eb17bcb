"""Settings of a service that has a simulated model, and what that says unless told otherwise."""

import json

from tests.simulators.vision.server import KEY, MODEL, PATH
from tests.support.simulated import steady_port

PROPOSED = {"category": "fire", "description": "通道堆了纸箱，着火时人出不去。"}
SAID = json.dumps(PROPOSED)
SETTINGS = {
    "vision_url": f"http://127.0.0.1:{steady_port('vision')}{PATH}",
    "vision_key": KEY,
    "vision_model": MODEL,
    "vision_name": "某某识别",
}
