"""安全隐患随手拍: a hazard with its place, words and photos."""
