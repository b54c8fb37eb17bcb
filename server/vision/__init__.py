"""A model outside that looks at a picture (识别服务), by whoever runs it; off unless the operator names one.

No tables, no domain: an instruction and a small picture go out, words come back. What is asked, and what becomes of the
answer, is for the slices above.
"""
