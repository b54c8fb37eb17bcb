"""What the camera gave: manifest, intake, checks, originals, derivatives, metadata, fingerprints."""
