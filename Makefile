# Two commands on a fresh machine: `make demo` and `make test`. Both set up .venv by themselves.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/
READY := $(VENV)/.ready

.PHONY: demo test check format lint types imports wechat lock bench soak clean

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Yaji needs Python 3.11 to 3.13; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(RUN)python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(RUN)python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

demo: $(READY) ## a sample history through the shipped literati community: report in the terminal and as HTML
	$(RUN)yaji demo --out demo-output

test: $(READY) ## all tests, in random order, on two workers more than there are cores
	$(RUN)pytest -n auto

check: format lint types imports test ## what CI runs

format: $(READY)
	$(RUN)ruff format --check .

lint: $(READY)
	$(RUN)ruff check .

types: $(READY)
	$(RUN)mypy

imports: $(READY)
	$(RUN)lint-imports

wechat: $(READY) ## what talks to WeChat can be imported: on Python 3.11 and 3.12, by PYTHON= and a VENV= of its own
	$(RUN)python -c "import adapters.wechat.perform, jobs.serve.wechat"

bench: $(READY) ## the benchmark's tables (minutes)
	$(RUN)python -m benchmarks.pipeline
	$(RUN)python -m benchmarks.live --rounds 3

soak: $(READY) ## 200 kills on SQLite and 200 on PostgreSQL while sends fail, with a table; 30 in a supergroup's day (minutes)
	$(RUN)python -m tests.soak --kills 200
	YAJI_KILLS=30 $(RUN)pytest tests/day/test_day_killed.py

lock: ## write requirements.lock anew: versions and hashes for every platform, and no address
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
	  --extra telegram --extra postgres --extra web --extra charts --extra wechat --group dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo-output build dist *.egg-info
