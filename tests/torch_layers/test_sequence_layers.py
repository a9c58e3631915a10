"""What every torch layer over sequences promises, by one table."""

import pytest
import torch

from spacy_ner_archs.torch_layers.bilstm import BiLSTM
from spacy_ner_archs.torch_layers.bilstm_over_cnn import BiLSTMOverCNN
from spacy_ner_archs.torch_layers.char_cnn import CharCNN
from spacy_ner_archs.torch_layers.char_lstm import CharLSTM
from spacy_ner_archs.torch_layers.cnn import CNN
from spacy_ner_archs.torch_layers.dense import Dense
from spacy_ner_archs.torch_layers.dropout import dropout
from spacy_ner_archs.torch_layers.idcnn import IDCNN
from spacy_ner_archs.torch_layers.linear import Linear
from spacy_ner_archs.torch_layers.padding import batches_by_length

LENGTHS = [7, 1, 3, 12]

WORD_LAYERS = {
    "bilstm": lambda: BiLSTM(nI=5, nO=6, depth=1),
    "deep bilstm": lambda: BiLSTM(nI=5, nO=6, depth=3),
    "cnn": lambda: CNN(nI=5, nO=6, window_size=2, depth=2),
    "bilstm over cnn": lambda: BiLSTMOverCNN(
        nI=5, nO=6, depth=1, cnn_width=4, cnn_window_size=1, cnn_depth=2
    ),
    "idcnn": lambda: IDCNN(nI=5, nO=6, window_size=1, dilations=[1, 2, 1], iterations=2),
    "dense": lambda: Dense(nI=5, nO=6, activation="relu"),
    "linear": lambda: Linear(nI=5, nO=6),
}
CHAR_LAYERS = {
    "char cnn": lambda: CharCNN(n_chars=9, char_width=5, nO=6, window_size=2),
    "char lstm": lambda: CharLSTM(n_chars=9, char_width=5, nO=6),
}


@pytest.fixture(params=WORD_LAYERS.values(), ids=WORD_LAYERS.keys())
def word_layer(request):
    torch.manual_seed(0)
    return request.param()


@pytest.fixture(params=CHAR_LAYERS.values(), ids=CHAR_LAYERS.keys())
def char_layer(request):
    torch.manual_seed(0)
    return request.param()


@pytest.fixture
def X():
    torch.manual_seed(1)
    return torch.randn(sum(LENGTHS), 5)


def test_a_sequence_alone_is_the_same_as_in_a_batch(word_layer, X):
    with torch.no_grad():
        together = word_layer(X, LENGTHS).split(LENGTHS)
        for sequence, length, expected in zip(X.split(LENGTHS), LENGTHS, together, strict=True):
            alone = word_layer(sequence, [length])
            torch.testing.assert_close(alone, expected, atol=1e-6, rtol=1e-5)


