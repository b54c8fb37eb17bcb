"""Closing reports (总结): every union's, whose figures the service draws, and the one compiled of them."""
