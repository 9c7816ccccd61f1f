package form

// providers are the mail services many people use in the countries we serve, each with the ends of its domains. Under
// an end that is not theirs their names belong to others: gmx.dk is no slip for gmx.de.
var providers = [...]struct{ name, ends string }{
	{"gmail", "com"}, {"googlemail", "com"}, {"icloud", "com"}, {"me", "com"}, {"mac", "com"}, {"aol", "com de co.uk fr it"},
	{"hotmail", "com de fr it es nl be se dk no fi gr cz ch at pt pl ro co.uk"},
	{"outlook", "com de fr it es at be cz dk gr hu ie pt sk"},
	{"live", "com de fr it nl be at se dk no ie cz pt co.uk"}, {"msn", "com"}, {"windowslive", "com"},
	{"yahoo", "com de fr it es at be nl se dk no fi gr cz ch pl pt ro ie co.uk"}, {"ymail", "com"}, {"rocketmail", "com"},
	{"protonmail", "com ch"}, {"proton", "me"}, {"pm", "me"}, {"tutanota", "com de"}, {"mail", "com ru"},

	{"gmx", "de at ch net com eu org info biz li us fr es it co.uk"}, {"web", "de"}, {"t-online", "de"}, {"freenet", "de"},
	{"arcor", "de"}, {"posteo", "de net at ch"}, {"mailbox", "org"}, {"vodafone", "de it"}, {"kabelmail", "de"}, {"magenta", "de"},
	{"aon", "at"}, {"chello", "at nl pl sk"}, {"a1", "net"},
	{"bluewin", "ch"}, {"sunrise", "ch"}, {"hispeed", "ch"},

	{"orange", "fr"}, {"wanadoo", "fr"}, {"free", "fr"}, {"sfr", "fr"}, {"neuf", "fr"}, {"laposte", "net"}, {"bbox", "fr"},
	{"numericable", "fr"}, {"aliceadsl", "fr"}, {"club-internet", "fr"},
	{"libero", "it"}, {"virgilio", "it"}, {"alice", "it"}, {"tim", "it"}, {"tin", "it"}, {"tiscali", "it co.uk cz"}, {"inwind", "it"},
	{"iol", "it pt"}, {"fastwebnet", "it"},
	{"telefonica", "net"}, {"movistar", "es"}, {"terra", "es com"}, {"ono", "com"},
	{"sapo", "pt"}, {"netcabo", "pt"}, {"clix", "pt"},

	{"wp", "pl"}, {"o2", "pl"}, {"onet", "pl eu"}, {"op", "pl"}, {"vp", "pl"}, {"interia", "pl eu"}, {"gazeta", "pl"}, {"tlen", "pl"},
	{"seznam", "cz"}, {"centrum", "cz sk"}, {"email", "cz com"}, {"post", "cz"}, {"volny", "cz"}, {"atlas", "cz"}, {"quick", "cz"},

	{"ziggo", "nl"}, {"kpnmail", "nl"}, {"kpnplanet", "nl"}, {"planet", "nl"}, {"home", "nl"}, {"hetnet", "nl"}, {"xs4all", "nl"},
	{"upcmail", "nl"}, {"casema", "nl"}, {"telia", "com"}, {"comhem", "se"}, {"spray", "se"}, {"bredband", "net"},
	{"btinternet", "com"}, {"virginmedia", "com"}, {"ntlworld", "com"}, {"blueyonder", "co.uk"}, {"talktalk", "net"}, {"sky", "com"},
}

// others are domains in their own right that differ from a provider's by one slip.
const others = "grail.com libera.it libro.it liber.it liberi.it poster.de poste.de plant.nl plane.nl photon.me interna.pl gazety.pl sunrice.ch"

