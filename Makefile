# Two commands need no set-up of their own: `make lint` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PYTEST_ARGS ?= -n auto
# Tests that run in one process: what the others start, coverage does not see.
COVERED = $(addprefix tests/,test_verdicts.py test_suppressions.py test_git.py test_documents.py test_settings.py \
	test_fuzz.py fix/test_fix_engine.py)

# Tests start the program often; Python is to compile it once.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: lint test check coverage fuzz kill acceptance docs release-check schema bench format lock clean

lint: $(VENV)/.installed
	$(BIN)/nixlint-ort

test: check
	$(BIN)/pytest $(PYTEST_ARGS)

coverage: $(VENV)/.installed
	$(BIN)/coverage run --branch --source=src -m pytest -q -p no:cacheprovider $(COVERED)
	$(BIN)/coverage report --skip-covered --sort=cover

fuzz: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	$(BIN)/python fuzz/fuzz.py bytes -runs=1000000 -max_len=300
	$(BIN)/python fuzz/fuzz.py variants -runs=100000
	$(BIN)/python fuzz/fuzz.py conventions -runs=20000

check: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

acceptance: $(VENV)/.installed
	$(BIN)/pytest -m acceptance

docs: $(VENV)/.installed
	$(BIN)/python -m manual

release-check: $(VENV)/.installed
	$(BIN)/python -m release $(PYTHONS)

schema: $(VENV)/.installed
	$(BIN)/nixlint-ort schema > nixlint-ort.schema.json

bench: $(VENV)/.installed
	$(BIN)/python benchmarks $(BENCH_ARGS)

kill: $(VENV)/.installed
	$(BIN)/python tests/fix/kill.py 200 1000

format: $(VENV)/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:
	uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --group dev pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(VENV)/.installed: pyproject.toml requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@
