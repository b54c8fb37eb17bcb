"""Complaints (举报) about what others published: left as it is, or taken down, by the union that answers for it."""
