"""What two published scorers say of the messages on standard input, one JSON string a line; for ``benchmarks.words``.

Runs in an environment of its own and prints one line for each message: VADER's compound score turned round, so that
more is harsher, and the profanity model's probability. The last line is what each of them
took, in milliseconds a message.
"""

import json
import sys
import time

from profanity_check import predict_prob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer


def main() -> None:
    """Score every line."""
    texts = [json.loads(line) for line in sys.stdin]
    vader = SentimentIntensityAnalyzer()
    started = time.perf_counter()
    compound = [-vader.polarity_scores(text)["compound"] for text in texts]
    between = time.perf_counter()
    profane = [float(chance) for chance in predict_prob(texts)]
    ended = time.perf_counter()
    for row in zip(compound, profane, strict=True):
        print(json.dumps(row))
    each = 1000 / max(1, len(texts))
    print(json.dumps([(between - started) * each, (ended - between) * each]))


main()
