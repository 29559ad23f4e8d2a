"""Talking on the session bus, where a Linux desktop has one."""
