"""The certificate as a picture, and where it is verified."""
