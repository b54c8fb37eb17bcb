"""安全随手拍 (Suishoupai): workers photograph hazards from WeChat; unions review, follow up, reward and report."""

import gc

# Half a million objects are made while modules load, and all of them stay. Looking for garbage among them after every
# 700 new ones took a quarter of each start's CPU seconds; requests leave little that only the collector can free.
gc.set_threshold(50_000, 10, 10)
