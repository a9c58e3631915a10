# make run: train, evaluate, package and install a pipeline from the sample corpus
# make wheels: build the wheels of that pipeline and of the package anew, in packages/
# make test: run the tests
# make docs: build the pages of docs/ into site/; the tutorial's blocks are run
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# enough for the sample corpus, in minutes; spacy project run all . trains for as long as dev improves
TRAIN_OPTIONS ?= --sizes.lstm_width 200 --training.max_steps 1500 --training.eval_frequency 300
# the torch that the project is tested with; the package allows newer ones
CONSTRAINTS ?= constraints.txt

.PHONY: run wheels test lint docs clean

run: $(VENV)/project.installed
	$(BIN)/python -m spacy project run all . --vars.train_options " $(TRAIN_OPTIONS)"

wheels: run
	$(BIN)/python -m spacy project run package . --force

test: $(VENV)/dev.installed
	$(BIN)/python -m pytest

lint: $(VENV)/dev.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/docs.installed
	rm -rf site tutorial
	mkdir tutorial
	PATH="$(abspath $(BIN)):$$PATH" NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict

$(VENV)/%.installed: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint $(CONSTRAINTS) --editable ".[$*]"
	touch $@

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) corpus training packages metrics demo vectors site tutorial project.lock
