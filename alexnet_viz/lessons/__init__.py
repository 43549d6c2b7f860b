"""Lessons as data: files of steps with questions whose answers the network computes."""
