# Two commands on a fresh machine with Python 3.11+ and make: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
ADDRESS ?= 127.0.0.1
PORT ?= 8000
CATALOGUES := letopis/locale

.PHONY: help setup run demo test check bench docs format lock messages

help:  ## show this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(READY)  ## make .venv with the locked packages and install Letopis into it

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation -e .
	touch $@

run: $(READY)  ## set everything up, load the demo school once, serve it and print a login per role
	$(BIN)/letopis demo --if-empty
	$(BIN)/letopis serve --host $(ADDRESS) --port $(PORT)

demo: $(READY)  ## load the demo school anew (make demo ON=2026-11-16 for a given day)
	$(BIN)/letopis demo --fresh $(if $(ON),--on $(ON))

test: $(READY)  ## run all tests (T=tests/register for a part); what this machine lacks is skipped by name
	$(BIN)/pytest $(if $(T),$(T),-n auto --maxprocesses 4)

check: $(READY)  ## linters, types, import contracts, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/letopis manage makemigrations --check --dry-run

bench: $(READY)  ## measure speed against peers and limits; prints one table
	$(BIN)/python -m bench

docs: $(READY)  ## check the documents: links, requirements, worked examples
	$(BIN)/pytest -q tests/house/test_docs.py tests/rules

format: $(READY)  ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY)  ## make requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --upgrade -o requirements.lock

# Russian is the language of the sources, so its catalogue holds only what has several plural forms. The moment of
# collecting is left out of both: it would change with every run.
messages: $(READY)  ## collect the interface's sentences into the catalogues and compile them (needs gettext)
	cd letopis && ../$(BIN)/letopis manage makemessages -l en -l ru --no-location --no-wrap --no-obsolete
	awk -v RS= -v ORS='\n\n' 'NR == 1 || /\nmsgid_plural/' $(CATALOGUES)/ru/LC_MESSAGES/django.po > $(CATALOGUES)/plurals
	mv $(CATALOGUES)/plurals $(CATALOGUES)/ru/LC_MESSAGES/django.po
	sed -i '/^"POT-Creation-Date:/d' $(CATALOGUES)/*/LC_MESSAGES/django.po
	cd letopis && ../$(BIN)/letopis manage compilemessages -l en -l ru
