"""Forms as data (表单): what is asked, in which order, with which limits; written by clerks, answered by units."""
