#!/usr/bin/env python3
"""Makes a file of chat requests, JSON lines on standard output, from GSM8K's questions.

    make-gsm8k.py train.jsonl 200 > gsm8k-200.jsonl
    make-gsm8k.py train.jsonl 1000000 --repeat > gsm8k-1m.jsonl

SOURCE has an object with a `question` on every line, as GSM8K's files do.
"""

import argparse
import itertools
import json
import os
import sys

INSTRUCTION = (
    "Solve this grade-school math problem. Think step by step and keep every step short. "
    "End with one line that holds only '#### ' and the number."
)
LINES_A_WRITE = 2_000


def questions(source):
    with open(source, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["question"]


def body(question, model):
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": INSTRUCTION},
            {"role": "user", "content": question},
        ],
        "temperature": 0,
    }


def encoded(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def requests(bodies, bare):
    """The lines. A body is encoded once, however often it is repeated; only the id differs."""
    if bare:
        return (text + b"\n" for text in bodies)
    head = b'{"custom_id":"gsm8k-%05d","method":"POST","url":"/v1/chat/completions","body":'
    return (head % n + text + b"}\n" for n, text in enumerate(bodies))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", metavar="SOURCE", help="a file of GSM8K, such as train.jsonl")
    parser.add_argument("count", metavar="COUNT", type=int, help="how many requests to make")
    parser.add_argument("--repeat", action="store_true", help="begin again when the questions run out")
    parser.add_argument("--bare", action="store_true", help="bodies only: no custom_id, method and url")
    parser.add_argument("--model", default="gpt-4o-mini", help="the model to ask (%(default)s)")
    chosen = parser.parse_args()
    if chosen.count < 0:
        parser.error("COUNT must not be negative")
    return chosen


def main():
    chosen = arguments()
    first = questions(chosen.source)
    if not chosen.repeat:
        first = itertools.islice(first, chosen.count)
    bodies = [encoded(body(question, chosen.model)) for question in first]
    if not bodies and chosen.count > 0:
        sys.exit(f"{chosen.source} holds no questions")
    if len(bodies) < chosen.count and not chosen.repeat:
        sys.exit(f"{chosen.source} holds {len(bodies)} questions; --repeat makes {chosen.count} requests of them")
    lines = requests(itertools.islice(itertools.cycle(bodies), chosen.count), chosen.bare)
    while batch := b"".join(itertools.islice(lines, LINES_A_WRITE)):
        sys.stdout.buffer.write(batch)


if __name__ == "__main__":
    try:
        main()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader had enough. Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