// realEnds are not corrected, whatever stands before them: in front of an end that exists, the name is somebody's.
const realEnds = "com net org info biz eu me io cc tv ai app dev co.uk org.uk me.uk uk ie us ca de at ch li lu be nl fr it es pt " +
	"pl cz sk hu si hr ro bg gr cy mt dk se no fi is ee lv lt ua rs ba mk al tr ru by md am ge"

// SuggestEmail gives the address with the domain that was probably meant, "anna@gmail.com" for "anna@gmial.con", or
// "" where nothing suggests that it is mistyped. It is a question to ask, never a problem: the domain may exist.
func SuggestEmail(address string) string {
	address = Clean(Email, address)
	if emailRule(address) != OK {
		return ""
	}
	_, name, _ := split(address, '@')
	meant := nearest(lower(name))
	if meant == "" {
		return ""
	}
	return address[:len(address)-len(name)] + meant
}

// nearest gives the domain with the fewest slips, if it is the only one, and if domain is not somebody's already.
func nearest(domain string) string {
	name, end, _ := split(domain, '.') // "hotmail" and "co.uk"
	if listed(others, domain) {
		return ""
	}
	best, found := tooFar, ""
	for _, p := range providers {
		inName := slipsInName(name, p.name)
		if inName > allowed(p.name) {
			continue
		}
		for ends, more := p.ends, true; more; {
			var known string
			known, ends, more = split(ends, ' ')
			switch n := inName + slipsInEnd(end, known); {
			case n == 0:
				return ""
			case n < best:
				best, found = n, p.name+"."+known
			case n == best:
				found = "" // two domains are as near
			}
		}
	}
	return found
}

// allowed is how many slips in a name are told from another name. Short names stand too close to each other; two
// stand for so many people that a neighbour's visitors are few.
func allowed(name string) int {
	switch {
	case len(name) >= 9:
		return 2
	case len(name) >= 6, name == "gmail", name == "yahoo":
		return 1
	}
	return 0
}

// slipsInName also wants the first letter right, unless it is swapped: people seldom miss it, and other services often
// differ in it alone, as ymail.com and fmail.com do.
func slipsInName(name, known string) int {
	if swapped := len(name) > 1 && name[0] == known[1] && name[1] == known[0]; name == "" || name[0] != known[0] && !swapped {
		return tooFar
	}
	return slips(name, known)
}

// slipsInEnd allows one. Two other letters are another country, unless they are swapped.
func slipsInEnd(end, known string) int {
	country := len(end) == 2 && len(known) == 2
	switch {
	case end == known:
		return 0
	case slips(end, known) > 1, listed(realEnds, end), country && (end[0] != known[1] || end[1] != known[0]):
		return tooFar
	}
	return 1
}

// tooFar is more slips than are ever allowed; longest is the longest name that is compared.
const (
	tooFar  = 9
	longest = 16
)

// slips counts letters too many, missing, wrong, or swapped with their neighbour (optimal string alignment).
func slips(typed, known string) int {
	m, n := len(typed), len(known)
	if m > longest || n > longest || m-n > 2 || n-m > 2 {
		return tooFar
	}
	var rows [longest + 1][longest + 1]int
	for i := range m + 1 {
		for j := range n + 1 {
			rows[i][j] = aligned(&rows, typed, known, i, j)
		}
	}
	return rows[m][n]
}

// aligned is the cost of making the first j letters of known the first i of typed, where rows has all smaller ones.
func aligned(rows *[longest + 1][longest + 1]int, typed, known string, i, j int) int {
	if i == 0 || j == 0 {
		return i + j
	}
	change := 1
	if typed[i-1] == known[j-1] {
		change = 0
	}
	cost := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
	if i > 1 && j > 1 && typed[i-1] == known[j-2] && typed[i-2] == known[j-1] {
		cost = min(cost, rows[i-2][j-2]+1)
	}
	return cost
}

func listed(words, wanted string) bool {
	for more := true; more; {
		var word string
		word, words, more = split(words, ' ')
		if word == wanted {
			return true
		}
	}
	return false
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}
