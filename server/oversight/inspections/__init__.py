"""Special inspections (专项检查): one list of items, asked of those whom it concerns; what fails becomes a hazard."""
