"""合理化建议: a safety suggestion, reviewed in the common queue; then its plan, its benefit and who supports it."""
