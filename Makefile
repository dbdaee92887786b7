# Every recipe is short; what is longer lives in scripts/ and in xtask/.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run dev build check check-deploy test e2e fuzz coverage bench load
export PATH := $(PATH):$(HOME)/.cargo/bin

# In release, because compressing without optimisation takes minutes.
XTASK := cargo run -q --release -p xtask --

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: ## build PMS and start it with its data in ./data
	@scripts/setup run
	@pms=$$($(XTASK) build --release); exec "$$pms" serve $(ARGS)

dev: ## start PMS, and build and restart it at every change
	@scripts/setup run
	@$(XTASK) dev $(ARGS)

build: ## build the release binary and print where it is
	@scripts/setup run
	@$(XTASK) build --release

# The client is left out of native builds: it turns on the browser's half of `app`, and both halves
# in one build cannot be.
check: check-deploy ## format, lints, documentation, licences, deploy/
	@scripts/setup run
	cargo fmt --all --check
	cargo clippy --workspace --exclude frontend --all-targets -- -D warnings
	cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --exclude frontend --no-deps
	@$(XTASK) audit
	@if command -v cargo-deny >/dev/null; then cargo deny check; \
	 else echo "check: cargo-deny is not installed, so known vulnerabilities were not looked up"; fi

check-deploy: ## what is in deploy/; ARGS=127.0.0.1:9464 compares metrics with a running server's
	@scripts/setup deploy
	@scripts/check-deploy $(ARGS)

test: ## every test: both databases, then journeys in a browser
	@scripts/setup test
	@scripts/mariadb with scripts/test-rust $(ARGS)
	@$(MAKE) --no-print-directory e2e

e2e: ## journeys through the release build in a browser
	@scripts/setup test
	@pms=$$($(XTASK) build --release); PMS_BIN="$$pms" node end2end/run.mjs $(ARGS)

fuzz: ## texts that nobody thought of, for a minute; ARGS="600 markdown" says how long and of what
	@scripts/setup fuzz
	@scripts/fuzz $(ARGS)

coverage: ## how much of each crate's lines the Rust tests run; it takes cargo-llvm-cov
	@scripts/setup test
	@scripts/mariadb with scripts/coverage $(ARGS)

bench: ## load scenarios and their numbers
	@scripts/setup run
	@pms=$$($(XTASK) build --release); PMS_BIN="$$pms" cargo run -q --release -p bench -- $(ARGS)

# Node.js 18 and npm have to be there; Artillery is installed in load/ at the first time.
load: ## up to 200 people, by Artillery (load/README.md); FACTOR=0.1 shortens, URL=... asks a PMS that runs
	@if [[ -z "$${URL:-}$${PMS_BIN:-}" ]]; then scripts/setup run; PMS_BIN=$$($(XTASK) build --release); export PMS_BIN; fi; \
	 exec node load/run.mjs
