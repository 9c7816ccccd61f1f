module recourse

go 1.26.0

toolchain go1.26.8

require (
	code.dny.dev/ssrf v0.3.0 // webhooks: which addresses are not public, kept with the registries of IANA
	github.com/alecthomas/kong v1.17.0 // command line
	github.com/alexedwards/argon2id v1.0.0 // password of the inbox
	github.com/alexedwards/scs/v2 v2.9.0 // sessions of the inbox
	github.com/andybalholm/brotli v1.2.8 // what the widget weighs on the wire
	github.com/aymanbagabas/go-udiff v0.4.1 // what changed between two versions of a text: the comparison of Go's own tools, kept up with them
	github.com/emersion/go-message v0.18.2 // mail bounce: reports of mail servers, MIME of any shape
	github.com/evanw/esbuild v0.28.2 // joins and minifies the widget's scripts, one Go call, no npm
	github.com/fsnotify/fsnotify v1.10.1 // watch: folders of texts
	github.com/go-chi/httprate v0.16.1 // rate limits
	github.com/google/uuid v1.6.0 // ids of submissions
	github.com/jackc/pgx/v5 v5.12.0 // database: PostgreSQL
	github.com/mattn/go-isatty v0.0.24 // a password is shown at a terminal only
	github.com/pdfcpu/pdfcpu v0.15.0 // audit: reads PDF within limits, damaged files too
	github.com/pelletier/go-toml/v2 v2.4.3 // shop files, law data and strings
	github.com/prometheus/client_golang v1.25.0 // metrics, as Prometheus reads them: the library of its makers
	github.com/rickar/cal/v2 v2.1.13 // public holidays: the law counts working days
	github.com/standard-webhooks/standard-webhooks/libraries v0.0.1 // webhooks: signatures, by the authors of the standard
	github.com/tdewolff/minify/v2 v2.24.25 // pages and stylesheet without needless bytes
	github.com/temoto/robotstxt v1.1.2 // audit: robots.txt
	github.com/tetratelabs/wazero v1.12.0 // runs the start of the rules when they are built, not in the visitor's browser
	github.com/wneessen/go-mail v0.8.1 // composes and sends mail
	github.com/yuin/goldmark v1.8.7 // Markdown
	golang.org/x/crypto v0.58.0 // acme/autocert: certificates; kept by the makers of Go, and needs no module we had not; certmagic, which can do more, needs nine
	golang.org/x/net v0.62.0 // html: tests read pages as browsers do; idna; netutil: a cap on connections
	golang.org/x/sys v0.49.0 // statfs: file systems that announce no changes; fsnotify needs it anyway
	golang.org/x/text v0.43.0 // unicode/norm: equal texts have equal bytes
	modernc.org/sqlite v1.61.1 // database: SQLite without cgo
)

require (
	github.com/emersion/go-sasl v0.0.0-20241020182733-b788ff22d5a6 // tests: a mail server that wants a login
	github.com/emersion/go-smtp v0.25.1 // tests: a mail server
	github.com/google/go-cmp v0.7.0 // tests: differences
	github.com/letsencrypt/challtestsrv v1.4.2 // tests: finds every host on this machine, for pebble
	github.com/letsencrypt/pebble/v2 v2.10.1 // tests: the certificate authority that Let's Encrypt tests with
	github.com/owenrumney/go-sarif/v3 v3.3.1 // tests: the official SARIF schema
	github.com/rogpeppe/go-internal v1.16.0 // tests: the command driven by script
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // tests: the schema of the law data
)

require (
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/hhrutter/tiff v1.0.6 // indirect
	github.com/klauspost/cpuid/v2 v2.2.10 // indirect
	github.com/mitchellh/colorstring v0.0.0-20190213212951-d06e56a500db // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/schollz/progressbar/v3 v3.19.1 // how far a build of many shops has come
	github.com/tdewolff/parse/v2 v2.8.20 // indirect
	github.com/xeipuuv/gojsonpointer v0.0.0-20180127040702-4e3ac2762d5f // indirect
	github.com/xeipuuv/gojsonreference v0.0.0-20180127040603-bd5ef7bd5415 // indirect
	github.com/xeipuuv/gojsonschema v1.2.0 // indirect
	github.com/zeebo/xxh3 v1.0.2 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/image v0.44.0 // indirect
	golang.org/x/term v0.47.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
	modernc.org/libc v1.79.0 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)

require (
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/go-jose/go-jose/v4 v4.1.4 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/miekg/dns v1.1.62 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/prometheus/client_model v0.6.3 // indirect
	github.com/prometheus/common v0.72.0 // indirect
	github.com/prometheus/procfs v0.22.0 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
