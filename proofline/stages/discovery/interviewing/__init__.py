"""Interviews: talks with a customer, with their guide, notes in time, recording and transcript; notes become needs."""
