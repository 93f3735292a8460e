"""Processes that parse and answer what strangers send, so that the web process never does.

A worker holds the store open read-only, answers one job at a time within a budget of time, rows, bytes and memory, and
is killed when it exceeds it; the writer is the one process that changes the store. Both speak in frames over a socket.
"""
