"""Writes what scikit-learn makes of texts and of linear support vector machines, and which share of
texts is unknown.

    .venv/bin/python tests/python/make_text_fixtures.py && deno fmt tests/text/fixtures
"""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from sklearn.utils import murmurhash3_32
from sklearn.utils.class_weight import compute_sample_weight

TESTS = Path(__file__).parents[1]

TEXTS = [
    "I lost my card, please block the card!",
    "why was I charged twice for one transfer",
    "a",
    "",
    "Überweisung nach München dauert",
    "मेरा कार्ड खो गया है",
    "карта не работает, карта!",
    "卡丢了 怎么办",
    "don't pay ₹1,00,000.50 on 2026-01-05",
    "ﬁne Straße İstanbul ΟΔΟΣ",
    "tab\tand\u0007bell  and\u00a0blank",
    "emoji 😀👩‍👩‍👧 stay",
    "I lost my transfer",
]


def normal(text):
    text = unicodedata.normalize("NFKC", text).lower()
    return " ".join(
        "".join(" " if unicodedata.category(c)[0] in "ZC" else c for c in text).split(" ")
    ).strip()


def words(text):
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" or c == "_" else " " for c in text)
    return kept.split()


def squeezed(text):
    return " ".join(normal(text).split())


def bags():
    blocks = [
        TfidfVectorizer(tokenizer=words, token_pattern=None, lowercase=False, ngram_range=(1, 3),
                        sublinear_tf=True, preprocessor=squeezed),
        TfidfVectorizer(analyzer="char_wb", lowercase=False, ngram_range=(2, 5),
                        sublinear_tf=True, preprocessor=squeezed),
    ]
    rows = [[] for _ in TEXTS]
    for b, block in enumerate(blocks):
        matrix = block.fit_transform(TEXTS).tocsr()
        names = block.get_feature_names_out()
        for i in range(len(TEXTS)):
            row = matrix[i]
            for j, value in zip(row.indices, row.data):
                bucket = murmurhash3_32(names[j].encode(), seed=b, positive=True) & (2**24 - 1)
                rows[i].append([b * 2**24 + bucket, round(float(value), 7)])
    return {"bits": 24, "texts": TEXTS, "rows": [sorted(row) for row in rows]}


def hashes():
    samples = ["", "a", "ab", "abc", "abcd", "abcde", "मेरा कार्ड", "😀", "x" * 101]
    return [[s, seed, murmurhash3_32(s.encode(), seed=seed, positive=True)]
            for s in samples for seed in (0, 1, 42)]


def machines():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(150, 5)).astype(np.float32).round(3)
    latent = np.column_stack([X[:, 0] - X[:, 1], X[:, 2] + 0.5 * X[:, 3], 0.7 * X[:, 4]])
    y = (latent + rng.gumbel(size=latent.shape)).argmax(axis=1)
    weight = rng.integers(1, 4, 150)
    fits = []
    for name, classes, loss, C, class_weight, weighted in (
        ("two classes", 2, "squared_hinge", 1.0, None, False),
        ("two classes, hinge", 2, "hinge", 0.3, None, False),
        ("two classes, weighted", 2, "squared_hinge", 0.05, None, True),
        ("three classes", 3, "squared_hinge", 1.0, None, False),
        ("three classes, balanced", 3, "squared_hinge", 0.1, "balanced", False),
        ("three classes, hinge, weighted", 3, "hinge", 0.1, None, True),
    ):
        labels = y % classes
        # liblinear weighs the rows of a plane's own class only; ours all, as if they came so often.
        rows = compute_sample_weight(class_weight, labels) * (weight if weighted else 1)
        model = LinearSVC(C=C, loss=loss, dual=True, tol=1e-9, max_iter=1_000_000, random_state=0)
        model.fit(X.astype(float), labels, sample_weight=rows)
        fits.append({
            "name": name, "classes": classes, "C": C, "classWeight": class_weight,
            "loss": "hinge" if loss == "hinge" else "squaredHinge", "weighted": weighted,
            "coefficients": model.coef_.round(9).tolist(),
            "intercepts": model.intercept_.round(9).tolist(),
        })
    return {"X": X.tolist(), "y": y.tolist(), "weight": weight.tolist(), "fits": fits}


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False) + "\n")


write(TESTS / "text" / "fixtures" / "ngrams.json", {"hashes": hashes(), "bags": bags()})
write(TESTS / "learners" / "fixtures" / "linear_svm.json", machines())


ASKED = [
    "please block my card",
    "please block my card",
    "why was I charged 500 twice",
    "mail asha@okbank about the card",
    "see https://bank.example/help about transfers",
    "Überweisung nach München",
    "1234",
    "",
    "who charged my card, who?",
]
GROUPS = [0, 1, 2, 0, 3, 4, 5, 6, 2]
UNSEEN = ["play some jazz on the radio", "block my card", "charged 99", "карта", "7", "😀"]


def public_runs(text):
    """Words between those with digits and addresses, which a log may hold masked."""
    runs = [[]]
    for word in text.split():
        private = any(c.isnumeric() and unicodedata.category(c) == "Nd" for c in word)
        if private or "@" in word or word.startswith(("http://", "https://", "www.")):
            runs.append([])
        else:
            runs[-1].append(word)
    return [" ".join(run) for run in runs if run]


def ngrams_of(text):
    """Distinct runs of one to three words, and of two to five letters of a word with its edges."""
    found = set()
    for run in public_runs(text):
        all_words = words(squeezed(run))
        for n in (1, 2, 3):
            found |= {("w", *all_words[i:i + n]) for i in range(len(all_words) - n + 1)}
        for token in squeezed(run).split():
            padded = f" {token} "
            for n in range(2, 6):
                found |= {("l", padded[i:i + n]) for i in range(max(1, len(padded) - n + 1))}
    return list(found)


def words_of(text):
    """Each word, as often as it stands there; signs are words too."""
    return [word for run in public_runs(text)
            for word in re.findall(r"[^\W\d_]+|[^\w\s]|_", run.lower())]


def unknown():
    """Shares of terms that a model does not know; of its own rows, those it would not know without
    the group of the row."""
    def share(terms, is_known):
        return sum(not is_known(term) for term in terms) / len(terms) if terms else None

    results = {}
    for kind, terms_of, least in (("freeText", ngrams_of, 2), ("tokens", words_of, 1)):
        terms = [terms_of(text) for text in ASKED]
        counts = Counter(term for own in terms for term in own)

        def left_out(i, group, terms=terms):
            return Counter(t for j, own in enumerate(terms) if group[j] == group[i] for t in own)

        results[kind] = {
            "learned": [share(own, lambda t, i=i: counts[t] - left_out(i, range(len(ASKED)))[t] >= least)
                        for i, own in enumerate(terms)],
            "grouped": [share(own, lambda t, i=i: counts[t] - left_out(i, GROUPS)[t] >= least)
                        for i, own in enumerate(terms)],
            "asked": [share(terms_of(text), lambda t: counts[t] >= least) for text in UNSEEN],
            "designEffect": [1 + least * (least + 1) * sum(c == least + 1 for c in counts.values()) /
                             sum(counts[t] - left_out(i, range(len(ASKED)))[t] < least
                                 for i, own in enumerate(terms) for t in own)],
        }
    return {"texts": ASKED, "groups": GROUPS, "unseen": UNSEEN, **results}


write(TESTS / "text" / "fixtures" / "unknown.json", unknown())
