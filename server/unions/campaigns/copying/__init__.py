"""A new campaign with the settings of an earlier one."""
