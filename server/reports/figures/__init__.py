"""Figures: funnel, counts, times, trends; within a scope, cut by the flags of enterprises."""
