"""Campaigns: period, activities, grades and categories, all of it data."""
