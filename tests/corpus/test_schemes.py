import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities

from spacy_ner_archs.corpus.errors import ConversionError
from spacy_ner_archs.corpus.schemes import (
    SCHEMES,
    Context,
    Entity,
    convert_tag,
    convert_tags,
    decode,
    detect,
    encode,
    find_violation,
    split_tag,
)

# one sentence in all four schemes: two adjacent entities of a type, two adjacent ones of different
# types, single tokens, and a token without annotation
SAME = {
    "iob1": "I-A I-A B-A O I-A I-B I-B I-B O - I-A",
    "iob2": "B-A I-A B-A O B-A B-B I-B I-B O - B-A",
    "bioes": "B-A E-A S-A O S-A B-B I-B E-B O - S-A",
    "biluo": "B-A L-A U-A O U-A B-B I-B L-B O - U-A",
}
SAME_ENTITIES = [
    Entity(0, 2, "A"),
    Entity(2, 3, "A"),
    Entity(4, 5, "A"),
    Entity(5, 8, "B"),
    Entity(10, 11, "A"),
]


def contexts(*rows):
    return [
        Context(*row)
        for tags in rows
        for row in zip(["O", *tags][:-1], tags, [*tags, "O"][1:], strict=True)
    ]


@st.composite
def annotated_sentences(draw):
    """A sentence's length and its entities, many of them adjacent and of one label."""
    labels = st.sampled_from(["A", "B", "work-of-art", "x y", "-", "é"])
    entities, length = [], draw(st.integers(0, 2))
    for label, size, gap in draw(
        st.lists(st.tuples(labels, st.integers(1, 4), st.integers(0, 2)), max_size=6)
    ):
        entities.append(Entity(length, length + size, label))
        length += size + gap
    return length, entities


@pytest.mark.parametrize("scheme", SCHEMES)
def test_one_sentence_in_every_scheme(scheme):
    tags = SAME[scheme].split(" ")
    assert decode(tags) == SAME_ENTITIES
    for other in SCHEMES:
        assert convert_tags(tags, other) == SAME[other].split(" ")


@pytest.mark.parametrize("scheme", SCHEMES)
@given(annotated_sentences())
def test_entities_survive_every_scheme(scheme, sentence):
    length, entities = sentence
    tags = encode(entities, length, scheme)
    assert len(tags) == length
    assert decode(tags) == entities
    assert find_violation(contexts(tags), scheme) is None


@given(st.lists(st.sampled_from(["O", *(f"{x}-{y}" for x in "BIES" for y in "AB")])))
def test_broken_tags_are_read_as_seqeval_does_leniently(tags):
    expected = [(start, end + 1, label) for label, start, end in get_entities(tags)]
    assert [tuple(entity) for entity in decode(tags)] == [(s, e, x) for s, e, x in expected]


@given(st.lists(annotated_sentences(), min_size=1), st.sampled_from(SCHEMES))
def test_detection_never_changes_the_entities(sentences, scheme):
    rows = [encode(entities, length, scheme) for length, entities in sentences]
    found = detect(contexts(*rows))
    assert found.conflict is None
    assert find_violation(contexts(*rows), found.scheme) is None
    if any(entities for _, entities in sentences):
        assert found.scheme == scheme


@pytest.mark.parametrize(
    ("rows", "scheme"),
    [
        (["O O"], "iob2"),
        (["- -"], "iob2"),
        (["B-A"], "iob2"),
        (["I-A"], "iob1"),
        (["O I-A I-A", "I-A B-A"], "iob1"),
        (["I-A I-B"], "iob1"),
        (["I-A", "I-A"], "iob1"),
        (["B-A B-A"], "iob2"),
        (["- I-A"], "iob1"),
        (["O S-A"], "bioes"),
        (["B-A E-A"], "bioes"),
        (["U-A"], "biluo"),
        (["B-A L-A"], "biluo"),
    ],
)
def test_detection(rows, scheme):
    assert detect(contexts(*(row.split(" ") for row in rows))) == (scheme, None)


@pytest.mark.parametrize(
    ("rows", "scheme", "conflict"),
    [
        (["O B-A", "I-A"], "iob2", {1, 2}),
        (["B-A I-B"], "iob2", {0, 1}),
        (["S-A U-A"], "bioes", {0, 1}),
    ],
)
def test_contradictory_tags_are_located(rows, scheme, conflict):
    found = detect(contexts(*(row.split(" ") for row in rows)))
    assert (found.scheme, set(found.conflict)) == (scheme, conflict)


@pytest.mark.parametrize(
    ("scheme", "tags", "token", "expected"),
    [
        ("iob2", "O I-A", 1, "B-A"),
        ("iob2", "B-A I-B", 1, "B-B"),
        ("iob2", "B-A - I-A", 2, "B-A"),
        ("iob1", "O B-A", 1, "I-A"),
        ("iob1", "I-B B-A", 1, "I-A"),
        ("bioes", "B-A O", 0, "S-A"),
        ("bioes", "B-A I-A", 1, "E-A"),
        ("bioes", "O E-A", 1, "S-A"),
        ("bioes", "S-A I-A E-A", 1, "B-A"),
        ("biluo", "B-A U-A", 0, "U-A"),
        ("biluo", "B-A L-B", 0, "U-A"),
        ("biluo", "B-A E-A", 1, "L-A"),
    ],
)
def test_violations(scheme, tags, token, expected):
    found = contexts(["O"], tags.split(" "))
    assert find_violation(found, scheme) == token + 1
    assert convert_tag(found[token + 1], scheme) == expected


@given(
    st.lists(st.sampled_from(["O", "-", *(f"{x}-{y}" for x in "BIESLU" for y in "AB")])),
    st.sampled_from(SCHEMES),
)
def test_the_neighbours_alone_decide_what_a_tag_becomes(tags, scheme):
    assert [convert_tag(context, scheme) for context in contexts(tags)] == convert_tags(
        tags, scheme
    )


@pytest.mark.parametrize("tag", ["", "X-PER", "B-", "B", "PER", "o", "b-PER", "BPER", "--", "B_A"])
def test_unknown_tags_are_refused(tag):
    with pytest.raises(ConversionError, match="is not a tag"):
        split_tag(tag)


@pytest.mark.parametrize("tag", ["B- A", "B-A ", "I-A\u00a0"])
def test_a_label_is_not_invented_from_white_space(tag):
    with pytest.raises(ConversionError, match="white space"):
        split_tag(tag)


@pytest.mark.parametrize(
    ("tag", "parts"),
    [("O", ("O", "")), ("-", ("-", "")), ("B-work-of-art", ("B", "work-of-art"))],
)
def test_tags_are_split_at_the_first_dash(tag, parts):
    assert split_tag(tag) == parts