def test_gradients_of_a_sequence_alone_are_the_same_as_in_a_batch(word_layer, X):
    X.requires_grad_()
    weights = torch.randn(sum(LENGTHS), 6)
    (word_layer(X, LENGTHS) * weights).sum().backward()
    together = [parameter.grad.clone() for parameter in word_layer.parameters()]
    d_together = X.grad.clone()
    word_layer.zero_grad()
    X.grad = None
    for sequence, length, weight in zip(
        X.split(LENGTHS), LENGTHS, weights.split(LENGTHS), strict=True
    ):
        (word_layer(sequence, [length]) * weight).sum().backward()
    for parameter, expected in zip(word_layer.parameters(), together, strict=True):
        torch.testing.assert_close(parameter.grad, expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(X.grad, d_together, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", [name for name in WORD_LAYERS if name not in ("linear", "dense")])
def test_words_see_their_neighbours_and_no_other_sequence(name, X):
    layer = WORD_LAYERS[name]()
    with torch.no_grad():
        before = layer(X, LENGTHS).split(LENGTHS)
        X[0] += 1.0
        after = layer(X, LENGTHS).split(LENGTHS)
    assert not torch.equal(before[0][1], after[0][1])
    for i in (1, 2, 3):
        assert torch.equal(before[i], after[i])


@pytest.mark.parametrize("name", [name for name in WORD_LAYERS if name != "linear"])
def test_dropout_follows_its_argument_and_nothing_else(name, X):
    layer = WORD_LAYERS[name]()
    with torch.no_grad():
        plain = layer(X, LENGTHS)
        assert torch.equal(layer.train()(X, LENGTHS, dropout_rate=0.0), plain)
        assert torch.equal(layer.eval()(X, LENGTHS), plain)
        dropped = layer.eval()(X, LENGTHS, dropout_rate=0.5)
    assert not torch.allclose(dropped, plain)
    assert (dropped == 0).float().mean() > 0.3


def test_a_bilstm_drops_the_same_features_for_all_words_of_a_sequence(X):
    torch.manual_seed(0)
    with torch.no_grad():
        dropped = BiLSTM(nI=5, nO=40, depth=1)(X, LENGTHS, dropout_rate=0.5)
    choices = [(sequence == 0) for sequence in dropped.split(LENGTHS)]
    for choice in choices:
        assert (choice == choice[0]).all()
        assert 0.2 < choice[0].float().mean() < 0.8
    assert not torch.equal(choices[0][0], choices[3][0])


def words(lengths):
    torch.manual_seed(2)
    ids = torch.randint(1, 9, (sum(lengths),))
    return ids, torch.tensor(lengths)


def test_a_word_alone_is_the_same_as_among_others(char_layer, monkeypatch):
    monkeypatch.setattr(CharLSTM, "MAX_PADDED", 20)  # several batches
    lengths = [*LENGTHS, 500]
    ids, lengths_ = words(lengths)
    with torch.no_grad():
        together = char_layer(ids, lengths_)
        for word, expected in zip(ids.split(lengths), together, strict=True):
            (alone,) = char_layer(word, torch.tensor([len(word)]))
            torch.testing.assert_close(alone, expected, atol=1e-6, rtol=1e-5)


def test_char_cnn_is_the_maximum_of_a_padded_convolution():
    layer = CharCNN(n_chars=9, char_width=5, nO=6, window_size=2)
    ids, lengths = words(LENGTHS)
    with torch.no_grad():
        vectors = layer(ids, lengths)
        for word, vector in zip(ids.split(LENGTHS), vectors, strict=True):
            chars = torch.nn.functional.pad(layer.chars(word).T, (2, 2))
            expected = layer.convolution(chars[None])[0].amax(1)
            torch.testing.assert_close(vector, expected, atol=1e-6, rtol=1e-5)


def test_char_layers_train(char_layer):
    ids, lengths = words(LENGTHS)
    char_layer(ids, lengths, dropout_rate=0.2).sum().backward()
    for name, parameter in char_layer.named_parameters():
        assert parameter.grad.abs().sum() > 0, name
    assert char_layer.chars.weight.grad[0].abs().sum() == 0  # padding


def test_the_backward_lstm_starts_at_the_last_word(X):
    """Against torch's own LSTM with packed sequences."""
    layer = BiLSTM(nI=5, nO=6, depth=1)
    peer = torch.nn.LSTM(5, 3, bidirectional=True, batch_first=True)
    with torch.no_grad():
        for name, weight in layer.lstms[0].named_parameters():
            if "weight_ih" in name:
                getattr(peer, name).copy_(weight[:, :-1])
                getattr(peer, name.replace("weight", "bias")).copy_(weight[:, -1])
            else:
                getattr(peer, name).copy_(weight)
                getattr(peer, name.replace("weight", "bias")).zero_()
        packed = torch.nn.utils.rnn.pack_sequence(X.split(LENGTHS), enforce_sorted=False)
        padded, _ = torch.nn.utils.rnn.pad_packed_sequence(peer(packed)[0], batch_first=True)
        for i, sequence in enumerate(layer(X, LENGTHS).split(LENGTHS)):
            torch.testing.assert_close(sequence, padded[i, : LENGTHS[i]], atol=1e-6, rtol=1e-5)


def test_forget_gates_start_open():
    for name, weight in BiLSTM(nI=5, nO=6, depth=1).lstms[0].named_parameters():
        if "weight_ih" in name:
            assert weight[:, -1].tolist() == [0.0] * 3 + [1.0] * 3 + [0.0] * 6


def test_batches_by_length_hold_every_sequence_once():
    lengths = [5, 0, 1, 9, 5, 2, 40, 0, 3]
    batches = list(batches_by_length(lengths, 12))
    assert sorted(i for batch in batches for i in batch) == [0, 2, 3, 4, 5, 6, 8]
    for batch in batches:
        assert len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= 12


def test_batches_of_text_have_little_padding_and_a_long_sequence_is_alone():
    """Lengths that vary more than those of sentences."""
    torch.manual_seed(0)
    lengths = torch.distributions.Geometric(1 / 14).sample((1000,)).int().clamp(1, 80).tolist()
    batches = list(batches_by_length([*lengths, 500], 4096))
    assert batches[0] == [1000]
    padded = sum(max(lengths[i] for i in batch) * len(batch) for batch in batches[1:])
    assert sum(lengths) >= 0.84 * padded
    assert len(batches) < 20


@pytest.mark.parametrize("name", ["cnn", "idcnn"])
def test_convolutions_have_dropout_on_input_and_output_alone(name, X):
    layer = WORD_LAYERS[name]()
    torch.manual_seed(0)
    found = layer(X, LENGTHS, dropout_rate=0.5)
    torch.manual_seed(0)
    expected = dropout(layer(dropout(X, 0.5), LENGTHS), 0.5)
    torch.testing.assert_close(found, expected)
