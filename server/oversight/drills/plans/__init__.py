"""The register of emergency plans (应急预案): which enterprise has which, filed, reviewed and revised when."""
