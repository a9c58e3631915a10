# make run: train, evaluate, package and install a pipeline from the sample corpus
# make test: run the tests
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test lint clean

run: $(VENV)/project.installed
	$(BIN)/python -m spacy project run all .

test: $(VENV)/dev.installed
	$(BIN)/python -m pytest

lint: $(VENV)/dev.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# constraints.txt pins the torch that the project is tested with; the package allows newer ones
$(VENV)/%.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[$*]"
	touch $@

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) corpus training packages metrics demo vectors project.lock
