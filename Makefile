# Two commands need no set-up of their own: `make lint` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PYTEST_ARGS ?= -n auto
# Tests start the program often; Python is to compile it once.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: lint test test-all coverage check mutants fuzz fuzz-guided combinations kill acceptance docs release-check schema bench format lock clean

lint: $(VENV)/.installed
	$(BIN)/nixlint-ort

test: check
	$(BIN)/pytest $(PYTEST_ARGS)

# The full products of cases, of which `make test` runs a representative set.
test-all: $(VENV)/.installed
	$(BIN)/pytest $(PYTEST_ARGS) -m "full and not acceptance"

# `make test`, and which lines it reaches, also in the programs that it starts. A few tests run by themselves: those that
# measure, and those that would find coverage itself.
BY_THEMSELVES = $(addprefix tests/,nix/test_expensive.py nix/test_budgets.py end_to_end/test_wheel.py lsp/test_neovim.py \
	fix/test_write.py::test_on_a_full_disk_every_file_stays_as_it_was test_files.py::test_init_on_a_full_disk_leaves_nothing \
	report/test_report_formats.py::test_a_format_is_imported_only_when_asked_for)

coverage: check
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PYTEST_ARGS) $(addprefix --deselect=,$(BY_THEMSELVES))
	$(BIN)/pytest $(PYTEST_ARGS) $(BY_THEMSELVES)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# What is printed in the end survives all tests: each is a missing test, or changes nothing that matters.
mutants: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "mutmut>=3.8,<4"
	$(BIN)/mutmut run $(MUTANTS)
	$(BIN)/python -m tests.support.survivors $(MUTANTS)

# By chance, in batches; `make -j2 fuzz SEED=7` runs two processes at a time (half an hour). Each prints how far it is, every
# fault with the command that shows it again, and at last how many inputs it judged.
SEED ?= 1
FUZZED = variants documents conventions bytes

fuzz: $(foreach part,1 2,$(patsubst %,fuzz-%-$(part),$(FUZZED)))

fuzz-variants-%: $(VENV)/.installed
	$(BIN)/python fuzz/fuzz.py random variants 100000 $(SEED)$*

fuzz-documents-%: $(VENV)/.installed
	$(BIN)/python fuzz/fuzz.py random documents 25000 $(SEED)$*

fuzz-conventions-%: $(VENV)/.installed
	$(BIN)/python fuzz/fuzz.py random conventions 50000 $(SEED)$*

fuzz-bytes-%: $(VENV)/.installed
	$(BIN)/python fuzz/fuzz.py random bytes 500000 $(SEED)$*

# Led by what the inputs reach in the code, until something breaks.
fuzz-guided: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	$(BIN)/python fuzz/fuzz.py $(or $(TARGET),variants) $(FUZZ_ARGS)

check: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Random changes to a repository, each followed by a run with caches and one without; `make -j2 differential` plays two halves
# side by side (half an hour; SEQUENCES=100 plays so many in each).
differential: differential-0 differential-1000000

differential-%: $(VENV)/.installed
	TMPDIR=$(wildcard /dev/shm) $(BIN)/python -m tests.support.differential $(or $(SEQUENCES),5000) $*

acceptance: $(VENV)/.installed
	$(BIN)/pytest -m acceptance

docs: $(VENV)/.installed
	$(BIN)/python -m manual

release-check: $(VENV)/.installed
	$(BIN)/python -m release $(PYTHONS)

schema: $(VENV)/.installed
	$(BIN)/nixlint-ort schema > nixlint-ort.schema.json
	$(BIN)/nixlint-ort schema --convention > nixlint-ort-convention.schema.json
	$(BIN)/nixlint-ort schema --findings > nixlint-ort-findings.schema.json

bench: $(VENV)/.installed
	$(BIN)/python benchmarks $(BENCH_ARGS)

combinations: $(VENV)/.installed
	$(BIN)/python -m tests.support.variant.combinations 10000

kill: $(VENV)/.installed
	$(BIN)/python -m tests.support.fix.kill 200 1000

format: $(VENV)/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:
	uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --group dev pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) dist build mutants .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(VENV)/.installed: pyproject.toml requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@
