# The two entry commands are `make demo` and `make test`; everything else serves them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SERVE  ?= 1
PORT   ?= 8000

.PHONY: demo test check format bench evaluate clean

# Installed again only when what is installed would change.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/.installed

# The sample coverage is invented: it never mixes with what a person has stored.
demo: export PARALLAX_DATA_FOLDER = $(CURDIR)/var/demo
demo: $(VENV)/.installed          ## Load the sample coverage, run the whole path, serve the pages
	$(BIN)/parallax demo
ifneq ($(SERVE),0)
	$(BIN)/parallax serve --port $(PORT)
endif

test: $(VENV)/.installed-test     ## Everything: lint, types, import contracts, tests, quality gates
	$(BIN)/python -m pytest -q

check: $(VENV)/.installed-test    ## Lint and types only
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: $(VENV)/.installed-test    ## Measure speed and memory; prints tables
	for name in align encode pipeline serving translate waiting; do $(BIN)/python -m bench.$$name || exit 1; done

evaluate: $(VENV)/.installed-test ## Accuracy of alignment, events, claims and relations, each with its aim
	$(BIN)/python -m alignment.evaluate

clean:
	rm -rf $(VENV) build dist *.egg-info var
