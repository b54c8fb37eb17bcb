"""Colleagues of one union: an item is given to one of them, and talked about among them.

It is help, not a lock: whoever may act on an item still may.
"""
