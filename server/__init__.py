"""安全随手拍 (Suishoupai): workers photograph hazards from WeChat; unions review, follow up, reward and report."""
