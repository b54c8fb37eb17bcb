"""The review page of one submission: everything that a reviewer needs to decide."""
