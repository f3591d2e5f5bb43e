#!/usr/bin/env python3
"""Reads a task's history and says how long its partitions were in each step, as shell variables.

SUBMIT: from the first upload begun to the last batch created. DOWNLOAD: from the first batch that ended to
the last one stored. The two overlap where partitions do.
"""
import datetime
import json
import sys

with open(sys.argv[1]) as file:
    events = json.load(file)["data"]


def times(name):
    return [datetime.datetime.fromisoformat(e["at"]) for e in events if e["event"] == name]


def seconds(first, last):
    return (max(times(last)) - min(times(first))).total_seconds()


print(f"SUBMIT={seconds('partition.upload_begun', 'partition.submitted'):.3f}")
print(f"DOWNLOAD={seconds('partition.ended', 'partition.downloaded'):.3f}")
