# `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

BIN  := bin/recourse
WASM := widget/built/rules.wasm
ASSETS := widget/built/assets.json
WASM_COMPILER ?= go# or plain: Go without the steps that make it small; or tinygo
DEMO := examples/bernstein
GO_SOURCES := $(shell find . -name '*.go' -not -path './node_modules/*' -not -path './e2e/node_modules/*')
EMBEDDED   := $(shell find content law shop style sitegen widget intake audit form -type f -not -name '*_test.go' -not -path '*/testdata/*' -not -path 'widget/built/*' 2>/dev/null) wasm_exec.js

.PHONY: help run build wasm test test-go test-browser fuzz soak soak-intake bench bench-intake screenshots clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(BIN) ## build everything and serve the demo shop at http://localhost:8080/
	$(BIN) serve --shop $(DEMO)/shop.toml --site $(DEMO)/site --out dist --playground --data data --addr localhost:8080

build: $(BIN) ## build bin/recourse and the demo shop's pages and widget in dist/
	$(BIN) build --shop $(DEMO)/shop.toml --out dist

wasm: $(WASM) ## build the rules for the browser

# The wasm is the same Go as the server's; it imports WASI only, so our own wasm_exec.js can host it.
$(WASM): $(wildcard widget/wasm/*.go widget/overlay/*.go widget/slim/*.go form/*.go day/*.go) go.mod .cache/compiler-$(WASM_COMPILER)
	$(build-$(WASM_COMPILER))

GO_WASM := GOEXPERIMENT=nogreenteagc GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -trimpath -ldflags='-s -w -buildid='

define build-go
	go run ./widget/overlay .cache/overlay
	$(GO_WASM) -overlay .cache/overlay/overlay.json -o .cache/rules.wasm ./widget/wasm
	go run ./widget/slim .cache/rules.wasm $(WASM)
endef

define build-plain
	$(GO_WASM) -o $(WASM) ./widget/wasm
endef

define build-tinygo
	@command -v tinygo >/dev/null || { echo "WASM_COMPILER=tinygo: tinygo is not installed, or not on PATH; plain make wasm does with Go" >&2; exit 1; }
	tinygo build -target=wasm-unknown -opt=z -no-debug -panic=trap -o $(WASM) ./widget/wasm
endef

# What was built by another compiler is out of date.
.cache/compiler-$(WASM_COMPILER):
	$(if $(build-$(WASM_COMPILER)),,$(error WASM_COMPILER is $(WASM_COMPILER); it may be go, plain or tinygo))
	mkdir -p .cache
	rm -f .cache/compiler-*
	touch $@

# What the widgets of all shops have in common. Without it the program works, but bundles when it runs.
$(ASSETS): $(WASM) $(wildcard widget/*.go widget/*.js widget/*.css widget/prebuild/*.go) wasm_exec.js go.mod
	CGO_ENABLED=0 go run -trimpath ./widget/prebuild $@

$(BIN): $(WASM) $(ASSETS) $(GO_SOURCES) $(EMBEDDED) go.mod go.sum
	CGO_ENABLED=0 go build -trimpath -o $@ ./cmd/recourse

test: test-go test-browser ## all tests; installs browsers, the Nu checker and PostgreSQL where it may

test-go: $(WASM) $(ASSETS)
	intake/store/pgtest/setup
	go vet ./...
	go test ./...

test-browser: $(BIN)
	e2e/setup
	$(browser-tests)

# A process for each browser, two at a time; what needs none comes when the first is done.
browser-tests = cd e2e && node --test --test-concurrency=2 --test-timeout=3600000 suite/chromium.mjs suite/firefox.mjs suite/plain.mjs

FUZZTIME ?= 1m

fuzz: ## a minute of fuzzing for each target; FUZZTIME=5m for longer
	@go test -list '^Fuzz' ./... | awk '/^Fuzz/{f[n++]=$$1} /^ok/{for(i=0;i<n;i++) print $$2, f[i]; n=0}' | while read -r pkg target; do \
		go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -parallel 1 "$$pkg" </dev/null; done

soak-intake: $(BIN) ## ten minutes of kills, full disks and mail servers in a bad mood; SOAK=30s for a trial
	go run ./soak

soak: soak-intake ## soak-intake, then: ten thousand random edits end as one fresh build does, and all combinations in both browsers; takes half an hour
	RECOURSE_EDITS=10000 go test ./cmd/recourse -run TestRebuild -count=1 -timeout 2h -v
	e2e/setup
	THOROUGH=1; export THOROUGH; $(browser-tests)

bench-intake: $(BIN) ## submissions a second on SQLite and PostgreSQL, beside PocketBase (POCKETBASE names it, or PATH)
	go run ./bench -intake

bench: $(BIN) ## sizes and speeds, bench-intake included
	e2e/setup
	go run ./bench
	go run ./bench -generator
	go run ./bench -intake
	cd e2e && node bench.mjs && node bench-rules.mjs
	cd e2e/lighthouse && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error && node score.mjs && node pages.mjs

screenshots: $(BIN) ## the pictures under docs/
	e2e/setup
	cd e2e && node screenshots.mjs ../docs/screenshots

clean: ## remove everything built; data/ stays
	rm -rf bin dist .cache e2e/node_modules $(WASM) $(ASSETS)
