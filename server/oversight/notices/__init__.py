"""Notices (通知) and numbered documents (公文): sent down the tree, signed for, replied to, registered."""
